"""The firmware's plain C against the decoder, in both directions (README, section 2.1)."""

from __future__ import annotations

import ctypes
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware_interface.decoder import Described, Loss, Notice, Samples
from firmware_interface.device import Send
from firmware_interface.devices import load_device
from firmware_interface.devices.emgdetect_wire import Description, FrameReader, tag_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.types import RawArray
    from firmware_interface.devices.emgdetect_wire import Frame

BOARD = load_device("emgdetect")
WAITING, STREAMING, PLOTTING = 0, 1, 2
NOTHING, START, STOP, PLOT, UNKNOWN = range(5)
USB_BYTES_PER_SECOND = 115200 / 10
OUT = ctypes.create_string_buffer(1 << 20)
EACH = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

DESCRIPTIONS = st.builds(
    Description,
    rate_millihertz=st.integers(31_000, 2**32 - 1),
    bits=st.integers(1, 16),
    vref_millivolt=st.integers(0, 2**16 - 1),
    channels=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2**32 - 1)), min_size=1, max_size=8).map(
        tuple
    ),
    name=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=31),
    signed=st.booleans(),
    watched=st.integers(0, 255),
)


class Host:
    """One board of the plain C; what it sends waits until it is taken."""

    def __init__(
        self, code: ctypes.CDLL, description: Description, boot: int = 1, state: int = WAITING
    ) -> None:
        self.code = code
        code.host_describe(
            ctypes.c_uint32(description.rate_millihertz),
            description.bits,
            description.signed,
            description.vref_millivolt,
            description.watched,
            description.name.encode(),
        )
        for role, gain in description.channels:
            code.host_channel(role, ctypes.c_uint32(gain))
        code.host_begin(boot, state)

    def hear(self, data: bytes, now: int = 0) -> None:
        self.code.host_hear(data, len(data), now)

    def give(self, counter: int, data: RawArray, off: int = 0) -> None:
        """Hand samples in, shape ``(n_channels, n_samples)``."""
        values = (data.T & 0xFFFF).astype("<u2").tobytes()
        self.code.host_samples(ctypes.c_uint32(counter), values, data.shape[1], off)

    def sent(self) -> bytes:
        n_bytes = self.code.host_take_sent(OUT)
        return bytes(OUT.raw[:n_bytes])


def simple(n_channels: int = 1, rate: int = 1_000_000, *, signed: bool = False) -> Description:
    return Description(rate, 10, 5000, ((1, 200_000),) * n_channels, "Uno", signed)


def ramp(start: int, stop: int, n_channels: int = 1) -> RawArray:
    return (np.arange(start, stop)[None, :] * 7 + 100 * np.arange(n_channels)[:, None]) % 1024


def frames(data: bytes, kind: int) -> list[Frame]:
    return [frame for frame in FrameReader().take(data) if frame.kind == kind]


@EACH
@given(data=st.binary(max_size=500))
def test_2_1_7_both_sides_mean_the_same_checksum(firmware_code: ctypes.CDLL, data: bytes) -> None:
    assert firmware_code.host_crc(data, len(data)) == zlib.crc32(data)


@EACH
@given(description=DESCRIPTIONS, boot=st.integers(0, 255))
def test_2_1_20_to_31_a_board_is_understood(
    firmware_code: ctypes.CDLL, description: Description, boot: int
) -> None:
    host = Host(firmware_code, description, boot)
    host.sent()
    host.hear(b"START\n")
    said, status = FrameReader().take(host.sent())
    assert (said.kind, said.boot, said.payload) == (2, boot, description.encode())
    assert (status.kind, status.boot, status.payload) == (3, boot, bytes([255, 1, 0, 0]))
    assert firmware_code.host_tag() == tag_of(description.encode())


@EACH
@given(
    n_channels=st.integers(1, 8),
    signed=st.booleans(),
    start=st.integers(0, 2**32 - 300),
    seed=st.integers(0, 2**32),
    limit=st.sampled_from([20, 64, 100, 182, 244]),
)
def test_2_1_10_to_15_samples_arrive_as_they_were_taken(
    firmware_code: ctypes.CDLL, n_channels: int, signed: bool, start: int, seed: int, limit: int
) -> None:
    data = np.random.default_rng(seed).integers(0, 2**16, (n_channels, 200))
    data = data - 2**15 if signed else data
    host = Host(firmware_code, simple(n_channels, signed=signed))
    firmware_code.host_limit(limit, 25)
    host.hear(b"START\n")
    host.give(start, data)
    host.hear(b"STOP\n")
    described, *packets = BOARD.decoder({}).feed(host.sent())
    assert isinstance(described, Described)
    got = [packet for packet in packets if isinstance(packet, Samples)]
    assert len(got) == len(packets)
    assert np.array_equal(np.concatenate([packet.data for packet in got], axis=1), data)
    assert got[0].device_time == pytest.approx(start / 1000, abs=1e-5)


def test_2_1_41_samples_that_the_board_skips_are_missing_in_its_counter(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple())
    host.hear(b"START\n")
    host.give(0, ramp(0, 40))
    host.give(47, ramp(47, 90))
    host.hear(b"STOP\n")
    packets = BOARD.decoder({}).feed(host.sent())[1:]
    assert [packet for packet in packets if isinstance(packet, Loss)] == [Loss(7, "lost packets", 2**32)]
    data = np.concatenate([packet.data for packet in packets if isinstance(packet, Samples)], axis=1)
    assert np.array_equal(data, np.concatenate([ramp(0, 40), ramp(47, 90)], axis=1))


def test_2_1_46_electrodes_that_come_off_begin_a_frame(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, Description(1_000_000, 10, 5000, ((1, 0),), "Uno", watched=1))
    host.hear(b"START\n")
    host.give(0, ramp(0, 10))
    host.give(10, ramp(10, 20), off=1)
    host.give(20, ramp(20, 30))
    host.hear(b"STOP\n")
    told = [
        packet.value if isinstance(packet, Notice) else packet.data.shape[1]
        for packet in BOARD.decoder({}).feed(host.sent())
        if isinstance(packet, Notice | Samples)
    ]
    assert told == [10, "RAW", 10, "", 10]


@pytest.mark.parametrize(
    "options", [{}, {"channels": "RAW,ENV,REF", "rate": "500", "gain": "0", "bits": "12"}]
)
def test_the_emulator_sends_what_the_firmware_sends(
    firmware_code: ctypes.CDLL, options: dict[str, str]
) -> None:
    emulator = BOARD.emulator(options)
    (boot_text,) = emulator.restart()
    names = options.get("channels", "RAW").split(",")
    gains = {"RAW": 0 if options else 200_000, "ENV": 0, "REF": 0}
    roles = {"RAW": 1, "ENV": 2, "REF": 3}
    description = Description(
        int(options.get("rate", "1000")) * 1000,
        int(options.get("bits", "10")),
        5000,
        tuple((roles[name], gains[name]) for name in names),
        "emulated board",
    )
    host = Host(firmware_code, description, boot=1)
    assert host.sent() == boot_text.data
    before, streamed = ramp(0, 33, len(names)), ramp(33, 700, len(names))
    host.give(0, before)
    assert emulator.send(before) == []
    sent = b""
    for command in (b"start\r\n", b"\x00nonsense\nSTOPP\n", b"", b"START\n"):
        host.hear(command)
        sent += b"".join(message.data for message in emulator.hear(command))
    host.give(33, streamed)
    host.hear(b"STOP\n")
    sent += b"".join(message.data for message in [*emulator.send(streamed), *emulator.hear(b"STOP\n")])
    assert host.sent() == sent


def test_2_1_50_to_52_the_computer_is_understood_whatever_came_before(firmware_code: ctypes.CDLL) -> None:
    def understood(data: bytes) -> list[int]:
        return [word for word in map(firmware_code.host_listen, data) if word != NOTHING]

    for link in BOARD.links:
        for steps, meaning in (
            (link.start, START),
            (link.keep_alive or link.start, START),
            (link.stop, STOP),
        ):
            (step,) = steps
            assert isinstance(step, Send)
            for before in (b"", b"\xff\xfe", b"STAR", b"x" * 300, step.data[:4]):
                assert understood(before + step.data)[-1] == meaning
    assert understood(b"plot\r\nSTART \nSTARTS\n\n\r\nSTOP\n") == [PLOT, UNKNOWN, UNKNOWN, STOP]


@EACH
@given(data=st.binary(max_size=600))
def test_2_1_53_no_bytes_upset_the_listener(firmware_code: ctypes.CDLL, data: bytes) -> None:
    host = Host(firmware_code, simple())
    host.hear(data)
    host.hear(b"\nSTART\n")
    host.give(0, ramp(0, 25))
    assert len(frames(host.sent(), 1)) >= 1


def test_2_1_54_a_board_says_one_line_and_waits(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple())
    greeting = b"emgdetect board, Uno: send START, STOP or PLOT\r\n"
    assert host.sent() == greeting
    host.give(0, ramp(0, 500))
    host.code.host_tick(60_000, 0)
    assert host.sent() == b""
    host.hear(b"hello?\r\n")
    assert host.sent() == greeting


def test_2_1_54_a_board_that_streams_unasked_describes_itself_first(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple(), state=STREAMING)
    host.give(0, ramp(0, 50))
    packets = BOARD.decoder({}).feed(host.sent())
    assert [type(packet) for packet in packets] == [Described, Samples, Samples]


def test_2_1_51_stop_sends_what_was_begun_and_then_nothing(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple())
    host.hear(b"START\n")
    host.give(0, ramp(0, 30))
    host.sent()
    host.hear(b"STOP\n")
    (last,) = frames(host.sent(), 1)
    assert len(last.payload) == 12 + 2 * 5
    host.give(30, ramp(30, 100))
    assert host.sent() == b""


def test_2_1_40_the_description_repeats_every_two_seconds(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple())
    host.hear(b"START\n", now=2**32 - 1000)  # the milliseconds of a board turn over, too
    host.sent()
    said = []
    for ms in range(0, 10_000, 10):
        host.code.host_tick(ctypes.c_uint32(2**32 - 1000 + ms), 0)
        said += [ms] * len(frames(host.sent(), 2))
    assert said == [2000, 4000, 6000, 8000]


def test_2_1_35_and_37_the_status_says_how_the_board_is(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, simple())
    host.code.host_battery(64)
    host.code.host_tick(10, 300)
    host.hear(b"START\n")
    (status,) = frames(host.sent(), 3)
    assert status.payload == bytes([64, 1, 300 % 256, 300 // 256])


@pytest.mark.parametrize(
    ("n_channels", "signed", "values", "line"),
    [
        (1, False, [512], b"RAW:512\r\n"),
        (1, False, [0], b"RAW:0\r\n"),
        (3, False, [1023, 7, 65535], b"RAW:1023,RAW:7,RAW:65535\r\n"),
        (2, True, [-1, -32768], b"RAW:-1,RAW:-32768\r\n"),
        (8, True, [-32768] * 8, b",".join([b"RAW:-32768"] * 8) + b"\r\n"),
    ],
)
def test_2_1_52_lines_for_the_plotter(
    firmware_code: ctypes.CDLL, n_channels: int, signed: bool, values: list[int], line: bytes
) -> None:
    host = Host(firmware_code, simple(n_channels, rate=100_000, signed=signed), state=PLOTTING)
    host.sent()
    host.give(0, np.array([values]).T)
    assert host.sent() == line


def test_2_1_52_the_plotter_gets_no_more_lines_than_it_can_take(firmware_code: ctypes.CDLL) -> None:
    host = Host(firmware_code, Description(1_000_000, 10, 5000, ((1, 0), (2, 0), (3, 0), (9, 0)), "Uno"))
    host.hear(b"PLOT\n")
    host.sent()
    host.give(0, ramp(0, 1000, 4))
    lines = host.sent().splitlines()
    assert len(lines) == 250
    assert all(
        line.startswith(b"RAW:") and b"ENV:" in line and b"REF:" in line and b"ADC:" in line for line in lines
    )


@pytest.mark.parametrize(("rate", "n_channels", "most"), [(1000, 1, 0.30), (500, 3, 0.35), (1000, 3, 0.70)])
def test_it_fits_115200_baud_with_room_to_spare(
    firmware_code: ctypes.CDLL, rate: int, n_channels: int, most: float
) -> None:
    """Ten seconds, with descriptions and repeated START."""
    host = Host(firmware_code, simple(n_channels, rate * 1000))
    n_bytes = 0
    for second in range(10):
        host.hear(b"\nSTART\n", second * 1000)
        host.give(second * rate, ramp(0, rate, n_channels))
        n_bytes += len(host.sent())
    assert n_bytes / 10 / USB_BYTES_PER_SECOND < most


@pytest.mark.parametrize("limit", [64, 100, 182, 244])
def test_a_frame_fits_a_notification(firmware_code: ctypes.CDLL, limit: int) -> None:
    for n_channels in range(1, 9):
        host = Host(firmware_code, simple(n_channels, rate=5_000_000))
        firmware_code.host_limit(limit, 100)
        host.hear(b"START\n")
        host.give(0, ramp(0, 400, n_channels))
        sizes = [len(frame.encode()) for frame in frames(host.sent(), 1)]
        assert limit - 2 * n_channels < max(sizes) <= limit


def flashes(host: Host, *, is_linked: bool = True) -> list[bool]:
    """Whether the light is on in the middle of each 20 ms of four seconds."""
    return [host.code.host_light(is_linked, ms) for ms in range(10, 4000, 20)]


def times_lit(light: Sequence[bool]) -> int:
    return sum(after and not before for before, after in zip([light[-1], *light], light, strict=False))


def test_the_light_tells_the_states_apart(firmware_code: ctypes.CDLL) -> None:
    """The table in firmware/README.md."""
    host = Host(firmware_code, simple())
    assert (times_lit(flashes(host)), sum(flashes(host))) == (2, 100)
    assert (times_lit(flashes(host, is_linked=False)), sum(flashes(host, is_linked=False))) == (4, 12)
    host.hear(b"START\n")
    assert (times_lit(flashes(host)), sum(flashes(host))) == (1, 2)
    host.hear(b"PLOT\n")
    assert all(flashes(host))
    host.code.host_tick(100_000, 1)
    assert times_lit(flashes(host)) == 20
    host.code.host_tick(105_000, 1)
    assert all(flashes(host))
