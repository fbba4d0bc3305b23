"""What a file calls its unit, and what that means here: µV with a factor, counts, or an envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.types import Unit

_MICROVOLTS: dict[str, float] = {
    "nv": 1e-3,
    "nanovolt": 1e-3,
    "uv": 1.0,
    "microvolt": 1.0,
    "mcv": 1.0,
    "mv": 1e3,
    "millivolt": 1e3,
    "v": 1e6,
    "volt": 1e6,
}
_ENVELOPES = ("env", "envelope", "rectified", "rms")
# Micro sign, Greek mu, and the micro sign as it looks after UTF-8 was read as Latin-1.
_MICRO_SIGNS = ("\u00c2\u00b5", "\u00ce\u00bc", "\u00b5", "\u03bc")


def microvolts(text: str) -> float | None:
    """Return how many µV one of ``text`` is (``"mV"``: 1000.0), ``None`` if it is no voltage.

    Letters of any case, with or without a plural s; ``µ`` may be written ``u`` or ``micro``.
    """
    word = text.strip().strip("[]()\x00").strip()
    for sign in _MICRO_SIGNS:
        word = word.replace(sign, "u")
    word = word.lower()
    return _MICROVOLTS.get(word, _MICROVOLTS.get(word.removesuffix("s")))


def meaning(text: str) -> tuple[Unit, float]:
    """Return the unit a word stands for and the factor to it; ``("adc", 1.0)`` for anything unknown."""
    factor = microvolts(text)
    if factor is not None:
        return "uV", factor
    if text.strip().lower() in _ENVELOPES:
        return "envelope", 1.0
    return "adc", 1.0
