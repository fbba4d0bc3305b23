"""Single keys from the keyboard, where there is one."""

from __future__ import annotations

import re
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTER = "\n\r"
ESCAPE = "\x1b"
BACKSPACE = "\x7f\b"
CLEAR = "\x15"
"""Ctrl-U."""

_WAIT_S = 0.2
_AT_ONCE = 256
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\x1b])")
"""What arrows and the like send: an escape with more behind it."""


@contextmanager
def heeded(press: Callable[[str], None]) -> Iterator[None]:
    """Call ``press`` with each key, a character, from a thread, until the block ends.

    Without a keyboard nothing is called. Arrows and the like are left out, Ctrl-C stays what it is. The
    terminal is left as it was found.
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
        for key in read():
            if not over.is_set():
                press(key)


if sys.platform == "win32":

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        import msvcrt
        import time

        def read() -> str:
            if not msvcrt.kbhit():
                time.sleep(_WAIT_S)
                return ""
            key = msvcrt.getwch()
            if key in "\x00\xe0" and msvcrt.kbhit():
                msvcrt.getwch()  # the second half of an arrow
                return ""
            return key

        yield read

else:

    @contextmanager
    def _single_keys() -> Iterator[Callable[[], str]]:
        import codecs
        import os
        import select
        import termios
        import tty

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")

        def read() -> str:
            try:
                ready, _, _ = select.select([number], [], [], _WAIT_S)
                pressed = os.read(number, _AT_ONCE) if ready else b""
            except OSError:
                # The terminal is gone; the recording is not.
                threading.Event().wait(_WAIT_S)
                return ""
            if ready and not pressed:
                threading.Event().wait(_WAIT_S)
            return _SEQUENCE.sub("", decoder.decode(pressed))

        tty.setcbreak(number)
        try:
            yield read
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)
