"""What alarms are made of: a rule, steps with actions, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from emgdetect.alarms.actions import Action

Watched = Literal["length", "count", "lost", "contact"]
"""An event that is long, many events, a sensor that sends nothing, a channel that measures nothing."""

REFRACTORY_S = 60.0
SNOOZE_S = 600.0

RANKS = {"event": 0, "twitch": 0, "burst": 1, "spasm": 2}
"""A longer event was a shorter one before."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When there is an alarm.

    Parameters
    ----------
    text : str
        As somebody wrote it; it names the alarm.
    watched : {"length", "count", "lost", "contact"}
        What it looks at.
    kind : str
        Of events: "twitch", "burst", "spasm", or "event" for any.
    seconds : float
        How long it has to last; for "count" the length of the window.
    count : int
        How many events within the window.
    """

    text: str
    watched: Watched
    kind: str = "event"
    seconds: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is done when an alarm has gone on for ``after`` seconds; 0 for at once."""

    after: float
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule and what it leads to.

    Parameters
    ----------
    rule : Rule
        When.
    steps : tuple of Step
        By time, the first at 0. The later ones are the escalation, while what the rule says goes on.
    refractory : float
        Seconds from one alarm to the next of the same rule and sensor, at least.
    sensor : str
        The only sensor it is about; empty for all, each by itself.
    """

    rule: Rule
    steps: tuple[Step, ...]
    refractory: float = REFRACTORY_S
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All alarms of a recording, and for how many seconds the snooze key silences them."""

    alarms: tuple[Alarm, ...] = ()
    snooze: float = SNOOZE_S
