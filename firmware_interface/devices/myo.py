"""Thalmic Myo armband over Bluetooth Low Energy (README, section 2.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.counting import Counter
from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import BleLink, Device, Message, Send
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.types import RawArray


def uuid(short: int) -> str:
    """Return one of the armband's UUIDs in full."""
    return f"d506{short:04x}-a904-deb9-4748-2c7f4a124842"


CONTROL = uuid(0x0001)
COMMAND = uuid(0x0401)
EMG = tuple(uuid(short) for short in (0x0105, 0x0205, 0x0305, 0x0405))
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

N_CHANNELS = 8
SAMPLES_EACH = 2
LENGTH = N_CHANNELS * SAMPLES_EACH
RATE = 200.0

STREAM_RAW = bytes([0x01, 0x03, 0x03, 0x00, 0x00])
STREAM_NOTHING = bytes([0x01, 0x03, 0x00, 0x00, 0x00])
NEVER_SLEEP = bytes([0x09, 0x01, 0x01])
SET_MODE = 0x01
KEEP_AWAKE_EVERY = 300.0

# Clipped numbers are -127 as well as -128, so the lower rail is the upper of the two.
INFO = StreamInfo(
    RATE,
    tuple(Channel(f"EMG {n + 1}", "adc", raw_low=-127.0, raw_high=127.0) for n in range(N_CHANNELS)),
    device="Myo armband",
)


class MyoDecoder:
    """Reads whole notifications, which come from four characteristics in turn.

    There is no counter, but the turn is one: a characteristic that is passed over is two lost samples.
    """

    def __init__(self) -> None:
        self._described = False
        self._turn = Counter(len(EMG), SAMPLES_EACH)

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take one notification; those of other characteristics and of a wrong length are skipped."""
        if source not in EMG or len(data) != LENGTH:
            return []
        packets: list[Packet] = []
        if not self._described:
            self._described = True
            packets.append(Described(INFO))
        loss = self._turn.step(EMG.index(source))
        if loss is not None:
            packets.append(loss)
        packets.append(Samples(np.frombuffer(data, dtype=np.int8).reshape(SAMPLES_EACH, N_CHANNELS).T))
        return packets

    def relink(self) -> list[Packet]:
        """Take note that the link was lost: four turns tell nothing of so long a time."""
        seen = self._turn.expected is not None
        self._turn = Counter(len(EMG), SAMPLES_EACH)
        return [Loss(None, "disconnect")] if seen else []


class MyoEmulator:
    """An armband that streams once its EMG mode is set."""

    def __init__(self) -> None:
        self._waiting = b""
        self._turn = 0
        self._running = False

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return INFO

    def restart(self) -> list[Message]:
        """Power up; it says nothing and waits."""
        self._begin(running=False)
        return []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Start or stop at the command that sets the modes; it answers nothing."""
        if to == COMMAND and len(data) == len(STREAM_RAW) and data[0] == SET_MODE:
            self._begin(running=data[2] != 0)
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire, two a notification, each from the next characteristic."""
        if not self._running:
            return []
        self._waiting += data.T.astype(np.int8).tobytes()
        messages = []
        while len(self._waiting) >= LENGTH:
            messages.append(Message(self._waiting[:LENGTH], SAMPLES_EACH, EMG[self._turn]))
            self._waiting = self._waiting[LENGTH:]
            self._turn = (self._turn + 1) % len(EMG)
        return messages

    def _begin(self, *, running: bool) -> None:
        self._running = running
        self._waiting = b""
        self._turn = 0


def decoder(options: Mapping[str, str]) -> MyoDecoder:
    """Make a decoder; there are no options."""
    Given("myo", options, ())
    return MyoDecoder()


def emulator(options: Mapping[str, str]) -> MyoEmulator:
    """Make an emulator; there are no options."""
    Given("myo", options, ())
    return MyoEmulator()


DEVICES = (
    Device(
        key="myo",
        name="Myo armband",
        links=(
            BleLink(
                names=("Myo",),
                notify=EMG,
                service=CONTROL,
                battery=BATTERY,
                start=(Send(NEVER_SLEEP, COMMAND), Send(STREAM_RAW, COMMAND)),
                keep_alive=(Send(NEVER_SLEEP, COMMAND),),
                keep_alive_every=KEEP_AWAKE_EVERY,
                stop=(Send(STREAM_NOTHING, COMMAND),),
            ),
        ),
        decoder=decoder,
        emulator=emulator,
        framing="message",
        losses_seen="rotation",
        remarks=(
            "Its numbers are counts from -128 to 127 of unknown gain.",
            "Losses are seen only modulo 8 samples; the clock has to tell the rest.",
        ),
    ),
)
