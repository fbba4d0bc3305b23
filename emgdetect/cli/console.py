"""What commands say: results on stdout, everything about the way there on stderr."""

from __future__ import annotations

import json
import math
import sys
import time
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID
    from rich.status import Status

PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""


def say(text: str) -> None:
    """Print a result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print one line about the way to the result; it does not mix with results in a pipe."""
    sys.stderr.write(f"emgdetect: {text}\n")
    sys.stderr.flush()


def say_json(content: object) -> None:
    """Print one JSON document; a number that does not exist becomes null."""
    say(json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False))


def not_both(json_wanted: bool, quiet: bool) -> None:
    """Refuse ``--json`` together with ``--quiet``.

    Raises
    ------
    UsageError
        When both are set.
    """
    if json_wanted and quiet:
        raise UsageError("--json and --quiet do not go together", hint="leave one of them out")


def _plain(content: object) -> Any:  # noqa: ANN401 - JSON is any of its types
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    if hasattr(content, "isoformat"):
        return content.isoformat()
    if isinstance(content, str | int | float | None):
        return content
    return str(content)


class Bar:
    """A progress bar that appears only when the work takes a while and somebody is looking."""

    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = max(total, 1)
        self._began = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int) -> None:
        """Tell how many of the total are done by now."""
        if self._shown is None and time.monotonic() - self._began > PATIENCE:
            self._shown = self._show()
        if self._shown is not None:
            progress, task = self._shown
            progress.update(task, completed=min(done, self._total))

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._shown is not None:
            self._shown[0].stop()
            self._shown = None

    def _show(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        return progress, progress.add_task(self._label, total=self._total)


@contextmanager
def bar(label: str, total: int, *, quiet: bool = False) -> Iterator[Bar | None]:
    """Give a progress bar, or ``None`` when stderr is not a terminal or ``quiet`` is set."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    shown = Bar(label, total)
    try:
        yield shown
    finally:
        shown.close()


@contextmanager
def waiting(label: str, *, quiet: bool = False) -> Iterator[None]:
    """Show that work of unknown length goes on, once it has gone on for a while, if somebody is looking."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    spinner = _Spinner(label)
    timer = Timer(PATIENCE, spinner.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        spinner.stop()


class _Spinner:
    """A spinner that another thread may start at the very moment it is to stop."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._lock = Lock()
        self._over = False
        self._status: Status | None = None

    def start(self) -> None:
        from rich.console import Console

        with self._lock:
            if not self._over:
                self._status = Console(stderr=True).status(self._label)
                self._status.start()

    def stop(self) -> None:
        with self._lock:
            self._over = True
            if self._status is not None:
                self._status.stop()
