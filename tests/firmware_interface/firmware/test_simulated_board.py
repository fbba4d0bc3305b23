"""The Uno's sketch, compiled by avr-gcc and run on a simulated chip, read through its USB port.

Every conversion of the simulated converter reads another number, which tells its place. The simulator runs
several times faster than a board and waits for its reader, so a minute passes in seconds and nothing is lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
import serial

from emgdetect.types import Channel
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.devices import load_device
from firmware_interface.devices.emgdetect_wire import SYNC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet
    from tests.firmware_interface.firmware.conftest import PlugIn, SimulatedBoard

BOARD = load_device("emgdetect")
PATIENCE = 100.0
MICROVOLTS = Channel("RAW", "uV", 24.4140625, -12500.0, 0.0, 1023.0)


class Listener:
    """Reads a board's port and decodes what comes."""

    def __init__(self, port: serial.Serial) -> None:
        self.port = port
        self.decoder = BOARD.decoder({})

    def say(self, line: bytes) -> None:
        self.port.write(line)

    def read(self) -> bytes:
        data: bytes = self.port.read(max(1, self.port.in_waiting))
        return data

    def start(self) -> list[Packet]:
        """Say START until the board streams."""
        return self.decoder.feed(self.ask(b"\nSTART\n", SYNC))

    def ask(self, line: bytes, expected: bytes) -> bytes:
        """Say something again and again until the answer comes: a board that boots is deaf."""
        deadline = time.monotonic() + PATIENCE
        answer = b""
        while expected not in answer:
            assert time.monotonic() < deadline, f"the board only says {answer!r}"
            self.say(line)
            answer += self.read()
        return answer

    def hear_text(self, ending: bytes) -> bytes:
        """Listen until so much text has come."""
        text, deadline = b"", time.monotonic() + PATIENCE
        while ending not in text:
            assert time.monotonic() < deadline, f"only {text!r} came"
            text += self.read()
        return text

    def hear_samples(self, n_samples: int) -> list[Packet]:
        """Listen until at least so many samples have come."""
        packets: list[Packet] = []
        n_heard, deadline = 0, time.monotonic() + PATIENCE
        while n_heard < n_samples:
            assert time.monotonic() < deadline, f"only {n_heard} samples came"
            new = self.decoder.feed(self.read())
            n_heard += sum(packet.data.shape[1] for packet in new if isinstance(packet, Samples))
            packets += new
        return packets


Listen = Callable[["SimulatedBoard"], Listener]


@pytest.fixture
def listen() -> Iterator[Listen]:
    ports: list[serial.Serial] = []

    def open_port(board: SimulatedBoard) -> Listener:
        ports.append(serial.Serial(board.port, 115200, timeout=0.1))
        return Listener(ports[-1])

    yield open_port
    for port in ports:
        port.close()


def samples_of(packets: Sequence[Packet]) -> list[Samples]:
    return [packet for packet in packets if isinstance(packet, Samples)]


def joined(packets: Sequence[Packet]) -> RawArray:
    return np.concatenate([packet.data for packet in samples_of(packets)], axis=1)


def key(board: SimulatedBoard, first: int, n_samples: int, n_channels: int) -> RawArray:
    """What the converter read: all channels of a sample one after the other."""
    places = range(first * n_channels, (first + n_samples) * n_channels)
    return np.array([board.key(place) for place in places]).reshape(-1, n_channels).T


def about(packets: Sequence[Packet], rate: int = 1000) -> int:
    """Say by the board's clock which sample since power-up is about the first of these."""
    device_time = samples_of(packets)[0].device_time
    assert device_time is not None
    return round(device_time * rate)


def place_of(board: SimulatedBoard, data: RawArray, about: int) -> int:
    """Say by the samples themselves which the first of them is."""
    n_channels = data.shape[0]
    found = [
        first
        for first in range(max(0, about - 50), about + 50)
        if np.array_equal(key(board, first, 20, n_channels), data[:, :20])
    ]
    assert len(found) == 1, "the samples are not those of the converter"
    return found[0]


@pytest.mark.parametrize(
    ("seconds", "rate", "settings", "names"),
    [
        (60, 1000, {}, ["RAW"]),
        (10, 500, {"ENV_PIN": "A3", "REF_PIN": "A1"}, ["RAW", "ENV", "REF"]),
        (5, 1000, {"ENV_PIN": "A1", "REF_PIN": "A2"}, ["RAW", "ENV", "REF"]),
        (5, 2000, {}, ["RAW"]),
    ],
    ids=["a minute at 1 kHz", "three at 500 Hz", "three at 1 kHz", "one at 2 kHz"],
)
def test_every_sample_arrives_in_its_place(
    plug_in: PlugIn, listen: Listen, seconds: int, rate: int, settings: dict[str, str], names: list[str]
) -> None:
    board = plug_in({"RATE_HZ": str(rate), **settings})
    listener = listen(board)
    described, *packets = listener.start() + listener.hear_samples(seconds * rate)
    assert isinstance(described, Described)
    assert described.info.sampling_rate == rate
    assert described.info.device == "MyoWare on Arduino"
    assert described.info.ch_names == tuple(names)
    assert described.info.channels[0] == MICROVOLTS
    assert [type(packet) for packet in packets] == [Samples] * len(packets)
    data = joined(packets)
    times = [packet.device_time for packet in samples_of(packets) if packet.device_time is not None]
    first = place_of(board, data, about=about(packets, rate))
    assert np.array_equal(data, key(board, first, data.shape[1], len(names)))
    starts = np.cumsum([0, *(packet.data.shape[1] for packet in samples_of(packets))])[:-1]
    assert np.allclose(np.array(times) - times[0], starts / rate, rtol=0, atol=50e-6)


def test_a_board_that_streams_unasked_counts_from_its_first_conversion(
    plug_in: PlugIn, listen: Listen
) -> None:
    board = plug_in({"POWER_UP": "EMGD_STREAMING"})
    packets = listen(board).hear_samples(200)
    # Opening a port throws away what has come before; frames of 25 samples begin at whole numbers of them.
    assert place_of(board, joined(packets), about=about(packets)) % 25 == 0
    assert [type(packet) for packet in packets] == [Described] + [Samples] * (len(packets) - 1)


def test_a_pause_costs_what_the_counter_says(plug_in: PlugIn, listen: Listen) -> None:
    board = plug_in()
    listener = listen(board)
    packets = listener.start() + listener.hear_samples(500)
    listener.say(b"STOP\nhello?\n")
    packets += listener.decoder.feed(listener.hear_text(b"PLOT\r\n"))
    listener.say(b"START\n")
    packets += listener.hear_samples(500)
    (loss,) = (packet for packet in packets if isinstance(packet, Loss))
    assert (loss.cause, loss.modulus) == ("lost packets", 2**32)
    before, after = joined(packets[: packets.index(loss)]), joined(packets[packets.index(loss) :])
    place = place_of(board, before, about=about(packets))
    assert np.array_equal(before, key(board, place, before.shape[1], 1))
    assert loss.n_samples
    place += before.shape[1] + loss.n_samples
    assert np.array_equal(after, key(board, place, after.shape[1], 1))


def test_a_reset_is_told_and_counted_from_anew(plug_in: PlugIn, listen: Listen) -> None:
    board = plug_in()
    listener = listen(board)
    packets = listener.start() + listener.hear_samples(300)
    board.press_reset()
    packets += listener.decoder.feed(listener.hear_text(b"PLOT\r\n"))
    listener.say(b"START\n")
    packets += listener.hear_samples(300)
    (loss,) = (packet for packet in packets if isinstance(packet, Loss))
    assert loss == Loss(None, "restart")
    after = packets[packets.index(loss) :]
    data = joined(after)
    place = place_of(board, data, about=about(after))
    assert np.array_equal(data, key(board, place, data.shape[1], 1))


def test_text_for_the_plotter(plug_in: PlugIn, listen: Listen) -> None:
    board = plug_in({"ENV_PIN": "A1"})
    listener = listen(board)
    text = listener.ask(b"\nplot\n", b"RAW:")
    while text.count(b"\n") < 300:
        text += listener.read()
    lines = [line for line in text.split(b"\r\n")[:-1] if line.startswith(b"RAW:")]
    pairs = [dict(part.split(b":") for part in line.split(b",")) for line in lines]
    values = [(int(pair[b"RAW"]), int(pair[b"ENV"])) for pair in pairs]
    begins = [n for n in range(0, 100_000, 4) if (board.key(2 * n), board.key(2 * n + 1)) == values[0]]
    # One line for every fourth sample of 1 kHz.
    stops = [begin + 4 * len(values) for begin in begins]
    found = [
        [(board.key(2 * n), board.key(2 * n + 1)) for n in range(begin, stop, 4)]
        for begin, stop in zip(begins, stops, strict=True)
    ]
    assert len(values) > 200
    assert values in found


def test_a_board_says_what_it_is_to_whoever_asks(plug_in: PlugIn, listen: Listen) -> None:
    listener = listen(plug_in({"BOARD_NAME": '"left calf"'}))
    listener.ask(b"\nwho are you?\n", b"emgdetect board, left calf: send START, STOP or PLOT\r\n")


def test_pulling_the_plug_is_an_error_of_the_port(plug_in: PlugIn, listen: Listen) -> None:
    board = plug_in()
    listener = listen(board)
    listener.start()
    board.unplug()
    with pytest.raises(OSError, match=r"returned no data|Input/output error"):
        listener.hear_samples(1_000_000)


def test_real_time_is_real_time(plug_in: PlugIn, listen: Listen) -> None:
    """At the pace of a real board, where nobody waits for the reader."""
    board = plug_in(speed=1.0)
    listener = listen(board)
    packets = listener.start() + listener.hear_samples(1000)
    data = joined(packets[1:])
    place = place_of(board, data, about=about(packets))
    assert np.array_equal(data[:, :100], key(board, place, 100, 1))
