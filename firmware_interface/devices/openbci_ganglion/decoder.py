"""Notifications of a Ganglion become packets; its firmware is learned where it was not said."""

from __future__ import annotations

import re

import numpy as np

from firmware_interface.counting import Counter
from firmware_interface.decoder import Described, Loss, Notice, Packet, Samples
from firmware_interface.devices.openbci_ganglion import fields

MOST_WAITING = 400
LONGEST_TEXT = 1000
CYCLE_3 = 100
CYCLE_2 = 201
# Identifiers of two notifications in a row that only one firmware has; 200 alone is one, too.
TELLING = {(0, 101): 2, (99, 100): 2, (100, 0): 2, (199, 100): 3, (99, 0): 3, (100, 101): 3}


class GanglionDecoder:
    """Reads whole notifications.

    Parameters
    ----------
    firmware : {2, 3}, optional
        The firmware's version. Without it the board's text tells, or the identifiers do within a second; what
        comes before is kept until then.
    """

    def __init__(self, firmware: int | None = None) -> None:
        self._told = firmware
        self._firmware = firmware
        self._described: int | None = None
        self._waiting: list[bytes] = []
        self._text = b""
        self._start_counting()

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take one notification and return every packet it completes; one of a wrong length is skipped."""
        if source not in ("", fields.NOTIFY) or not data:
            return []
        if data[0] > fields.LAST_SAMPLES[2]:
            return self._hear(data[0], data[1:])
        if len(data) != fields.LENGTH:
            return []
        if self._firmware is None:
            self._waiting.append(data)
            self._firmware = self._learn()
            return self._catch_up() if self._firmware else []
        return self._decode(data)

    def relink(self) -> list[Packet]:
        """Take note that the link was lost: the board starts anew at each connection."""
        packets = self._settle()
        seen = self._counter.expected is not None
        self._waiting.clear()
        self._text = b""
        self._start_counting()
        return [*packets, Loss(None, "disconnect")] if seen else []

    def _start_counting(self) -> None:
        # Firmware 2 is counted in samples, because one of its 101 notifications a cycle carries only one.
        self._counter = Counter(CYCLE_2, 1) if self._firmware == 2 else Counter(CYCLE_3, 2)  # noqa: PLR2004
        self._due: int | None = None
        self._doubtful: bytes | None = None
        self._begun = False
        self._last: list[int] | None = None
        self._lost: Loss | None = None

    def _learn(self) -> int | None:
        """Return the firmware that the identifiers so far can only be of."""
        newest = self._waiting[-1]
        identifier = newest[0]
        if identifier == fields.LAST_SAMPLES[2] or (identifier == 0 and newest[13:] == fields.RAW_PADDING):
            return 2
        if len(self._waiting) >= MOST_WAITING:
            # Two cycles without a whole number that differences could start from.
            return 3
        return TELLING.get((self._waiting[-2][0], identifier)) if len(self._waiting) > 1 else None

    def _catch_up(self) -> list[Packet]:
        self._start_counting()
        waiting, self._waiting = self._waiting, []
        return [packet for data in waiting for packet in self._decode(data)]

    def _hear(self, identifier: int, said: bytes) -> list[Packet]:
        if identifier in fields.IMPEDANCES:
            number = re.search(rb"\d{1,9}", said)
            name = f"impedance {fields.IMPEDANCES[identifier]}"
            return [Notice(name, float(number[0]))] if number else []
        if identifier not in (fields.TEXT_PART, fields.TEXT_END):
            return []
        self._text = (self._text + said)[-LONGEST_TEXT:]
        if identifier == fields.TEXT_PART:
            return []
        text, self._text = self._text, b""
        return self._understand("; ".join(text.decode("ascii", "ignore").split("\n")).strip("; \r\0"))

    def _understand(self, text: str) -> list[Packet]:
        packets: list[Packet] = [Notice("text", text)] if text else []
        version = re.search(r"OpenBCI Ganglion v([23])\.", text)
        if version:
            packets += self._settle()
            self._counter.restart()
            packets += self._believe(int(version[1]))
        return packets

    def _believe(self, firmware: int) -> list[Packet]:
        """Take the firmware from the board's own words, unless the user said one."""
        if self._told is not None or firmware == self._firmware:
            return []
        seen = self._counter.expected is not None
        self._firmware = firmware
        packets = self._catch_up()
        return [Loss(None, "restart"), *packets] if seen else packets

    def _decode(self, data: bytes) -> list[Packet]:
        """Read samples; those whose identifier jumps wait for the next, which shows if it was damaged."""
        if data[0] > fields.LAST_SAMPLES[self._firmware or 3]:
            return []
        modulus = fields.LAST_18_BIT[self._firmware or 3] + 1
        jump = 0 if self._due is None else (self._ordinal(data) - self._due) % modulus
        held, self._doubtful = self._doubtful, None
        if held is not None and self._due is not None:
            if 0 < jump <= (self._ordinal(held) - self._due) % modulus:
                return self._read(data)
            return [*self._read(held), *self._decode(data)]
        if jump:
            self._doubtful = data
            return []
        return self._read(data)

    def _settle(self) -> list[Packet]:
        """Read what waits, as nothing will follow it."""
        held, self._doubtful = self._doubtful, None
        return [] if held is None else self._read(held)

    def _ordinal(self, data: bytes) -> int:
        """Return a notification's place in the cycle of identifiers."""
        last = fields.LAST_18_BIT[self._firmware or 3]
        return data[0] if data[0] <= last else data[0] - 100

    def _read(self, data: bytes) -> list[Packet]:
        firmware = self._firmware or 3
        last = fields.LAST_18_BIT[firmware]
        self._due = (self._ordinal(data) + 1) % (last + 1)
        width = 18 if data[0] <= last else 19
        packets = self._whole(data, width) if firmware == 3 else self._differences(data, width)  # noqa: PLR2004
        if packets and self._described != firmware:
            self._described = firmware
            packets.insert(0, Described(fields.describe(firmware)))
        return packets

    def _whole(self, data: bytes, width: int) -> list[Packet]:
        """Read firmware 3: two samples as they are."""
        loss = self._counter.step(data[0] % CYCLE_3)
        values = [fields.absolute(field, width) for field in fields.unpack(data[1:], width)]
        samples = Samples(np.array(values, dtype=np.int32).reshape(2, fields.N_CHANNELS).T)
        return [samples] if loss is None else [loss, samples]

    def _differences(self, data: bytes, width: int) -> list[Packet]:
        """Read firmware 2: one whole sample, or two as differences from the one before.

        Once one is missing, nothing can be made of those that follow until the next whole sample.
        """
        ordinal = self._ordinal(data)
        self._missed(self._counter.step(max(2 * ordinal - 1, 0)))
        if not ordinal:
            self._last = [fields.signed_24(data[start : start + 3]) for start in (1, 4, 7, 10)]
            return self._given([self._last])
        self._counter.step(2 * ordinal)
        if self._last is None:
            self._missed(Loss(2, "lost packets", CYCLE_2))
            return []
        steps = [fields.delta(field, width) for field in fields.unpack(data[1:], width)]
        first = [before - step for before, step in zip(self._last, steps[:4], strict=True)]
        self._last = [before - step for before, step in zip(first, steps[4:], strict=True)]
        return self._given([first, self._last])

    def _missed(self, loss: Loss | None) -> None:
        """Add to what is missing before the next samples; before the first there is nothing to miss."""
        if loss is None:
            return
        self._last = None
        if not self._begun:
            return
        before = self._lost or Loss(0, loss.cause, loss.modulus)
        if before.n_samples is None or loss.n_samples is None:
            self._lost = Loss(None, before.cause if before.n_samples is None else loss.cause)
        else:
            self._lost = Loss(before.n_samples + loss.n_samples, before.cause, before.modulus)

    def _given(self, samples: list[list[int]]) -> list[Packet]:
        lost, self._lost, self._begun = self._lost, None, True
        packets = [] if lost is None else [lost]
        return [*packets, Samples(np.array(samples, dtype=np.int32).T)]
