"""psgscoring: the leg-movement stage of its ``analyze_plm``, called with every epoch asleep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from accuracy.spans import finish

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span

EPOCH_S = 30.0


def prepare() -> None:
    """Load what is needed."""
    import psgscoring.plm  # noqa: F401 - loaded before the clock runs


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Analyse one leg; its event list is asked for whole."""
    from psgscoring.plm import analyze_plm

    epochs = ["N2"] * math.ceil(piece.n_samples / piece.rate / EPOCH_S)
    options = settings.get("options", {})
    result = analyze_plm(
        piece.values(), None, piece.rate, epochs, leg_unit="uV", event_list_cap=None, **options
    )
    if not result["success"]:
        raise RuntimeError(str(result["error"]))
    spans = [(float(e["onset_s"]), float(e["onset_s"]) + float(e["duration_s"])) for e in result["events"]]
    return finish(spans, settings)
