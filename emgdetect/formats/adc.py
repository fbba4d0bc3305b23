"""Channels in counts of an n-bit converter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.recording import ReadOptions
    from emgdetect.types import FloatArray


def bits_for(highest: FloatArray, lowest: FloatArray, choices: Sequence[int]) -> int | None:
    """Return the first number of bits whose counts hold all values, ``None`` if none does."""
    if not np.nanmin(lowest, initial=0.0) >= 0:
        return None
    top = float(np.nanmax(highest, initial=0.0))
    return next((bits for bits in choices if top < 1 << bits), None)


def count_channels(names: Sequence[str], bits: int | None, options: ReadOptions) -> tuple[Channel, ...]:
    """Return channels whose raw numbers run from 0 to ``2**bits - 1``; no rails if the bits are unknown."""
    top = None if bits is None else float((1 << bits) - 1)
    bottom = None if bits is None else 0.0
    return tuple(Channel(name, options.unit or "adc", raw_low=bottom, raw_high=top) for name in names)
