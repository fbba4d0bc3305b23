"""Rate and gaps of a table that has time stamps and no counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.formats.segments import SegmentBuilder, Segments

if TYPE_CHECKING:
    from emgdetect.formats.clock import Clock, Fit, Steps

NOMINAL = (1000, 500, 250, 200, 100, 2000, 125, 50, 1024, 512, 256, 128, 2048, 4000, 5000, 10000, 20, 25, 10)
"""Rates devices are set to, the more common first."""

SHORTEST_PERIOD = 1e-7
LEAST_PERIODS = 5
LEAST_SECONDS = 0.25
LONGEST_SECONDS = 30 * 86400.0
MOST_JUMPS = 100_000
EVEN_SHARE = 0.9
EDGE = 3
LONGEST_AT_EDGE = 60.0
"""Beyond a minute, one or two rows at an end of a file have a damaged stamp rather than a gap beside them."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Rate in Hz, which samples are stored, and what is odd about the stamps."""

    sampling_rate: float
    segments: Segments
    notes: tuple[str, ...] = ()


def timing_of(clock: Clock, sampling_rate: float | None, where: str) -> Timing:
    """Find rate and gaps.

    Parameters
    ----------
    clock : Clock
        The stamps.
    sampling_rate : float or None
        The rate if it is known; else it is fitted to the stamps and rounded only where they allow it.
    where : str
        The file's name, for messages.

    Raises
    ------
    FormatError
        If the clock does not advance, or not evenly enough to be a sampling clock.
    """
    rough = clock.period()
    if rough is None or rough < SHORTEST_PERIOD:
        if sampling_rate is None:
            raise FormatError(
                "the time column does not advance", where=where, hint="name the rate: --sampling-rate 500"
            )
        return Timing(sampling_rate, _whole(clock.n_samples), ("the time column does not advance",))
    period = 1 / sampling_rate if sampling_rate else _refined(clock, rough)
    if not period > 0:
        raise _uneven(where)
    limit, even = _limits(clock, period)
    steps = clock.steps(period, limit)
    if len(steps.forward) > MOST_JUMPS:
        raise _uneven(where)
    segments, taken = _segments(clock, period, steps, least=None if even else limit / period)
    if sampling_rate is None:
        fit = clock.fit(period, sorted({*taken, *steps.backward}))
        if not fit.period > 0 or _is_uneven(fit, steps, clock.n_samples):
            raise _uneven(where)
        sampling_rate = snapped(1 / fit.period, fit.error)
    return Timing(float(sampling_rate), segments, _notes(steps, segments))


def _refined(clock: Clock, rough: float) -> float:
    """Return a period fitted between all jumps: a rough one would make up losses at each."""
    limit, _ = _limits(clock, rough)
    steps = clock.steps(rough, limit)
    if len(steps.forward) + len(steps.backward) > MOST_JUMPS:
        return rough
    return clock.fit(rough, sorted({*steps.forward, *steps.backward})).period


def _is_uneven(fit: Fit, steps: Steps, n_samples: int) -> bool:
    # Bursts blur a fast clock; one slower than bursts are long has no excuse.
    slow = fit.period > LEAST_SECONDS / 2
    return fit.scatter > max(0.5, 20 * fit.period) or (slow and steps.n_even < 0.5 * (n_samples - 1))


def snapped(rate: float, error: float) -> float:
    """Return the rate a device was set to if the fitted one is compatible with it, else the fitted one.

    ``error`` is relative, one standard error; compatible is within three. Of several whole numbers within
    reach only a usual rate is taken.
    """
    reach = rate * (3 * error + 1e-9)
    for nominal in NOMINAL:
        if abs(rate - nominal) <= reach:
            return float(nominal)
    whole = float(round(rate))
    unambiguous = 2 * reach < 1
    return whole if whole > 0 and unambiguous and abs(rate - whole) <= reach else rate


def _whole(n_samples: int) -> Segments:
    return Segments(n_samples)


def _uneven(where: str) -> FormatError:
    return FormatError(
        "the time column does not advance evenly, so it cannot be the clock of a signal",
        where=where,
        hint="name the rate if this is one all the same: --sampling-rate 500",
    )


def _limits(clock: Clock, period: float) -> tuple[float, bool]:
    """Return the jump in s that is worth a look, and whether the stamps are even.

    Stamps mostly even to a quarter of a period show every lost sample; others only what stands out.
    """
    coarse = max(LEAST_PERIODS * period, LEAST_SECONDS)
    if clock.steps(period, coarse).n_even >= EVEN_SHARE * (clock.n_samples - 1):
        return 1.75 * period, True
    return coarse, False


def _segments(
    clock: Clock, period: float, steps: Steps, *, least: float | None
) -> tuple[Segments, list[int]]:
    """Return what is stored, and the jumps that are gaps; ``least`` is ``None`` for even stamps."""
    builder = SegmentBuilder()
    taken: list[int] = []
    done = 0
    jumps = [-1, *steps.forward, clock.n_samples - 1]
    for last, index, following in zip(jumps[:-2], jumps[1:-1], jumps[2:], strict=True):
        if least is None:
            lost = clock.lost_between(index, period, last + 1, following + 1)
        else:
            lost = clock.lost_at(index, period, done)
        lasts = lost * period
        at_edge = index + 1 < EDGE or clock.n_samples - index - 1 < EDGE
        if round(lost) >= (least or 1.0) and lasts < (LONGEST_AT_EDGE if at_edge else LONGEST_SECONDS):
            builder.add(index + 1 - done)
            builder.skip(round(lost), "unknown")
            taken.append(index)
            done = index + 1
    builder.add(clock.n_samples - done)
    return builder.finish(), taken


def _notes(steps: Steps, segments: Segments) -> tuple[str, ...]:
    notes = []
    if steps.n_repeated:
        notes.append(f"{steps.n_repeated} time stamps repeat the one before")
    if steps.n_backward:
        notes.append(f"{steps.n_backward} time stamps run backward; the rows keep their order")
    if steps.forward and not segments.gaps:
        notes.append(f"{len(steps.forward)} time stamps come late, and no sample is missing there")
    return tuple(notes)
