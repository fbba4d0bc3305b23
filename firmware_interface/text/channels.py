"""What the numbers of a line mean, by their names and by what the user said of the converter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.types import Channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_interface.text.options import TextOptions

MYOWARE_GAIN = 200.0
"""Amplification of the RAW output of a MyoWare 2.0."""

UV_PER_V = 1e6
UV_PER_MV = 1e3
LEVELS = {"env", "envelope", "rect", "rectified"}
RAW = "raw"
REFERENCE = "ref"


def channels_of(names: Sequence[str], options: TextOptions) -> tuple[Channel, ...]:
    """Return a channel for each name.

    ``env`` and ``rect`` are levels. ``raw`` becomes µV where the sketch sends millivolts, or where reference
    voltage and bits are known; other names also need the amplification. Anything else is counts.
    """
    return tuple(_channel(name, options) for name in names)


def _channel(name: str, options: TextOptions) -> Channel:
    low, high = _rails(options)
    if name.lower() in LEVELS:
        return Channel(name, "envelope", raw_low=None if low is None else 0.0, raw_high=high)
    if options.output == "mv" and name.lower() == RAW:
        return Channel(name, "uV", gain=UV_PER_MV)
    amplification = options.gain or (MYOWARE_GAIN if name.lower() == RAW else None)
    if name.lower() == REFERENCE or not (amplification and options.vref and options.bits):
        return Channel(name, "adc", raw_low=low, raw_high=high)
    full = (1 << options.bits) - 1
    gain = options.vref / full / amplification * UV_PER_V
    offset = 0.0 if options.centred else -full / 2 * gain
    return Channel(name, "uV", gain, offset, low, high)


def _rails(options: TextOptions) -> tuple[float | None, float | None]:
    if options.bits is None or options.output == "mv":
        return None, None
    full = float((1 << options.bits) - 1)
    return (-full if options.centred else 0.0), full
