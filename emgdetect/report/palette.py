"""Colours and marks: Okabe and Ito's, told apart in grey by lightness, shape and stripes.

Okabe M, Ito K: Color Universal Design (2008).
"""

from __future__ import annotations

from typing import Any

KINDS: tuple[str, ...] = ("twitch", "burst", "spasm")

COLOURS: dict[str, str] = {
    "twitch": "#0072B2",
    "burst": "#009E73",
    "spasm": "#E69F00",
    "artefact": "#8A8A8A",
}

HATCHES: dict[str, str] = {"burst": "////"}
"""White stripes in bars: green is too near to blue for a printer without colours."""

MARKERS: dict[str, str] = {"twitch": "o", "burst": "s", "spasm": "^", "artefact": "x"}

INK = "#222B33"
"""Text and axes."""

FAINT = "#5B6670"
"""Secondary text; still 5.8:1 on white."""

RULE = "#C9D0D6"
"""Grid lines."""

FLOOR = "#5B6670"
FLOOR_FILL = "#D9DEE2"

LOST_STYLE: dict[str, Any] = {
    "facecolor": "#F1F1EE",
    "edgecolor": "#9AA0A5",
    "hatch": "//////",
    "linewidth": 0,
}
"""Time without valid signal: a pale ground with hatching, so that it never looks like quiet time."""

SHADE = "#FFF1CC"
"""The stretch of an example that was taken for the event, and the band of intervals a rule asks for."""

RMS = "#D55E00"
"""The running level of an example, and medians."""

REM = "#CC79A7"
"""REM sleep in a hypnogram; it is drawn thicker as well."""
