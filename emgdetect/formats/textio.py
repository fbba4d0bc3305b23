"""Text files line by line: encodings, line ends, and blocks of lines in constant memory."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.recording import Head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 1 << 20
HEAD_BYTES = 1 << 16

# What text never holds: control characters other than tab, line ends, form feed and escape.
_BINARY = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})


def encoding_of(data: bytes) -> str | None:
    """Return the name of the encoding of a file that begins with ``data``; ``None`` if it is not text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    # One stray control byte is a fault on a serial line; many are another kind of file.
    if len(data) - len(data.translate(None, _BINARY)) > len(data) // 100:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def head_lines(head: Head) -> list[str]:
    """Return the complete lines of a file's head, without line ends; none if it is not text."""
    encoding = encoding_of(head.data)
    if encoding is None:
        return []
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head.data)
    lines = _split(text)
    if head.size > len(head.data) or not lines[-1]:
        lines.pop()
    return lines


def first_lines(path: Path) -> list[str]:
    """Return the complete lines among the first 64 KiB of a text file."""
    with path.open("rb") as file:
        data = file.read(HEAD_BYTES)
    return head_lines(Head(path, path.stat().st_size, data))


def line_blocks(path: Path, skip: int = 0) -> Iterator[list[str]]:
    """Give a text file's lines in blocks of about a mebibyte, the first ``skip`` lines left out.

    Raises
    ------
    FormatError
        If a line is longer than a mebibyte: that is no table.
    """
    with path.open("rb") as file:
        encoding = encoding_of(file.read(HEAD_BYTES)) or "latin-1"
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        rest = ""
        while data := file.read(BLOCK_BYTES):
            lines = _split(rest + decoder.decode(data))
            rest = lines.pop()
            if len(rest) > LONGEST_LINE:
                raise FormatError("a line is longer than a million characters", where=path.name)
            yield lines[skip:]
            skip = max(0, skip - len(lines))
        last = _split(rest + decoder.decode(b"", final=True))
        yield [line for line in last[skip:] if line]


def _split(text: str) -> list[str]:
    # Not str.splitlines: that also splits at characters which are data in other encodings.
    if "\r" in text:
        # A return at the end may be the first half of a line end; it stays until the rest is there.
        held = text.endswith("\r")
        text = text[:-1] if held else text
        text = text.replace("\r\n", "\n").replace("\r", "\n") + ("\r" if held else "")
    return text.split("\n")
