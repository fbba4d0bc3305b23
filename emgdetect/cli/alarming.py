"""Alarms beside a recording: what it tells goes in, what is to be done comes out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emgdetect.alarms import Engine, Performer, Sensor
from emgdetect.cli.words import plural
from emgdetect.recorder import Silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from emgdetect.alarms import Plan, Raised
    from emgdetect.recorder import Status, StreamStatus
    from emgdetect.types import Event

EVERY_S = 0.01
"""With alarms samples go to detection so often, so that its looks, 25 ms apart, hardly wait for them."""

NOTE_KIND = "alarm"
"""Kind of the notes that alarms leave in the session."""

_NOTHING = frozenset({"flat", "saturated", "lead-off"})


class Alarming(Silent):
    """A listener with alarms.

    Parameters
    ----------
    plan : Plan
        What to do when.
    session : Path
        Where each alarm is noted.
    tell : callable
        Told each alarm and each action that failed: sensor and text.
    """

    def __init__(self, plan: Plan, session: Path, tell: Callable[[str, str], None]) -> None:
        self._plan = plan
        self._session = session
        self._tell = tell
        self._performer = Performer(lambda text: tell("", text))
        self._engine = Engine(plan, self._give)

    def on_event(self, source: str, event: Event) -> None:
        """Take an event as it was announced."""
        self._engine.saw(source, event)

    def on_status(self, status: Status) -> None:
        """Take the state of things."""
        self._engine.tick(status.elapsed, list(_sensors(status)))

    def snooze(self) -> None:
        """Be silent for a while, or no longer."""
        seconds = self._engine.snooze()
        self._tell("", f"alarms snoozed for {seconds / 60:.0f} min" if seconds else "alarms on again")

    def finish(self) -> None:
        """Let what was begun get done."""
        self._performer.finish()

    def words(self) -> str:
        """Say how the alarms do, in few words."""
        if left := self._engine.snoozed:
            return f"alarms snoozed, {math.ceil(left / 60)} min left"
        ringing = ", ".join(rule for rule, _ in self._engine.ringing)
        return f"ALARM: {ringing}" if ringing else f"{plural(len(self._plan.alarms), 'alarm')} on"

    def _give(self, raised: Raised) -> None:
        now = datetime.now(UTC)
        facts = {
            "alarm": raised.alarm.rule.text,
            "sensor": raised.sensor,
            "text": raised.text,
            "time": now.astimezone().isoformat(timespec="milliseconds"),
            "after": f"{raised.step.after:g}",
        }
        for action in raised.step.actions:
            self._performer.do(action, facts)
        self._tell("", f"ALARM {raised.text} ({', '.join(map(str, raised.step.actions))})")
        self._performer.do(_Noted(self._session, f"{raised.alarm.rule.text}: {raised.text}", now), facts)


@dataclass(frozen=True, slots=True)
class _Noted:
    """The alarm among the session's notes."""

    session: Path
    text: str
    time: datetime

    def do(self, facts: Mapping[str, str]) -> None:  # noqa: ARG002 - the text says it all
        from emgdetect.cli.noting import jot

        jot(self.session, NOTE_KIND, self.text, self.time)

    def __str__(self) -> str:
        return "the note of an alarm"


def _sensors(status: Status) -> Iterator[Sensor]:
    for stream in status.streams:
        silent = 0.0 if status.paused or stream.state == "streaming" else min(stream.age, status.elapsed)
        yield Sensor(stream.name, stream.seconds, silent, "" if status.paused else _trouble(stream))


def _trouble(stream: StreamStatus) -> str:
    if stream.state != "streaming":
        return ""
    return ", ".join(f"{one.name} {one.trouble}" for one in stream.channels if one.trouble in _NOTHING)
