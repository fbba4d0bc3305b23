"""What a link brought can be kept and had again, also when the log was cut off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import FormatError, OutputError, UsageError
from firmware_interface.link import Arrival, Battery, LinkDown, LinkUp, Overflow, Received
from firmware_interface.transports.virtual import VirtualTransport, read_virtual
from firmware_interface.transports.wirelog import Playback, WireLog, decode, encode, read_playback

if TYPE_CHECKING:
    from tests.firmware_interface.transports.conftest import Toys

TIMES = st.floats(-1e9, 1e9)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
ARRIVALS: st.SearchStrategy[Arrival] = st.one_of(
    st.builds(Received, TIMES, st.binary(max_size=300), TEXTS),
    st.builds(LinkUp, TIMES, TEXTS),
    st.builds(
        LinkDown, TIMES, st.sampled_from(["disconnect", "silent", "unplugged", "sleep", "closed"]), TEXTS
    ),
    st.builds(Overflow, TIMES, st.integers(0, 1 << 40)),
    st.builds(Battery, TIMES, st.floats(0, 100)),
)


@given(ARRIVALS)
def test_every_arrival_comes_back_as_it_was(arrival: Arrival) -> None:
    record = encode(arrival)
    assert decode(record[:1], arrival.time, record[13:]) == arrival


def recorded(toys: Toys, path: Path) -> list[Arrival]:
    url = "virtual://toy?hours=0.01&seed=5&speed=0&disconnect=2x3"
    log = WireLog(VirtualTransport(toys.ble(), read_virtual(url)[1]), path, "toy", {"waits": "no"})
    log.open()
    arrivals: list[Arrival] = []
    while not (arrivals and isinstance(arrivals[-1], LinkDown) and arrivals[-1].cause == "closed"):
        arrivals += log.read(0.1)
        assert log.now() >= arrivals[-1].time if arrivals else True
    log.close()
    log.close()
    return arrivals


def played(playback: Playback) -> list[Arrival]:
    playback.open()
    arrivals: list[Arrival] = []
    while new := playback.read(0.1):
        arrivals += new
    playback.close()
    return arrivals


def test_a_night_is_played_back_as_it_was(toys: Toys, tmp_path: Path) -> None:
    path = tmp_path / "night.wire"
    arrivals = recorded(toys, path)
    playback = Playback(path)
    assert (playback.device, playback.options) == ("toy", {"waits": "no"})
    assert played(playback) == arrivals


def test_a_log_that_was_cut_off_ends_with_its_last_whole_record(toys: Toys, tmp_path: Path) -> None:
    path = tmp_path / "night.wire"
    arrivals = recorded(toys, path)
    whole = path.read_bytes()
    head = whole.index(b"\n") + 1
    for cut in (head, head + 5, head + 40, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        got = played(Playback(path))
        assert got[:-1] == arrivals[: len(got) - 1]
        assert isinstance(got[-1], LinkDown)
        assert (got[-1].cause, got[-1].detail) == ("closed", "the log ends here")


def test_a_playback_keeps_the_pace_of_the_log(toys: Toys, tmp_path: Path) -> None:
    path = tmp_path / "night.wire"
    arrivals = recorded(toys, path)
    real = [50.0]

    def sleep(seconds: float) -> None:
        real[0] += seconds

    playback = Playback(path, speed=2.0, clock=lambda: real[0], sleep=sleep)
    playback.open()
    got: list[Arrival] = []
    while len(got) < len(arrivals):
        got += playback.read(0.1)
        assert not got or got[-1].time <= playback.now()
    assert got == arrivals
    assert real[0] - 50.0 == pytest.approx((arrivals[-1].time - arrivals[0].time) / 2.0, abs=0.02)
    playback.close()


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\xff" * 40, b"{}\n", b'{"kind": "emgdetect wire log", "version": 9}\n', b"[" * 100_000],
)
def test_another_file_is_no_log(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(FormatError, match="no wire log"):
        Playback(path)


def test_a_damaged_log_says_so(tmp_path: Path) -> None:
    path = tmp_path / "damaged.wire"
    head = json.dumps({"kind": "emgdetect wire log", "version": 1, "device": "toy"}).encode() + b"\n"
    path.write_bytes(head + encode(LinkUp(1.0)) + b"\xff" * 13)
    playback = Playback(path)
    with pytest.raises(FormatError, match="damaged"):
        played(playback)
    playback.close()


def test_files_that_are_there_or_not_there(toys: Toys, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("keep me")
    inner = VirtualTransport(toys.ble())
    with pytest.raises(OutputError, match="exists already"):
        WireLog(inner, path, "toy").open()
    with pytest.raises(OutputError, match="cannot be written"):
        WireLog(inner, tmp_path / "no" / "folder.wire", "toy").open()
    assert path.read_text() == "keep me"
    with pytest.raises(FormatError, match="cannot be opened"):
        Playback(tmp_path / "missing.wire")
    with pytest.raises(UsageError, match="number"):
        read_playback(f"{path}?speed=fast")


def test_an_address_of_a_log(toys: Toys, tmp_path: Path) -> None:
    path = tmp_path / "night.wire"
    recorded(toys, path)
    playback = read_playback(f"{path}?speed=3")
    assert isinstance(playback, Playback)
    assert Path(path).exists()
    playback.close()
