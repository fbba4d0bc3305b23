"""What has happened so far: events by kind, and the newest lines."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from emgdetect.types import Event

Tone = Literal["event", "gap", "alarm", "remark"]

_LINES = 200
_WAITING = 256
_FINAL = 32


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, at ``time``."""

    time: datetime
    source: str
    text: str
    tone: Tone = "remark"


class Tally:
    """Count the events of one channel as they are announced, become final or are withdrawn."""

    def __init__(self) -> None:
        self._final: Counter[str] = Counter()
        self._waiting: dict[int, Event] = {}
        self._recent: deque[Event] = deque(maxlen=_FINAL)

    def take(self, event: Event) -> bool:
        """Take news of an event; return whether it is one that nobody has heard of."""
        if event.status == "provisional":
            is_new = event.sample not in self._waiting
            if is_new and len(self._waiting) >= _WAITING:
                # Finals should have taken their places long ago.
                del self._waiting[next(iter(self._waiting))]
            self._waiting[event.sample] = event
            return is_new
        if event.status == "withdrawn":
            self._waiting.pop(event.sample, None)
            return False
        announced = [one for one in self._waiting.values() if _overlap(one, event)]
        for one in announced:
            del self._waiting[one.sample]
        known = bool(announced) or any(_overlap(one, event) for one in self._recent)
        self._recent.append(event)
        if event.kind != "artefact":
            self._final[event.kind] += 1
        return not known and event.kind != "artefact"

    @property
    def counts(self) -> Mapping[str, int]:
        """Events so far by kind, those included that are not final yet; artefacts are not among them."""
        return self._final + Counter(one.kind for one in self._waiting.values())


class Happenings:
    """The newest lines, and a tally for each channel of each sensor.

    The line of an event changes as more is known of it, and goes if it is withdrawn.
    """

    def __init__(self) -> None:
        self._lines: dict[object, Line] = {}
        self._tallies: dict[tuple[str, str], Tally] = {}

    def take(self, source: str, event: Event, line: Line | None = None) -> None:
        """Take news of an event, and what there is to say of it."""
        is_new = self._tallies.setdefault((source, event.channel), Tally()).take(event)
        key = (source, event.channel, event.sample)
        if event.status == "withdrawn":
            self._lines.pop(key, None)
        elif line is not None and key in self._lines:
            self._lines[key] = replace(line, time=self._lines[key].time)
        elif line is not None and is_new:
            self._add(key, line)

    def add(self, line: Line) -> None:
        """Add a line that stays."""
        self._add(object(), line)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The newest lines, the last one last."""
        return tuple(self._lines.values())

    @property
    def counts(self) -> dict[tuple[str, str], Mapping[str, int]]:
        """Events so far by kind, for each sensor and channel."""
        return {key: tally.counts for key, tally in self._tallies.items()}

    def _add(self, key: object, line: Line) -> None:
        if len(self._lines) >= _LINES:
            del self._lines[next(iter(self._lines))]
        self._lines[key] = line


def _overlap(first: Event, second: Event) -> bool:
    return first.sample < second.sample + second.n_samples and second.sample < first.sample + first.n_samples
