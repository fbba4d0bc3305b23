"""From what the user named to streams that can be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.choosing import Choice, choose, only
from emgdetect.cli.console import waiting
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.recording import ReadOptions, Recording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emgdetect.types import Unit


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


def streams_to_search(recording: Recording, wanted: Sequence[str] = ()) -> Choice:
    """Take the channels named, or choose by their names; see :mod:`emgdetect.choosing`.

    Parameters
    ----------
    recording : Recording
        Any.
    wanted : sequence of str
        Channel names, in any case; without any the choice is ours.

    Raises
    ------
    UsageError
        When the recording has no such channel.
    UnsuitableSignalError
        When there is no channel at all.
    """
    names = [name for stream in recording.streams for name in stream.info.ch_names]
    if not names:
        raise UnsuitableSignalError("the recording has no signal in it", where=recording.path)
    if not wanted:
        return choose(recording)
    known = {name.casefold() for name in names}
    for name in wanted:
        if name.casefold() not in known:
            raise UsageError(
                f"there is no channel {name!r}", where=recording.path, hint=f"there are: {', '.join(names)}"
            )
    chosen = {name.casefold() for name in wanted}
    parts = enumerate(only(stream, lambda name: name.casefold() in chosen) for stream in recording.streams)
    return Choice(tuple((index, part) for index, part in parts if part is not None))
