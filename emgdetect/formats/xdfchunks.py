"""The chunks of an XDF file, checked before pyxdf sees them.

pyxdf believes every length and count: a chunk that says it holds four thousand million samples makes it try.
Here the chunks are walked once. What is whole and consistent is handed over; from damage on, everything up
to the next boundary chunk is left out, as the XDF specification (github.com/sccn/xdf) intends.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from xml.etree.ElementTree import ParseError, fromstring

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"XDF:"
_BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
_FILE_HEADER, _HEADER, _SAMPLES, _OFFSET, _FOOTER = 1, 2, 3, 4, 6
_SIZES = {"double64": 8, "float32": 4, "int32": 4, "int16": 2, "int8": 1, "int64": 8, "string": 2}
_MOST_CHANNELS = 4096
_MOST_XML = 16 << 20


@dataclass(slots=True)
class _Walk:
    """What is known while walking: least bytes of a sample by stream, and the good spans of the file."""

    sample_bytes: dict[int, int] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    n_damaged: int = 0


def sound_copy(path: Path) -> tuple[BinaryIO | None, int]:
    """Check a file's chunks.

    Returns
    -------
    binary file or None
        A temporary file with the sound chunks only, which the caller closes; ``None`` if all are sound.
    int
        At how many places something was left out.
    """
    size = path.stat().st_size
    walk = _Walk()
    with path.open("rb") as file:
        place = len(MAGIC)
        while place < size:
            end = _sound_end(file, place, size, walk)
            if end is not None:
                walk.spans.append((place, end))
                place = end
                continue
            walk.n_damaged += 1
            place = _after_boundary(file, place + 1, size)
        if not walk.n_damaged:
            return None, 0
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        copy.write(MAGIC)
        for first, last in walk.spans:
            file.seek(first)
            copy.write(file.read(last - first))
    copy.seek(0)
    return copy, walk.n_damaged


def _sound_end(file: BinaryIO, place: int, size: int, walk: _Walk) -> int | None:
    """Return where the chunk at ``place`` ends, ``None`` if it is damaged."""
    file.seek(place)
    length = _varlen(file)
    if length is None or length < 2 or (end := file.tell() + length) > size:  # noqa: PLR2004 - the tag's bytes
        return None
    tag = int.from_bytes(file.read(2), "little")
    if tag == _FILE_HEADER:
        sound = _is_xml(file.read(min(length - 2, _MOST_XML)))
    elif tag not in (_HEADER, _SAMPLES, _OFFSET, _FOOTER):
        sound = True
    else:
        stream, rest = int.from_bytes(file.read(4), "little"), length - 6
        sound = rest >= 0 and _is_consistent(file, tag, stream, rest, walk)
    return end if sound else None


def _is_consistent(file: BinaryIO, tag: int, stream: int, rest: int, walk: _Walk) -> bool:
    if tag == _HEADER:
        described = _least_sample_bytes(file.read(min(rest, _MOST_XML)))
        if described is None or stream in walk.sample_bytes:
            return False
        walk.sample_bytes[stream] = described
        return True
    if stream not in walk.sample_bytes:
        return False
    if tag == _OFFSET:
        return rest >= 16  # noqa: PLR2004 - two doubles
    if tag == _FOOTER:
        return _is_xml(file.read(min(rest, _MOST_XML)))
    start = file.tell()
    count = _varlen(file)
    return count is not None and count * walk.sample_bytes[stream] <= rest - (file.tell() - start)


def _least_sample_bytes(xml: bytes) -> int | None:
    """Return the fewest bytes one sample takes; ``None`` for a stream header that makes no sense."""
    try:
        info = fromstring(xml.decode("utf-8", "replace"))  # noqa: S314 - expat bounds entity expansion
        n_channels = int(info.findtext("channel_count", ""))
        float(info.findtext("nominal_srate", ""))
        size = _SIZES[info.findtext("channel_format", "")]
    except (ParseError, ValueError, KeyError):
        return None
    if info.tag != "info" or not info.findtext("name") or not 0 < n_channels <= _MOST_CHANNELS:
        return None
    return 1 + n_channels * size


def _is_xml(xml: bytes) -> bool:
    try:
        fromstring(xml)  # noqa: S314 - expat bounds entity expansion
    except (ParseError, ValueError):
        return False
    return True


def _varlen(file: BinaryIO) -> int | None:
    """Read a length: one byte that says in how many it is written, 1, 4 or 8."""
    width = file.read(1)
    if width not in (b"\x01", b"\x04", b"\x08"):
        return None
    data = file.read(width[0])
    return int.from_bytes(data, "little") if len(data) == width[0] else None


def _after_boundary(file: BinaryIO, place: int, size: int) -> int:
    """Return the place after the next boundary chunk, or the end of the file."""
    step, overlap = 1 << 20, len(_BOUNDARY) - 1
    while place < size:
        file.seek(place)
        found = file.read(step + overlap).find(_BOUNDARY)
        if found >= 0:
            return place + found + len(_BOUNDARY)
        place += step
    return size
