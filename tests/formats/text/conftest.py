from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.recording import Stream
from emgdetect.types import Chunk, Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text file exactly as given and return its path."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return written


@pytest.fixture
def pieces() -> Pieces:
    """Return all stored samples of a stream, fetched in chunks, and the gaps met on the way."""

    def collected(stream: Stream, chunk_samples: int) -> tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]:
        found = list(stream.pieces(chunk_samples))
        chunks = [piece.data for piece in found if isinstance(piece, Chunk)]
        return np.concatenate(chunks, axis=1), [piece for piece in found if isinstance(piece, Gap)]

    return collected
