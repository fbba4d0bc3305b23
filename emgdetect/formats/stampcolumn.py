"""A table's column of clock times turned into seconds where it stands, a block of lines at a time.

Recorders write every stamp with the same number of characters, so that a block's stamps are a matrix of
bytes and their digits can be read by position, all rows at once. Seconds take fewer characters than the
stamp: they are written over it, with zeros in front, and nothing else of the lines moves.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Wholes = NDArray[np.int64]

_ZERO, _POINT = b"0."
_DATE, _DAY_TIME, _OFFSET = 10, 8, 6
"""Characters of ``2024-05-06``, of ``23:59:59`` and of ``+02:00``."""

MOST_DECIMALS = 9


def in_seconds(lines: list[str], *, delimiter: str, column: int, dated: bool) -> list[str] | None:
    """Return the lines with seconds in place of the stamps, ``None`` if the stamps are not all of one form.

    Parameters
    ----------
    lines : list of str
        Rows of a table.
    delimiter : str
        One character.
    column : int
        Where the stamps are.
    dated : bool
        ISO 8601 with a date (seconds since 1970 UTC), else times of day (seconds since midnight).
    """
    if not lines:
        return None
    buffer = np.frombuffer(bytearray("\n".join(lines).encode()), dtype=np.uint8)
    found = _cells(buffer, len(lines), ord(delimiter), column)
    if found is None:
        return None
    first, width = found
    windows = np.lib.stride_tricks.sliding_window_view(buffer, width, writeable=True)
    seconds = _seconds(windows[first], dated=dated)
    if seconds is None:
        return None
    windows[first] = seconds
    return buffer.tobytes().decode().split("\n")


def _cells(buffer: Bytes, n_lines: int, sign: int, column: int) -> tuple[Wholes, int] | None:
    """Return where the column begins in each line, and its width if that is the same in all."""
    line_ends = np.append(np.flatnonzero(buffer == 10), buffer.size)  # noqa: PLR2004 - line feed
    starts = np.concatenate(([0], line_ends[:-1] + 1))
    signs = np.flatnonzero(buffer == sign)
    if starts.size != n_lines or not signs.size or signs.size % n_lines:
        return None
    by_line = signs.reshape(n_lines, -1)
    if column > by_line.shape[1] or (by_line[:, 0] < starts).any() or (by_line[:, -1] >= line_ends).any():
        return None
    first = starts if column == 0 else by_line[:, column - 1] + 1
    last = by_line[:, column] if column < by_line.shape[1] else line_ends
    width = int(last[0] - first[0])
    return (first, width) if width and (last - first == width).all() else None


def _seconds(cells: Bytes, *, dated: bool) -> Bytes | None:
    """Return the text of the seconds, as wide as the cells."""
    stamps = _bare(cells)
    days = np.zeros(1, dtype=np.int64)
    if dated:
        split = _without_offset(stamps)
        if split is None or split[0].shape[1] < _DATE + 1 + _DAY_TIME:
            return None
        stamps, offset = split
        found = _days(stamps[:, :_DATE])
        if found is None or not _all_in(stamps[:, _DATE], b"T "):
            return None
        days = found * 86400 - offset
        stamps = stamps[:, _DATE + 1 :]
    day_time = _day_time(stamps)
    if day_time is None:
        return None
    whole, decimals = day_time
    return _text(whole + days, decimals, cells.shape[1])


def _bare(cells: Bytes) -> Bytes:
    """Take off blanks and quotes that all cells have."""
    while cells.shape[1] and _all_in(cells[:, 0], b'" '):
        cells = cells[:, 1:]
    while cells.shape[1] and _all_in(cells[:, -1], b'" '):
        cells = cells[:, :-1]
    return cells


def _all_in(column: Bytes, allowed: bytes) -> bool:
    return bool((column == column[0]).all()) and int(column[0]) in allowed


def _without_offset(stamps: Bytes) -> tuple[Bytes, int] | None:
    """Cut off an offset from UTC that all stamps share, and return it in s; none is 0."""
    if stamps.shape[1] and _all_in(stamps[:, -1], b"Z"):
        return stamps[:, :-1], 0
    if stamps.shape[1] <= _DATE + _DAY_TIME + _OFFSET or not np.isin(stamps[:, -_OFFSET], (43, 45)).any():
        return stamps, 0
    tail = stamps[:, -_OFFSET:]
    if (tail != tail[0]).any():
        return None
    offset = _or_none(f"2000-01-01T00:00:00{tail[0].tobytes().decode('latin-1')}")
    return None if offset is None else (stamps[:, :-_OFFSET], offset)


def _or_none(text: str) -> int | None:
    try:
        offset = datetime.fromisoformat(text).utcoffset()
    except ValueError:
        return None
    return None if offset is None else round(offset.total_seconds())


def _days(dates: Bytes) -> Wholes | None:
    """Return days since 1970, one for each date or one for all."""
    texts = np.ascontiguousarray(dates).view(f"S{_DATE}")[:, 0]
    different, which = np.unique(texts[:1] if (dates == dates[0]).all() else texts, return_inverse=True)
    if not all(_is_date(text) for text in different.tolist()):
        return None
    try:
        days: Any = different.astype("datetime64[D]").astype(np.int64)
    except ValueError:
        return None
    found: Wholes = days[which]
    return found


def _is_date(text: bytes) -> bool:
    parts = text.split(b"-")
    return [len(part) for part in parts] == [4, 2, 2] and all(part.isdigit() for part in parts)


def _day_time(stamps: Bytes) -> tuple[Wholes, Bytes] | None:
    """Return whole seconds of ``23:59:59.123`` and the digits of the fraction."""
    n_decimals = stamps.shape[1] - _DAY_TIME - 1
    if n_decimals < -1 or n_decimals > MOST_DECIMALS or n_decimals == 0:
        return None
    if not (_all_in(stamps[:, 2], b":") and _all_in(stamps[:, 5], b":")):
        return None
    if n_decimals > 0 and not _all_in(stamps[:, _DAY_TIME], b".,:"):
        return None
    decimals = stamps[:, _DAY_TIME + 1 :]
    digits = np.concatenate((stamps[:, [0, 1, 3, 4, 6, 7]], decimals), axis=1) - np.uint8(_ZERO)
    if (digits > 9).any():  # noqa: PLR2004 - what is no digit is more, or has wrapped round to more
        return None
    hours, minutes, seconds = (digits[:, n].astype(np.int64) * 10 + digits[:, n + 1] for n in (0, 2, 4))
    if (hours > 23).any() or (minutes > 59).any() or (seconds > 59).any():  # noqa: PLR2004 - of a clock
        return None
    return hours * 3600 + minutes * 60 + seconds, decimals


def _text(whole: Wholes, decimals: Bytes, width: int) -> Bytes | None:
    """Write seconds with leading zeros."""
    if (whole < 0).any():
        return None
    text = np.full((whole.size, width), _ZERO, dtype=np.uint8)
    place = width
    if decimals.shape[1]:
        place = width - decimals.shape[1] - 1
        text[:, place] = _POINT
        text[:, place + 1 :] = decimals
    rest = whole
    while rest.any():
        place -= 1
        if place < 0:
            return None
        text[:, place] += (rest % 10).astype(np.uint8)
        rest = rest // 10
    return text
