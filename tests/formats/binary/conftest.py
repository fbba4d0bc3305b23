"""What the tests of the binary formats share."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from emgdetect.formats.opening import open_recording

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import ReadOptions, Recording, Stream
    from emgdetect.types import RawArray


class Opener(Protocol):
    def __call__(self, path: Path, options: ReadOptions | None = None, /) -> Recording: ...


class Reader(Protocol):
    def __call__(self, stream: Stream, /) -> RawArray: ...


@pytest.fixture
def opened() -> Opener:
    """Open a file the way users do: recognised by content."""
    return open_recording


@pytest.fixture
def stored() -> Reader:
    """Read all stored samples of a stream, gaps left out, after comparing other splits with the whole."""

    def read(stream: Stream) -> RawArray:
        rng = np.random.default_rng(5)
        runs = []
        for start, stop in stream.runs():
            whole = stream.fetch(start, stop)
            assert whole.shape == (len(stream.info.channels), stop - start)
            for _ in range(3):
                cuts = np.sort(rng.integers(start, stop + 1, size=6))
                edges = [start, *cuts.tolist(), stop]
                parts = [stream.fetch(a, b) for a, b in pairwise(edges)]
                np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)
                assert {part.dtype for part in parts} == {whole.dtype}
            runs.append(whole)
        return np.concatenate(runs, axis=1)

    return read
