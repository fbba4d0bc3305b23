"""Single keys from the keyboard, where there is one."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WAIT_S = 0.2


@contextmanager
def heeded(press: Callable[[str], None]) -> Iterator[None]:
    """Call ``press`` with each key, in lower case, from a thread, until the block ends.

    Without a keyboard nothing is called. Ctrl-C stays what it is. The terminal is left as it was found.
    """
    if not sys.stdin.isatty():
        yield
        return
    over = threading.Event()
    with _single_keys() as read:
        thread = threading.Thread(target=_listen, args=(read, press, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(5 * _WAIT_S)


def _listen(read: Callable[[], str], press: Callable[[str], None], over: threading.Event) -> None:
    while not over.is_set():
        key = read()
        if key and not over.is_set():
            press(key.lower())


if sys.platform == "win32":

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        import msvcrt
        import time

        def read() -> str:
            if msvcrt.kbhit():
                return msvcrt.getwch()
            time.sleep(_WAIT_S)
            return ""

        yield read

else:

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        import os
        import select
        import termios
        import tty

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)

        def read() -> str:
            try:
                ready, _, _ = select.select([number], [], [], _WAIT_S)
                pressed = os.read(number, 1) if ready else b""
            except OSError:
                # The terminal is gone; the recording is not.
                threading.Event().wait(_WAIT_S)
                return ""
            if ready and not pressed:
                threading.Event().wait(_WAIT_S)
            return pressed.decode(errors="ignore")

        tty.setcbreak(number)
        try:
            yield read
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)
