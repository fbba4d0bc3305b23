"""Takes the messages of a SpikerBox out of its byte stream."""

from __future__ import annotations

from dataclasses import dataclass

BEGIN = bytes.fromhex("FFFF010180FF")
END = bytes.fromhex("FFFF010181FF")
LONGEST = 512
"""Bytes after which the end of a message must have been lost; the apps take 50 to 512."""


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in one message."""

    content: bytes


class MessageSplitter:
    """Parts messages from frames; ``FF FF`` never occurs in frames."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def forget(self) -> None:
        """Throw away half a message whose rest will not come."""
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes | Said]:
        """Return messages and the bytes between them; of a message without end, its beginning is left out."""
        stream = self._rest + data
        parts: list[bytes | Said] = []
        at = 0
        while (begin := stream.find(BEGIN, at)) >= 0:
            parts.append(stream[at:begin])
            content = begin + len(BEGIN)
            latest = content + LONGEST + len(END)
            end = stream.find(END, content, latest)
            another = stream.find(BEGIN, content, latest if end < 0 else end)
            if end >= 0 > another:
                parts.append(Said(stream[content:end]))
                at = end + len(END)
            elif end < 0 and another < 0 and len(stream) < latest:
                self._rest = stream[begin:]
                return parts
            else:
                parts.append(Said(b""))
                at = content
        left = stream[at:]
        begun = next((n for n in range(len(BEGIN) - 1, 0, -1) if left.endswith(BEGIN[:n])), 0)
        parts.append(left[: len(left) - begun])
        self._rest = left[len(left) - begun :]
        return parts
