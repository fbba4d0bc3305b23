"""What goes wrong on a virtual link, how often and when; all of it follows from one seed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Fault = Literal["disconnect", "silent", "reset", "sleep"]
"""The link breaks; it seems to be up but brings nothing; the sensor restarts; the computer sleeps."""

FAULTS: tuple[Fault, ...] = ("disconnect", "silent", "reset", "sleep")
HORIZON = 8 * 3600.0
"""Faults at random moments fall into so many seconds, where no length was given."""

_SECONDS: dict[Fault, float] = {"disconnect": 20.0, "silent": 20.0, "reset": 1.0, "sleep": 600.0}
_QUIET_START = 5.0


@dataclass(frozen=True, slots=True)
class Spell:
    """One fault: what, from when on, for how long; in seconds of the virtual clock."""

    start: float
    seconds: float
    fault: Fault

    @property
    def stop(self) -> float:
        """When it is over."""
        return self.start + self.seconds


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Everything that will go wrong.

    Parameters
    ----------
    drop : float
        The share of messages that vanish, 0 to 1.
    corrupt : float
        The share of bytes that arrive changed, 0 to 1.
    spells : tuple of Spell
        Faults that last, in order; none overlaps another.
    drift : tuple of (float, float)
        From when on the sensor's clock runs faster by which fraction; in order, the first from 0.
    """

    drop: float = 0.0
    corrupt: float = 0.0
    spells: tuple[Spell, ...] = ()
    drift: tuple[tuple[float, float], ...] = ((0.0, 0.0),)


def read_plan(words: Mapping[str, str], *, seed: int = 0, seconds: float = HORIZON) -> FaultPlan:
    """Read a plan from the words of a ``virtual://`` address.

    Parameters
    ----------
    words : mapping
        ``drop`` and ``corrupt`` are shares. ``disconnect``, ``silent``, ``reset`` and ``sleep`` are a number
        of times ("100"), with a length in seconds ("100x20"), or single ones, each a length at a moment
        ("30@600,5@1200"). ``drift`` is a fraction, or several with the second they begin
        ("200e-6,-200e-6@3600").
    seed : int
        Where and when the counted ones fall.
    seconds : float
        The time they fall into.

    Raises
    ------
    UsageError
        A word that cannot be read, or more faults than there is time for.
    """
    counted: list[tuple[Fault, float]] = []
    placed: list[Spell] = []
    for fault in FAULTS:
        for part in filter(None, words.get(fault, "").split(",")):
            length, _, moment = part.partition("@")
            if moment:
                placed.append(Spell(_number(fault, moment), _number(fault, length), fault))
            else:
                times, _, each = part.partition("x")
                count = int(_number(fault, times))
                counted += [(fault, _number(fault, each) if each else _SECONDS[fault])] * count
    spells = [*placed, *_scatter(counted, seed, seconds)]
    spells.sort(key=lambda spell: spell.start)
    if any(after.start < before.stop for before, after in pairwise(spells)):
        raise UsageError("two faults of the virtual sensor overlap", hint="give them other moments")
    return FaultPlan(
        drop=_share("drop", words.get("drop", "0")),
        corrupt=_share("corrupt", words.get("corrupt", "0")),
        spells=tuple(spells),
        drift=_drift(words.get("drift", "0")),
    )


def _scatter(counted: list[tuple[Fault, float]], seed: int, seconds: float) -> list[Spell]:
    """Shuffle the faults and put pauses of random length between them."""
    if not counted:
        return []
    free = seconds - _QUIET_START - sum(length for _, length in counted)
    if free <= 0:
        raise UsageError(
            f"the {len(counted)} faults of the virtual sensor do not fit into {seconds:g} s",
            hint="ask for fewer or shorter ones, or for more hours",
        )
    chance = np.random.default_rng((seed, 2))
    # Half of the free time is shared out evenly, so that the link is up for a while between any two.
    even = free / (2 * len(counted))
    pauses = np.sort(chance.uniform(0.0, free / 2, len(counted)))
    spells = []
    passed = _QUIET_START
    for pause, k in zip(pauses, chance.permutation(len(counted)), strict=True):
        fault, length = counted[k]
        passed += even
        spells.append(Spell(passed + float(pause), length, fault))
        passed += length
    return spells


def _drift(text: str) -> tuple[tuple[float, float], ...]:
    steps = []
    for part in text.split(","):
        value, _, moment = part.partition("@")
        steps.append((_number("drift", moment) if moment else 0.0, _number("drift", value)))
    steps.sort()
    return tuple(steps) if steps[0][0] == 0.0 else ((0.0, 0.0), *steps)


def _number(word: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is no number for {word} of a virtual sensor")
    return value


def _share(word: str, text: str) -> float:
    value = _number(word, text)
    if not 0.0 <= value <= 1.0:
        raise UsageError(f"{word} of a virtual sensor is a share from 0 to 1, not {text}")
    return value


class SensorClock:
    """Counts the samples a sensor has taken by a moment of the virtual clock, drift included."""

    def __init__(self, sampling_rate: float, drift: tuple[tuple[float, float], ...]) -> None:
        self._rate = sampling_rate
        self._drift = drift

    def samples(self, time: float) -> int:
        """Return how many whole samples there are from 0 to ``time`` seconds."""
        total = 0.0
        for k, (start, value) in enumerate(self._drift):
            stop = self._drift[k + 1][0] if k + 1 < len(self._drift) else math.inf
            total += max(0.0, min(time, stop) - start) * self._rate * (1.0 + value)
        # A hair above, so that 0.05 s at 1 kHz is 50 samples and not 49.
        return int(total + 1e-6)
