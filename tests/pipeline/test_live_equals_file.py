"""Invariant 1: any cutting of a stream into chunks gives the same events and quality, bit for bit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.api import read
from emgdetect.conditioning.grid import Grid
from emgdetect.types import Gap, RawArray, Unit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline.conftest import Bench

RATES = [10.0, 34.81, 128.0, 199.7, 200.0, 250.0, 500.0, 1000.0, 1999.9, 2048.0, 20_000.0]
UNITS: list[Unit] = ["uV", "adc", "envelope"]
STEPS = [1, 7, 20, 113, 1000]


def seconds_for(rate: float, step: int) -> float:
    """Short where chunks are tiny, so that the suite stays quick; long enough for decisions to fall."""
    most = 60.0 if rate <= 250 else 30.0 if rate <= 2048 else 4.0
    return min(most, 1500 * step / rate) if step < 20 else most


@pytest.mark.parametrize("rate", RATES)
@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.data())
def test_any_cutting_gives_the_same(bench: Bench, rate: float, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(UNITS))
    dtype = data.draw(st.sampled_from([np.int16, np.float32, np.float64]))
    seed = data.draw(st.integers(0, 10_000))
    lookahead = data.draw(st.sampled_from([0.0, 2.0, 5.0, 120.0]))
    step = data.draw(st.sampled_from(STEPS))
    values = bench.signal(rate, seconds_for(rate, step), seed, unit)
    count = values.shape[1]
    if dtype != np.int16 and data.draw(st.booleans()):
        values = bench.holes(values, rate, seed)
    samples: RawArray = values.astype(dtype)
    first = data.draw(st.integers(0, count - 2))
    length = data.draw(st.integers(1, max(1, min(count - first, int(4 * rate)))))
    gaps = data.draw(st.sampled_from([(), (Gap(first, min(length, count - first), "lost packets"),)]))
    irregular = data.draw(st.lists(st.integers(0, count), max_size=12))
    info, profile = bench.info(rate, unit), bench.quick(lookahead)
    whole = bench.run(samples, info, profile, gaps=gaps)
    regular = bench.run(samples, info, profile, gaps=gaps, cuts=range(0, count, step))
    odd = bench.run(samples, info, profile, gaps=gaps, cuts=irregular + irregular)
    assert whole.reasons()
    assert regular.fingerprint() == whole.fingerprint()
    assert odd.fingerprint() == whole.fingerprint()


def test_one_sample_at_a_time_finds_the_same_twitches(bench: Bench) -> None:
    samples = bench.signal(200.0, 30.0, seed=3)
    info = bench.info(200.0)
    whole = bench.run(samples, info, bench.quick(2.0))
    single = bench.run(samples, info, bench.quick(2.0), cuts=range(samples.shape[1]))
    assert len(whole.events) > 3
    assert single.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("rate", [10.0, 34.81, 200.0, 1000.0])
@pytest.mark.parametrize("unit", UNITS)
def test_gaps_and_holes_that_begin_with_a_chunk(bench: Bench, rate: float, unit: Unit) -> None:
    samples = bench.signal(rate, 40.0, seed=6, unit=unit)
    hop = Grid.of(rate).raw_per_hop
    start = 150 * hop
    samples[:, start : start + hop // 2 + 1] = np.nan
    samples[:, start + hop // 2 + 1 :] += 1e6
    gap = Gap(250 * hop, hop // 3 + 1, "lost packets")
    info = bench.info(rate, unit)
    whole = bench.run(samples, info, bench.quick(), gaps=[gap])
    for cuts in ([start], [start, 250 * hop], range(0, samples.shape[1], hop)):
        assert (
            bench.run(samples, info, bench.quick(), gaps=[gap], cuts=cuts).fingerprint()
            == whole.fingerprint()
        )


def test_several_channels_do_not_disturb_each_other(bench: Bench) -> None:
    rows = [bench.signal(500.0, 40.0, seed) for seed in (1, 2, 3)]
    together = bench.run(np.vstack(rows), bench.info(500.0, n_channels=3), bench.quick(), cuts=[77, 9000])
    for name, row in zip("abc", rows, strict=True):
        alone = bench.run(row, bench.info(500.0), bench.quick())
        mine = [event for event in together.events if event.channel == name]
        assert [replace(event, channel="a") for event in mine] == pytest.approx(
            alone.events, nan_ok=True
        ) or (
            [repr(replace(event, channel="a")) for event in mine] == [repr(event) for event in alone.events]
        )
        assert together.reasons(name) == alone.reasons()


REAL = [
    "openbci_cyton/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt",
    "ganglion_myoware/OpenBCI-RAW-S02_S1R0.txt",
    "chords_bioamp/emg_sample.csv",
    "biosppy_text/emg.txt",
    "scientisst/output.csv",
    "simulated/busy_1.npz",
    "simulated/busy_5.npz",
]
OWN = ["busy_30s.npz", "twitches_5min.npz", "envelope_10min.npz"]


def check_file(bench: Bench, path: Path) -> None:
    stream = read(path).streams[0]
    info = replace(stream.info, channels=stream.info.channels[:2])
    stop = min(stream.n_samples, int(90 * info.sampling_rate))
    samples = np.zeros((2, stop), stream.fetch(0, 0).dtype)[: len(info.channels)]
    for start, end in stream.runs():
        if start < stop:
            samples[:, start : min(end, stop)] = stream.fetch(start, min(end, stop))[: len(info.channels)]
    gaps = [Gap(g.start, min(g.stop, stop) - g.start, g.cause) for g in stream.gaps if g.start < stop]
    whole = bench.run(samples, info, bench.quick(), gaps=gaps)
    pieces = bench.run(samples, info, bench.quick(), gaps=gaps, cuts=range(0, stop, 41))
    for name in info.ch_names:
        assert len(whole.reasons(name)) == int(np.ceil(stop / info.sampling_rate - 1e-9))
        assert pieces.fingerprint(name) == whole.fingerprint(name)


@pytest.mark.parametrize("name", REAL)
def test_real_recordings_in_pieces(bench: Bench, shared_data: Path, name: str) -> None:
    path = shared_data / name
    if not path.is_file():
        pytest.skip(f"{name} is not in ../shared/data")
    check_file(bench, path)


@pytest.mark.parametrize("name", OWN)
def test_own_recordings_in_pieces(bench: Bench, own_recordings: Path, name: str) -> None:
    check_file(bench, own_recordings / name)
