"""Signals that mean "stop": the recording ends in good order at the first, at once at the second."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recorder.options import Control

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def stopped_by_signals(control: Control) -> Iterator[None]:
    """Let Ctrl-C, a service manager and a closed terminal stop a recording inside the block.

    A signal that is ignored (``nohup``) stays so. Outside the main thread nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[signal.Signals, Any] = {}

    def stop(*_: object) -> None:
        control.stop()
        _restore(before)

    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        _restore(before)


def _restore(before: dict[signal.Signals, Any]) -> None:
    while before:
        number, handler = before.popitem()
        # A handler that Python did not set cannot be named, and is not put back.
        signal.signal(number, signal.SIG_DFL if handler is None else handler)
