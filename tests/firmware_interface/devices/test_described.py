"""Rows are those of section 2.8 in firmware_interface/README.md."""

from __future__ import annotations

import struct
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import firmware_interface
from emgdetect.errors import ConfigError, UsageError
from firmware_interface.decoder import Loss, Notice
from firmware_interface.device import BleLink, Device, Pause, Send, SerialLink
from firmware_interface.devices import load_device
from firmware_interface.devices.described import describe, device_of
from firmware_interface.devices.described.checksums import checksums

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.firmware_interface.devices.conftest import Read, Tell, Told

EXAMPLES = Path(firmware_interface.__file__).parent / "examples"
BOARD = EXAMPLES / "three-channel-board.toml"
SKETCH = EXAMPLES / "counted-lines.toml"

SERIAL = "name = 'x'\nrate = 100\n[serial]\nbaud = [9600]\n"
FRAME = SERIAL + "[frame]\nlength = 4\nsync = 'A5 5A'\n[[frame.channel]]\nname = 'a'\nat = 2\ntype = 'u16'\n"
LINES = SERIAL + "[lines]\nfields = 2\n[[lines.channel]]\nname = 'a'\nfield = 0\n"


def made(text: str) -> Device:
    return device_of(describe(tomllib.loads(text), "my.toml"), "my.toml")


def board_frame(count: int, left: int, right: int, level: int) -> bytes:
    body = struct.pack(">BhhH", count % 256, left, right, level)
    crc = 0xFFFF
    for byte in body:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return b"\xa5\x5a" + body + struct.pack(">H", crc)


def board_stream(counts: range) -> bytes:
    return b"".join(board_frame(k, k - 20, -k, 2 * k) for k in counts)


def test_row_1_the_example_of_frames_says_how_it_is_reached() -> None:
    serial, ble = load_device(str(BOARD)).links
    assert isinstance(serial, SerialLink)
    assert isinstance(ble, BleLink)
    assert (serial.baud_rates, serial.usb_ids, serial.boot) == ((230400, 115200), ((0x1A86, 0x7523),), 2)
    assert serial.start == (Send(b"START\n"), Pause(0.5))
    assert serial.stop == (Send(b"STOP\n"),)
    assert ble.names == ("EMG-3CH",)
    assert ble.battery == "00002a19-0000-1000-8000-00805f9b34fb"
    assert ble.start == (Send(b"\x01", "0000ff01-0000-1000-8000-00805f9b34fb"),)


def test_rows_2_to_5_the_example_of_frames(read_stream: Read) -> None:
    device = load_device(str(BOARD))
    garbage = b"\xa5\x5a\x01boot\r\n"
    data = garbage + board_stream(range(9)) + garbage + board_stream(range(9, 16)) + garbage
    told = read_stream(lambda: device.decoder({}), data)
    assert told.rows == [(k - 20, -k, 2 * k) for k in range(16)]
    assert not told.losses
    assert told.dtypes == {"int32"}  # what holds both i16 and u16
    (info,) = told.infos
    assert (info.sampling_rate, info.device) == (500, "Three-channel board")
    left, _, level = info.channels
    assert (left.unit, left.gain, left.raw_low, left.raw_high) == ("uV", 0.5, -32768, 32767)
    assert (level.unit, level.raw_high) == ("envelope", 4095)


@pytest.mark.parametrize("place", range(11))
def test_row_4_a_wrong_checksum_is_a_lost_frame(place: int, tell: Tell) -> None:
    data = bytearray(board_stream(range(20)))
    data[7 * 11 + place] ^= 0x11
    told = tell(load_device(str(BOARD)).decoder({}).feed(bytes(data)))
    assert told.rows == [(k - 20, -k, 2 * k) for k in range(20) if k != 7]
    assert told.losses == [(7, Loss(1, "lost packets", 256))]


@pytest.mark.parametrize("path", [BOARD, SKETCH], ids=lambda path: path.stem)
def test_dropped_messages_are_losses_of_their_length(path: Path, read_messages: Callable[..., Told]) -> None:
    device = load_device(str(path))
    emulator = device.emulator({})
    data = np.random.default_rng(2).integers(0, 1000, (len(emulator.info.channels), 400))
    messages = [*emulator.restart(), *emulator.send(data)]
    first = len(messages) - 400
    del messages[first + 300 : first + 340], messages[first + 50]
    told = read_messages(device, messages)
    modulus = 256 if path is BOARD else 1000
    assert told.losses == [(50, Loss(1, "lost packets", modulus)), (299, Loss(40, "lost packets", modulus))]
    kept = [k for k in range(400) if k != 50 and not 300 <= k < 340]
    assert told.rows == [tuple(row) for row in data.T[kept].tolist()]


def test_row_6_the_example_of_lines(read_stream: Read) -> None:
    device = load_device(str(SKETCH))
    data = b"98,0,0\r\n" + b"".join(b"%d,%d,%d\r\n" % (k % 1000, k - 990, 7) for k in range(995, 1005))
    told = read_stream(lambda: device.decoder({}), data + b"hello\r\n1;2;3\r\n" + b"5,99,8\r\n6,98,8\r\n")
    assert told.rows == [*((k - 990, 7) for k in range(995, 1005)), (99, 8), (98, 8)]
    assert told.notices[0] == (10, Notice("text", "hello"))
    assert not told.losses
    assert told.infos[0].ch_names == ("forearm", "calf")
    assert told.infos[0].channels[0].gain == 24.44


def test_row_6_a_garbled_line_number_costs_its_own_line_only(tell: Tell) -> None:
    lines = [f"{k},{k},1" for k in range(20)]
    lines[9] = "909,9,1"
    told = tell(load_device(str(SKETCH)).decoder({}).feed("\n".join(["x", *lines, ""]).encode()))
    assert told.firsts == [k for k in range(20) if k != 9]
    assert told.losses == [(9, Loss(1, "lost packets", 1000))]


@pytest.mark.parametrize(("unit", "step"), [("us", "10000"), ("ms", "10"), ("s", "0.01")])
def test_row_6_lines_with_a_clock(unit: str, step: str, tell: Tell) -> None:
    device = made(LINES + f"[lines.clock]\nfield = 1\nunit = '{unit}'\n")
    assert device.losses_seen == "timing"
    lines = [f"{k} {k * float(step):g}" for k in range(30) if k not in {11, 12}]
    told = tell(device.decoder({}).feed("\n".join(["x", *lines, ""]).encode()))
    assert told.losses == [(11, Loss(2, "lost packets"))]


@pytest.mark.parametrize(
    ("separator", "line", "fits"),
    [
        *((";", "1;2", True), (";", "1,2", False), ("tab", "1\t2", True), ("tab", "1 2", False)),
        *(("space", "1 2", True), ("space", "1,2", False), ("any", "1;2", True), ("any", "1 2", True)),
    ],
)
def test_row_6_separators(separator: str, line: str, fits: bool, tell: Tell) -> None:
    device = made(LINES.replace("fields = 2", f"fields = 2\nseparator = '{separator}'"))
    assert tell(device.decoder({}).feed(f"x\n{line}\n".encode())).rows == ([(1,)] if fits else [])


def test_row_6_no_number_stands_for_a_missing_one(tell: Tell) -> None:
    assert tell(made(LINES).decoder({}).feed(b"x\n-9999,0\n")).rows == [(-9999,)]


def uncounted(values: range) -> bytes:
    return b"".join(b"\xa5\x5a" + value.to_bytes(2, "little") for value in values)


def test_row_2_frames_without_a_counter_leave_losses_to_the_clock(read_stream: Read) -> None:
    device = made(FRAME)
    assert device.losses_seen == "timing"
    data = b"\x01\xa5" + uncounted(range(6)) + b"\xa5\x07" + uncounted(range(6, 12))
    told = read_stream(lambda: device.decoder({}), data)
    assert told.firsts == list(range(12))
    assert told.losses == [(6, Loss(None, "lost packets"))]


def test_row_2_samples_that_look_like_sync_do_not_put_it_off_for_long(tell: Tell) -> None:
    value = int.from_bytes(b"\xa5\x5a", "little")
    data = uncounted(range(value, value + 1)) * 2 + uncounted(range(5))
    # From the middle of a frame nothing tells these samples from a beginning, until they differ.
    assert tell(made(FRAME).decoder({}).feed(data[2:])).firsts[-4:] == [1, 2, 3, 4]
    assert tell(made(FRAME).decoder({}).feed(data)).firsts == [value, value, *range(5)]


@pytest.mark.parametrize("footer", ["0D", "0D 0A"])
def test_row_2_a_footer_is_a_mark_too(footer: str, tell: Tell) -> None:
    end = bytes.fromhex(footer)
    device = made(FRAME.replace("length = 4", f"length = {4 + len(end)}\nfooter = '{footer}'"))
    frames = [b"\xa5\x5a" + bytes([k, 0]) + end for k in range(9)]
    frames[4] = frames[4][:-1] + b"\x00"
    told = tell(device.decoder({}).feed(b"".join(frames)))
    assert told.firsts == [0, 1, 2, 3, 5, 6, 7, 8]
    assert told.losses == [(4, Loss(None, "lost packets"))]


NUMBERS = [
    ("u8", "little", b"\xfe", 254),
    ("i8", "little", b"\xfe", -2),
    ("u16", "big", b"\xfe\x01", 0xFE01),
    ("i16", "little", b"\x01\xfe", -511),
    ("u24", "big", b"\x80\x00\x01", 0x800001),
    ("i24", "big", b"\x80\x00\x01", -0x7FFFFF),
    ("i24", "little", b"\xff\xff\x7f", 0x7FFFFF),
    ("u32", "little", b"\x01\x00\x00\xf0", 0xF0000001),
    ("i32", "big", b"\xff\xff\xff\x00", -256),
    ("f32", "big", struct.pack(">f", -1.5), -1.5),
    ("f32", "little", struct.pack("<f", 0.25), 0.25),
]


@pytest.mark.parametrize(("kind", "endian", "field", "value"), NUMBERS)
def test_row_5_numbers_of_every_type(kind: str, endian: str, field: bytes, value: float, tell: Tell) -> None:
    text = FRAME.replace("length = 4", f"length = {2 + len(field)}").replace("'u16'", f"'{kind}'")
    device = made(text + f"endian = '{endian}'\n")
    assert tell(device.decoder({}).feed((b"\xa5\x5a" + field) * 3)).firsts == [value] * 3
    written = device.emulator({}).send(np.array([[value]]))
    assert [message.data for message in written] == [b"\xa5\x5a" + field]


SEVERAL = """
name = "several"
rate = 1000
[ble]
names = ["X"]
notify = ["ffe1"]
[frame]
length = 10
samples = 3
sample_bytes = 3
whole_notifications = true
[frame.counter]
at = 0
step = 3
modulus = 255
[[frame.channel]]
name = "a"
at = 1
type = "u8"
[[frame.channel]]
name = "b"
at = 2
type = "i16"
"""


def several(count: int, *samples: tuple[int, int]) -> bytes:
    return bytes([count]) + b"".join(struct.pack("<Bh", *sample) for sample in samples)


def test_row_3_several_samples_in_a_notification_counted_by_sample(tell: Tell) -> None:
    device = made(SEVERAL)
    assert device.framing == "message"
    decoder = device.decoder({})
    first = several(249, (1, -1), (2, -2), (3, -3))
    second = several(252, (4, -4), (5, -5), (6, -6)) + several(0, (7, -7), (8, -8), (9, -9))
    fourth = several(9, (10, 0), (11, 0), (12, 0))
    told = tell(packet for data in (first, second, b"\x01", fourth) for packet in decoder.feed(data))
    assert told.rows == [*((k, -k) for k in range(1, 10)), (10, 0), (11, 0), (12, 0)]
    assert told.losses == [(9, Loss(6, "lost packets", 255))]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("crc16-ccitt", 0x29B1), ("crc16-xmodem", 0x31C3), ("crc16-modbus", 0x4B37)),
        *(("sum8", sum(b"123456789") % 256), ("xor8", 0x31)),
    ],
)
def test_row_4_the_check_values_of_the_checksums(kind: Any, value: int) -> None:  # noqa: ANN401 - a Literal
    rows = np.frombuffer(b"123456789" * 2, dtype=np.uint8).reshape(2, 9)
    assert checksums(kind, rows).tolist() == [value, value]


def test_relink_forgets_half_a_frame_and_the_counter(tell: Tell) -> None:
    for path in (BOARD, SKETCH):
        device = load_device(str(path))
        decoder, emulator = device.decoder({}), device.emulator({})
        assert decoder.relink() == []
        messages = [*emulator.restart(), *emulator.send(np.ones((3, 9), np.int16)[: 3 - (path == SKETCH)])]
        for message in messages:
            decoder.feed(message.data)
        decoder.feed(messages[-1].data[:4])
        assert decoder.relink() == [Loss(None, "disconnect")]
        told = tell([])
        told.infos.append(emulator.info)
        for message in messages:
            told.take(decoder.feed(message.data))
        assert (len(told.rows), told.losses) == (9, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FRAME.replace("rate", "speed"), "unknown key 'speed'|'rate' is missing"),
        (FRAME.replace("rate = 100\n", ""), "key 'rate' is missing"),
        (FRAME.replace("rate = 100", "rate = -1"), "key 'rate'.*greater than 0"),
        (FRAME.replace("[9600]", "[]"), "serial.baud"),
        (FRAME.replace("[9600]", "[9600]\nusb = ['uno']"), "serial.usb.*2341:0043"),
        (FRAME.replace("[9600]", "[9600]\nstart = [{ hex = 'xy' }]"), "serial.start.0.hex.*hexadecimal"),
        (FRAME.replace("[9600]", "[9600]\nstart = [{ text = '>BL<' }]"), "serial.start.0.*bootloader"),
        (FRAME.replace("[9600]", "[9600]\nstart = [{}]"), "serial.start.0.*one of text, hex and pause"),
        (FRAME.replace("'A5 5A'", "''"), "key 'frame'.*sync or counter"),
        (FRAME.replace("at = 2", "at = 3"), "'frame'.*channel 'a' ends at byte 5"),
        (FRAME.replace("'u16'", "'u17'"), "frame.channel.0.type"),
        (FRAME + "unit = 'uV'\n", "frame.channel.0.*gain"),
        (FRAME + "gain = 0\n", "frame.channel.0.*gain must not be 0"),
        (FRAME + "low = 5\nhigh = 5\n", "low must be below high"),
        (FRAME + "[[frame.channel]]\nname = 'a'\nat = 2\ntype = 'u8'\n", "'frame'.*same name"),
        (FRAME + "[frame.counter]\nat = 4\n", "counter ends at byte 5"),
        (FRAME + "[frame.counter]\nat = 2\nmodulus = 300\n", "frame.counter.*more than u8"),
        (FRAME + "[frame.counter]\nat = 2\nmodulus = 9\nstep = 2\n", "frame.counter.*multiple of step"),
        (FRAME + "[frame.checksum]\nat = 3\nkind = 'crc16-ccitt'\n", "checksum ends at byte 5"),
        (FRAME + "[frame.checksum]\nat = 2\nkind = 'sum8'\n", "checksum.start must be below"),
        (FRAME + "[frame.checksum]\nat = 3\nkind = 'crc32'\n", "frame.checksum.kind"),
        (FRAME.replace("length = 4", "length = 4\nsamples = 2"), "'frame'.*sample_bytes"),
        (FRAME.replace("length = 4", "length = 4\nwhole_notifications = true"), "BLE alone"),
        (FRAME + LINES[len(SERIAL) :], "lines and frame, not both"),
        (SERIAL, "one of the tables lines and frame"),
        (FRAME.replace("[serial]\nbaud = [9600]\n", ""), "table serial or ble"),
        (SEVERAL.replace('names = ["X"]\n', ""), "key 'ble'.*names or service"),
        (SEVERAL.replace("ffe1", "xyz"), "ble.notify.0.*UUID"),
        (SEVERAL.replace("[frame]", "start = [{ text = 'b' }]\n[frame]"), "key 'ble'.*characteristic"),
        (LINES.replace("field = 0", "field = 2"), "'lines'.*field 2 is not among 2 fields"),
        (LINES + "[lines.counter]\nfield = 0\nmodulus = 9\n", "'lines'.*same field"),
        (LINES + "[lines.counter]\nfield = 1\nmodulus = 9\n[lines.clock]\nfield = 1\nunit = 's'\n", "both"),
    ],
)
def test_wrong_descriptions_are_refused_by_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        made(text)
    assert caught.value.where == "my.toml"
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    broken, binary = tmp_path / "broken.toml", tmp_path / "binary.toml"
    broken.write_text("name = ")
    binary.write_bytes(b"\xff\xfe\x00")
    for path, message in ((tmp_path / "none.toml", "no such"), (broken, "not a TOML"), (binary, "as text")):
        with pytest.raises(ConfigError, match=message):
            load_device(str(path))


def test_the_only_option_is_the_rate() -> None:
    device = load_device(str(SKETCH))
    assert device.emulator({"rate": "125"}).info.sampling_rate == 125
    with pytest.raises(UsageError, match="baud"):
        device.decoder({"baud": "1"})
