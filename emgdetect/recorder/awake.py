"""Keeping the computer awake while it records, by what each system offers for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_KEPT = "this computer may fall asleep while it records: switch that off in its settings"

_GIVES_UP_S = 0.3
_ES_CONTINUOUS = 0x80000000
_ES_SYSTEM_REQUIRED = 0x00000001
# Both wait for the end of their input, which comes even if this program is killed.
_HELPERS = {
    "darwin": ("caffeinate", "-i", "-m", "cat"),
    "linux": (
        "systemd-inhibit",
        "--what=sleep:idle:handle-lid-switch",
        "--who=emgdetect",
        "--why=recording",
        "cat",
    ),
}


@contextmanager
def kept_awake() -> Iterator[str]:
    """Keep the computer from sleeping inside the block; its screen may go dark.

    Yields
    ------
    str
        Empty, or a sentence for people when it could not be done.
    """
    if sys.platform == "win32":
        try:
            yield _windows(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)
        finally:
            _windows(_ES_CONTINUOUS)
        return
    helper = _started(_HELPERS.get(sys.platform, ()))
    try:
        yield "" if helper is not None else NOT_KEPT
    finally:
        if helper is not None:
            _ended(helper)


def _started(command: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    if not command or shutil.which(command[0]) is None:
        return None
    with suppress(OSError):
        helper = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with suppress(subprocess.TimeoutExpired):
            # Without a session bus or permission it gives up at once.
            helper.wait(_GIVES_UP_S)
            _ended(helper)
            return None
        return helper
    return None


def _ended(helper: subprocess.Popen[bytes]) -> None:
    if helper.stdin is not None:
        with suppress(OSError):
            helper.stdin.close()
    try:
        helper.wait(2.0)
    except subprocess.TimeoutExpired:
        helper.kill()
        helper.wait()


def _windows(state: int) -> str:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - exists on Windows only
    return "" if kernel.SetThreadExecutionState(ctypes.c_uint(state)) else NOT_KEPT
