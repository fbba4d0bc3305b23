"""The child: loads one adapter, then runs every job in a fork of its own with limits.

Reads one job a line from standard input, writes one answer a line. Runs in a peer's environment: imports
nothing beyond numpy, the adapters and what these load.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from types import ModuleType

MEGABYTE = 1_000_000
MESSAGE = 160


def main() -> None:
    """Serve jobs until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    try:
        adapter = importlib.import_module(f"accuracy.adapters.{sys.argv[1]}")
        adapter.prepare()
    except Exception as error:  # noqa: BLE001 - whatever stops a library from loading is an answer
        _say(answers, {"status": "does not load", "message": _text(error)})
        return
    _say(answers, {"status": "ready"})
    for line in sys.stdin:
        _say(answers, run(adapter, json.loads(line)))


def run(adapter: ModuleType, job: dict[str, Any]) -> dict[str, Any]:
    """Run one job in a fork and return its answer with what it used."""
    begin = time.perf_counter()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(adapter, job, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, state, used = os.wait4(child, 0)
    answer: dict[str, Any] = json.loads(text) if text else _ended(state)
    unit = 1 if sys.platform == "darwin" else 1024
    answer |= {"cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss * unit / MEGABYTE}
    return answer | {"wall": time.perf_counter() - begin}


def _work(adapter: ModuleType, job: dict[str, Any], writing: int) -> None:
    """Do the job, and never come back."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # unhandled, whatever a library has set: the process ends
    signal.alarm(max(1, round(job["seconds"])))
    limit = int(job["megabytes"] * MEGABYTE)
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        spans = adapter.find(_piece(job), job["settings"])
        answer: dict[str, Any] = {"status": "ok", "spans": [(float(a), float(b)) for a, b in spans]}
    except MemoryError:
        answer = {"status": "out of memory"}
    except Exception as error:  # noqa: BLE001 - a peer's crash is a result
        answer = {"status": "crash", "message": _text(error)}
    with os.fdopen(writing, "w") as pipe:
        pipe.write(json.dumps(answer))
    os._exit(0)


def _piece(job: dict[str, Any]) -> Any:  # noqa: ANN401 - a Piece, whose module loads numpy
    import numpy as np

    from accuracy.piece import Piece

    counts = np.load(job["path"], mmap_mode="r")[job["row"], job["start"] : job["stop"]]
    rest = job["rest"]
    return Piece(
        counts,
        job["rate"],
        job["unit"],
        job["gain"],
        job["offset"],
        tuple(job["rails"]),
        tuple((int(start), int(length)) for start, length in job["gaps"]),
        None if rest is None else (int(rest[0]), int(rest[1])),
    )


def _ended(state: int) -> dict[str, Any]:
    number = os.WTERMSIG(state) if os.WIFSIGNALED(state) else 0
    if number == signal.SIGALRM:
        return {"status": "time limit"}
    return {"status": "crash", "message": f"ended by signal {number}"}


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:MESSAGE]


def _say(stream: TextIO, answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
