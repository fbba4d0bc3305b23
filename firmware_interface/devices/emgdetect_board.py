"""Our own boards, with the firmware of this folder, over USB or Bluetooth (README, section 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import DeviceError
from firmware_interface.decoder import Described, Loss, Notice, Packet, Samples
from firmware_interface.device import BleLink, Device, Send, SerialLink
from firmware_interface.devices import emgdetect_wire as wire
from firmware_interface.devices.emgdetect_emulator import OPTIONS, make_emulator
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from firmware_interface.decoder import Decoder

SERVICE = "9bccc593-1c99-4014-b36f-b12420a65a97"
DATA = "9bccc594-1c99-4014-b36f-b12420a65a97"
CONTROL = "9bccc595-1c99-4014-b36f-b12420a65a97"
COUNTS = 2**32
NOT_DUE = 2**31
"""A counter that seems to have gone further than this went back."""


class BoardDecoder:
    """Frames of our own boards in, packets out."""

    __slots__ = ("_boot", "_cause", "_description", "_expected", "_reader", "_said", "_tag")

    def __init__(self) -> None:
        self._reader = wire.FrameReader()
        self._description: wire.Description | None = None
        self._tag = -1
        self._boot: int | None = None
        self._expected: int | None = None
        self._cause = "lost packets"
        self._said: dict[str, float | str] = {}

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`~firmware_interface.decoder.Decoder`."""
        del source  # one characteristic sends everything
        return [packet for frame in self._reader.take(data) for packet in self._open(frame)]

    def relink(self) -> list[Packet]:
        """Forget half a frame; the counter will tell what was missed."""
        self._reader.forget()
        if self._cause != "restart":
            self._cause = "disconnect"
        return []

    def _open(self, frame: wire.Frame) -> Iterator[Packet]:
        if frame.version != wire.VERSION:
            raise DeviceError(
                f"the board speaks version {frame.version} of the protocol, this program {wire.VERSION}",
                hint="upload the firmware that came with this program, or update the program",
            )
        if frame.boot != self._boot:
            self._cause = "restart" if self._boot is not None else self._cause
            self._boot = frame.boot
            self._said = {}
        if frame.kind == wire.DESCRIPTION:
            yield from self._describe(frame.payload)
        elif frame.kind == wire.SAMPLES:
            yield from self._sample(frame.payload)
        elif frame.kind == wire.STATUS and len(frame.payload) >= wire.STATUS_PAYLOAD.size:
            yield from self._status(frame.payload)

    def _describe(self, payload: bytes) -> Iterator[Packet]:
        description = wire.read_description(payload)
        if description != self._description:
            self._description = description
            yield Described(description.info)
        self._tag = wire.tag_of(payload)

    def _sample(self, payload: bytes) -> Iterator[Packet]:
        description = self._description
        if description is None or len(payload) < wire.SAMPLES_HEADER.size:
            return
        counter, clock, tag, off, n_channels = wire.SAMPLES_HEADER.unpack_from(payload)
        n_values, left = divmod(len(payload) - wire.SAMPLES_HEADER.size, 2 * len(description.channels))
        if tag != self._tag or n_channels != len(description.channels) or not n_values or left:
            return
        yield from self._count(counter, n_values)
        if description.watched:
            names = (
                name for bit, name in enumerate(description.names) if (off & description.watched) >> bit & 1
            )
            yield from self._say("lead-off", ",".join(names), unsaid="")
        values = np.frombuffer(
            payload, "<i2" if description.signed else "<u2", offset=wire.SAMPLES_HEADER.size
        )
        data = np.ascontiguousarray(values.reshape(-1, n_channels).T)
        yield Samples(data, device_time=_seconds(clock, counter, description.rate_millihertz))

    def _count(self, counter: int, n_samples: int) -> Iterator[Packet]:
        expected, cause = self._expected, self._cause
        self._expected = (counter + n_samples) % COUNTS
        self._cause = "lost packets"
        if expected is None:
            return
        missing = (counter - expected) % COUNTS
        if cause == "restart" or missing >= NOT_DUE:
            yield Loss(None, "restart")
        elif missing:
            yield Loss(missing, cause, COUNTS)

    def _status(self, payload: bytes) -> Iterator[Packet]:
        battery, _, overruns = wire.STATUS_PAYLOAD.unpack_from(payload)
        if battery <= wire.FULL_BATTERY:
            yield from self._say("battery", battery)
        yield from self._say("overruns", overruns, unsaid=0)

    def _say(self, name: str, value: float | str, unsaid: float | str | None = None) -> Iterator[Packet]:
        """Pass on what has changed; ``unsaid`` is what goes without saying."""
        if self._said.get(name, unsaid) != value:
            self._said[name] = value
            yield Notice(name, value)


def _seconds(clock: int, counter: int, rate_millihertz: int) -> float:
    """Unwrap the board's clock, which turns over every 71 minutes, by its counter, which does not."""
    about = counter * 1_000_000_000 // rate_millihertz
    ahead = (clock - about + NOT_DUE) % COUNTS - NOT_DUE
    return (about + ahead) / 1e6


def make_decoder(options: Mapping[str, str]) -> Decoder:
    """Make a decoder; a board describes itself, so no option changes anything.

    Raises
    ------
    UsageError
        There is an option that the device does not have.
    """
    Given("emgdetect", options, OPTIONS)
    return BoardDecoder()


DEVICES = (
    Device(
        key="emgdetect",
        name="board with emgdetect's own firmware",
        links=(
            SerialLink(
                baud_rates=(115200,),
                usb_ids=(
                    (0x2341, 0x0043), (0x2341, 0x0001), (0x2A03, 0x0043),  # Uno
                    (0x2341, 0x0069), (0x2341, 0x1002),  # Uno R4 Minima, WiFi
                    (0x1A86, 0x7523), (0x0403, 0x6001),  # Nano and clones, by their USB chips
                ),
                boot=2.0,
                start=(Send(b"\nSTART\n"),),
                keep_alive=(Send(b"\nSTART\n"),),
                keep_alive_every=2.0,
                stop=(Send(b"\nSTOP\n"),),
            ),
            BleLink(
                names=("emgdetect",),
                notify=(DATA,),
                service=SERVICE,
                start=(Send(b"\nSTART\n", CONTROL),),
                stop=(Send(b"\nSTOP\n", CONTROL),),
            ),
        ),
        decoder=make_decoder,
        emulator=make_emulator,
        options=OPTIONS,
        remarks=(
            "Opening the port resets an Uno or a Nano: the first two seconds are missing.",
            "Microvolts are as good as the supply voltage and the gain that stand in the sketch's config.h.",
            "A MyoWare cannot tell when its electrodes come off.",
        ),
    ),
)  # fmt: skip
