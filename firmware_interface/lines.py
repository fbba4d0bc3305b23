"""Lines of a byte stream, in bounded memory."""

from __future__ import annotations

LONGEST = 256
"""Bytes of the longest line that counts as one; the longest lines of known sketches have about 100."""


class LineSplitter:
    r"""Cuts a byte stream into lines at ``\n``; a ``\r`` before it belongs to the end of the line.

    A line longer than ``longest`` bytes is not kept: it is given out as ``None``, once, where it ends, so
    that a stream without line ends costs no memory.
    """

    __slots__ = ("_longest", "_overlong", "_rest")

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest = b""
        self._overlong = False

    def feed(self, data: bytes) -> list[bytes | None]:
        """Return the lines that ``data`` completes, without their ends; ``None`` for one that is too long."""
        *ended, rest = data.split(b"\n")
        lines = [self._ended(part) for part in ended]
        self._keep(rest)
        return lines

    def forget(self) -> None:
        """Throw away the beginning of a line whose rest will not come."""
        self._rest = b""
        self._overlong = False

    def _ended(self, part: bytes) -> bytes | None:
        self._keep(part)
        line = None if self._overlong else self._rest.removesuffix(b"\r")
        self.forget()
        return line

    def _keep(self, part: bytes) -> None:
        if self._overlong or len(self._rest) + len(part) > self._longest:
            self._overlong = True
            self._rest = b""
        else:
            self._rest += part
