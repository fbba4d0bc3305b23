"""WAV files, such as SpikeRecorder's (Backyard Brains): integers of 8 to 32 bits, or floats.

The chunks are walked here and not by a library, because Python's ``wave`` and scipy's reader give up on
what is common among recordings: a recorder that was killed leaves a data chunk whose stated length is zero
or longer than the file. The numbers are of unknown gain, so the unit is ``adc``. Marks that SpikeRecorder
writes beside the recording (``NAME-events.txt``) become annotations. Memory does not grow with the file.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.overrides import with_overrides
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Fetch, Head, ReadOptions
    from emgdetect.types import RawArray

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_TYPES: dict[tuple[int, int], str] = {
    (_PCM, 8): "u1",
    (_PCM, 16): "<i2",
    (_PCM, 24): "u1",
    (_PCM, 32): "<i4",
    (_FLOAT, 32): "<f4",
    (_FLOAT, 64): "<f8",
}
_UNKNOWN_LENGTH = 0xFFFFFFFF
_SHORTEST_FORMAT = 16
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(\d\d)\.(\d\d)\.(\d\d)")
_MARK = re.compile(r"^\s*([^#\s][^,]*),\s*(\d+(?:\.\d*)?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Layout:
    code: int
    bits: int
    n_channels: int
    rate: int
    offset: int
    n_bytes: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return self.n_channels * self.bits // 8


def sniff(head: Head) -> bool:
    """Tell whether a file is a RIFF (or 64-bit RF64) file that holds a WAVE."""
    return head.data[:4] in (b"RIFF", b"RF64") and head.data[8:12] == b"WAVE"


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a WAV file.

    Raises
    ------
    FormatError
        If it is compressed, has no samples, or its header makes no sense.
    """
    oddities: list[str] = []
    size = path.stat().st_size
    with path.open("rb") as file:
        layout = _layout(file, size, path, oddities)
    n_samples = layout.n_bytes // layout.frame_bytes
    if n_samples == 0:
        raise FormatError("the file holds no samples", where=path)
    if layout.n_bytes % layout.frame_bytes:
        oddities.append("the last sample is cut off; left out")
    marks_path = path.with_name(f"{path.stem}-events.txt")
    spike_recorder = path.name.startswith("BYB_") or marks_path.exists()
    device = "SpikeRecorder" if spike_recorder else "unknown"
    start = _start(path.stem)
    channels = tuple(_channel(layout, number) for number in range(layout.n_channels))
    info = StreamInfo(float(layout.rate), channels, device, start)
    stream = Stream(info, n_samples, (), _fetch(path, layout, n_samples))
    marks = _marks(marks_path, oddities)
    found = Recording(path, "wav", device, start, (stream,), marks, tuple(oddities), title="WAV")
    return with_overrides(found, options)


def _layout(file: BinaryIO, size: int, path: Path, oddities: list[str]) -> _Layout:
    """Walk the chunks up to the data."""
    file.seek(12)
    described: tuple[int, int, int, int] | None = None
    long_size = 0
    while True:
        place = file.tell() + 8
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - name and length of a chunk
            raise FormatError("the file ends before its samples begin", where=path)
        name, length = struct.unpack("<4sI", head)
        if name == b"fmt ":
            described = _described(file.read(min(length, 64)), path)
        elif name == b"ds64":
            long_size = int.from_bytes(file.read(16)[8:16], "little")
        elif name == b"data":
            if described is None:
                raise FormatError("the samples begin before the file says what they are", where=path)
            if length == _UNKNOWN_LENGTH and long_size:
                length = long_size
            return _Layout(*described, place, _data_bytes(file, length, size - place, oddities))
        # Chunks begin at even places.
        file.seek(place + length + length % 2)


def _described(chunk: bytes, path: Path) -> tuple[int, int, int, int]:
    if len(chunk) < _SHORTEST_FORMAT:
        raise FormatError("the description of the samples is cut off", where=path)
    code, n_channels, rate, _, frame_bytes, bits = struct.unpack("<HHIIHH", chunk[:16])
    if code == _EXTENSIBLE and len(chunk) >= 26:  # noqa: PLR2004 - where the real code stands
        code = int.from_bytes(chunk[24:26], "little")
    if (code, bits) not in _TYPES:
        raise FormatError(
            f"samples of WAV format {code} with {bits} bits are not read",
            where=path,
            hint="save it uncompressed (PCM or float)",
        )
    if not n_channels or not rate or frame_bytes not in (0, n_channels * bits // 8):
        raise FormatError(
            f"the header says {n_channels} channels at {rate} Hz, which makes no sense", where=path
        )
    return code, bits, n_channels, rate


def _data_bytes(file: BinaryIO, said: int, there: int, oddities: list[str]) -> int:
    """Return how many bytes of samples there are, whatever the header says."""
    if said == 0 and there > 0 and not _only_chunks(file, there):
        oddities.append(
            "the header says no samples, as a recorder leaves it that was stopped hard; read to the end"
        )
        return there
    if said > there:
        if said != _UNKNOWN_LENGTH:
            oddities.append(f"the header says {said} bytes of samples, {there} are there")
        return there
    return said


def _only_chunks(file: BinaryIO, there: int) -> bool:
    """Tell whether the rest of the file is whole chunks, so that no samples is the truth."""
    start = file.tell()
    place = start
    while place - start + 8 <= there:
        file.seek(place)
        name, length = struct.unpack("<4sI", file.read(8))
        if not name.isascii() or not name.decode("ascii").isprintable():
            break
        place += 8 + length + length % 2
    file.seek(start)
    return place - start == there


def _channel(layout: _Layout, number: int) -> Channel:
    name = f"ch{number + 1}"
    if layout.code == _FLOAT:
        return Channel(name, "adc", raw_low=-1.0, raw_high=1.0)
    if layout.bits == 8:  # noqa: PLR2004 - eight bits are stored without a sign, with 128 for zero
        return Channel(name, "adc", offset=-128.0, raw_low=0.0, raw_high=255.0)
    half = float(1 << (layout.bits - 1))
    return Channel(name, "adc", raw_low=-half, raw_high=half - 1)


def _fetch(path: Path, layout: _Layout, n_samples: int) -> Fetch:
    three = layout.code == _PCM and layout.bits == 24  # noqa: PLR2004 - no type of numpy has three bytes
    matrix = StoredMatrix(
        path,
        offset=layout.offset,
        dtype=_TYPES[layout.code, layout.bits],
        shape=(layout.n_channels * (3 if three else 1), n_samples),
        interleaved=True,
    )
    if not three:
        return matrix.fetch

    def fetch(start: int, stop: int, /) -> RawArray:
        parts = matrix.fetch(start, stop).reshape(layout.n_channels, 3, stop - start)
        wide = np.zeros((layout.n_channels, stop - start, 4), dtype=np.uint8)
        wide[:, :, 1:] = parts.transpose(0, 2, 1)
        # The three bytes stand high in the four, so that shifting down keeps the sign.
        return (wide.view("<i4")[:, :, 0] >> 8).astype(np.int32)

    return fetch


def _start(stem: str) -> datetime | None:
    """Read the time out of a name such as BYB_Recording_2020-01-31_22.15.00."""
    stamp = _STAMP.search(stem)
    if stamp is None:
        return None
    try:
        return datetime(*(int(part) for part in stamp.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - the recorder's clock
    except ValueError:
        return None


def _marks(path: Path, oddities: list[str]) -> tuple[Annotation, ...]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    except OSError:
        oddities.append(f"the marks in {path.name} cannot be read")
        return ()
    return tuple(Annotation(float(time), 0.0, name.strip()) for name, time in _MARK.findall(text))
