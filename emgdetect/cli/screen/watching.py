"""A listener that keeps what the screen shows; the recorder's thread fills it, another one draws."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emgdetect.cli.screen import saying
from emgdetect.cli.screen.drawing import Picture
from emgdetect.cli.screen.tally import Happenings, Line
from emgdetect.recorder import Silent

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.cli.screen.prompt import Prompt
    from emgdetect.cli.screen.tally import Tone
    from emgdetect.recorder import Status
    from emgdetect.types import Event, Gap


class Watching(Silent):
    """What is known of a recording.

    Parameters
    ----------
    session : str
        Name of its file.
    waiting : str
        What is waited for before it begins.
    clock : callable
        Seconds that pass whatever happens: they tell how old a state of things is.
    """

    def __init__(self, session: str, waiting: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._waiting = waiting
        self._clock = clock
        self._lock = threading.Lock()
        self._happenings = Happenings()
        self._status: Status | None = None
        self._heard = clock()
        self._units: dict[tuple[str, str], str] = {}
        self.stopping = False
        self.alarms: Callable[[], str] = lambda: ""
        self.prompt: Prompt | None = None
        self.touched = threading.Event()
        """Set when a key has changed something that should be seen at once."""

    def on_status(self, status: Status) -> None:
        """Take the state of things."""
        units = {(s.name, channel.name): channel.unit for s in status.streams for channel in s.channels}
        with self._lock:
            self._status, self._heard, self._units = status, self._clock(), {**self._units, **units}

    def on_event(self, source: str, event: Event) -> None:
        """Take an event; it has a line, which follows what becomes of it."""
        unit = self._units.get((source, event.channel), "")
        with self._lock:
            said = f"{event.channel}: {saying.event(event, unit)}"
            self._happenings.take(source, event, Line(self.now(), source, said, "event"))

    def on_gap(self, source: str, gap: Gap) -> None:
        """Take a gap."""
        rates = {} if self._status is None else {s.name: s.sampling_rate for s in self._status.streams}
        rate = rates.get(source, float("nan"))
        if saying.is_told(gap, rate):
            self.add(source, saying.gap(gap, rate), "gap")

    def on_message(self, source: str, text: str) -> None:
        """Take a remark."""
        self.add(source, text)

    def add(self, source: str, text: str, tone: Tone = "remark") -> None:
        """Add a line; from any thread."""
        with self._lock:
            self._happenings.add(Line(self.now(), source, text, tone))

    def picture(self, n_lines: int) -> Picture:
        """Return what is to be shown now, with so many of the newest lines."""
        with self._lock:
            return Picture(
                self._session,
                status=self._status,
                silent=0.0 if self._status is None else self._clock() - self._heard,
                counts=self._happenings.counts,
                lines=self._happenings.lines[-n_lines:] if n_lines > 0 else (),
                alarms=self.alarms(),
                waiting=self._waiting,
                stopping=self.stopping,
                n_lines=n_lines,
                prompt=self.prompt,
            )

    def now(self) -> datetime:
        """Return the time of day on the recording's computer."""
        return datetime.now(UTC) if self._status is None else self._status.time
