"""Rows are those of section 2.2 in firmware_interface/README.md."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from firmware_interface.decoder import Described, Loss, Notice, Samples
from firmware_interface.devices.myoware_text import DEVICES
from firmware_interface.lines import LONGEST, LineSplitter
from firmware_interface.text.dialect import RATES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_interface.decoder import Decoder
    from firmware_interface.device import Device, Message
    from tests.firmware_interface.devices.conftest import Read, Told

MYOWARE, TIMED = DEVICES
CUT = "the rest of a line"
EIGHT = list(range(500, 508))
LIBRARY = ["0.01,-0.35,0.35", "0.02,0.10,0.10", "0.02,0.28,0.28", "0.02,-0.11,0.11"]


def made(**options: str) -> Callable[[], Decoder]:
    return lambda: MYOWARE.decoder(options)


def lines(*texts: object) -> bytes:
    return "".join(f"{text}\r\n" for text in texts).encode()


@pytest.fixture
def read(tell: Callable[..., Told]) -> Callable[..., Told]:
    return lambda *texts, **options: tell(made(**options)().feed(lines(CUT, *texts)))


def test_row_1_one_integer_a_line(read_stream: Read) -> None:
    boot = "MyoWare Example_01_analogRead_SINGLE"
    told = read_stream(made(), lines(boot, *EIGHT, 541))
    assert told.firsts == [*EIGHT, 541]
    assert told.notices == [(0, Notice("text", boot))]
    assert told.dtypes == {"int32"}
    (info,) = told.infos
    assert (info.sampling_rate, info.ch_names, info.channels[0].unit) == (20, ("value",), "adc")


def test_row_1_the_first_line_may_be_the_rest_of_one(read_stream: Read) -> None:
    assert read_stream(made(), lines(41, *EIGHT)).firsts == EIGHT


def test_row_1_said_bits_make_the_numbers_small_and_give_the_rails(read: Read) -> None:
    told = read(512, dialect="value", bits="10", rate="500")
    assert told.dtypes == {"int16"}
    assert (told.infos[0].channels[0].raw_low, told.infos[0].channels[0].raw_high) == (0, 1023)
    assert told.infos[0].sampling_rate == 500


@pytest.mark.parametrize(("bits", "vref", "step"), [("12", "3.3", 4.029), ("10", "5", 24.44)])
def test_row_1_raw_counts_of_a_known_converter_are_microvolts(
    bits: str, vref: str, step: float, read: Read
) -> None:
    (channel,) = read(*EIGHT, channels="raw", bits=bits, vref=vref).infos[0].channels
    assert channel.unit == "uV"
    assert channel.gain == pytest.approx(step, rel=1e-3)
    assert channel.raw_high is not None
    assert channel.raw_high / 2 * channel.gain + channel.offset == pytest.approx(0)


def test_row_1_another_amplifier_needs_its_gain(read: Read) -> None:
    said = {"bits": "10", "vref": "5"}
    assert read(*EIGHT, **said).infos[0].channels[0].unit == "adc"
    (channel,) = read(*EIGHT, **said, gain="2420").infos[0].channels
    assert channel.unit == "uV"
    assert channel.gain == pytest.approx(5 / 1023 / 2420 * 1e6)


@pytest.mark.parametrize("name", ["env", "ENV", "rect"])
def test_levels_stay_levels(name: str, read: Read) -> None:
    (channel,) = read(*EIGHT, channels=name, bits="12", vref="3.3", gain="200").infos[0].channels
    assert (channel.unit, channel.gain) == ("envelope", 1)


def test_row_2_the_librarys_millivolts(read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *LIBRARY, *LIBRARY))
    assert told.rows[0] == (0.01, -0.35, 0.35)
    assert told.infos[0].ch_names == ("env", "raw", "rect")
    assert [channel.unit for channel in told.infos[0].channels] == ["envelope", "uV", "envelope"]
    assert told.infos[0].channels[1].gain == 1000
    assert told.infos[0].sampling_rate == RATES["library"]


def test_row_2_an_output_the_library_does_not_know_is_missing(read: Read) -> None:
    (row,) = read("-9999.00,-0.35,0.35", dialect="library").rows
    assert math.isnan(row[0])
    assert row[1:] == (-0.35, 0.35)


def test_row_3_volts(read: Read) -> None:
    told = read("2.64", "2.65", *["2.66"] * 6)
    assert told.firsts == [2.64, 2.65, *[2.66] * 6]
    assert told.infos[0].sampling_rate == RATES["volts"]


def bars(n_channels: int, first: int, n_turns: int) -> list[int]:
    return [
        number
        for turn in range(n_turns)
        for channel in range(n_channels)
        for number in (10001 + channel, first + 10 * turn + channel, 10010)
    ]


@pytest.mark.parametrize("n_channels", [2, 6])
def test_row_4_the_bar_graphs_turns(read_stream: Read, n_channels: int) -> None:
    told = read_stream(made(), lines(17, 10010, *bars(n_channels, 100, 4), 10001))
    assert told.rows == [tuple(range(start, start + n_channels)) for start in (100, 110, 120, 130)]
    assert told.infos[0].ch_names == tuple(f"A{n}" for n in range(n_channels))
    assert not told.losses


@pytest.mark.parametrize("missing", range(18))
def test_row_4_a_turn_that_lacks_a_line_is_left_out(missing: int, read: Read) -> None:
    damaged = bars(6, 500, 1)
    del damaged[missing]
    told = read(*bars(6, 100, 3), *damaged, *bars(6, 600, 2))
    assert told.firsts == [100, 110, 120, 600, 610]
    assert told.losses == [(3, Loss(None, "lost packets"))]


@pytest.mark.parametrize("separator", [",", "\t", ";", " ", ", "])
@pytest.mark.parametrize(("step", "dialect"), [(2000, "auto"), (2, "auto"), (2, "t_ms"), (2000, "t_us")])
def test_row_5_stamps_are_learned_and_give_rate_and_time(separator: str, step: int, dialect: str) -> None:
    stamped = [f"{(7 + n) * step}{separator}{value}" for n, value in enumerate(EIGHT)]
    decoder = made(dialect=dialect)()
    described, samples = decoder.feed(lines(1, *stamped))
    assert isinstance(described, Described)
    assert isinstance(samples, Samples)
    assert described.info.sampling_rate == 500
    assert samples.data.tolist() == [EIGHT]
    assert samples.device_time == pytest.approx(0.014)


def stamped(step: int, missing: Sequence[int], n: int = 40, first: int = 0) -> list[str]:
    return [f"{(first + k * step) % 2**32},{k}" for k in range(n) if k not in missing]


@pytest.mark.parametrize(("step", "missing"), [(2000, [20]), (2000, [20, 21, 22]), (5, [11]), (1, [20, 21])])
def test_row_5_a_jump_of_the_stamps_is_a_loss(step: int, missing: list[int], read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *stamped(step, missing)))
    assert told.firsts == [k for k in range(40) if k not in missing]
    assert told.losses == [(missing[0], Loss(len(missing), "lost packets"))]


def test_row_5_stamps_wrap(read: Read) -> None:
    told = read(*stamped(2000, [], first=2**32 - 30_000))
    assert told.firsts == list(range(40))
    assert not told.losses


def test_row_5_a_garbled_stamp_costs_its_own_line_only(read: Read) -> None:
    texts = stamped(2000, [])
    texts[20] = "90040000,20"
    told = read(*texts)
    assert told.firsts == [k for k in range(40) if k != 20]
    assert told.losses == [(20, Loss(1, "lost packets"))]


def test_row_5_stamps_from_0_are_a_restart(read: Read) -> None:
    told = read(*stamped(2000, [], first=9_000_000), *stamped(2000, []))
    assert told.firsts == [*range(40), *range(40)]
    assert told.losses == [(40, Loss(None, "restart"))]


def test_row_5_a_sketch_that_is_not_paced_only_pauses() -> None:
    stamps = [0, 900, 2900, 3800, 7000, 8000, 8900, 12000, 15000, 15900, 5_000_000, 5_000_900]
    decoder = made(dialect="t_us")()
    packets = decoder.feed(lines(CUT, *(f"{stamp},1" for stamp in stamps)))
    assert [packet for packet in packets if isinstance(packet, Loss)] == [Loss(None, "lost packets")]


def test_row_6_labels(read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *(f"raw:{n}\tenv:{2 * n}" for n in EIGHT)))
    assert told.rows == [(n, 2 * n) for n in EIGHT]
    assert told.infos[0].ch_names == ("raw", "env")
    assert [channel.unit for channel in told.infos[0].channels] == ["adc", "envelope"]


def test_row_6_some_of_the_labels_in_the_order_that_was_asked_for(read: Read) -> None:
    told = read(*(f"raw:{n},env:{2 * n},min:0" for n in EIGHT), channels="env,raw")
    assert told.rows == [(2 * n, n) for n in EIGHT]


def test_row_7_json_with_a_clock_in_ms(read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *(f'{{"raw":{n},"t":{3 + k}}}' for k, n in enumerate(EIGHT))))
    assert told.firsts == EIGHT
    assert (told.infos[0].ch_names, told.infos[0].sampling_rate) == (("raw",), 1000)


def test_row_7_json_of_the_wireless_shield(read: Read) -> None:
    shape = '{{"type":"emg_data","timestamp":{t},"muscleActivity":{n},"ok":true}}'
    told = read(*(shape.format(t=50 * k, n=n) for k, n in enumerate(EIGHT)))
    assert told.firsts == EIGHT
    assert (told.infos[0].ch_names, told.infos[0].sampling_rate) == (("muscleActivity",), 20)


def test_row_8_text_between_samples_is_told_and_may_have_been_one(read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *EIGHT, "calibrating...", 9, "", 10))
    assert told.firsts == [*EIGHT, 9, 10]
    assert told.notices == [(0, Notice("text", CUT)), (8, Notice("text", "calibrating..."))]
    assert told.losses == [(8, Loss(None, "lost packets"))]


@pytest.mark.parametrize("garbage", [b"5\xff1\r\n", b"5,1\r\n", b"x" * 300 + b"\r\n", b"99999999999\r\n"])
def test_row_8_garbled_lines_are_no_samples(garbage: bytes, read_stream: Read) -> None:
    told = read_stream(made(), garbage + lines(CUT, *EIGHT) + garbage + lines(9) + garbage)
    assert told.firsts == [*EIGHT, 9]
    assert told.losses == [(8, Loss(None, "lost packets"))]


def test_row_8_another_number_of_fields_is_learned_anew(read_stream: Read) -> None:
    told = read_stream(made(), lines(CUT, *EIGHT, *(f"{n % 3},7" for n in EIGHT)))
    assert told.rows == [*((n,) for n in EIGHT), *((n % 3, 7) for n in EIGHT)]
    assert [info.ch_names for info in told.infos] == [("value",), ("value 1", "value 2")]
    assert told.losses == [(8, Loss(None, "lost packets"))]


def test_after_a_new_connection_only_stamps_know_what_was_missed() -> None:
    plain, timed = made()(), made(dialect="t_us")()
    assert plain.relink() == []
    plain.feed(lines(CUT, *EIGHT))
    plain.feed(b"5")
    assert plain.relink() == [Loss(None, "disconnect")]
    (samples,) = plain.feed(lines(12, 13))
    assert isinstance(samples, Samples)
    assert samples.data.tolist() == [[13]]
    texts = stamped(2000, [])
    timed.feed(lines(CUT, *texts[:10]))
    assert timed.relink() == []
    assert Loss(10, "disconnect") in timed.feed(lines(*texts[19:]))


def test_a_stream_without_line_ends_costs_no_memory() -> None:
    splitter = LineSplitter()
    for _ in range(100):
        assert splitter.feed(b"1" * 10_000) == []
    assert len(splitter._rest) <= LONGEST


@pytest.mark.parametrize(
    "options",
    [
        {"baud": "9600"},
        {"rate": "fast"},
        {"rate": "-1"},
        {"dialect": "csv"},
        {"bits": "0"},
        {"channels": "a,,b"},
    ],
)
def test_wrong_options_are_refused_by_name(options: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=next(iter(options))):
        MYOWARE.decoder(options)


EMULATED = [
    (MYOWARE, "auto", 1, np.int32),
    (MYOWARE, "value", 1, np.int32),
    (MYOWARE, "library", 3, np.float64),
    (MYOWARE, "volts", 1, np.float64),
    (MYOWARE, "bargraph", 6, np.int16),
    (MYOWARE, "labels", 2, np.int32),
    (MYOWARE, "json", 1, np.int32),
    (TIMED, "t_us", 1, np.int32),
    (TIMED, "t_ms", 1, np.int32),
]


@pytest.mark.parametrize(("device", "dialect", "n_channels", "dtype"), EMULATED)
def test_what_the_emulator_prints_is_read_back(
    device: Device, dialect: str, n_channels: int, dtype: type[np.generic], read_messages: Callable[..., Told]
) -> None:
    options = {"dialect": dialect}
    emulator = device.emulator(options)
    data = np.random.default_rng(4).integers(-99, 500, (n_channels, 30)).astype(dtype)
    messages = [*emulator.restart(), *emulator.send(data)]
    assert sum(message.n_samples for message in messages) == 30
    told = read_messages(device, messages, **options)
    assert told.rows == [tuple(row) for row in data.T.tolist()]
    assert told.infos == [emulator.info]
    assert not told.losses


def test_dropped_lines_show_in_the_stamps(read_messages: Callable[..., Told]) -> None:
    emulator = TIMED.emulator({})
    messages: list[Message] = [*emulator.restart(), *emulator.send(np.arange(60, dtype=np.int32)[None])]
    del messages[31:34], messages[50]
    told = read_messages(TIMED, messages)
    assert told.losses == [(30, Loss(3, "lost packets")), (49, Loss(1, "lost packets"))]
    assert told.firsts == [*range(30), *range(33, 52), *range(53, 60)]
