"""LibEMG: OfflineDataHandler.active_threshold, its way of telling activity from no motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accuracy.spans import finish, runs

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span


def prepare() -> None:
    """Load what is needed."""
    import libemg.data_handler  # noqa: F401 - loaded before the clock runs


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Cut windows, learn no motion from the rest, and take every window that stays active."""
    from libemg.data_handler import OfflineDataHandler
    from libemg.utils import get_windows

    values = piece.values()[:, None]
    if settings.get("tuned"):
        from accuracy.adapters.textbook import band_passed

        values = band_passed(piece)[:, None]
    size, step = (max(2, round(settings[name] * piece.rate)) for name in ("window", "step"))
    windows = get_windows(values, size, step)
    quiet = get_windows(values[slice(*piece.resting())], size, step)
    labels = np.ones(len(windows), dtype=int)
    handler = OfflineDataHandler()
    found = handler.active_threshold(quiet, windows, labels, num_std=settings.get("num_std", 3))
    active = np.asarray(labels if found is None else found) == 1
    spans = [(a * step, b * step + size - step) for a, b in runs(active, 1.0)]
    return finish([(a / piece.rate, b / piece.rate) for a, b in spans], settings)
