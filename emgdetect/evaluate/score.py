"""Precision, recall and errors of detected events against a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UsageError
from emgdetect.evaluate.matching import Pairing, match

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from emgdetect.evaluate.marks import Timed
    from emgdetect.types import FloatArray

EPISODES = frozenset({"clonus"})
"""Kinds of the reference that may be found as a whole or by their beats."""

INSIDE = 0.5
"""Part of a detected event that must lie in an episode to count as one of its beats."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """Detected minus true time of matched events, in s: median with its sign, 95th percentile without."""

    n: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class KindScore:
    """How many events of one kind of the reference there are, and how many were found."""

    kind: str
    n_truth: int
    found: int

    @property
    def recall(self) -> float:
        """Found by there."""
        return self.found / self.n_truth


@dataclass(frozen=True, slots=True)
class Score:
    """How well detected events agree with a reference.

    Attributes
    ----------
    n_truth, n_detected : int
        Events compared; artefacts are left out on both sides.
    matched, missed, false : int
        Events of the reference that were found and that were not; detected events that are none.
    beats : int
        Further detected events inside an episode that was found: neither found nor false.
    precision, recall, f1 : float or None
        matched / (matched + false), matched / n_truth, and their harmonic mean; ``None`` for 0 / 0.
    false_per_hour : float or None
        ``None`` unless hours were given.
    count_bias : int
        Detected (beats left out) minus there.
    onset_error, offset_error : Deviation or None
        Over one-to-one matches; an episode found by its beats is not among them.
    kinds : tuple of KindScore
        By kind of the reference, sorted.
    pairs : tuple of (int, int)
        One-to-one matches: places in ``truth`` and ``detected`` as they were given.
    by_beats : tuple of (int, int)
        Episodes found by their beats alone, with the first of these: places as in ``pairs``.
    false_places : tuple of int
        Where in ``detected`` the events stand that are none.
    """

    n_truth: int
    n_detected: int
    matched: int
    missed: int
    false: int
    beats: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_per_hour: float | None
    count_bias: int
    onset_error: Deviation | None
    offset_error: Deviation | None
    kinds: tuple[KindScore, ...]
    pairs: tuple[tuple[int, int], ...]
    by_beats: tuple[tuple[int, int], ...] = ()
    false_places: tuple[int, ...] = ()


def score(
    truth: Iterable[Timed],
    detected: Iterable[Timed],
    *,
    min_iou: float = 0.2,
    onset_tolerance: float | None = None,
    hours: float | None = None,
    by_kind: bool = False,
) -> Score:
    """Compare detected events with a reference.

    Parameters
    ----------
    truth, detected : iterable of Timed
        Events or marks, in any order. Artefacts are left out. Channels are compared apart, unless one side
        names none at all.
    min_iou, onset_tolerance : float
        What makes a pair: overlap, or onsets within so many s; see :class:`~emgdetect.evaluate.Pairing`.
    hours : float, optional
        Length of what was judged, for false alarms per hour.
    by_kind : bool, default False
        Whether only events of the same kind can be pairs.

    Returns
    -------
    Score
        Matching is one to one with as many pairs as possible. A ``clonus`` of the reference is also found by
        any detected event that lies in it by half; more of these are neither found nor false.

    Raises
    ------
    UsageError
        If ``hours`` is not positive, or no pair could ever match.
    """
    if hours is not None and hours <= 0:
        raise UsageError(f"false alarms per hour need hours, not {hours:g}")
    if min_iou <= 0 or (min_iou > 1 and onset_tolerance is None):
        raise UsageError(f"the overlap must lie above 0 and not above 1, not {min_iou:g}")
    reference, found = _Side(truth), _Side(detected)
    channels = reference.names_channels and found.names_channels
    pairs = _pairs(reference, found, Pairing(min_iou, onset_tolerance), channels=channels, kinds=by_kind)
    episodes, beats = _found_by_beats(reference, found, pairs, channels=channels)
    matched = len(pairs) + len(episodes)
    wrong = sorted(set(found.places) - {second for _, second in pairs} - beats)
    missed, false = len(reference.places) - matched, len(wrong)
    return Score(
        n_truth=len(reference.places),
        n_detected=len(found.places),
        matched=matched,
        missed=missed,
        false=false,
        beats=len(beats) - len(episodes),
        precision=_ratio(matched, matched + false),
        recall=_ratio(matched, matched + missed),
        f1=_ratio(2 * matched, 2 * matched + missed + false),
        false_per_hour=None if hours is None else false / hours,
        count_bias=false - missed,
        onset_error=deviation(_errors(reference, found, pairs, edge=0)),
        offset_error=deviation(_errors(reference, found, pairs, edge=1)),
        kinds=_kinds(reference, {place for place, _ in (*pairs, *episodes)}),
        pairs=tuple(pairs),
        by_beats=tuple(episodes),
        false_places=tuple(wrong),
    )


class _Side:
    """Events of one side: all as given, their times (shape ``(n, 2)``), and the places of those compared."""

    def __init__(self, events: Iterable[Timed]) -> None:
        self.events = tuple(events)
        self.times: FloatArray = np.array(
            [(event.onset, event.onset + event.duration) for event in self.events], dtype=np.float64
        ).reshape(-1, 2)
        self.places = [place for place, event in enumerate(self.events) if event.kind != "artefact"]
        self.names_channels = any(self.events[place].channel for place in self.places)

    def groups(self, *, channels: bool, kinds: bool) -> dict[tuple[str, str], NDArray[np.int64]]:
        """Return places by channel and kind, as far as these are told apart."""
        grouped: dict[tuple[str, str], list[int]] = {}
        for place in self.places:
            event = self.events[place]
            key = (event.channel if channels else "", event.kind if kinds else "")
            grouped.setdefault(key, []).append(place)
        return {key: np.array(places, dtype=np.int64) for key, places in grouped.items()}


def _pairs(
    truth: _Side, detected: _Side, pairing: Pairing, *, channels: bool, kinds: bool
) -> list[tuple[int, int]]:
    others = detected.groups(channels=channels, kinds=kinds)
    pairs = []
    for key, mine in truth.groups(channels=channels, kinds=kinds).items():
        theirs = others.get(key)
        if theirs is not None:
            matched = match(truth.times[mine], detected.times[theirs], pairing)
            pairs += [(int(mine[first]), int(theirs[second])) for first, second in matched]
    return sorted(pairs)


def _found_by_beats(
    truth: _Side, detected: _Side, pairs: list[tuple[int, int]], *, channels: bool
) -> tuple[list[tuple[int, int]], set[int]]:
    """Return which episodes without a pair were found by beats, with the first, and all beats there are."""
    paired = {first for first, _ in pairs}
    free = set(detected.places) - {second for _, second in pairs}
    episodes: list[tuple[int, int]] = []
    beats: set[int] = set()
    for place in truth.places:
        event = truth.events[place]
        if event.kind in EPISODES:
            here = {
                other
                for other in _inside(truth.times[place], detected.times)
                if other in free and (not channels or detected.events[other].channel == event.channel)
            }
            free -= here
            beats |= here
            if here and place not in paired:
                episodes.append((place, min(here, key=lambda other: (detected.times[other, 0], other))))
    return episodes, beats


def _inside(episode: FloatArray, times: FloatArray) -> list[int]:
    shared = np.minimum(times[:, 1], episode[1]) - np.maximum(times[:, 0], episode[0])
    return [
        int(place)
        for place in np.flatnonzero((shared >= INSIDE * (times[:, 1] - times[:, 0])) & (shared >= 0))
    ]


def deviation(errors: FloatArray) -> Deviation | None:
    """Describe errors in s, or return ``None`` when there are none."""
    if not errors.size:
        return None
    return Deviation(errors.size, float(np.median(errors)), float(np.percentile(np.abs(errors), 95)))


def _errors(truth: _Side, detected: _Side, pairs: Sequence[tuple[int, int]], *, edge: int) -> FloatArray:
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    errors: FloatArray = detected.times[second, edge] - truth.times[first, edge]
    return errors


def _kinds(truth: _Side, found: set[int]) -> tuple[KindScore, ...]:
    names = sorted({truth.events[place].kind for place in truth.places})
    by_kind = {name: [place for place in truth.places if truth.events[place].kind == name] for name in names}
    return tuple(KindScore(name, len(places), len(found & set(places))) for name, places in by_kind.items())


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
