"""From what the user named to streams that can be searched."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.cli.console import waiting
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.recording import ReadOptions, Recording, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from emgdetect.types import RawArray, Unit

_MUSCLE = re.compile(
    r"emg|electromyo|muscle|musc|biceps|triceps|tibial|\btib|gastroc|soleus|masseter|temporalis|"
    r"mentalis|submental|chin|\bl?r?leg|\blat\b|\brat\b|deltoid|quadriceps|flexor|extensor",
    re.IGNORECASE,
)


def read_options(
    *, sampling_rate: float | None, unit: Unit | None, envelope: bool, layout: Path | None
) -> ReadOptions:
    """Put together what the user knows better than the file.

    Raises
    ------
    UsageError
        For ``--envelope`` together with another unit.
    """
    if envelope and unit not in {None, "envelope"}:
        raise UsageError(f"--envelope and --unit {unit} contradict each other", hint="leave one of them out")
    return ReadOptions(
        sampling_rate=sampling_rate,
        unit="envelope" if envelope else unit,
        layout=layout,
    )


def open_input(path: Path, options: ReadOptions, *, quiet: bool = False) -> Recording:
    """Open the recording, whatever its format.

    Raises
    ------
    EmgError
        When it cannot be read; see :func:`emgdetect.formats.opening.open_recording`.
    """
    from emgdetect.formats.opening import open_recording

    with waiting(f"Reading {path.name}", quiet=quiet):
        return open_recording(path, options)


def looks_like_muscle(names: Iterable[str]) -> bool:
    """Tell whether any of the channel names speaks of a muscle or of EMG."""
    return any(_MUSCLE.search(name) for name in names)


def streams_to_search(recording: Recording, wanted: Sequence[str] = ()) -> tuple[tuple[int, Stream], ...]:
    """Choose the main stream and every other whose channels look like EMG, or the channels named.

    Parameters
    ----------
    recording : Recording
        The main stream is its first.
    wanted : sequence of str
        Channel names, in any case; without any the choice is ours.

    Returns
    -------
    tuple of (int, Stream)
        The index of each among the recording's streams, and the stream with the wanted channels.

    Raises
    ------
    UsageError
        When the recording has no such channel.
    UnsuitableSignalError
        When there is no channel at all.
    """
    if not recording.streams:
        raise UnsuitableSignalError("the recording has no signal in it", where=recording.path)
    numbered = tuple(enumerate(recording.streams))
    if not wanted:
        others = (pair for pair in numbered[1:] if looks_like_muscle(pair[1].info.ch_names))
        return (*numbered[:1], *others)
    known = {name.casefold() for stream in recording.streams for name in stream.info.ch_names}
    for name in wanted:
        if name.casefold() not in known:
            there = ", ".join(name for stream in recording.streams for name in stream.info.ch_names)
            raise UsageError(
                f"there is no channel {name!r}", where=recording.path, hint=f"there are: {there}"
            )
    chosen = {name.casefold() for name in wanted}
    parts = ((index, _only(stream, chosen)) for index, stream in numbered)
    return tuple((index, part) for index, part in parts if part is not None)


def _only(stream: Stream, chosen: set[str]) -> Stream | None:
    rows = [row for row, name in enumerate(stream.info.ch_names) if name.casefold() in chosen]
    if len(rows) == len(stream.info.channels):
        return stream

    def fetch(start: int, stop: int, /) -> RawArray:
        return stream.fetch(start, stop)[rows]

    channels = tuple(stream.info.channels[row] for row in rows)
    return replace(stream, info=replace(stream.info, channels=channels), fetch=fetch) if rows else None
