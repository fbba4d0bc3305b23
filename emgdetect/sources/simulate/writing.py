"""A simulation as files: the recording, and two tables of truth beside it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.sources.simulate.write_csv import write_csv
from emgdetect.sources.simulate.write_edf import write_edf
from emgdetect.sources.simulate.write_npz import write_npz
from emgdetect.writing import atomic_target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.sources.simulate.simulation import Simulation

WRITERS: dict[str, Callable[[Simulation, Path, Callable[[int], None]], None]] = {
    ".npz": write_npz,
    ".csv": write_csv,
    ".edf": write_edf,
    ".bdf": write_edf,
}


def truth_paths(path: Path) -> tuple[Path, Path]:
    """Give the names of the tables of events and artefacts that belong to a recording."""
    return path.with_name(f"{path.stem}_events.tsv"), path.with_name(f"{path.stem}_artefacts.tsv")


def write_simulation(
    simulation: Simulation,
    path: Path,
    *,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[Path, ...]:
    """Write a simulation and its truth, piece by piece.

    Parameters
    ----------
    simulation : Simulation
    path : Path
        Ends in ``.npz`` (raw numbers with gain and offset), ``.csv`` (µV with times), ``.edf`` or ``.bdf``.
    force : bool, default False
        Whether files of these names may be replaced.
    progress : callable, optional
        Is told how many samples are written.

    Returns
    -------
    tuple of Path
        The recording, ``<stem>_events.tsv`` and ``<stem>_artefacts.tsv``.

    Raises
    ------
    UsageError
        For any other suffix.
    UnsuitableSignalError
        If EDF's 16 bits do not hold the sensor's numbers, or its header cannot say the rate.
    OutputError
        If one of the files exists already (without ``force``) or cannot be written; then none is left.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise UsageError(
            f'there is no format for "{path.suffix}"', where=path, hint=f"use {', '.join(WRITERS)}"
        )
    events, artefacts = truth_paths(path)
    with ExitStack() as stack:
        targets = [stack.enter_context(atomic_target(p, force=force)) for p in (path, events, artefacts)]
        write(simulation, targets[0], progress or _unheard)
        targets[1].write_text(events_tsv(simulation), encoding="utf-8", newline="\n")
        targets[2].write_text(artefacts_tsv(simulation), encoding="utf-8", newline="\n")
    return path, events, artefacts


def events_tsv(simulation: Simulation) -> str:
    """Return the true events as a table; without any it is the header alone."""
    lines = ["onset\tduration\ttrial_type\tchannel\tsnr_db"]
    lines += [
        f"{e.onset:.6f}\t{e.duration:.6f}\t{e.trial_type}\t{e.channel}\t{e.snr_db:.2f}"
        for e in simulation.events
    ]
    return "\n".join(lines) + "\n"


def artefacts_tsv(simulation: Simulation) -> str:
    """Return what is not an event as a table; gaps are in channel ``n/a``: all of them."""
    lines = ["onset\tduration\ttrial_type\tchannel"]
    lines += [f"{a.onset:.6f}\t{a.duration:.6f}\t{a.trial_type}\t{a.channel}" for a in simulation.artefacts]
    return "\n".join(lines) + "\n"


def _unheard(_done: int) -> None:
    """Take the place of a listener."""
