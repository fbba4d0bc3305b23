"""Several processes at work on the same question."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from accuracy.run import WORKERS


def processes(count: int = WORKERS) -> ProcessPoolExecutor:
    """Return a pool of fresh processes: a fork of one that has threads may hang, on any system."""
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
