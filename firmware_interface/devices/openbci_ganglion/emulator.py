"""The board's side of the wire, for both firmwares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.device import Message
from firmware_interface.devices.openbci_ganglion import fields

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import RawArray, StreamInfo

TEXTS = (
    "OpenBCI Ganglion v{version}\nGanglion 1.3 (e15)\nLIS2DH ID: 0x33\nMCP3912 CONFIG_1: 0x000000\n",
    "send 'b' to start data stream\nsend 's' to stop data stream\n",
)
VERSIONS = {2: "2.0.1", 3: "3.0.2"}
FIRST_19_BIT = 100


class GanglionEmulator:
    """A board that waits for ``b``, and starts its identifiers anew with it.

    Firmware 2 forms its differences from the true numbers although it cannot send their lowest bit, so what a
    decoder adds up strays by up to one count a sample until the next whole number.
    """

    def __init__(self, firmware: int = 3) -> None:
        self._firmware = firmware
        self._waiting: NDArray[np.int64]
        self._begin(running=False)

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return fields.describe(self._firmware)

    def restart(self) -> list[Message]:
        """Power up, as at each new connection: the board says what it is and waits."""
        self._begin(running=False)
        said = [text.format(version=VERSIONS[self._firmware]).encode() for text in TEXTS]
        return [message for text in said for message in tell(text)]

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Answer to ``v``, start at ``b`` and stop at ``s``."""
        if to not in ("", fields.WRITE):
            return []
        said: list[Message] = []
        for command in data.decode("latin-1"):
            if command == "v":
                said += self.restart()
            elif command in "bs":
                self._begin(running=command == "b")
        return said

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire, two a notification."""
        if not self._running:
            return []
        waiting = np.concatenate([self._waiting, data.T.astype(np.int64)])
        messages = []
        taken = 0
        while len(waiting) - taken >= (needed := 1 if self._is_whole_next() else 2):
            messages.append(self._notification(waiting[taken : taken + needed]))
            taken += needed
        self._waiting = waiting[taken:]
        return messages

    def _begin(self, *, running: bool) -> None:
        self._running = running
        self._ordinal = 0
        self._last = np.zeros(fields.N_CHANNELS, dtype=np.int64)
        self._waiting = np.empty((0, fields.N_CHANNELS), dtype=np.int64)

    def _is_whole_next(self) -> bool:
        return self._firmware == 2 and self._ordinal == 0  # noqa: PLR2004 - the version

    def _notification(self, samples: NDArray[np.int64]) -> Message:
        if self._is_whole_next():
            whole = b"".join(int(value).to_bytes(3, "big", signed=True) for value in samples[0])
            data = b"\0" + whole + fields.RAW_PADDING
        elif self._firmware == 2:  # noqa: PLR2004 - the version
            before = np.concatenate([self._last[np.newaxis], samples[:1]])
            steps = before - samples
            data = self._packed(steps & ~1 | (steps < 0))
        else:
            data = self._packed(samples << 1 | (samples < 0))
        self._last = samples[-1]
        self._ordinal = (self._ordinal + 1) % (fields.LAST_18_BIT[self._firmware] + 1)
        return Message(data, len(samples), fields.NOTIFY)

    def _packed(self, values: NDArray[np.int64]) -> bytes:
        return bytes([FIRST_19_BIT + self._ordinal]) + fields.pack(values.ravel().tolist(), 19)


def tell(text: bytes) -> list[Message]:
    """Return a text as notifications."""
    parts = [text[start : start + fields.LENGTH - 1] for start in range(0, len(text), fields.LENGTH - 1)]
    kinds = [fields.TEXT_PART] * (len(parts) - 1) + [fields.TEXT_END]
    return [
        Message(bytes([kind]) + part, source=fields.NOTIFY) for kind, part in zip(kinds, parts, strict=True)
    ]
