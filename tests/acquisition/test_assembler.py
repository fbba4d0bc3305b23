"""Every sample at its index and every gap of its length, whatever the link does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.acquisition import Assembler, Begin
from emgdetect.errors import DeviceError
from emgdetect.types import Channel, Chunk, Gap, StreamInfo
from firmware_interface.decoder import Described, Loss, Notice, Samples
from firmware_interface.link import Battery, LinkDown, LinkUp, Overflow, Received

if TYPE_CHECKING:
    from firmware_interface.decoder import Packet
    from tests.acquisition.conftest import Night, Scripted

INFO = StreamInfo(100.0, (Channel("emg", "adc"),), device="scripted")
BITS = np.arange(10, dtype=np.int16)[None, :]


def faults(*kinds: str) -> st.SearchStrategy[list[tuple[int, str, float]]]:
    """Packets at which something happens, what, and how much of it."""
    amounts = st.floats(1, 12).map(lambda amount: round(amount, 3))
    fault = st.tuples(st.integers(50, 2500), st.sampled_from(kinds), amounts)
    return st.lists(fault, max_size=6, unique_by=lambda one: one[0])


@settings(max_examples=20, deadline=None)
@given(faults("lose", "stall", "drop"), st.floats(-300, 300), st.integers(0, 99))
def test_with_a_wide_counter_no_sample_is_ever_in_a_wrong_place(
    night: Night, faults: list[tuple[int, str, float]], ppm: float, seed: int
) -> None:
    placed = night(*faults, n_packets=3000, modulus=65536, rate=1000 * (1 + ppm / 1e6), seed=seed)
    assert placed.streams == 1
    assert placed.wrong() == 0


@settings(max_examples=20, deadline=None)
@given(faults("lose", "drop"), st.sampled_from([64, 256]), st.floats(-300, 300), st.integers(0, 99))
def test_a_narrow_counter_and_the_clock_together_are_as_good(
    night: Night, faults: list[tuple[int, str, float]], modulus: int, ppm: float, seed: int
) -> None:
    """Stalls are left out: what is lost in the midst of one may be whole turns more or fewer."""
    placed = night(*faults, n_packets=3000, modulus=modulus, rate=1000 * (1 + ppm / 1e6), seed=seed)
    assert placed.streams == 1
    assert placed.wrong() == 0


def test_gaps_have_their_length_and_cause(night: Night) -> None:
    placed = night((300, "lose", 3), (700, "stall", 2.0), (1000, "drop", 20.0), n_packets=4000)
    lost, dropped = placed.gaps
    assert lost == Gap(3000, 30, "lost packets")
    assert (dropped.start, dropped.cause) == (10010, "disconnect")
    assert dropped.n_samples == pytest.approx(20_000, abs=20)


@pytest.mark.parametrize("modulus", [4, 256])
def test_a_counter_that_turns_many_times_during_a_hole_is_right_to_the_sample(
    night: Night, modulus: int
) -> None:
    placed = night((500, "lose", 1), (2000, "drop", 600.0), n_packets=70_000, modulus=modulus, rate=999.9)
    assert placed.wrong() == 0
    assert sum(gap.n_samples for gap in placed.gaps) > 590_000


def test_a_hole_of_exactly_whole_turns_is_seen(night: Night) -> None:
    placed = night((300, "lose", 1), (1500, "lose", 256), n_packets=3000)
    assert placed.wrong() == 0
    assert Gap(15_000, 2560, "lost packets") in placed.gaps


def test_a_stall_loses_nothing(night: Night) -> None:
    for modulus in (64, None):
        assert night((600, "stall", 29.0), n_packets=6000, modulus=modulus, seed=3).gaps == []


def test_without_a_counter_the_clock_measures(night: Night) -> None:
    placed = night((3000, "drop", 29.0), (9000, "lose", 100), n_packets=12_000, modulus=None, rate=1000.1)
    first, second = placed.gaps
    assert (first.cause, second.cause) == ("disconnect", "unknown")
    assert first.n_samples == pytest.approx(29_000, abs=30)
    assert second.n_samples == pytest.approx(1000, abs=30)


def test_a_gap_is_told_while_it_lasts(scripted: type[Scripted]) -> None:
    decoder = scripted([Described(INFO), Samples(BITS)], [Loss(7200 * 100, "disconnect"), Samples(BITS)])
    assembler = Assembler(decoder)
    assembler.take(LinkUp(10.0))
    assembler.take(Received(10.1, b"."))
    assembler.take(LinkDown(10.2, "unplugged"))
    told = [item for minute in range(120) for item in assembler.tick(10.0 + 60 * minute)]
    gaps = [item for item in told if isinstance(item, Gap)]
    assert gaps
    assert 7200 * 100 - 100 * 120 < gaps[-1].stop < 7200 * 100
    assert {gap.cause for gap in gaps} == {"disconnect"}
    assembler.take(LinkUp(7210.0))
    *_, gap, chunk = assembler.take(Received(7210.2, b"."))
    assert isinstance(gap, Gap)
    assert gap.stop == 10 + 7200 * 100
    assert isinstance(chunk, Chunk)
    assert chunk.start == gap.stop


def test_a_link_that_never_comes_back_leaves_a_gap_to_the_end(scripted: type[Scripted]) -> None:
    assembler = Assembler(scripted([Described(INFO), Samples(BITS)]))
    assembler.take(Received(10.1, b"."))
    assembler.take(LinkDown(10.2, "sleep"))
    assert assembler.finish(20.1) == [Gap(10, 1000, "sleep")]


def test_a_reset_counter_is_measured(scripted: type[Scripted]) -> None:
    samples: list[list[Packet]] = [[Samples(BITS)] for _ in range(200)]
    samples[0].insert(0, Described(INFO))
    samples[150].insert(0, Loss(4_000_000, "lost packets"))
    assembler = Assembler(scripted(*samples))
    items = []
    for number in range(200):
        hole = 3.0 if number >= 150 else 0.0
        items += assembler.take(Received(number / 10 + hole, b"."))
    items += assembler.finish(30.0)
    assert [item for item in items if isinstance(item, Gap)] == [Gap(1500, 300, "restart")]


def test_a_queue_that_ran_over_is_the_cause_of_the_gap(scripted: type[Scripted]) -> None:
    assembler = Assembler(
        scripted([Described(INFO), Samples(BITS)], [Loss(5, "lost packets"), Samples(BITS)])
    )
    assembler.take(Received(1.0, b"."))
    overflow = Overflow(1.1, 99)
    assert assembler.take(overflow) == [overflow]
    assert assembler.take(Received(1.15, b"."))[0] == Gap(10, 5, "overflow")


def test_another_description_begins_another_stream_and_the_same_does_not(scripted: type[Scripted]) -> None:
    other = replace(INFO, sampling_rate=200.0)
    assembler = Assembler(
        scripted(
            [Described(INFO), Samples(BITS)],
            [Described(INFO), Samples(BITS)],
            [Described(other), Samples(BITS)],
        )
    )
    items = [item for time in (1.0, 1.1, 1.2) for item in assembler.take(Received(time, b"."))]
    assert [item for item in items if isinstance(item, Begin)] == [Begin(INFO), Begin(other)]
    assert [item.start for item in items if isinstance(item, Chunk)] == [0, 10, 0]


def test_a_hole_in_a_stream_of_unknown_rate_ends_it(scripted: type[Scripted]) -> None:
    """Nobody can say where the samples after it belong."""
    info = replace(INFO, sampling_rate=math.nan)
    assembler = Assembler(
        scripted(
            [Described(info), Samples(BITS)], [Loss(None, "lost packets"), Samples(BITS)], [Described(info)]
        )
    )
    items = [item for time in (1.0, 1.1, 1.2) for item in assembler.take(Received(time, b"."))]
    items += assembler.finish(2.0)
    assert sum(isinstance(item, Begin) for item in items) == 2
    assert not any(isinstance(item, Gap) for item in items)


def test_a_pause_is_a_gap_as_long_as_what_came_in_it(scripted: type[Scripted]) -> None:
    assembler = Assembler(scripted([Described(INFO), Samples(BITS)], [Samples(BITS)], [Samples(BITS)]))
    items = assembler.take(Received(1.0, b"."))
    items += assembler.pause()
    items += assembler.take(Received(1.1, b"."))
    assert not any(isinstance(item, Gap) for item in items)
    items += assembler.go_on()
    items += assembler.take(Received(1.2, b"."))
    assert items[2] == Gap(10, 10, "pause")
    assert isinstance(items[3], Chunk)
    assert items[3].start == 20


def test_an_earlier_recording_is_gone_on_with(scripted: type[Scripted]) -> None:
    """Also where its rate was measured and the device goes on claiming another."""
    assembler = Assembler(scripted([Described(INFO), Samples(BITS)], [Samples(BITS)]))
    assembler.resume(replace(INFO, sampling_rate=98.0), 5000, time=100.0, dtype="int16")
    items = assembler.take(LinkUp(3700.0))
    items += assembler.take(Received(3700.1, b"."))
    items += assembler.take(Received(3700.2, b"."))
    items += assembler.finish(3701.0)
    assert not any(isinstance(item, Begin) for item in items)
    (gap,) = [item for item in items if isinstance(item, Gap)]
    assert (gap.start, gap.cause) == (5000, "restart")
    assert gap.stop == pytest.approx(5000 + 3600.1 * 98, abs=11)


def test_what_is_no_sample_passes_through(scripted: type[Scripted]) -> None:
    notice = Notice("battery", 80.0)
    assembler = Assembler(scripted([notice]))
    assert assembler.take(Received(1.0, b".")) == [notice]
    battery, up = Battery(1.0, 80.0), LinkUp(1.0, "COM7")
    assert assembler.take(battery) == [battery]
    assert assembler.take(up) == [up]


def test_samples_of_nothing_described_are_refused(scripted: type[Scripted]) -> None:
    with pytest.raises(DeviceError):
        Assembler(scripted([Samples(BITS)])).take(Received(1.0, b"."))
