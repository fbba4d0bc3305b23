"""Samples and gaps come back bit for bit, however they were cut."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import SessionError
from emgdetect.session import CommitPolicy, SessionReader, SessionWriter
from emgdetect.session.blocks import BLOCK_BYTES, DTYPES
from emgdetect.types import Channel, Chunk, Gap, StreamInfo

TYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")


def bits(dtype: str, shape: tuple[int, int], seed: int = 0) -> np.ndarray[Any, Any]:
    """Any bit pattern at all: extremes, infinities, NaNs with payloads."""
    kind = np.dtype(dtype)
    raw = np.random.default_rng(seed).integers(
        0, 256, size=shape[0] * shape[1] * kind.itemsize, dtype=np.uint8
    )
    return raw.view(kind).reshape(shape)


def description(n_channels: int, rate: float = 1000.0) -> StreamInfo:
    return StreamInfo(rate, tuple(Channel(f"ch{i}", "adc") for i in range(n_channels)))


@pytest.mark.parametrize("dtype", TYPES)
def test_every_number_type_comes_back_bit_for_bit(tmp_path: Path, dtype: str) -> None:
    data = bits(dtype, (3, 500))
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        stream_id = session.add_stream(description(3))
        session.append(stream_id, Chunk(data[:, :200], 0))
        session.append(stream_id, Chunk(data[:, 200:], 200))
    with SessionReader(tmp_path / "a.emgdb") as session:
        back = session.stream(stream_id).fetch(0, 500)
    assert back.dtype == data.dtype
    assert back.shape == data.shape
    assert back.tobytes() == data.tobytes()


def test_the_types_are_all_there_are() -> None:
    assert set(TYPES) == DTYPES


def test_numbers_with_the_high_byte_first_are_the_same_numbers(tmp_path: Path) -> None:
    data = np.array([[1, -2, 300]], dtype=">i2")
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        session.append(session.add_stream(description(1)), Chunk(data, 0))
    with SessionReader(tmp_path / "a.emgdb") as session:
        assert session.streams()[0].fetch(0, 3).tolist() == [[1, -2, 300]]


def test_the_description_comes_back_exactly(tmp_path: Path, info: StreamInfo) -> None:
    naive = replace(info, start=info.start.replace(tzinfo=None) if info.start else None, sampling_rate=34.81)
    bare = StreamInfo(1 / 3, (Channel("", "envelope"),))
    with SessionWriter.create(tmp_path / "ünïcode 左.emgdb") as session:
        ids = [session.add_stream(each, source=f"{each.device}.csv") for each in (info, naive, bare)]
    with SessionReader(tmp_path / "ünïcode 左.emgdb") as session:
        assert session.stream_ids() == tuple(ids)
        assert [stream.info for stream in session.streams()] == [info, naive, bare]
        assert session.source(ids[0]) == "board № 7.csv"
        assert [stream.n_samples for stream in session.streams()] == [0, 0, 0]
        assert session.streams()[0].fetch(0, 0).shape == (2, 0)


Pieces = list[tuple[str, int]]


@st.composite
def sequences(draw: st.DrawFn) -> Pieces:
    kinds = st.sampled_from(["chunk", "chunk", "gap", "commit", "reopen"])
    return draw(st.lists(st.tuples(kinds, st.integers(0, 40)), max_size=30))


def write(path: Path, dtype: str, pieces: Pieces) -> tuple[np.ndarray[Any, Any], list[Gap]]:
    """Write the pieces, and keep what should come back by the simplest means there are."""
    whole, missing = bits(dtype, (2, 40 * 30)), list[Gap]()
    session = SessionWriter.create(path, policy=CommitPolicy(seconds=9e9))
    stream_id, position = session.add_stream(description(2)), 0
    for kind, n in pieces:
        if kind == "chunk":
            session.append(stream_id, Chunk(whole[:, position : position + n], position))
            position += n
        elif kind == "gap" and n:
            session.add_gap(stream_id, Gap(position, n, f"cause {n % 2}"))
            missing.append(Gap(position, n, f"cause {n % 2}"))
            position += n
        elif kind == "commit":
            session.commit()
        elif kind == "reopen":
            session.close()
            session = SessionWriter.open(path, policy=CommitPolicy(seconds=9e9))
            assert session.next_sample(stream_id) == position
    session.close()
    return whole[:, :position], missing


@settings(max_examples=60, deadline=None)
@given(pieces=sequences(), dtype=st.sampled_from(TYPES), cuts=st.integers(1, 50))
def test_any_sequence_of_chunks_and_gaps_comes_back(pieces: Pieces, dtype: str, cuts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.emgdb"
        whole, missing = write(path, dtype, pieces)
        with SessionReader(path) as session:
            (stream,) = session.streams()
            back = list(stream.pieces(cuts))
    lost = np.zeros(whole.shape[1], bool)
    for gap in missing:
        lost[gap.start : gap.stop] = True
    assert stream.n_samples == whole.shape[1]
    assert sum(gap.n_samples for gap in stream.gaps) == lost.sum()
    assert all(before.stop < after.start for before, after in pairwise(stream.gaps))
    assert all(lost[gap.start : gap.stop].all() for gap in stream.gaps)
    seen = 0
    for piece in back:
        assert piece.start == seen
        seen = piece.stop
        if isinstance(piece, Chunk):
            assert piece.data.tobytes() == whole[:, piece.start : piece.stop].tobytes()
    assert seen == stream.n_samples


def test_gaps_that_touch_are_told_as_one(tmp_path: Path) -> None:
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        stream_id = session.add_stream(description(1))
        for start, n, cause in ((0, 5, "pause"), (5, 2, "disconnect"), (7, 1, "pause")):
            session.add_gap(stream_id, Gap(start, n, cause))
        session.append(stream_id, Chunk(np.zeros((1, 2)), 8))
        session.add_gap(stream_id, Gap(10, 1, "sleep"))
    with SessionReader(tmp_path / "a.emgdb") as session:
        assert session.streams()[0].gaps == (Gap(0, 8, "pause, disconnect"), Gap(10, 1, "sleep"))


def test_a_huge_chunk_is_cut_into_blocks_of_bounded_size(tmp_path: Path) -> None:
    data = bits("int16", (2, 300_000))
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        session.append(session.add_stream(description(2)), Chunk(data, 0))
    with SessionReader(tmp_path / "a.emgdb") as session:
        sizes = session._database.rows("SELECT length(data) FROM block")
        assert max(size for (size,) in sizes) <= BLOCK_BYTES
        assert session.streams()[0].fetch(1, 299_999).tobytes() == data[:, 1:299_999].tobytes()


def test_the_caller_may_use_its_array_again(tmp_path: Path) -> None:
    data = np.arange(6, dtype=np.int16).reshape(2, 3)
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        session.append(session.add_stream(description(2)), Chunk(data, 0))
        data[:] = 99
    with SessionReader(tmp_path / "a.emgdb") as session:
        assert session.streams()[0].fetch(0, 3).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_not_stored_cannot_be_fetched(tmp_path: Path) -> None:
    with SessionWriter.create(tmp_path / "a.emgdb") as session:
        stream_id = session.add_stream(description(1))
        session.append(stream_id, Chunk(np.zeros((1, 10)), 0))
        session.add_gap(stream_id, Gap(10, 10, "sleep"))
        session.append(stream_id, Chunk(np.zeros((1, 10)), 20))
    with SessionReader(tmp_path / "a.emgdb") as session:
        (stream,) = session.streams()
        for start, stop in ((5, 15), (12, 14), (25, 31), (-1, 3)):
            with pytest.raises(SessionError, match=r"sample -?\d+ is not stored"):
                stream.fetch(start, stop)


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    import tracemalloc

    peaks = []
    for n_blocks in (20, 400):
        path = tmp_path / f"{n_blocks}.emgdb"
        with SessionWriter.create(path) as session:
            stream_id = session.add_stream(description(4))
            for i in range(n_blocks):
                session.append(stream_id, Chunk(np.full((4, 4096), i, np.int16), i * 4096))
        with SessionReader(path) as session:
            tracemalloc.start()
            (stream,) = session.streams()
            for piece in stream.pieces(1000):
                assert isinstance(piece, Chunk)
                assert piece.data.shape[1] <= 1000
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] + 10_000
