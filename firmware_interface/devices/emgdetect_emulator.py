"""What a board with our own firmware does, without the board (README, section 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UsageError
from firmware_interface.device import Message
from firmware_interface.devices import emgdetect_wire as wire
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.types import RawArray, StreamInfo
    from firmware_interface.device import Emulator

OPTIONS = {
    "rate": "samples a second that an emulated board takes (1000)",
    "channels": "what an emulated board sends, of RAW, ENV, REF and ADC (RAW)",
    "bits": "resolution of an emulated board, 1 to 16 (10)",
    "gain": "how much an emulated sensor amplifies; 0 if nobody knows (200)",
    "battery": "percent in an emulated board's battery (it has none)",
}
SAY_EVERY = 2.0
BATCH_SECONDS = 0.025
LONGEST_COMMAND = 5


class BoardEmulator:
    """A board whose clock is its counter: it sleeps while nobody gives it samples.

    Parameters
    ----------
    description : Description
        What it says of itself.
    battery : int
        Percent, or 255 for a board that does not know.
    """

    __slots__ = (
        "_batch", "_battery", "_boot", "_counter", "_description", "_held", "_line", "_payload", "_said",
        "_streaming", "_tag",
    )  # fmt: skip

    def __init__(self, description: wire.Description, battery: int = wire.UNKNOWN_BATTERY) -> None:
        self._description = description
        self._payload = description.encode()
        self._tag = wire.tag_of(self._payload)
        self._battery = battery
        n_channels = len(description.channels)
        fitting = (wire.MAX_PAYLOAD - wire.SAMPLES_HEADER.size) // (2 * n_channels)
        self._batch = min(max(1, int(description.rate_millihertz / 1000 * BATCH_SECONDS)), fitting)
        self._boot = 0
        self._power_up()

    def _power_up(self) -> None:
        self._counter = 0
        self._said = 0
        self._streaming = False
        self._line = b""
        self._held = np.empty((len(self._description.channels), 0), dtype=np.int64)

    @property
    def info(self) -> StreamInfo:
        """What the decoder should find out."""
        return self._description.info

    def restart(self) -> list[Message]:
        """Count anew, under a new boot number, and wait for START."""
        self._power_up()
        self._boot = (self._boot + 1) % 256
        return [Message(f"emgdetect board, {self._description.name}: send START, STOP or PLOT\r\n".encode())]

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Obey START and STOP; the text for the plotter is not emulated."""
        del to
        *lines, rest = (self._line + data.replace(b"\r", b"\n")).split(b"\n")
        self._line = rest[: LONGEST_COMMAND + 1]
        return [message for line in lines for message in self._obey(line.upper())]

    def send(self, data: RawArray) -> list[Message]:
        """Take samples; those that fill frames go out, with a description every two seconds."""
        if not self._streaming:
            self._counter += int(data.shape[1])
            return []
        self._held = np.concatenate([self._held, data], axis=1, dtype=np.int64)
        messages: list[Message] = []
        while self._held.shape[1] >= self._batch:
            if (self._counter - self._said) / self.info.sampling_rate >= SAY_EVERY:
                messages += self._describe()
            messages.append(self._flush(self._batch))
        return messages

    def _obey(self, command: bytes) -> list[Message]:
        if command == b"START":
            self._streaming = True
            return self._describe()
        messages = []
        if command in {b"STOP", b"PLOT"}:
            messages = [self._flush(self._held.shape[1])] if self._held.shape[1] else []
            self._streaming = False
        return messages

    def _describe(self) -> list[Message]:
        self._said = self._counter
        status = wire.STATUS_PAYLOAD.pack(self._battery, int(self._streaming), 0)
        said = ((wire.DESCRIPTION, self._payload), (wire.STATUS, status))
        return [
            Message(wire.Frame(wire.VERSION, kind, self._boot, payload).encode()) for kind, payload in said
        ]

    def _flush(self, n_samples: int) -> Message:
        clock = self._counter * 1_000_000_000 // self._description.rate_millihertz
        payload = wire.pack_samples(self._counter, clock, self._tag, 0, self._held[:, :n_samples])
        self._held = self._held[:, n_samples:]
        self._counter += n_samples
        return Message(wire.Frame(wire.VERSION, wire.SAMPLES, self._boot, payload).encode(), n_samples)


def make_emulator(options: Mapping[str, str]) -> Emulator:
    """Make a board from what ``virtual://emgdetect?…`` says.

    Raises
    ------
    UsageError
        An option that there is not, or a value that no board can have.
    """
    given = Given("emgdetect", options, OPTIONS)
    names = {name: role for role, name in wire.ROLES.items()}
    roles = [names.get(name.upper(), -1) for name in given.text("channels", "RAW").split(",")]
    rate = given.number("rate", 1000.0) or 0.0
    if -1 in roles or len(roles) > wire.MAX_CHANNELS:
        what = f"a board has 1 to {wire.MAX_CHANNELS} channels of {', '.join(names)}"
        raise UsageError(what, where="emgdetect")
    if not wire.MIN_RATE <= rate <= wire.MAX_RATE:
        what = f"a board takes {wire.MIN_RATE:g} to {wire.MAX_RATE:g} samples a second"
        raise UsageError(what, where="emgdetect")
    gain = 0.0 if given.text("gain") == "0" else given.number("gain", 200.0) or 0.0
    amplified = {wire.RAW: round(min(gain, wire.MAX_GAIN) * 1000)}
    description = wire.Description(
        rate_millihertz=round(rate * 1000),
        bits=given.count("bits", 10, wire.MAX_BITS) or 10,
        vref_millivolt=5000,
        channels=tuple((role, amplified.get(role, 0)) for role in roles),
        name="emulated board",
    )
    battery = given.count("battery", wire.UNKNOWN_BATTERY, wire.FULL_BATTERY)
    return BoardEmulator(description, wire.UNKNOWN_BATTERY if battery is None else battery)
