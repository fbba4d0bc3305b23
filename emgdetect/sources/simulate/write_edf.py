"""A simulation as EDF+ or BDF+: gaps hold the digital minimum and an annotation says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.sources.simulate.simulation import Simulation
    from emgdetect.types import RawArray


def write_edf(simulation: Simulation, path: Path, progress: Callable[[int], None]) -> None:
    """Write the raw numbers as they are; the truth is in the tables only, not among the annotations."""
    from emgdetect import exports
    from emgdetect.recording import Recording

    stream = simulation.stream()

    def fetch(start: int, stop: int, /) -> RawArray:
        progress(stop)
        return stream.fetch(start, stop)

    told = replace(stream, fetch=fetch)
    exports.write_edf(Recording(path, "simulation", simulation.info.device, None, (told,)), path, force=True)
