from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import FormatError
from emgdetect.formats.segments import SegmentBuilder, Segments
from emgdetect.formats.spool import IN_MEMORY_BYTES, Spool
from emgdetect.types import Channel, Chunk, Gap, StreamInfo

INFO = StreamInfo(100.0, (Channel("a", "uV"), Channel("b", "uV")), start=datetime(2024, 1, 1, tzinfo=UTC))


def test_index_counts_through_gaps() -> None:
    builder = SegmentBuilder()
    builder.add(1000)
    builder.skip(7, "lost packets")
    builder.add(500)
    segments = builder.finish()
    assert segments.n_samples == 1507
    assert segments.n_stored == 1500
    assert segments.gaps == (Gap(1000, 7, "lost packets"),)
    assert segments.position(999) == 999
    assert segments.position(1007) == 1000


def test_touching_gaps_become_one_and_empty_ones_none() -> None:
    builder = SegmentBuilder()
    builder.add(2)
    builder.skip(0, "pause")
    builder.skip(3, "restart")
    builder.skip(4, "pause")
    builder.add(0)
    builder.skip(1, "sleep")
    assert builder.finish() == Segments(10, (Gap(2, 8, "restart"),))


@given(
    runs=st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=8),
    chunk=st.integers(1, 40),
)
def test_any_split_of_a_gapped_stream_gives_the_same_samples(runs: list[tuple[int, int]], chunk: int) -> None:
    spool, builder = Spool(2, np.int32), SegmentBuilder()
    expected: dict[int, int] = {}
    for stored, lost in runs:
        indices = np.arange(builder.n_samples, builder.n_samples + stored)
        expected.update({int(i): int(i) for i in indices})
        spool.append(np.stack([indices, -indices]))
        builder.add(stored)
        builder.skip(lost, "lost packets")
    stream = builder.finish().stream(INFO, spool.fetch)

    seen: dict[int, int] = {}
    for piece in stream.pieces(chunk):
        if isinstance(piece, Chunk):
            np.testing.assert_array_equal(piece.data[0], -piece.data[1])
            seen.update(zip(range(piece.start, piece.stop), piece.data[0].tolist(), strict=True))
    assert seen == expected
    assert stream.n_samples == sum(stored + lost for stored, lost in runs)


@pytest.mark.parametrize(("start", "stop"), [(5, 15), (10, 12), (11, 14), (9, 11), (12, 14), (11, 12)])
def test_a_range_that_touches_a_gap_is_refused(start: int, stop: int) -> None:
    spool = Spool(1, np.int8)
    spool.append(np.zeros((1, 20), dtype=np.int8))
    fetch = Segments(23, (Gap(10, 3, "pause"),)).fetch_from(spool.fetch)
    with pytest.raises(FormatError, match="gap"):
        fetch(start, stop)
    assert fetch(5, 10).shape == (1, 5)
    assert fetch(13, 23).shape == (1, 10)
    assert fetch(12, 12).shape == (1, 0)


def test_spool_gives_back_every_sample_beyond_memory() -> None:
    spool = Spool(3, np.float64)
    n = IN_MEMORY_BYTES // (3 * 8) + 1000
    whole = np.random.default_rng(7).normal(size=(3, n))
    for start in range(0, n, 70001):
        spool.append(whole[:, start : start + 70001])
    assert spool.n_samples == n
    for start, stop in [(0, 10), (n - 5, n), (12345, 99999), (n, n)]:
        np.testing.assert_array_equal(spool.fetch(start, stop), whole[:, start:stop])


@pytest.mark.parametrize(("start", "stop"), [(0, 11), (-1, 4), (6, 5)])
def test_spool_refuses_what_it_does_not_hold(start: int, stop: int) -> None:
    spool = Spool(1, np.int16)
    spool.append(np.arange(10).reshape(1, 10))
    with pytest.raises(FormatError, match="10 are stored"):
        spool.fetch(start, stop)
