"""What the numbers of a stream become in EDF or BDF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UnsuitableSignalError
from emgdetect.types import Channel, Chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from emgdetect.recording import Stream
    from emgdetect.types import RawArray

SCAN_SAMPLES = 1 << 18
RANGES = {2: (-32768, 32767), 3: (-8388608, 8388607)}
"""Digital numbers that EDF (2 bytes) and BDF (3 bytes) hold."""

DIMENSIONS = {"uV": "uV", "adc": "", "envelope": "envelope"}
NOTE = 80
FIELD = 8
"""Characters of a number in the header, and (``NOTE``) of the description of the transducer."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one channel's raw numbers are: extremes (``nan`` without any), whether whole, and what is missing.

    ``missing`` has the stretches of samples that are not finite, those closer than a second joined.
    """

    low: float
    high: float
    whole: bool
    missing: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """How one channel is stored: digital = rint(raw * slope + intercept), exact when that is raw itself."""

    label: str
    dimension: str
    digital_range: tuple[int, int]
    physical_range: tuple[float, float]
    slope: float
    intercept: float
    exact: bool
    note: str

    def digital(self, raw: RawArray) -> NDArray[np.int32]:
        """Return the numbers to store; those that are not finite become the digital minimum."""
        low, high = self.digital_range
        if self.exact and np.issubdtype(raw.dtype, np.integer):
            return raw.astype(np.int32)
        scaled = raw.astype(np.float64) * self.slope + self.intercept
        kept = np.where(np.isfinite(scaled), np.rint(scaled), low)
        return np.clip(kept, low, high).astype(np.int32)


def scan(stream: Stream) -> tuple[Scan, ...]:
    """Read the stream once and describe each channel."""
    n_channels = len(stream.info.channels)
    low, high = np.full(n_channels, np.inf), np.full(n_channels, -np.inf)
    whole = np.ones(n_channels, dtype=np.bool_)
    missing: list[list[tuple[int, int]]] = [[] for _ in range(n_channels)]
    for piece in stream.pieces(max(1, SCAN_SAMPLES // n_channels)):
        if not isinstance(piece, Chunk):
            continue
        data = piece.data.astype(np.float64)
        finite = np.isfinite(data)
        low = np.minimum(low, np.min(data, axis=1, initial=np.inf, where=finite))
        high = np.maximum(high, np.max(data, axis=1, initial=-np.inf, where=finite))
        whole &= np.all(~finite | (np.rint(data) == data), axis=1)
        for index in np.flatnonzero(~np.all(finite, axis=1)):
            _add_missing(missing[index], ~finite[index], piece.start, stream.info.sampling_rate)
    return tuple(
        Scan(float(low[i]), float(high[i]), bool(whole[i]), tuple(missing[i])) for i in range(n_channels)
    )


def _add_missing(runs: list[tuple[int, int]], absent: NDArray[np.bool_], start: int, near: float) -> None:
    padded = np.concatenate(([False], absent, [False]))
    for first, last in np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2) + start:
        if runs and first - runs[-1][1] < near:
            runs[-1] = (runs[-1][0], int(last))
        else:
            runs.append((int(first), int(last)))


def fits(scans: tuple[Scan, ...], n_bytes: int) -> bool:
    """Tell whether every raw number can be stored as it is in so many bytes.

    Where values are missing the least digital number stands for them and is no raw number.
    """
    low, high = RANGES[n_bytes]
    return all(
        one.whole and (one.low > one.high or low + bool(one.missing) <= one.low <= one.high <= high)
        for one in scans
    )


def plan_channel(channel: Channel, found: Scan, label: str, n_bytes: int) -> ChannelPlan:
    """Decide how one channel is stored.

    Raises
    ------
    UnsuitableSignalError
        If its range cannot be written into a header's eight characters.
    """
    exact = fits((found,), n_bytes)
    low, high = (
        _digital_range(channel, found, n_bytes) if exact else (RANGES[n_bytes][0] + 1, RANGES[n_bytes][1])
    )
    if exact:
        bottom, top = (_field(end * channel.gain + channel.offset, channel.name) for end in (low, high))
    else:
        bottom, top = _outer_fields(channel, found)
    if bottom == top:
        raise UnsuitableSignalError(
            "the range is too small for the header of EDF", where=channel.name, hint="choose another format"
        )
    per_value = (high - low) / (top - bottom)
    return ChannelPlan(
        label=label,
        dimension=DIMENSIONS[channel.unit],
        digital_range=(low, high),
        physical_range=(bottom, top),
        slope=1.0 if exact else channel.gain * per_value,
        intercept=0.0 if exact else (channel.offset - bottom) * per_value + low,
        exact=exact,
        note=_note(channel, exact=exact),
    )


def _note(channel: Channel, *, exact: bool) -> str:
    """Say the calibration in full; ``emgdetect.formats.edf_copies`` reads it."""
    note = f"{'' if exact else 'rounded '}raw x {_in_full(channel.gain)} + {_in_full(channel.offset)}"
    if channel.raw_low is None or channel.raw_high is None:
        return note
    longer = f"{note} in {_in_full(channel.raw_low)} to {_in_full(channel.raw_high)}"
    return longer if len(longer) <= NOTE else note


def _in_full(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _digital_range(channel: Channel, found: Scan, n_bytes: int) -> tuple[int, int]:
    """Return the converter's rails when they are known and hold the data, else all the format has.

    Where values are missing the range begins below the least raw number, which is not among them.
    """
    least, most = RANGES[n_bytes]
    lowest, highest = (0.0, 0.0) if found.low > found.high else (found.low, found.high)
    lowest -= bool(found.missing)
    if channel.raw_low is not None and channel.raw_high is not None:
        low, high = math.floor(channel.raw_low), math.ceil(channel.raw_high)
        low = min(low, int(lowest))
        if least <= low < high <= most and highest <= high and low >= math.floor(channel.raw_low) - 1:
            return low, high
    # Ends of equal size are rounded alike in the header: what is zero stays zero for every reader.
    return (-most, most) if channel.offset == 0 and lowest >= -most else (least, most)


def _outer_fields(channel: Channel, found: Scan) -> tuple[float, float]:
    """Return values at or beyond the extremes of the data, so that none is cut off."""
    ends = [raw * channel.gain + channel.offset for raw in (found.low, found.high)]
    bottom = _field(min(ends), channel.name, math.floor)
    top = _field(max(ends), channel.name, math.ceil)
    return bottom, top if top > bottom else _field(bottom + 1, channel.name, math.ceil)


def _field(value: float, name: str, to_whole: Callable[[float], int] = round) -> float:
    """Return a number near ``value`` that eight characters can say."""
    if math.isfinite(value):
        for decimals in range(FIELD - 2, -1, -1):
            rounded = to_whole(value * 10**decimals) / 10.0**decimals
            if len(f"{rounded:.{decimals}f}") <= FIELD:
                return rounded
    raise UnsuitableSignalError(
        f"values as large as {value:.3g} do not fit the header of EDF",
        where=name,
        hint="choose another format",
    )
