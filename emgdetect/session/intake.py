"""Samples on their way into a session: checked, gathered, and cut into blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import SessionError
from emgdetect.session.blocks import BLOCK_BYTES, DTYPES, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.session.inserts import Block
    from emgdetect.types import Chunk, Gap, RawArray


class Intake:
    """What has arrived for one stream and is not yet in a block.

    Parameters
    ----------
    n_channels : int
        Rows of every chunk.
    start : int
        Index of the next sample.
    dtype : str or None
        Type of the samples stored so far, by numpy's name; ``None`` when there are none.
    emit : callable
        Takes the finished blocks.
    """

    def __init__(self, n_channels: int, start: int, dtype: str | None, emit: Callable[[Block], None]) -> None:
        self.next = start
        self._n_channels = n_channels
        self._dtype = dtype
        self._emit = emit
        self._first = start
        self._pieces: list[RawArray] = []
        self._waiting = 0

    def add(self, chunk: Chunk) -> int:
        """Take a chunk that follows on what came before; return its size in bytes.

        The samples are copied: the caller may use its array again.
        """
        self._check(chunk)
        data = chunk.data
        most = max(1, BLOCK_BYTES // (self._n_channels * data.itemsize))
        for first in range(0, data.shape[1], most):
            piece = data[:, first : first + most]
            if self._waiting + piece.shape[1] > most:
                self.seal()
            self._pieces.append(np.array(piece))
            self._waiting += piece.shape[1]
            self.next += piece.shape[1]
        return int(data.nbytes)

    def skip(self, gap: Gap) -> None:
        """Take note of a gap that follows on what came before."""
        if gap.start != self.next:
            raise SessionError(f"a gap starts at sample {gap.start}, the stream is at {self.next}")
        if gap.n_samples < 1:
            raise SessionError(f"a gap of {gap.n_samples} samples is not possible")
        self.seal()
        self.next = self._first = gap.stop

    def seal(self) -> None:
        """Make a block of what is waiting, if anything is."""
        if not self._pieces:
            return
        data = np.concatenate(self._pieces, axis=1)
        self._emit((self._first, int(data.shape[1]), data.dtype.name, encode(data)))
        self._pieces.clear()
        self._waiting = 0
        self._first = self.next

    def _check(self, chunk: Chunk) -> None:
        data = chunk.data
        if data.ndim != 2 or data.shape[0] != self._n_channels:  # noqa: PLR2004 - channels by samples
            raise SessionError(
                f"a chunk of shape {data.shape} does not fit a stream of {self._n_channels} channels"
            )
        if data.shape[1] == 0:
            return
        if chunk.start != self.next:
            raise SessionError(
                f"a chunk starts at sample {chunk.start}, the stream is at {self.next}",
                hint="missing samples are recorded as a gap",
            )
        if data.dtype.name not in DTYPES:
            raise SessionError(f"samples of type {data.dtype.name} cannot be stored")
        if self._dtype not in {None, data.dtype.name}:
            raise SessionError(f"samples of type {data.dtype.name} do not fit a stream of {self._dtype}")
        self._dtype = data.dtype.name
