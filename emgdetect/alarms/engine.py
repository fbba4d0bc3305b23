"""Which alarm is raised when. Nothing here reads a clock, waits, or does anything but decide."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emgdetect.alarms.rules import RANKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emgdetect.alarms.rules import Alarm, Plan, Rule, Step
    from emgdetect.types import Event

ENDED_S = 1.0
"""An event that has not grown for so long is over."""

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sensor:
    """How a sensor does: seconds of its stream so far, for how long it has sent nothing, what is wrong.

    ``silent`` is 0 while it is paused; ``trouble`` names the channels that measure nothing, and why.
    """

    name: str
    position: float
    silent: float
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that is to be given: which, of what sensor, in words, and the step with its actions."""

    alarm: Alarm
    sensor: str
    text: str
    step: Step


@dataclass(slots=True)
class _Watch:
    """What is known of one sensor."""

    position: float = 0.0
    silent: float = 0.0
    trouble: str = ""
    troubled_since: float = math.nan
    going_on: dict[_Key, Event] = field(default_factory=dict)
    over: dict[_Key, Event] = field(default_factory=dict)


@dataclass(slots=True)
class _Ringing:
    since: float
    done: int = 1


class Engine:
    """Decide by a plan, for each sensor by itself.

    Lengths and windows of events are in the time of their stream, so that the same samples give the same
    alarms however fast they come. Escalation, refractory time and snooze go by :meth:`tick`'s seconds.

    Parameters
    ----------
    plan : Plan
        The alarms.
    give : callable
        Told every alarm that is raised, and every further step of one that goes on.
    """

    def __init__(self, plan: Plan, give: Callable[[Raised], None]) -> None:
        self._plan = plan
        self._give = give
        self._now = 0.0
        self._silent_until = -math.inf
        self._watches: dict[str, _Watch] = {}
        self._ringing: dict[tuple[int, str], _Ringing] = {}
        self._last: dict[tuple[int, str], float] = {}
        self._window = max((alarm.rule.seconds for alarm in plan.alarms), default=0.0)

    def saw(self, sensor: str, event: Event) -> None:
        """Take an event as it was announced, again with each growth, or withdrawn.

        Final events say nothing new: they come when the look-ahead has passed.
        """
        if event.status == "final" or event.kind == "artefact":
            return
        watch = self._watches.setdefault(sensor, _Watch())
        key = (event.channel, event.sample)
        watch.going_on.pop(key, None)
        before = watch.over.pop(key, None)
        if event.status == "withdrawn":
            return
        if before is not None and event.n_samples <= before.n_samples:
            watch.over[key] = event
            return
        watch.going_on[key] = event
        watch.position = max(watch.position, event.onset + event.duration)
        self._decide(sensor, watch)

    def tick(self, now: float, sensors: Iterable[Sensor] = ()) -> None:
        """Take note that the recording has gone on for ``now`` seconds, and of how the sensors do."""
        self._now = now
        for sensor in sensors:
            watch = self._watches.setdefault(sensor.name, _Watch())
            watch.position = max(watch.position, sensor.position)
            watch.silent = sensor.silent
            if not sensor.trouble:
                watch.troubled_since = math.nan
            elif math.isnan(watch.troubled_since):
                watch.troubled_since = now
            watch.trouble = sensor.trouble
        for name, watch in self._watches.items():
            self._decide(name, watch)

    def snooze(self) -> float:
        """Be silent for a while, or no longer if that is so already; return for how many seconds."""
        if self.snoozed:
            self._silent_until = -math.inf
            return 0.0
        self._silent_until = self._now + self._plan.snooze
        self._ringing.clear()
        return self._plan.snooze

    @property
    def snoozed(self) -> float:
        """Seconds of silence left, 0 if there is none."""
        return max(0.0, self._silent_until - self._now)

    @property
    def ringing(self) -> tuple[tuple[str, str], ...]:
        """Rule and sensor of each alarm that goes on."""
        return tuple((self._plan.alarms[place].rule.text, name) for place, name in self._ringing)

    def _decide(self, name: str, watch: _Watch) -> None:
        self._settle(watch)
        for place, alarm in enumerate(self._plan.alarms):
            if alarm.sensor in {"", name}:
                self._look(place, alarm, name, watch)

    def _look(self, place: int, alarm: Alarm, name: str, watch: _Watch) -> None:
        key = (place, name)
        what = self._holds(alarm.rule, watch)
        if not what:
            self._ringing.pop(key, None)
            return
        if self.snoozed:
            return
        text = f"{name}: {what}"
        ringing = self._ringing.get(key)
        if ringing is None:
            if self._now - self._last.get(key, -math.inf) >= alarm.refractory:
                self._last[key] = self._now
                self._ringing[key] = _Ringing(self._now)
                self._give(Raised(alarm, name, text, alarm.steps[0]))
            return
        for step in alarm.steps[ringing.done :]:
            if self._now - ringing.since >= step.after:
                ringing.done += 1
                self._give(Raised(alarm, name, text, step))

    def _settle(self, watch: _Watch) -> None:
        """Note which events are over, and forget those that no window reaches any more."""
        for key, event in list(watch.going_on.items()):
            if watch.position - _end(event) >= ENDED_S:
                watch.over[key] = watch.going_on.pop(key)
        for key, event in list(watch.over.items()):
            if watch.position - _end(event) > self._window + ENDED_S:
                del watch.over[key]

    def _holds(self, rule: Rule, watch: _Watch) -> str:
        """Say in words what is the matter; nothing if nothing is."""
        if rule.watched == "length":
            return _long(rule, watch)
        if rule.watched == "count":
            return _many(rule, watch)
        if rule.watched == "lost":
            return f"no samples for {watch.silent:.0f} s" if watch.silent >= rule.seconds else ""
        lasted = self._now - watch.troubled_since
        return f"{watch.trouble} for {lasted:.0f} s" if lasted >= rule.seconds else ""


def _end(event: Event) -> float:
    return event.onset + event.duration


def _is(event: Event, kind: str, *, at_least: bool) -> bool:
    if kind == "event":
        return True
    return RANKS[event.kind] >= RANKS[kind] if at_least else event.kind == kind


def _long(rule: Rule, watch: _Watch) -> str:
    for event in watch.going_on.values():
        if event.duration >= rule.seconds and _is(event, rule.kind, at_least=True):
            return f"{event.kind} on {event.channel} for {event.duration:.1f} s"
    return ""


def _many(rule: Rule, watch: _Watch) -> str:
    # What goes on may yet become a longer kind, unless it is of the longest or any kind will do.
    sure = [one for one in watch.going_on.values() if rule.kind == "event" or one.kind == "spasm"]
    since = watch.position - rule.seconds
    count = sum(
        1
        for event in (*watch.over.values(), *sure)
        if _end(event) > since and _is(event, rule.kind, at_least=False)
    )
    if count < rule.count:
        return ""
    word = "twitches" if rule.kind == "twitch" else f"{rule.kind}s"
    return f"{count} {word} in {rule.seconds:.0f} s"
