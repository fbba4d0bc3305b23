"""A simulation as a text table: ``time_s`` and one column per channel; a gap is missing time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.sources.simulate.simulation import Simulation

PIECE = 1 << 14
EXTRA_DECIMALS = 2


def write_csv(simulation: Simulation, path: Path, progress: Callable[[int], None]) -> None:
    """Write values in µV (or of the envelope) with enough decimals to get the raw numbers back."""
    info = simulation.info
    names = [f"{channel.name}_{channel.unit}".replace(",", " ").replace('"', "") for channel in info.channels]
    decimals = [max(0, math.ceil(-math.log10(c.gain))) + EXTRA_DECIMALS for c in info.channels]
    line = "%.6f," + ",".join(
        f"%.{n if c.gain != 1 else 0}f" for n, c in zip(decimals, info.channels, strict=True)
    )
    gain = np.array([[channel.gain] for channel in info.channels])
    offset = np.array([[channel.offset] for channel in info.channels])
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(["time_s", *names]) + "\n")
        for piece in simulation.pieces(PIECE):
            if isinstance(piece, Chunk):
                times = np.arange(piece.start, piece.stop) / info.sampling_rate
                rows = np.vstack([times, piece.data * gain + offset]).T
                file.write("".join(line % tuple(row) + "\n" for row in rows.tolist()))
            progress(piece.stop)
