"""The ESP32's sketch on this computer, against stand-ins for its libraries: all but the radio itself.

What the stand-ins cannot show is said in firmware/README.md.
"""

from __future__ import annotations

import ctypes
import shutil
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.device import BleLink, Send
from firmware_interface.devices import load_device
from firmware_interface.devices.emgdetect_wire import SYNC

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet
    from tests.firmware_interface.firmware.conftest import BuildForComputer

BOARD = load_device("emgdetect")
OUT = ctypes.create_string_buffer(1 << 22)
BITS = 12


def ble_link() -> BleLink:
    (link,) = (link for link in BOARD.links if isinstance(link, BleLink))
    return link


class Sketch:
    """A board with the Bluetooth sketch, and the computer it is connected to."""

    def __init__(self, code: ctypes.CDLL) -> None:
        code.ble_advertised.restype = ctypes.c_char_p
        code.ble_is_advertising.restype = ctypes.c_bool
        code.ble_longest_interval.restype = ctypes.c_uint16
        self.code = code
        self.decoder = BOARD.decoder({})
        code.ble_setup()

    def connect(self, mtu: int | None = 247) -> None:
        self.code.ble_connect()
        if mtu is not None:
            self.code.ble_agree(mtu)
        self.code.ble_run(5)

    def say(self, steps: Sequence[object]) -> None:
        for step in steps:
            assert isinstance(step, Send)
            self.code.ble_write(step.to.encode(), step.data, len(step.data))
        self.code.ble_run(1)

    def notifications(self) -> list[bytes]:
        n_bytes, sent = self.code.ble_take_sent(OUT), []
        data = OUT.raw[:n_bytes]
        while data:
            sent.append(data[1 : 1 + data[0]])
            data = data[1 + data[0] :]
        return sent

    def packets(self) -> list[Packet]:
        return [
            packet
            for each in self.notifications()
            for packet in self.decoder.feed(each, ble_link().notify[0])
        ]


class SwitchOn(Protocol):
    """Switch a board on, with these lines taken into its config.h."""

    def __call__(self, *defines: str) -> Sketch: ...


@pytest.fixture
def switch_on(build_ble_sketch: BuildForComputer, tmp_path: Path) -> SwitchOn:
    def switch(*defines: str) -> Sketch:
        # A library of another name begins with fresh variables.
        copied = shutil.copy(build_ble_sketch(*defines), tmp_path / "sketch.so")
        return Sketch(ctypes.CDLL(str(copied)))

    return switch


def key(first: int, n_samples: int, n_channels: int = 1) -> RawArray:
    place = np.arange(first * n_channels, (first + n_samples) * n_channels, dtype=np.uint64)
    return (place * 2654435761 % 2**32 >> (32 - BITS)).astype(np.int64).reshape(-1, n_channels).T


def follow(packets: Sequence[Packet], at: int | None = None, n_channels: int = 1) -> int:
    """See that every sample is what the converter read in its turn; says which would be next."""
    for packet in packets:
        if isinstance(packet, Loss):
            assert at is not None
            assert packet.n_samples
            at += packet.n_samples
        elif isinstance(packet, Samples):
            n_samples = packet.data.shape[1]
            if at is None:
                found = [n for n in range(5000) if np.array_equal(key(n, n_samples, n_channels), packet.data)]
                (at,) = found
            assert np.array_equal(packet.data, key(at, n_samples, n_channels))
            at += n_samples
    assert at is not None
    return at


def test_2_1_60_and_63_a_board_can_be_found(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    service, name = sketch.code.ble_advertised().decode().split()
    assert service == ble_link().service
    assert name == "emgdetect-1A2B"
    assert name.startswith(ble_link().names)


def test_a_board_says_what_it_is_and_sends_every_sample(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.code.ble_run(300)
    sketch.connect()
    assert not any(SYNC in each for each in sketch.notifications())
    sketch.say(ble_link().start)
    sketch.code.ble_run(10_000)
    described, *packets = sketch.packets()
    assert isinstance(described, Described)
    assert described.info.sampling_rate == 1000.0
    (channel,) = described.info.channels
    # 3.3 V in 4096 steps, amplified 200 times.
    assert (channel.name, channel.unit) == ("RAW", "uV")
    assert channel.gain == pytest.approx(4.02832, rel=1e-5)
    assert all(isinstance(packet, Samples) for packet in packets)
    assert follow(packets) > 10_000


def test_2_1_8_at_the_usual_size_a_frame_is_a_notification(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect(247)
    sketch.say(ble_link().start)
    sketch.code.ble_run(1000)
    sent = [each for each in sketch.notifications() if SYNC in each]
    assert all(each.startswith(SYNC) and len(each) == each[5] + 10 for each in sent)
    assert max(map(len, sent)) == 6 + 12 + 2 * 40 + 4


@pytest.mark.parametrize("mtu", [None, 23, 60, 100, 512])
def test_frames_go_through_notifications_of_any_size(switch_on: SwitchOn, mtu: int | None) -> None:
    sketch = switch_on()
    sketch.connect(mtu)
    sketch.say(ble_link().start)
    sketch.code.ble_run(3000)
    sent = sketch.notifications()
    assert max(map(len, sent)) <= (mtu or 23) - 3
    packets = [packet for each in sent for packet in sketch.decoder.feed(each)]
    assert follow(packets) > 2900
    assert not any(isinstance(packet, Loss) for packet in packets)


def test_2_1_64_a_lost_link_costs_exactly_what_it_lasted(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(1000)
    at = follow(sketch.packets())
    sketch.code.ble_disconnect()
    assert sketch.code.ble_is_advertising()
    sketch.code.ble_run(20_000)
    sketch.decoder.relink()
    sketch.connect()
    sketch.code.ble_run(1000)
    assert sketch.packets() == []
    sketch.say(ble_link().start)
    sketch.code.ble_run(1000)
    packets = sketch.packets()
    (loss,) = (packet for packet in packets if isinstance(packet, Loss))
    assert loss.cause == "disconnect"
    assert loss.n_samples == pytest.approx(21_000, abs=100)
    follow(packets, at)


def test_a_full_radio_is_waited_for(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(500)
    sketch.code.ble_refuse(300)
    sketch.code.ble_run(3000)
    packets = sketch.packets()
    assert not any(isinstance(packet, Loss) for packet in packets)
    assert follow(packets) > 3000


def test_what_a_stuck_radio_costs_is_missing_in_the_count(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(500)
    at = follow(sketch.packets())
    sketch.code.ble_refuse(10_000)
    sketch.code.ble_run(30_000)
    packets = sketch.packets()
    assert any(isinstance(packet, Loss) for packet in packets)
    follow(packets, at)


def test_2_1_51_stop_is_heard(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(200)
    sketch.say(ble_link().stop)
    sketch.notifications()
    sketch.code.ble_run(5000)
    assert sketch.notifications() == []


def test_a_short_interval_is_asked_for(switch_on: SwitchOn) -> None:
    sketch = switch_on()
    sketch.connect()
    assert 0 < sketch.code.ble_longest_interval() * 1.25 <= 30


def test_the_shield_s_other_outputs(switch_on: SwitchOn) -> None:
    sketch = switch_on("ENV_PIN=A3", "REF_PIN=A5", "RATE_HZ=500")
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(2000)
    described, *packets = sketch.packets()
    assert isinstance(described, Described)
    units = [(channel.name, channel.unit) for channel in described.info.channels]
    assert units == [("RAW", "uV"), ("ENV", "envelope"), ("REF", "adc")]
    assert described.info.sampling_rate == 500.0
    follow(packets, n_channels=3)


def test_the_npg_lite(switch_on: SwitchOn) -> None:
    sketch = switch_on("BOARD_NPG_LITE")
    sketch.connect()
    sketch.say(ble_link().start)
    sketch.code.ble_run(2000)
    described, *packets = sketch.packets()
    assert isinstance(described, Described)
    assert [(channel.name, channel.unit) for channel in described.info.channels] == [
        ("RAW1", "adc"), ("RAW2", "adc"), ("RAW3", "adc"),
    ]  # fmt: skip
    assert (described.info.sampling_rate, described.info.device) == (500.0, "NPG Lite")
    follow(packets, n_channels=3)
