"""Events as an annotation table of Luna (``.annot``), the form the NSRR hands out beside XML.

Six columns, as Luna describes them: class, instance, channel, start, stop, meta. Times are seconds from the
start of the recording, so that the file goes with its EDF+ copy however that is dated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from emgdetect.exports.columns import chosen, decimals_for
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection, Event

HEAD = ("class", "instance", "channel", "start", "stop", "meta")
NOTHING = "."
META = ("peak", "rms", "snr_db", "median_frequency", "rhythm", "confidence")
"""Numbers of an event that go into the last column, as ``key=value`` with bars between."""

_COLUMN_ENDS = dict.fromkeys(map(ord, "\t\r\n"), " ")
_SEPARATORS = dict.fromkeys(map(ord, "\t|;=\r\n"), " ")


def to_luna(detection: Detection, *, artefacts: bool = False) -> str:
    """Return the table as text; without events it is the head alone."""
    decimals = decimals_for(detection.info.sampling_rate)
    lines = ["\t".join(HEAD)]
    lines += ["\t".join(_cells(event, decimals)) for event in chosen(detection, artefacts=artefacts)]
    return "\n".join(lines) + "\n"


def write_luna(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the table.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    write_text(path, to_luna(detection, artefacts=artefacts), force=force)


def _cells(event: Event, decimals: int) -> tuple[str, ...]:
    start, stop = event.onset, event.onset + event.duration
    numbers = [(name, getattr(event, name)) for name in META]
    meta = [f"{name}={value:.6g}" for name, value in numbers if math.isfinite(value)]
    if event.flags:
        meta.append(f"flags={_word(','.join(event.flags))}")
    return (
        event.kind,
        NOTHING,
        _name(event.channel),
        f"{start:.{decimals}f}",
        f"{stop:.{decimals}f}",
        "|".join(meta) or NOTHING,
    )


def _name(channel: str) -> str:
    # Luna cleans names itself, here and in the header of a copy, in one way: only a column must stay one.
    return channel.translate(_COLUMN_ENDS).strip() or NOTHING


def _word(text: str) -> str:
    return " ".join(text.translate(_SEPARATORS).split()) or NOTHING
