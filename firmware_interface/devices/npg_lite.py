"""Upside Down Labs Neuro PlayGround Lite over Bluetooth (wire table 2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Loss, Notice
from firmware_interface.device import BleLink, Device, Message, Send
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet

KEY = "npg-lite"
DATA = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"
BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"

COUNTS = 256
HIGHEST = 4095
CHANNELS = ("3", "6")
RATES = {25: 250.0}
"""Rates in Hz by the records in a notification; the firmware that sends 25 of them is the slow one."""

USUAL_RATE = 500.0
USUAL_RECORDS = 10
OPTIONS = {
    "channels": "3, or 6 with a Playmate (default: learned from the first notification)",
    "rate": "samples per second (default: 500, or 250 from the firmware that sends 25 at a time)",
}


def describe(n_channels: int, rate: float) -> StreamInfo:
    """Describe the stream; the amplifier's gain is not published, so it is counts."""
    channels = tuple(
        Channel(f"ch{n + 1}", "adc", raw_low=0.0, raw_high=float(HIGHEST)) for n in range(n_channels)
    )
    return StreamInfo(rate, channels, "NPG Lite")


def record_size(n_channels: int) -> int:
    """Return the bytes of one sample: a counter and a number for each channel."""
    return 1 + 2 * n_channels


class NpgLiteDecoder:
    """Reads notifications of records with a counter each.

    A notification that was cut gives the records that are whole. Records whose counter does not fit those
    around it, or with a number the converter does not have, are left out and count as lost; if that goes
    for most of them, so are all. The Arduino firmware counts from 0 at each start, so what was missed over a
    new connection is left to the clock.

    Parameters
    ----------
    n_channels : int, optional
        3 or 6; without it the first notification that fits one of them only has to tell.
    rate : float, optional
        Samples per second; without it the size of the notifications tells.
    """

    __slots__ = ("_counter", "_described", "_n_channels", "_rate")

    def __init__(self, n_channels: int | None = None, rate: float | None = None) -> None:
        self._n_channels = n_channels
        self._rate = rate
        self._counter = Counter(COUNTS, 1)
        self._described = False

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take one notification; see :class:`firmware_interface.decoder.Decoder`."""
        if source == CONTROL:
            text = data.decode("ascii", errors="replace").strip()
            return [Notice("reply", text)] if text else []
        if source == BATTERY:
            return [Notice("battery", float(data[0]))] if len(data) == 1 else []
        self._n_channels = self._n_channels or _channels_of(data)
        return [] if self._n_channels is None else self._read(data, self._n_channels)

    def relink(self) -> list[Packet]:
        """Forget the counter, which begins anew with the connection."""
        begun = self._counter.expected is not None
        self._counter = Counter(COUNTS, 1)
        return [Loss(None, "disconnect")] if begun else []

    def _read(self, data: bytes, n_channels: int) -> list[Packet]:
        records = _records(data, n_channels)
        counts = records[:, 0].astype(np.int64)
        numbers = records[:, 1:].astype(np.int16)
        samples = numbers[:, 0::2] << 8 | numbers[:, 1::2]
        fits = _fitting(counts) & (samples <= HIGHEST).all(axis=1) & (samples >= 0).all(axis=1)
        if not fits.any() or 2 * fits.sum() < fits.size:
            return []
        packets: list[Packet] = []
        if not self._described:
            self._described = True
            rate = self._rate or RATES.get(len(records), USUAL_RATE)
            packets.append(Described(describe(n_channels, rate)))
        return [*packets, *with_losses(samples[fits].T, self._counter.steps(counts[fits]))]


def _channels_of(data: bytes) -> int | None:
    fitting = [n for n in map(int, CHANNELS) if data and len(data) % record_size(n) == 0]
    # Both sizes fit multiples of 91 bytes; then the counters have to tell.
    fitting = [n for n in fitting if _fitting(_records(data, n)[:, 0].astype(np.int64)).all()]
    return fitting[0] if len(fitting) == 1 else None


def _records(data: bytes, n_channels: int) -> NDArray[np.uint8]:
    size = record_size(n_channels)
    whole = len(data) // size * size
    return np.frombuffer(data[:whole], dtype=np.uint8).reshape(-1, size)


def _fitting(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which counters go up with the most of the others."""
    starts = (counts - np.arange(counts.size)) % COUNTS
    usual = np.bincount(starts, minlength=1).argmax()
    fits: NDArray[np.bool_] = starts == usual
    return fits


class NpgLiteEmulator:
    """Waits for ``START``, counts from 0 then, and sends ten records at a time."""

    __slots__ = ("_count", "_info", "_sending", "_waiting")

    def __init__(self, n_channels: int = 3, rate: float = USUAL_RATE) -> None:
        self._info = describe(n_channels, rate)
        self.restart()

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def restart(self) -> list[Message]:
        """Power up."""
        self._sending = False
        self._count = 0
        self._waiting = np.empty((len(self._info.channels), 0), dtype=np.uint16)
        return []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Obey what is written to the control characteristic; case does not matter."""
        command = data.decode("ascii", errors="replace").strip().upper()
        if to not in {"", CONTROL}:
            return []
        if command in {"START", "STOP"}:
            self.restart()
            self._sending = command == "START"
            return []
        replies = {"WHORU": "NPG-LITE", "STATUS": "RUNNING" if self._sending else "STOPPED"}
        return [Message(replies.get(command, "UNKNOWN COMMAND").encode("ascii"), source=CONTROL)]

    def send(self, data: RawArray) -> list[Message]:
        """Send ten records at a time."""
        if not self._sending:
            return []
        waiting = np.concatenate([self._waiting, data.astype(np.uint16)], axis=1)
        n_whole = waiting.shape[1] // USUAL_RECORDS * USUAL_RECORDS
        self._waiting = waiting[:, n_whole:]
        return [
            self._message(waiting[:, start : start + USUAL_RECORDS])
            for start in range(0, n_whole, USUAL_RECORDS)
        ]

    def _message(self, samples: RawArray) -> Message:
        n_channels, n_samples = samples.shape
        records = np.empty((n_samples, record_size(n_channels)), dtype=np.uint8)
        records[:, 0] = (self._count + np.arange(n_samples)) % COUNTS
        records[:, 1:] = samples.T.astype(">u2").copy(order="C").view(np.uint8)
        self._count = (self._count + n_samples) % COUNTS
        return Message(records.tobytes(), n_samples, DATA)


def _given(options: Mapping[str, str]) -> tuple[int | None, float | None]:
    given = Given(KEY, options, tuple(OPTIONS))
    n_channels = int(given.choice("channels", "3", CHANNELS)) if "channels" in given else None
    return n_channels, given.number("rate")


def _decoder(options: Mapping[str, str]) -> NpgLiteDecoder:
    return NpgLiteDecoder(*_given(options))


def _emulator(options: Mapping[str, str]) -> NpgLiteEmulator:
    n_channels, rate = _given(options)
    return NpgLiteEmulator(n_channels or int(CHANNELS[0]), rate or USUAL_RATE)


DEVICES = (
    Device(
        KEY,
        "Upside Down Labs Neuro PlayGround Lite over Bluetooth",
        (
            BleLink(
                names=("NPG",),
                notify=(DATA,),
                battery=BATTERY,
                start=(Send(b"START", CONTROL),),
                stop=(Send(b"STOP", CONTROL),),
            ),
        ),
        _decoder,
        _emulator,
        framing="message",
        options=OPTIONS,
        remarks=(
            "Below 5 % battery the board disconnects and sleeps, so charge it before a night.",
            "Amplitudes are counts of the converter: the amplifier's gain is not published.",
        ),
    ),
)
