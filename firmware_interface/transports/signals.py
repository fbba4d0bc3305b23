"""What a virtual sensor measures: raw numbers that depend on nothing but their index."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from emgdetect.types import FloatArray, RawArray, StreamInfo

Signal = Callable[[int, int], "RawArray"]
"""``signal(start, n)`` gives samples ``start`` to ``start + n`` as integers, shape ``(n_channels, n)``."""

_BLOCK = 4096
_NOISE = 0.004
_BURST = 12.0
_CHANCE = 0.4
_RAILS = (-2048.0, 2047.0)
_REST_S, _TENSE_S = 8.0, 5.0
_REST_UV = 4.0
_REST_PART = 0.0004
_TENSE_TIMES = 30.0
_TENSE_PART = 0.1
_LEAST_HEIGHT = 8.0
"""An envelope at rest that is no higher would be one number, and look like a broken wire."""

_SMOOTH_S = 0.05


def make_signal(name: str, info: StreamInfo, seed: int) -> Signal:
    """Return the signal called ``name`` for the channels of ``info``.

    Raises
    ------
    UsageError
        There is no such signal.
    """
    if name not in SIGNALS:
        raise UsageError(f"no virtual signal is called {name!r}", hint=f"known are: {', '.join(SIGNALS)}")
    return SIGNALS[name](info, seed)


def counting(info: StreamInfo, seed: int) -> Signal:
    """Every sample is its own index, modulo the converter's range, so that any loss can be seen."""
    low, high = _rails(info)
    span = (high - low + 1).astype(np.int64)

    def signal(start: int, n: int, /) -> RawArray:
        index = np.arange(start + seed, start + seed + n, dtype=np.int64)
        return (index[None, :] % span[:, None] + low[:, None]).astype(np.int32)

    return signal


def quiet(info: StreamInfo, seed: int) -> Signal:
    """Noise of a muscle at rest."""
    return _in_blocks(info, lambda block: _noise(info, seed, block))


def bursts(info: StreamInfo, seed: int) -> Signal:
    """Noise, and in two blocks of five a burst of a tenth of a second to a second on some channel."""

    def block(number: int) -> FloatArray:
        noise = _noise(info, seed, number)
        chance = np.random.default_rng((seed, number, 1))
        for channel in noise:
            if chance.random() < _CHANCE:
                length = min(int(chance.uniform(0.1, 1.0) * info.sampling_rate), _BLOCK // 2)
                start = int(chance.integers(0, _BLOCK - length))
                channel[start : start + length] *= 1.0 + _BURST * np.hanning(length)
        return noise

    return _in_blocks(info, block)


def tensing(info: StreamInfo, seed: int) -> Signal:
    """Show what good electrodes show: a muscle at rest for eight seconds, tensed for five, over and over."""
    low, high = _rails(info)
    steps = np.array([_REST_UV / abs(one.gain) if one.unit == "uV" else 0.0 for one in info.channels])
    rest = np.maximum(np.where(steps > 0, steps, _REST_PART * (high - low)), 1.0)
    tense = np.minimum(_TENSE_TIMES * rest, _TENSE_PART * (high - low)) / rest

    def block(number: int) -> FloatArray:
        seconds = np.arange(number * _BLOCK, (number + 1) * _BLOCK) / info.sampling_rate
        is_tense = seconds % (_REST_S + _TENSE_S) >= _REST_S
        return _noise(info, seed, number) * np.where(is_tense, tense[:, None], 1.0)

    return _in_blocks(info, block, rest)


SIGNALS: dict[str, Callable[[StreamInfo, int], Signal]] = {
    "bursts": bursts,
    "quiet": quiet,
    "tensing": tensing,
    "counting": counting,
}


def _noise(info: StreamInfo, seed: int, block: int) -> FloatArray:
    # Each block has a generator of its own, so that any sample can be had without those before it.
    return np.random.default_rng((seed, block)).normal(size=(len(info.channels), _BLOCK))


def _in_blocks(
    info: StreamInfo, make: Callable[[int], FloatArray], steps: FloatArray | None = None
) -> Signal:
    """Make a signal of blocks; ``steps`` is what one of ``make``'s units is in each channel.

    A channel that carries an envelope has what a sensor would make of it: smooth, and never below its rest.
    """
    low, high = _rails(info)
    smooth = np.array([channel.unit == "envelope" for channel in info.channels])
    scale = np.maximum(1.0, _NOISE * (high - low)) if steps is None else steps
    scale = np.where(smooth, np.maximum(scale, _LEAST_HEIGHT), scale)[:, None]
    middle = np.where(smooth, low, (low + high) / 2)[:, None]
    width = max(1, round(_SMOOTH_S * info.sampling_rate))

    @lru_cache(maxsize=4)
    def raw(block: int) -> RawArray:
        values = make(block)
        values[smooth] = _smoothed(np.abs(values[smooth]), width)
        return np.clip(np.rint(middle + scale * values), low[:, None], high[:, None]).astype(np.int32)

    def signal(start: int, n: int, /) -> RawArray:
        first, last = start // _BLOCK, (start + max(n, 1) - 1) // _BLOCK
        whole = np.concatenate([raw(block) for block in range(first, last + 1)], axis=1)
        return whole[:, start - first * _BLOCK : start - first * _BLOCK + n]

    return signal


def _smoothed(rows: FloatArray, width: int) -> FloatArray:
    """Return moving means over ``width`` samples; before a block comes what it begins with, mirrored."""
    if not len(rows):
        return rows
    sums = np.cumsum(np.pad(rows, ((0, 0), (width, 0)), mode="symmetric"), axis=1)
    return (sums[:, width:] - sums[:, :-width]) / width


def _rails(info: StreamInfo) -> tuple[FloatArray, FloatArray]:
    low = [_RAILS[0] if channel.raw_low is None else channel.raw_low for channel in info.channels]
    high = [_RAILS[1] if channel.raw_high is None else channel.raw_high for channel in info.channels]
    return np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)
