"""NeuroKit2: emg_clean, emg_amplitude, emg_activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accuracy.spans import finish

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span


def prepare() -> None:
    """Load what is needed."""
    import neurokit2  # noqa: F401 - loaded before the clock runs


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Clean, take the amplitude, and ask for activation; tuned: band-pass from 20 Hz, a threshold by rest."""
    import neurokit2

    if settings.get("tuned"):
        from accuracy.adapters.textbook import band_passed

        cleaned = band_passed(piece)
    else:
        cleaned = neurokit2.emg_clean(piece.values(), sampling_rate=piece.rate)
    amplitude = np.asarray(neurokit2.emg_amplitude(cleaned))
    threshold = settings.get("threshold", "default")
    if "k" in settings:
        rest = amplitude[slice(*piece.resting())]
        threshold = float(rest.mean() + settings["k"] * rest.std())
    _, info = neurokit2.emg_activation(
        emg_amplitude=amplitude,
        emg_cleaned=cleaned,
        sampling_rate=piece.rate,
        method=settings["method"],
        threshold=threshold,
        duration_min=settings.get("duration_min", "default"),
    )
    return finish(_spans(info, piece.rate), settings)


def _spans(info: dict[str, object], rate: float) -> list[Span]:
    """Pair onsets with the next offset; NeuroKit2 leaves out edges that lie at an end."""
    onsets = np.asarray(info["EMG_Onsets"], dtype=float)
    offsets = np.asarray(info["EMG_Offsets"], dtype=float)
    nexts = np.searchsorted(offsets, onsets, side="right")
    return [
        (float(a) / rate, float(offsets[i]) / rate)
        for a, i in zip(onsets, nexts, strict=True)
        if i < offsets.size
    ]
