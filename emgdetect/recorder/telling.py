"""Passing on what happens, to listeners and into the session's notes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emgdetect.session import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emgdetect.recorder.host import Host
    from emgdetect.recorder.status import Listener, Status
    from emgdetect.session import SessionWriter
    from emgdetect.types import Event, Gap

NOTE_KIND = "recorder"
"""Kind of the notes that the recorder makes."""


class Teller:
    """Tell listeners; one that raises is left out from then on, for a night is worth more than a screen."""

    def __init__(self, session: SessionWriter, listeners: Iterable[Listener], host: Host) -> None:
        self._session = session
        self._listeners = list(listeners)
        self._host = host

    def event(self, source: str, event: Event) -> None:
        """Pass on an event that has been stored."""
        self._all(lambda listener: listener.on_event(source, event))

    def gap(self, source: str, gap: Gap) -> None:
        """Pass on a gap."""
        self._all(lambda listener: listener.on_gap(source, gap))

    def status(self, status: Status) -> None:
        """Pass on the state of things."""
        self._all(lambda listener: listener.on_status(status))

    def say(self, source: str, text: str) -> None:
        """Pass on a remark, and keep it with the session."""
        now = datetime.fromtimestamp(self._host.read().wall, UTC)
        self._session.note(Note(NOTE_KIND, f"{source}: {text}" if source else text, time=now))
        self._all(lambda listener: listener.on_message(source, text))

    def _all(self, call: Callable[[Listener], None]) -> None:
        for listener in tuple(self._listeners):
            try:
                call(listener)
            except Exception as error:  # noqa: BLE001 - whatever a listener does wrong, recording goes on
                self._listeners.remove(listener)
                self.say("", f"a part that only shows or warns has failed and was left out: {error}")
