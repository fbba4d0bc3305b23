"""The files a WFDB header names: only those beside it, and never more samples than they hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from emgdetect.errors import FormatError

_PLAIN = re.compile(r"[\w.+-]+")
_BYTES_PER_SAMPLE = {
    "8": 1.0,
    "16": 2.0,
    "24": 3.0,
    "32": 4.0,
    "61": 2.0,
    "80": 1.0,
    "160": 2.0,
    "212": 1.5,
    "310": 4 / 3,
    "311": 4 / 3,
}
_MOST_SKEW = 1 << 20
_MOST_HEADER = 1 << 20
_MOST_PER_FRAME = 1 << 12


def check_names(header: Path) -> None:
    """Refuse a header that names files elsewhere: wfdb would follow addresses, also across a network.

    Raises
    ------
    FormatError
        If there is no header, or a name in it is more than a plain file name.
    """
    if not header.is_file():
        raise FormatError(f"the header {header.name} is missing beside it", where=header.parent)
    if "::" in str(header.resolve()) or "://" in str(header):
        raise FormatError("the library for WFDB cannot read from a folder with :: in its name", where=header)
    if header.stat().st_size > _MOST_HEADER:
        raise FormatError("this is too long for the header of a WFDB record", where=header)
    text = header.read_text("ascii", errors="replace")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for words in lines[1:]:
        if words[0] != "~" and not _PLAIN.fullmatch(words[0]):
            raise FormatError(f"the header names a file {words[0]!r}, which is no plain name", where=header)


def frames_there(record: str, described: Any) -> int | None:  # noqa: ANN401 - wfdb's record
    """Return how many frames the data files hold; ``None`` if only the library can tell (compressed).

    Raises
    ------
    FormatError
        If a file is missing or the header gives impossible places in it.
    """
    folder = Path(record).parent
    if max((abs(skew or 0) for skew in described.skew), default=0) > _MOST_SKEW:
        raise FormatError("the header shifts signals further than makes sense", where=record + ".hea")
    counts: dict[str, int] = {}
    for name, count in zip(described.file_name, described.samps_per_frame, strict=True):
        counts[name] = counts.get(name, 0) + (count or 1)
    if max(counts.values()) > _MOST_PER_FRAME:
        raise FormatError("the header says more samples per frame than makes sense", where=record + ".hea")
    frames = []
    for index, name in enumerate(described.file_name):
        file = folder / name
        if not file.is_file():
            raise FormatError(f"the data file {name} is missing beside the header", where=record + ".hea")
        width = _BYTES_PER_SAMPLE.get(str(described.fmt[index]))
        if width is None:
            continue
        left = file.stat().st_size - (described.byte_offset[index] or 0)
        frames.append(max(0, int(left / width / counts[name])))
    return min(frames) if frames else None
