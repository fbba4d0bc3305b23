"""BioSPPy: its eight onset detectors.

Only ``find_onsets`` has default settings. For the others "default" is a customary value from the method's
paper or its other public implementations, on the signal as the package's own ``emg`` filters it (high-pass
100 Hz), with the first two seconds for rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from accuracy.spans import finish, paired

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from accuracy.piece import Piece, Settings, Span


def prepare() -> None:
    """Load what is needed."""
    import biosppy.signals.emg  # noqa: F401 - loaded before the clock runs


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Filter, detect, and pair the bare edges that come back."""
    import biosppy.signals.emg as peer

    values = _filtered(piece, settings)
    words: dict[str, Any] = {"signal": values, "sampling_rate": piece.rate, **_options(piece, settings)}
    if "k" in settings:
        level = np.abs(values[slice(*piece.resting())])
        words["threshold"] = float(level.mean() + settings["k"] * level.std())
    if settings.get("wants_rest", True):
        words["rest"] = values[slice(*piece.resting())]
    detector: Callable[..., Any] = getattr(peer, settings["method"])
    return finish(paired(np.asarray(detector(**words)["onsets"]), values, piece.rate), settings)


def _filtered(piece: Piece, settings: Settings) -> NDArray[np.float64]:
    if settings.get("tuned"):
        from accuracy.adapters.textbook import band_passed

        return band_passed(piece)
    from biosppy.signals import tools

    filtered, _, _ = tools.filter_signal(
        signal=piece.values(),
        ftype="butter",
        band="highpass",
        order=4,
        frequency=100,
        sampling_rate=piece.rate,
    )
    return np.asarray(filtered, dtype=np.float64)


def _options(piece: Piece, settings: Settings) -> dict[str, Any]:
    """Add what is given in seconds as samples, which most of the package's detectors want."""
    options = dict(settings.get("options", {}))
    for name, seconds in settings.get("samples", {}).items():
        options[name] = max(1, round(seconds * piece.rate))
    return options
