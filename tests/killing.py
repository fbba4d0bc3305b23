"""Kill programs at random moments, for tests of what they leave behind.

A driver forks them from one process, so that each costs milliseconds, and they report through a pipe what
they have done. The driver prints a line of JSON, and a test reads it.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from struct import Struct

ROOT = Path(__file__).parents[1]
PATIENCE = 10.0
_LOOK_S = 0.0005


def kill_one(
    run: Callable[[int], object], report: Struct, *, after: int, delay: float
) -> list[tuple[Any, ...]]:
    """Start a program, kill it ``delay`` s after so many reports, and return what it reported.

    Counting reports keeps the kills in the midst of the work on a machine that is slow or busy, too.

    Parameters
    ----------
    run : callable
        The program; it is handed the pipe and does not return.
    report : Struct
        What it writes into the pipe.

    Raises
    ------
    SystemExit
        It ended by itself.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            run(writing)
        finally:
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    os.set_blocking(reading, False)
    data, limit = b"", time.monotonic() + PATIENCE
    while len(data) < after * report.size and time.monotonic() < limit:
        data += _drained(reading)
        time.sleep(_LOOK_S)
    time.sleep(delay)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    data += _drained(reading)
    os.close(reading)
    if os.WIFEXITED(status):
        raise SystemExit(f"the program ended by itself: {os.WEXITSTATUS(status)}")
    return [report.unpack_from(data, at) for at in range(0, len(data) - report.size + 1, report.size)]


def is_damaged(path: Path) -> bool:
    """Ask the database whether it is whole."""
    check = sqlite3.connect(path)
    (verdict,) = check.execute("PRAGMA integrity_check").fetchone()
    check.close()
    return bool(verdict != "ok")


def driven(driver: Path, folder: Path, kills: int, *, most_missing: float) -> None:
    """Run a driver, and demand that nothing was lost or damaged and that the kills prove it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, driver, folder, str(kills), "20240229"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == kills
    # Enough of them were killed in full work, or the rest would prove nothing.
    assert found["reported"] > kills / 2
    assert found["events"] > kills
    assert found["missing"] <= most_missing
    assert (found["wrong"], found["lost_events"], found["damaged"]) == (0, 0, 0)


def _drained(pipe: int) -> bytes:
    """Return what is in a pipe that does not block."""
    data = b""
    try:
        while piece := os.read(pipe, 1 << 16):
            data += piece
    except BlockingIOError:
        pass
    return data
