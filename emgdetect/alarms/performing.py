"""Doing what alarms ask for, beside the recording: whatever becomes of it, samples are stored."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from emgdetect.alarms.actions import Bell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Doing(Protocol):
    """Anything that can be done about an alarm; as text it names itself."""

    def do(self, facts: Mapping[str, str]) -> None:
        """Do it, and return when it is done; whatever is raised is complained about."""


AT_ONCE = 8
"""So many commands and posts may go on at the same time."""


class Performer:
    """Do actions in threads of their own, and say which failed.

    Parameters
    ----------
    complain : callable
        Told one line for each action that failed; called from any thread.
    """

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._running: list[threading.Thread] = []

    def do(self, action: Doing, facts: Mapping[str, str]) -> None:
        """Begin an action and return at once."""
        if isinstance(action, Bell):
            # It takes no time, and is not to wait for its turn.
            self._attempt(action, facts)
            return
        self._running = [each for each in self._running if each.is_alive()]
        if len(self._running) >= AT_ONCE:
            self._complain(f"alarm: {action} was left out, {AT_ONCE} others are still at it")
            return
        thread = threading.Thread(target=self._attempt, args=(action, facts), daemon=True)
        self._running.append(thread)
        thread.start()

    def finish(self, seconds: float = 5.0) -> None:
        """Give what was begun a little time to get done."""
        deadline = time.monotonic() + seconds
        for thread in self._running:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _attempt(self, action: Doing, facts: Mapping[str, str]) -> None:
        try:
            action.do(facts)
        except Exception as error:  # noqa: BLE001 - an alarm that fails must not cost samples
            self._complain(f"alarm failed: {error}")
