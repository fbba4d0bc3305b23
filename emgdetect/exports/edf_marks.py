"""Events, gaps and marks as EDF+ annotations: what they say, and in which data record they stand."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from emgdetect.exports.columns import chosen, decimals_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.exports.edf_plan import Scan
    from emgdetect.exports.edf_records import RecordPlan
    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Detection

LABEL = 16
"""Characters of a signal's label."""

CLOCK_END = "\x14\x14\0"

_SEPARATORS = dict.fromkeys(map(ord, "\x00\x14\x15\r\n\t"), " ")


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation: seconds from the first sample on, and a text, with ``@@label`` for a channel."""

    onset: Decimal
    duration: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class MarkTable:
    """The bytes of the annotation signal, by data record; every record takes ``width`` bytes.

    ``fraction`` is what the start has beyond a whole second.
    """

    width: int
    record_duration: Decimal
    fraction: Decimal
    by_record: dict[int, bytes]

    def record(self, index: int) -> bytes:
        """Return one record's bytes: its own time first, then its annotations."""
        return (_clock(self.record_duration * index + self.fraction) + self.by_record.get(index, b"")).ljust(
            self.width, b"\0"
        )


def labels_for(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels of 16 ASCII characters that tell the channels apart."""
    taken: list[str] = []
    for name in names:
        ascii_name = unicodedata.normalize("NFKD", name.replace("µ", "u")).encode("ascii", "ignore").decode()
        plain = "".join(char if char.isprintable() else " " for char in ascii_name).strip()[:LABEL].strip()
        label, number = plain or "signal", 2
        while label in taken or label.endswith("Annotations"):
            tail = f"~{number}"
            label, number = (plain or "signal")[: LABEL - len(tail)] + tail, number + 1
        taken.append(label)
    return tuple(taken)


def marks_of_detection(detection: Detection, labels: dict[str, str], *, artefacts: bool) -> Iterator[Mark]:
    """Give one mark per event: ``kind@@label``, and for an artefact ``artefact: cause@@label``."""
    decimals = decimals_for(detection.info.sampling_rate)
    for event in chosen(detection, artefacts=artefacts):
        cause = f": {event.flags[0]}" if event.kind == "artefact" and event.flags else ""
        text = f"{event.kind}{cause}@@{labels.get(event.channel, event.channel)}"
        yield Mark(_seconds(event.onset, decimals), _seconds(event.duration, decimals), text)


def marks_of_recording(recording: Recording, labels: dict[str, str]) -> Iterator[Mark]:
    """Give the marks that came with the recording, those without a text left out."""
    for one in recording.annotations:
        linked = "" if one.channel is None else f"@@{labels.get(one.channel, one.channel)}"
        if one.text.strip():
            duration = _seconds(one.duration, 6) if one.duration > 0 else None
            yield Mark(_seconds(one.onset, 6), duration, one.text + linked)


def marks_of_absence(
    stream: Stream, scans: tuple[Scan, ...], labels: tuple[str, ...], records: RecordPlan
) -> Iterator[Mark]:
    """Give a mark for every stretch that holds the digital minimum because nothing was recorded.

    Its times are by the rate the header states, so that they lead back to the same samples.
    """
    rate = records.n_samples / records.duration
    decimals = decimals_for(rate)
    stretches = [(gap.start, gap.stop, f"gap: {gap.cause}") for gap in stream.gaps]
    if records.padding:
        stretches.append((stream.n_samples, stream.n_samples + records.padding, "gap: end of recording"))
    for label, found in zip(labels, scans, strict=True):
        stretches += [(start, stop, f"missing values@@{label}") for start, stop in found.missing]
    for start, stop, text in stretches:
        yield Mark(_seconds(start / rate, decimals), _seconds((stop - start) / rate, decimals), text)


def lay_out(marks: list[Mark], records: RecordPlan, *, microsecond: int, n_bytes: int) -> MarkTable:
    """Put every mark into the record it begins in; those outside go to the first or the last.

    A mark that is there twice is written once: a copy of a copy has its events among its marks already.
    """
    duration, fraction = Decimal(str(records.duration)), Decimal(microsecond) / 1_000_000
    by_record: dict[int, bytes] = {}
    for mark in sorted(set(marks), key=lambda mark: (mark.onset, mark.text)):
        index = min(max(int(mark.onset // duration), 0), records.count - 1)
        by_record[index] = by_record.get(index, b"") + _encode(mark, fraction)
    width = _longest_clock(records, fraction) + max(map(len, by_record.values()), default=0)
    return MarkTable(-(-max(width, LABEL) // n_bytes) * n_bytes, duration, fraction, by_record)


def _longest_clock(records: RecordPlan, fraction: Decimal) -> int:
    whole = len(str(math.ceil(records.duration * records.count)))
    places = max(len(_plain(part).partition(".")[2]) for part in (Decimal(str(records.duration)), fraction))
    return len("+.") + whole + places + len(CLOCK_END)


def _seconds(value: float, decimals: int) -> Decimal:
    return Decimal(f"{value:.{decimals}f}")


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: Decimal) -> str:
    return _plain(value) if value < 0 else f"+{_plain(value)}"


def _clock(value: Decimal) -> bytes:
    return f"{_signed(value)}{CLOCK_END}".encode()


def _encode(mark: Mark, fraction: Decimal) -> bytes:
    lasting = "" if mark.duration is None else f"\x15{_plain(mark.duration)}"
    text = mark.text.translate(_SEPARATORS).strip()
    return f"{_signed(mark.onset + fraction)}{lasting}\x14{text}\x14\0".encode()
