"""What is said of a recording where nobody looks at a screen: plain lines on stderr."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from emgdetect.cli.console import note
from emgdetect.cli.screen import saying
from emgdetect.cli.screen.tally import Happenings
from emgdetect.recorder import Silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.recorder import Status
    from emgdetect.types import Event, Gap

EVERY_S = 60.0


class Lines(Silent):
    """Say remarks and gaps as they come, and once a minute how each sensor does.

    Parameters
    ----------
    say : callable
        What prints a line.
    """

    def __init__(self, say: Callable[[str], None] = note) -> None:
        self._say = say
        self._happenings = Happenings()
        self._status: Status | None = None
        self._next = 0.0
        self._last: dict[str, str] = {}

    def on_status(self, status: Status) -> None:
        """Take the state of things, and say it if it is time to."""
        self._status = status
        if status.elapsed < self._next:
            return
        self._next = status.elapsed + EVERY_S
        for stream in status.streams:
            counted = self._happenings.counts
            events = [saying.counts(counted.get((stream.name, c.name), {})) for c in stream.channels]
            named = [f"{c.name}: {said}" for c, said in zip(stream.channels, events, strict=True)]
            is_told = stream.state == "ended" and stream.detail == self._last.get(stream.name)
            parts = ["gone" if is_told else saying.state(stream, paused=status.paused)]
            if stream.channels:
                parts += [*saying.facts(stream), *named, saying.behind(stream)]
            self._line(stream.name, "; ".join(filter(None, parts)))

    def on_event(self, source: str, event: Event) -> None:
        """Count an event."""
        self._happenings.take(source, event)

    def on_gap(self, source: str, gap: Gap) -> None:
        """Say that there is a gap, unless it is a short one."""
        rates = {} if self._status is None else {s.name: s.sampling_rate for s in self._status.streams}
        rate = rates.get(source, float("nan"))
        if saying.is_told(gap, rate):
            self._line(source, saying.gap(gap, rate))

    def on_message(self, source: str, text: str) -> None:
        """Say a remark."""
        self._last[source] = text
        self._line(source, text)

    def _line(self, source: str, text: str) -> None:
        now = datetime.now().astimezone() if self._status is None else self._status.time.astimezone()
        self._say(f"{now:%H:%M:%S} {source}{': ' if source else ''}{text}")
