"""The parent's side of a worker: start it, hand it jobs, survive its end."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

    from accuracy.piece import Span

SCRIPTS = Path(__file__).resolve().parents[1]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job: "ok" with spans, or the word and the message of a failure; seconds and MB used."""

    status: str
    spans: tuple[Span, ...] = ()
    message: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    megabytes: float = 0.0


class Child:
    """A worker process for one adapter; use it in a ``with`` statement."""

    def __init__(self, python: Path, adapter: str) -> None:
        paths = os.pathsep.join([str(SCRIPTS), str(SCRIPTS.parent)])
        one = dict.fromkeys(THREADS, "1")
        self._process = subprocess.Popen(
            [str(python), "-m", "accuracy.worker", adapter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **one, "PYTHONPATH": paths, "MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore"},
        )
        self._first = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def ask(self, job: dict[str, Any]) -> Answer:
        """Run one job; a worker that did not load, or has died, says so for every job."""
        if self._first.status != "ready":
            return self._first
        if self._process.poll() is not None or self._process.stdin is None:
            return Answer("crash", message="the worker has ended")
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Answer:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            return Answer("crash", message="the worker has ended")
        answer: dict[str, Any] = json.loads(line)
        spans = tuple((float(a), float(b)) for a, b in answer.pop("spans", ()))
        return Answer(spans=spans, **answer)
