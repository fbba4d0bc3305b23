"""What a user may say of a sensor that prints lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECTS = ("auto", "value", "library", "volts", "bargraph", "t_us", "t_ms", "labels", "json")
"""The ways of writing lines; ``auto`` learns which from the first of them."""

TextOutput = Literal["counts", "mv"]

MOST_BITS = 24
OPTIONS: Mapping[str, str] = {
    "dialect": f"how lines are written: {', '.join(DIALECTS)} (default auto: learned from the first of them)",
    "rate": "samples per second the sketch means to send (default: that of its example)",
    "channels": "names of the values in a line, such as env,raw; with labels or JSON, which of them to take",
    "vref": "reference voltage of the converter in volts",
    "bits": "bits of the converter",
    "gain": "amplification before the converter; with vref and bits it makes µV (200 for MyoWare RAW)",
}
"""Name and meaning of each option, for the help."""


@dataclass(frozen=True, slots=True)
class TextOptions:
    """How the lines of one sensor are to be read.

    Parameters
    ----------
    device : str
        What the sensor is called in the description of its stream.
    dialect : str
        One of :data:`DIALECTS`.
    rate : float, optional
        Samples per second; ``None`` for that of the dialect.
    names : tuple of str
        Names of the values; empty for those of the dialect.
    vref, bits, gain : optional
        Volts, bits and amplification of the converter.
    output : {"counts", "mv"}
        Whether values are counts of the converter or millivolts at the electrodes.
    centred : bool
        Whether the sketch has already subtracted half the supply from RAW.
    """

    device: str
    dialect: str = "auto"
    rate: float | None = None
    names: tuple[str, ...] = ()
    vref: float | None = None
    bits: int | None = None
    gain: float | None = None
    output: TextOutput = "counts"
    centred: bool = False

    def written_as(self, dialect: str) -> TextOptions:
        """Return the options for a dialect that was learned; that of the library sends millivolts."""
        return replace(self, dialect=dialect, output="mv" if dialect == "library" else self.output)


def read_options(device: str, name: str, options: Mapping[str, str]) -> TextOptions:
    """Read the options of :data:`OPTIONS`.

    Parameters
    ----------
    device : str
        What people type, for messages.
    name : str
        What the stream's device is called.
    options : mapping
        As they were typed.

    Raises
    ------
    UsageError
        An option is unknown or has no such value.
    """
    given = Given(device, options, tuple(OPTIONS))
    return TextOptions(
        device=name,
        dialect=given.choice("dialect", "auto", DIALECTS),
        rate=given.number("rate"),
        names=given.names("channels"),
        vref=given.number("vref"),
        bits=given.count("bits", None, MOST_BITS),
        gain=given.number("gain"),
    )
