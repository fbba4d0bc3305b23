"""Scoring files are small texts of any encoding: read whole, up to a limit."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1 << 26
"""Bytes; a night of marks is a few hundred kilobytes."""

HEAD_BYTES = 1 << 16


def decoded(data: bytes) -> str | None:
    """Return the text of some bytes with line feeds at line ends, ``None`` where it is no text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    elif b"\0" in data:
        return None
    else:
        text = _eight_bit(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    FormatError
        If it cannot be read, is larger than any scoring, or is no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        hint = "check its name and permissions"
        raise FormatError("the file cannot be read", where=path, hint=hint) from error
    text = decoded(data) if len(data) <= LARGEST else None
    if text is None:
        raise FormatError("this is no text, so no scoring that can be read", where=path)
    return text


def _eight_bit(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Programs on Windows write umlauts in its own code page, in which a few bytes mean nothing.
        return data.decode("cp1252", "replace")
