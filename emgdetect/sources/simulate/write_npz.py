"""A simulation as a NumPy archive: ``data``, ``sampling_rate``, ``ch_names``, ``unit``, ``gaps`` and more."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from emgdetect.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

    from numpy.typing import NDArray

    from emgdetect.sources.simulate.simulation import Simulation

PIECE = 1 << 16
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every member carries the same date, so that the same simulation gives the same bytes."""


def write_npz(simulation: Simulation, path: Path, progress: Callable[[int], None]) -> None:
    """Write raw numbers as they come; within gaps ``data`` is 0.

    Beside the arrays that every such archive has, ``gain`` and ``offset`` (one per channel) turn raw
    numbers into ``unit``, and ``raw_low`` and ``raw_high`` are the converter's rails.
    """
    info, sensor = simulation.info, simulation.scenario.sensor
    gaps = np.array([(gap.start, gap.n_samples) for gap in simulation.gaps], np.int64).reshape(-1, 2)
    small: dict[str, NDArray[Any]] = {
        "sampling_rate": np.array(info.sampling_rate),
        "ch_names": np.array(info.ch_names),
        "unit": np.array([channel.unit for channel in info.channels]),
        "gaps": gaps,
        "gain": np.array([channel.gain for channel in info.channels]),
        "offset": np.array([channel.offset for channel in info.channels]),
        "raw_low": np.full(len(info.channels), sensor.low),
        "raw_high": np.full(len(info.channels), sensor.high),
    }
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open(_member("data"), "w", force_zip64=True) as file:
            _write_data(simulation, file, progress)
        for name, array in small.items():
            with archive.open(_member(name), "w") as file:
                npy.write_array(file, array, allow_pickle=False)


def _member(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{name}.npy", EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _write_data(simulation: Simulation, file: IO[bytes], progress: Callable[[int], None]) -> None:
    n_channels = len(simulation.info.channels)
    dtype = simulation.scenario.sensor.dtype.newbyteorder("<")
    # Sample after sample (Fortran order): the only order that can be written without a second pass.
    header = {
        "descr": npy.dtype_to_descr(dtype),
        "fortran_order": n_channels > 1,
        "shape": (n_channels, simulation.n_samples),
    }
    npy.write_array_header_1_0(file, header)
    for piece in simulation.pieces(PIECE):
        if isinstance(piece, Chunk):
            file.write(piece.data.astype(dtype).tobytes("F"))
        else:
            _write_zeros(file, piece.n_samples * n_channels * dtype.itemsize)
        progress(piece.stop)


def _write_zeros(file: IO[bytes], count: int) -> None:
    for start in range(0, count, PIECE):
        file.write(bytes(min(PIECE, count - start)))
