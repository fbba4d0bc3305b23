"""The grid on which everything after the filters lives: decimated samples, frames, hops and blocks.

All of them are whole multiples of each other and aligned to sample 0, so that what is computed never
depends on how the stream was cut into chunks.
"""

from __future__ import annotations

from dataclasses import dataclass

_FRAME_S = 0.004
_HOP_S = 0.1
_HOPS_PER_BLOCK = 12
_LOOKS_PER_HOP = 4
_WORKING_RATE = 1000.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Sizes that follow from a sampling rate.

    ``decimation`` raw samples make one working sample, ``frame`` working samples one frame (about 4 ms),
    ``hop`` frames one hop (about 0.1 s), ``block`` frames one block (12 hops, about 1.2 s).
    """

    sampling_rate: float
    decimation: int
    frame: int
    hop: int
    block: int

    @classmethod
    def of(cls, sampling_rate: float) -> Grid:
        """Choose the sizes for a rate in Hz (10 to 20 000, integer or not)."""
        decimation = max(1, int(sampling_rate // _WORKING_RATE))
        working = sampling_rate / decimation
        frame = max(1, round(_FRAME_S * working))
        hop = max(1, round(_HOP_S * working / frame))
        return cls(sampling_rate, decimation, frame, hop, hop * _HOPS_PER_BLOCK)

    @property
    def working_rate(self) -> float:
        """Rate in Hz after decimation."""
        return self.sampling_rate / self.decimation

    @property
    def raw_per_frame(self) -> int:
        """Raw samples in one frame."""
        return self.frame * self.decimation

    @property
    def raw_per_hop(self) -> int:
        """Raw samples in one hop."""
        return self.raw_per_frame * self.hop

    @property
    def raw_per_look(self) -> int:
        """Raw samples between two looks at a hop that has not come yet, whole frames, about 25 ms."""
        return self.raw_per_frame * max(1, round(self.hop / _LOOKS_PER_HOP))

    @property
    def frame_seconds(self) -> float:
        """Length of a frame in seconds."""
        return self.raw_per_frame / self.sampling_rate

    def frames(self, seconds: float) -> int:
        """Return how many frames last about so many seconds, at least one."""
        return max(1, round(seconds / self.frame_seconds))

    def blocks(self, seconds: float) -> int:
        """Return how many blocks last about so many seconds, at least one."""
        return max(1, round(seconds / (self.block * self.frame_seconds)))
