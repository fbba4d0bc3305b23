"""From nights to trends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.evaluate import Estimate
from emgdetect.evaluate.bootstrap import FEWEST_UNITS, drawn, estimate, interval, resampled
from emgdetect.evaluate.tallies import ratio
from emgdetect.summary import ALL_KINDS, COUNTED_KINDS
from emgdetect.summary.hours import ENOUGH_S, clock_time
from emgdetect.summary.statistics import poisson_rate, spread
from emgdetect.trends.partings import associations, changes, instant
from emgdetect.trends.types import (
    FEWEST_NIGHTS,
    MIN_HOURS,
    MIN_SHARE,
    FirstSeen,
    HourRate,
    Night,
    NightChannel,
    NightValue,
    Series,
    Trends,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from emgdetect.types import FloatArray

NOON = 12
DAY_HOURS = 24
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants to know: ``None`` and empty leave it open.

    ``since`` parts before from after beside the interventions of the diary. ``min_hours`` and ``min_share``
    say which nights are left out.
    """

    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    min_hours: float = MIN_HOURS
    min_share: float = MIN_SHARE


def trends(nights: Iterable[Night], wish: Wish = Wish()) -> Trends:
    """Lay nights side by side.

    Parameters
    ----------
    nights : iterable of Night
        In any order.
    wish : Wish
        Which channels and kinds, and which nights count.

    Returns
    -------
    Trends
        Nights by their start. One without nights, or without any that counts, has numbers that are ``None``.

    Notes
    -----
    Rates over nights are events by valid hours of all nights together. Intervals resample whole nights,
    because events come in clusters and a person differs from night to night; with fewer than five nights
    there is none.
    """
    ordered = tuple(sorted(nights, key=_when))
    channels = _channels(ordered, wish)
    by_clock = any(night.start is not None for night in ordered)
    series = [
        one
        for channel in channels
        for kind in (ALL_KINDS, *COUNTED_KINDS)
        if not wish.kinds or kind in wish.kinds
        if (one := _series(ordered, channel, kind, wish)) is not None
    ]
    return Trends(
        nights=ordered,
        series=tuple(series),
        min_hours=wish.min_hours,
        min_share=wish.min_share,
        by_clock=by_clock,
        notices=tuple(_notices(ordered, series)),
    )


def _when(night: Night) -> tuple[bool, datetime, str]:
    if night.start is None:
        return True, datetime.min.replace(tzinfo=UTC), night.name
    return False, instant(night.start), night.name


def _channels(nights: Sequence[Night], wish: Wish) -> list[str]:
    names = dict.fromkeys(channel.name for night in nights for channel in night.channels)
    wanted = {name.casefold() for name in wish.channels}
    return [name for name in names if not wanted or name.casefold() in wanted]


def _series(nights: Sequence[Night], channel: str, kind: str, wish: Wish) -> Series | None:
    """Return a series, or ``None`` for a kind that never occurs."""
    held = [next((one for one in night.channels if one.name == channel), None) for night in nights]
    if kind != ALL_KINDS and not any(one is not None and one.counts[kind] for one in held):
        return None
    rules = _usual_rules(nights, held)
    values = tuple(
        _value(place, night, one, kind, wish, rules)
        for place, (night, one) in enumerate(zip(nights, held, strict=True))
    )
    used = [value.night for value in values if value.used]
    rates = [float(value.rate.per_valid_hour) for value in values if value.used and value.rate is not None]
    tallies = np.array([(values[place].count or 0, values[place].valid_hours) for place in used])
    tallies = tallies.reshape(-1, 2).astype(np.float64)
    weights = resampled(len(used)) if used else None
    return Series(
        channel=channel,
        kind=kind,
        nights=values,
        n_used=len(used),
        pooled=estimate(tallies, _rate, weights),
        median=_median(rates),
        spread=spread(rates),
        lowest=min(rates, default=None),
        highest=max(rates, default=None),
        profile=_profile([held[place] for place in used], [nights[place] for place in used], kind, weights),
        first_seen=_first_seen(nights, held, kind),
        changes=changes(nights, values, wish.since),
        associations=associations(nights, values),
    )


def _usual_rules(nights: Sequence[Night], held: Sequence[NightChannel | None]) -> tuple[str, tuple[str, ...]]:
    """Return the settings, and the kinds refused, of most nights; of the newest where that is a draw."""
    every = [(night.rules, one.refused) for night, one in zip(nights, held, strict=True) if one is not None]
    counts = Counter(every)
    most = max(counts.values(), default=0)
    return next((one for one in reversed(every) if counts[one] == most), ("", ()))


def _value(
    place: int,
    night: Night,
    channel: NightChannel | None,
    kind: str,
    wish: Wish,
    rules: tuple[str, tuple[str, ...]],
) -> NightValue:
    if channel is None:
        return NightValue(
            place, None, 0.0, 0.0, None, night.problem or "the channel was not recorded or not searched"
        )
    if kind in channel.refused:
        reason = "this kind could not be looked for"
        return NightValue(place, None, channel.valid_hours, channel.share, None, reason)
    reason = ""
    if (night.rules, channel.refused) != rules:
        reason = (
            f"found with other settings ({night.rules})"
            if night.rules != rules[0]
            else "other kinds looked for"
        )
    elif channel.valid_hours < wish.min_hours or channel.valid_hours <= 0:
        reason = f"less than {wish.min_hours:g} h valid" if channel.valid_hours > 0 else "no valid time"
    elif channel.share < wish.min_share:
        reason = f"less than {100 * wish.min_share:g} % valid"
    count = channel.counts[kind]
    rate = poisson_rate(count, channel.valid_hours)
    return NightValue(place, count, channel.valid_hours, channel.share, rate, reason)


def _rate(sums: FloatArray) -> FloatArray:
    return ratio(sums[..., 0], sums[..., 1])


def _median(rates: Sequence[float]) -> Estimate:
    if not rates:
        return Estimate(None)
    value = float(np.median(rates))
    if len(rates) < FEWEST_UNITS:
        return Estimate(value)
    nights, _ = drawn(len(rates))
    return interval(value, np.median(np.array(rates)[nights], axis=1))


def _profile(
    held: Sequence[NightChannel | None], nights: Sequence[Night], kind: str, weights: FloatArray | None
) -> tuple[HourRate, ...]:
    """Return rates by hour; of the clock, and then of nights with a start only, if there are such."""
    by_clock = any(night.start is not None for night in nights)
    rows: dict[int, FloatArray] = {}
    for place, (night, channel) in enumerate(zip(nights, held, strict=True)):
        if channel is not None and (night.start is not None) == by_clock:
            for one in channel.hours:
                row = rows.setdefault(one.hour, np.zeros((len(nights), 2)))
                row[place] += (one.counts[kind], one.valid_seconds / HOUR_S)
    order = sorted(rows, key=lambda hour: (hour - NOON) % DAY_HOURS if by_clock else hour)
    return tuple(_hour(hour, rows[hour], weights) for hour in order)


def _hour(hour: int, tallies: FloatArray, weights: FloatArray | None) -> HourRate:
    sums = tallies.sum(axis=0)
    return HourRate(
        hour=hour,
        nights=int(np.sum(tallies[:, 1] > 0)),
        valid_hours=float(sums[1]),
        count=int(sums[0]),
        rate=estimate(tallies, _rate, weights),
        enough=float(sums[1]) * HOUR_S >= ENOUGH_S,
    )


def _first_seen(nights: Sequence[Night], held: Sequence[NightChannel | None], kind: str) -> FirstSeen | None:
    for place, (night, channel) in enumerate(zip(nights, held, strict=True)):
        if channel is not None and kind in channel.first:
            onset = channel.first[kind]
            return FirstSeen(place, onset, None if night.start is None else clock_time(night.start, onset))
    return None


def _notices(nights: Sequence[Night], series: Sequence[Series]) -> Iterator[str]:
    yield from (f"{night.name}: {night.problem}" for night in nights if night.problem)
    undated = [night.name for night in nights if night.start is None]
    if undated and len(undated) < len(nights):
        yield f"without a time of day, and last: {', '.join(undated)}"
    for first, second in pairwise(night for night in nights if night.start is not None):
        over = _overlap(first, second)
        if over > 0:
            yield f"{first.name} and {second.name} overlap by {timedelta(seconds=round(over))}"
    tags = {tag for night in nights for tag in night.tags}
    silent = sum(not night.entries for night in nights)
    if tags and silent:
        yield f"nights without any entry in the diary are not compared by its words: {silent}"
    compared = {one.what for each in series for one in each.associations if not one.reason}
    if len(compared) > 1:
        yield f"{len(compared)} words of the diary were compared: expect some differences by chance alone"
    if any(one.reason for each in series for one in (*each.changes, *each.associations)):
        yield f"nothing is compared from fewer than {FEWEST_NIGHTS} nights on a side"


def _overlap(first: Night, second: Night) -> float:
    if first.start is None or second.start is None:
        return 0.0
    stop = instant(first.start) + timedelta(seconds=first.duration)
    return (stop - instant(second.start)).total_seconds()
