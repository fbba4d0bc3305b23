"""C3D files of motion laboratories: their analog channels, through ezc3d.

ezc3d loads the whole file and gives the calibrated values; those are the numbers read here. It runs in a
process of its own (see ``isolated``), and the samples are then read piece by piece from a temporary file.
"""

from __future__ import annotations

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError, MissingExtraError
from emgdetect.formats import isolated
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.units import meaning
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions

_KEY = 0x50
_BLOCK = 512


def sniff(head: Head) -> bool:
    """Tell whether C3D's key stands in the second byte, and again where the parameters begin."""
    if len(head.data) < _BLOCK or head.data[1] != _KEY or head.data[0] == 0:
        return False
    place = (head.data[0] - 1) * _BLOCK
    return head.path.suffix.lower() == ".c3d" or head.data[place + 1 : place + 2] in (b"", b"\x50", b"\x00")


def read(path: Path, options: ReadOptions) -> Recording:
    """Read the analog channels of a C3D file.

    Raises
    ------
    FormatError
        If it is damaged or has no analog samples.
    MissingExtraError
        If ezc3d is not installed.
    """
    if find_spec("ezc3d") is None:
        raise MissingExtraError("ezc3d", extra="c3d", purpose="reading C3D files")
    described, answer, offset = isolated.run("emgdetect.formats.c3d_child", path, what="C3D file")
    shape = (int(described["shape"][0]), int(described["shape"][1]))
    matrix = StoredMatrix(answer, offset=offset, dtype="<f8", shape=shape, interleaved=False)
    rate = float(described["rate"])
    if not (math.isfinite(rate) and rate > 0) or 0 in shape:
        raise FormatError("the file has no analog samples", where=path)
    oddities: list[str] = []
    channels = _channels(described["labels"], described["units"], matrix.n_channels, oddities)
    stream = Stream(StreamInfo(rate, channels), matrix.n_samples, (), matrix.fetch)
    found = Recording(path, "c3d", "unknown", None, (stream,), oddities=tuple(oddities), title="C3D")
    return with_overrides(found, options)


def _channels(
    labels: list[str], units: list[str], n_channels: int, oddities: list[str]
) -> tuple[Channel, ...]:
    if len(units) < n_channels:
        oddities.append(f"the file names {len(units)} units for {n_channels} channels; read as counts")
        units = [""] * n_channels
    channels = []
    for number in range(n_channels):
        unit, factor = meaning(units[number])
        name = labels[number].strip() if number < len(labels) else ""
        channels.append(Channel(name or f"ch{number + 1}", unit, factor))
    return tuple(channels)
