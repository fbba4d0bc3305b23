"""Rows are those of section 2.3 in firmware_interface/README.md."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from firmware_interface.decoder import Loss, Notice, Samples
from firmware_interface.device import Send
from firmware_interface.devices.spikerbox import DEVICES
from firmware_interface.devices.spikerbox.messages import BEGIN, END, LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_interface.decoder import Decoder
    from tests.firmware_interface.devices.conftest import Read, Tell, Told

BY_KEY = {device.key: device for device in DEVICES}
LOST = Loss(None, "lost packets")


def made(key: str = "spikerbox", **options: str) -> Callable[[], Decoder]:
    return lambda: BY_KEY[key].decoder(options)


def frames(*samples: int | Sequence[int]) -> bytes:
    """Write samples as the wire table says, one frame each."""
    data = bytearray()
    for sample in samples:
        numbers = [sample] if isinstance(sample, int) else sample
        frame = bytearray(chain.from_iterable((number // 128, number % 128) for number in numbers))
        frame[0] += 128
        data += frame
    return bytes(data)


def said(text: bytes) -> bytes:
    return bytes.fromhex("FFFF010180FF") + text + bytes.fromhex("FFFF010181FF")


def test_row_1_and_6_a_shield_that_starts_up(read_stream: Read) -> None:
    data = bytes.fromhex("53 74 61 72 74 55 70 21 0D 0A 84 1A 84 21 84 27 84 2D")
    told = read_stream(made("spikershield"), data)
    assert told.firsts == [538, 545, 551, 557]
    assert told.notices == [(0, Notice("text", "StartUp!"))]
    assert not told.losses
    assert told.dtypes == {"int16"}
    (channel,) = told.infos[0].channels
    assert (channel.unit, channel.raw_low, channel.raw_high) == ("adc", 0, 1023)


@pytest.mark.parametrize(
    ("n_channels", "data", "rows"),
    [(1, "82 32 02 47", [(306,)]), (2, "82 33 02 48 82 35 02 4A", [(307, 328), (309, 330)])],
)
def test_row_1_two_channels(
    read_stream: Read, n_channels: int, data: str, rows: list[tuple[int, ...]]
) -> None:
    key = "spikershield-2" if n_channels == 2 else "spikershield"
    told = read_stream(made(key), bytes.fromhex(data))
    assert told.rows == rows


def test_row_4_a_message_between_two_frames(read_stream: Read) -> None:
    data = "83 27 FF FF 01 01 80 FF 48 57 54 3A 48 42 4C 45 4F 53 42 3B FF FF 01 01 81 FF 83 39"
    told = read_stream(made(channels="1"), bytes.fromhex(data))
    assert told.firsts == [423, 441]
    assert told.notices == [(1, Notice("type", "HBLEOSB"))]
    assert [info.device for info in told.infos] == ["Muscle SpikerBox", "Heart & Brain SpikerBox"]
    assert told.infos[1].sampling_rate == pytest.approx(10_050.25, abs=0.01)
    assert not told.losses


def test_row_4_the_box_says_its_type(read_stream: Read) -> None:
    data = "FF FF 01 01 80 FF 48 57 54 3A 4D 55 53 43 55 53 42 31 3B FF FF 01 01 81 FF"
    told = read_stream(made(), bytes.fromhex(data))
    assert told.notices == [(0, Notice("type", "MUSCUSB1"))]


def test_row_4_a_message_may_hold_several_answers() -> None:
    packets = made()().feed(said(b"FWV:0.01;HWT:HUMANSB;HWV:0.02;EVNT:3;XYZ:1;"))
    assert packets == [
        Notice("firmware", 0.01),
        Notice("type", "HUMANSB"),
        Notice("hardware", 0.02),
        Notice("event", 3),
    ]


def test_row_4_a_joystick_says_two_bytes() -> None:
    assert made()().feed(said(b"JOY:\xf1\xf2;")) == [Notice("joystick", "\\xf1\\xf2")]


@pytest.mark.parametrize("length", [LONGEST - 20, LONGEST, LONGEST + 1, 3000])
def test_row_4_a_message_whose_end_was_lost_does_not_swallow_the_samples(length: int, tell: Tell) -> None:
    samples = [n % 1000 for n in range(100, 100 + length // 2)]
    told = tell(
        made(channels="1")().feed(frames(1, 2) + BEGIN + b"HWT:X;" + frames(*samples) + said(b"BRD:0;"))
    )
    assert told.firsts == [1, 2, *samples]
    assert told.losses == [(2, LOST)]
    assert told.notices == [(2 + len(samples), Notice("board", 0))]


@pytest.mark.parametrize(("value", "data"), [(8192, "C0 00"), (16383, "FF 7F"), (0, "80 00")])
def test_row_2_fourteen_bits(read_stream: Read, value: int, data: str) -> None:
    told = read_stream(made("human-spikerbox", channels="1"), bytes.fromhex(data))
    assert told.firsts == [value]
    assert told.infos[0].channels[0].raw_high == 16383
    assert told.infos[0].sampling_rate == 5000


def test_row_2_full_scale_before_a_message(read_stream: Read) -> None:
    told = read_stream(
        made("human-spikerbox", channels="1"), frames(16383, 16383) + said(b"BRD:1;") + frames(5)
    )
    assert told.firsts == [16383, 16383, 5]


def test_row_2_a_number_the_converter_does_not_have_is_one_lost_sample(read_stream: Read) -> None:
    told = read_stream(made(channels="1"), frames(1, 2, 1024, 16000, 3, 4000, 4))
    assert told.firsts == [1, 2, 3, 4]
    assert told.losses == [(2, Loss(2, "lost packets")), (3, Loss(1, "lost packets"))]


@pytest.mark.parametrize("n_channels", [1, 2, 3, 6])
def test_row_3_the_number_of_channels_is_learned(read_stream: Read, n_channels: int) -> None:
    rows = [tuple(range(start, start + n_channels)) for start in range(0, 900, 60)]
    told = read_stream(made(), b"\x03\x05" + frames(*rows)[1:])
    assert told.rows == rows[1:]
    assert len(told.infos[0].channels) == n_channels
    assert not told.losses


def test_row_3_another_number_of_channels_is_noticed(read_stream: Read) -> None:
    pairs, threes = [(n, n + 1) for n in range(20)], [(n, n, n) for n in range(90)]
    told = read_stream(made(), frames(*pairs, *threes))
    assert [len(info.channels) for info in told.infos] == [2, 3]
    assert told.rows[:20] == pairs
    n_read = sum(len(row) == 3 for row in told.rows)
    assert n_read > 50
    assert told.rows[-n_read:] == threes[-n_read:]


@pytest.mark.parametrize("n_channels", [1, 3])
def test_row_5_lost_bytes_cost_their_frames_and_show(n_channels: int, tell: Tell) -> None:
    rows = [tuple(range(start, start + n_channels)) for start in range(300, 900, 30)]
    data = frames(*rows)
    for lost in range(10 * 2 * n_channels, 12 * 2 * n_channels):
        told = tell(made(channels=str(n_channels))().feed(data[:lost] + data[lost + 1 :]))
        at_fault = lost // (2 * n_channels)
        assert [row for row in told.rows if row not in rows] == []
        assert len(told.rows) >= len(rows) - 2
        assert told.losses
        assert {loss for _, loss in told.losses} == {LOST}
        assert all(at_fault - 1 <= place <= at_fault + 1 for place, _ in told.losses)


def test_row_5_garbage_before_the_first_frame_is_no_loss(read_stream: Read) -> None:
    told = read_stream(made(channels="1"), b"\x01\x02\x03\x04" + frames(5, 6) + b"\x01" + frames(7))
    assert told.firsts == [5, 6, 7]
    assert told.losses == [(2, LOST)]


def test_row_6_a_reset_in_between_is_told(read_stream: Read) -> None:
    told = read_stream(made(channels="1"), frames(5, 6) + b"StartUp!\r\n" + frames(7))
    assert told.firsts == [5, 6, 7]
    assert told.losses == [(2, Loss(None, "restart"))]


@pytest.mark.parametrize(
    ("key", "rate", "n_channels"),
    [
        ("spikershield", 10_050.25, 1),
        ("spikershield-2", 5025.1, 2),
        ("spikershield-3", 3350.1, 3),
        ("spikershield-4", 2512.6, 4),
        ("spikershield-5", 2010.1, 5),
        ("spikershield-6", 1675.0, 6),
        ("spikerbox", 10_000, 1),
        ("spikerbox-pro", 10_000, 2),
        ("human-spikerbox", 5000, 2),
        ("spike-station", 42_661, 2),
    ],
)
def test_row_7_rates_and_what_the_emulator_sends(
    key: str, rate: float, n_channels: int, read_messages: Callable[..., Told]
) -> None:
    device = BY_KEY[key]
    emulator = device.emulator({})
    assert emulator.info.sampling_rate == pytest.approx(rate, abs=0.06)
    assert len(emulator.info.channels) == n_channels
    messages = emulator.restart()
    for step in device.links[0].start:
        assert isinstance(step, Send)
        messages += emulator.hear(step.data)
    high = int(emulator.info.channels[0].raw_high or 0)
    data = np.random.default_rng(5).integers(0, high, (n_channels, 30), endpoint=True)
    told = read_messages(device, [*messages, *emulator.send(data)])
    assert told.rows == [tuple(row) for row in data.T.tolist()]
    assert told.infos == [emulator.info]


def test_row_7_the_pro_box_sends_when_told_to() -> None:
    emulator = BY_KEY["spikerbox-pro"].emulator({})
    data = np.ones((2, 3), dtype=np.int16)
    assert emulator.send(data) == []
    emulator.hear(b"start:;\n")
    assert len(emulator.send(data)) == 3
    emulator.hear(b"h:;\n")
    assert emulator.send(data) == []


def test_row_8_nothing_is_sent_that_could_wake_a_bootloader() -> None:
    steps = [step for device in DEVICES for link in device.links for step in (*link.start, *link.stop)]
    assert {step.data for step in steps if isinstance(step, Send)} == {
        *(b"b:;\n", b"?:;\n", b"start:;\n", b"h:;\n"),
        *(f"conf s:10000;c:{n};\n".encode() for n in range(2, 7)),
    }


def test_after_a_new_connection_nothing_tells_how_much_was_missed() -> None:
    decoder = made(channels="1")()
    assert decoder.relink() == []
    decoder.feed(frames(1, 2) + b"\x83")
    assert decoder.relink() == [Loss(None, "disconnect")]
    (samples,) = decoder.feed(b"\x01StartUp!" + frames(3))[1:]
    assert isinstance(samples, Samples)
    assert samples.data.tolist() == [[3]]


def test_options_are_checked() -> None:
    with pytest.raises(UsageError, match="channels"):
        made(channels="7")()
    with pytest.raises(UsageError, match="no option"):
        made("spikershield-2", channels="2")()


def test_the_marks_of_messages_are_those_of_the_guide() -> None:
    assert (BEGIN.hex(), END.hex()) == ("ffff010180ff", "ffff010181ff")
