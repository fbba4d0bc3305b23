"""C3D files of motion laboratories: their analog channels, through ezc3d.

ezc3d loads the whole file and gives the calibrated values; those are the numbers read here. It runs in a
process of its own (see ``c3d_child``), and the samples are then read piece by piece from a temporary file.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from emgdetect.errors import FormatError, MissingExtraError
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.npyheader import read_array_header
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.units import meaning
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from emgdetect.recording import Head, ReadOptions

_KEY = 0x50
_BLOCK = 512
_LEAST_SECONDS, _SECONDS_PER_MB = 60.0, 5.0


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
    described, matrix = _through_child(path)
    rate = float(described["rate"])
    if not (math.isfinite(rate) and rate > 0) or 0 in (matrix.n_channels, matrix.n_samples):
        raise FormatError("the file has no analog samples", where=path)
    oddities: list[str] = []
    channels = _channels(described["labels"], described["units"], matrix.n_channels, oddities)
    stream = Stream(StreamInfo(rate, channels), matrix.n_samples, (), matrix.fetch)
    return with_overrides(Recording(path, "C3D", "unknown", None, (stream,), (), tuple(oddities)), options)


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


def _through_child(path: Path) -> tuple[dict[str, Any], StoredMatrix]:
    seconds = _LEAST_SECONDS + _SECONDS_PER_MB * path.stat().st_size / 1e6
    child = Path(__file__).with_name("c3d_child.py")
    answer = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the stream that reads it
    try:
        # Without -P the other readers in that folder would stand in for libraries of the same name.
        subprocess.run(
            [sys.executable, "-P", str(child), str(path.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
        )
        return _read_answer(answer, path)
    except (subprocess.SubprocessError, ValueError) as error:
        answer.close()
        raise FormatError("the C3D file is damaged or cut off", where=path) from error
    except BaseException:
        answer.close()
        raise


def _read_answer(answer: BinaryIO, path: Path) -> tuple[dict[str, Any], StoredMatrix]:
    answer.seek(0)
    described: dict[str, Any] = json.loads(answer.readline())
    start = answer.tell()
    header = read_array_header(answer, where=path)
    shape = (header.shape[0], header.shape[1])
    offset = start + header.offset
    return described, StoredMatrix(answer, offset=offset, dtype=header.dtype, shape=shape, interleaved=False)
