"""myonset: get_active_sections or get_onsets, single and double threshold, on one long trial."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import numpy as np

from accuracy.spans import finish

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span

WINDOWS = ("PyQt5", "PyQt5.QtGui", "PyQt5.QtCore", "PyQt5.QtWidgets", "pyqtgraph")


def prepare() -> None:
    """Load what is needed; its viewer's window library, which it does not declare, is stood in for."""
    for name in WINDOWS:
        sys.modules.setdefault(name, MagicMock())
    import myonset  # noqa: F401 - loaded before the clock runs


def find(piece: Piece, settings: Settings) -> list[Span]:
    """High-pass at 10 Hz as its guide does, then detect against the rest as baseline."""
    import myonset

    signal = myonset.hpfilter(piece.values(), sf=piece.rate, cutoff=settings.get("cutoff", 10))
    first, last = piece.resting()
    times = np.arange(signal.size) / piece.rate
    sections = myonset.get_active_sections(
        signal,
        times,
        method=settings["method"],
        params=dict(settings.get("params", {})),
        baseline=[first / piece.rate, (last - 1) / piece.rate],
        sf=piece.rate,
    )
    return finish(sorted((float(a) / piece.rate, float(b) / piece.rate) for a, b in sections), settings)
