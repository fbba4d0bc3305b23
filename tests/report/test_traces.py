from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.recording import Stream
from emgdetect.report import build_report, traces
from emgdetect.summary import summarise
from emgdetect.types import Channel, Gap, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray, RawArray
    from tests.report.conftest import Maker, Page

RATE = 200.0


def stream_of(values: FloatArray, gaps: tuple[Gap, ...] = ()) -> Stream:
    info = StreamInfo(RATE, (Channel("leg", "uV", gain=0.5, offset=3.0),))
    return Stream(info, values.size, gaps, lambda start, stop: values[None, start:stop])


def test_a_short_event_is_drawn_sample_by_sample_around_its_onset(make: Maker) -> None:
    values = np.arange(1000.0)
    trace = traces.read(stream_of(values), make.event(2.0, 0.05), level=False)
    assert trace is not None
    assert trace.times[0] == pytest.approx(-traces.SHORTEST_MARGIN)
    assert trace.times[-1] == pytest.approx(0.05 + traces.SHORTEST_MARGIN, abs=1.01 / RATE)
    at_onset = int(np.flatnonzero(trace.times == 0)[0])
    assert trace.low[at_onset] - trace.low[0] == pytest.approx(0.5 * (400 - 376))
    assert np.median(trace.low) == 0


def test_a_long_event_keeps_its_extremes(make: Maker) -> None:
    values = np.zeros(60_000)
    values[30_001], values[30_002] = 800.0, -600.0
    trace = traces.read(stream_of(values), make.event(100.0, 120.0, "spasm"), level=False)
    assert trace is not None
    assert trace.low.size <= traces.COLUMNS + 1
    assert (trace.high.max(), trace.low.min()) == (400.0, -300.0)


def test_pieces_change_nothing(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(3).normal(size=60_000).cumsum()
    stream, event = stream_of(values, (Gap(25_000, 700, "sleep"),)), make.event(100.0, 60.0, "spasm")
    whole = traces.read(stream, event, level=True)
    monkeypatch.setattr(traces, "PIECE", 997)
    parts = traces.read(stream, event, level=True)
    assert whole is not None
    assert parts is not None
    np.testing.assert_allclose(parts.low, whole.low, atol=1e-9)
    np.testing.assert_allclose(parts.high, whole.high, atol=1e-9)


def test_drift_is_the_moving_average_of_what_is_there(make: Maker) -> None:
    values = np.random.default_rng(4).normal(size=2000).cumsum()
    gap = Gap(1010, 30, "lost packets")
    trace = traces.read(stream_of(values, (gap,)), make.event(5.0, 0.1), level=True)
    known = values * 0.5 + 3.0
    known[gap.start : gap.stop] = np.nan
    reach = round(traces.DRIFT_S / 2 * RATE)
    start = 1000 - round(traces.SHORTEST_MARGIN * RATE)
    assert trace is not None
    stop = start + trace.low.size
    expected = np.array([known[i] - np.nanmean(known[i - reach : i + reach + 1]) for i in range(start, stop)])
    np.testing.assert_allclose(trace.low, expected - np.nanmedian(expected), atol=1e-9)


def test_nothing_is_drawn_where_nothing_is(make: Maker) -> None:
    stream = stream_of(np.zeros(1000), (Gap(0, 1000, "disconnect"),))
    assert traces.read(stream, make.event(2.0, 0.05), level=True) is None
    assert traces.read(stream_of(np.zeros(1000)), make.event(2.0, 0.05, channel="arm"), level=True) is None


def test_a_report_reads_a_bounded_part_of_a_long_recording(make: Maker) -> None:
    rate = 2000.0
    fast = replace(make, rate=rate)
    # One event of two hours among short ones.
    events = (fast.event(3600, 7200, "spasm"), *(fast.event(20_000 + 50 * index, 0.1) for index in range(20)))
    detection = fast.detection(24 * 3600, events)
    largest, total = 0, 0
    noise = np.random.default_rng(0).normal(0, 20, 9973).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        nonlocal largest, total
        largest, total = max(largest, stop - start), total + stop - start
        return np.resize(noise, (1, stop - start))

    stream = Stream(detection.info, detection.n_samples, (), fetch)
    text = build_report(detection, summarise(detection), stream)
    assert text.count('role="img"') > 8
    assert largest <= traces.PIECE + traces.DRIFT_S * rate + 1
    assert total < 0.15 * detection.n_samples


def test_examples_are_drawn_with_the_stream_and_described_without(
    make: Maker, read: Callable[[str], Page]
) -> None:
    detection = make.detection(60, (make.event(20, 0.1, confidence=0.25, flags=("truncated",)),))
    summary = summarise(detection)
    drawn = build_report(detection, summary, make.stream(detection))
    described = build_report(detection, summary)
    assert "ms from the onset" in drawn
    assert "ms from the onset" not in described
    assert "described but not drawn" in described
    for text in (drawn, described):
        page = read(text).text
        assert "100 ms · peak 50.0 µV · 12.0 dB above background · confidence 0.25 · truncated" in page
        assert "leg, 22:30:20.000" in page
