"""The sensor: µV at the electrode become the integers that a device would send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.types import Channel, FloatArray, Unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL_BITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A converter and what stands before it.

    ``gain`` is µV at the electrode per count, ``zero`` the count of 0 µV, ``low`` and ``high`` the rails.
    With ``envelope_hz`` the sensor high-passes at 20 Hz, rectifies and smooths with one pole at that
    frequency; its numbers then are of the unit "envelope", without a calibration.
    """

    name: str = "wearable-16bit"
    unit: Unit = "uV"
    gain: float = 0.25
    zero: int = 0
    low: int = -32768
    high: int = 32767
    envelope_hz: float | None = None

    @property
    def dtype(self) -> np.dtype[Any]:
        """Integer type that holds both rails."""
        return np.dtype(np.int16 if self.high < 1 << (SMALL_BITS - 1) else np.int32)

    @property
    def rails_uv(self) -> tuple[float, float]:
        """µV at which the converter clips."""
        return (self.low - self.zero) * self.gain, (self.high - self.zero) * self.gain

    def channel(self, name: str) -> Channel:
        """Describe one channel of this sensor."""
        gain = self.gain if self.unit == "uV" else 1.0
        offset = -self.zero * self.gain if self.unit == "uV" else 0.0
        return Channel(name, self.unit, gain, offset, float(self.low), float(self.high))

    def quantise(self, microvolts: FloatArray) -> NDArray[Any]:
        """Round µV to counts, clipped at the rails."""
        counts = np.rint(microvolts / self.gain) + self.zero
        clipped: NDArray[Any] = np.clip(counts, self.low, self.high).astype(self.dtype)
        return clipped


WEARABLE = Sensor()
"""16 bit, 0.25 µV per count: a wearable recorder, rails at ±8.2 mV."""

AMPLIFIER = Sensor(name="amplifier-24bit", gain=4.5e6 / 24 / (2**23 - 1), low=-(2**23), high=2**23 - 1)
"""24 bit at 4.5 V and gain 24, as in the ADS1299 boards: 0.0224 µV per count, rails at ±187 mV."""

ARDUINO = Sensor(name="arduino-10bit", gain=5e6 / 1023 / 200, zero=512, low=0, high=1023)
"""MyoWare RAW (gain 200) on a 10-bit Arduino at 5 V: 24.44 µV per count."""

MYOWARE_ENVELOPE = Sensor(
    name="myoware-envelope",
    unit="envelope",
    gain=3.3e6 / 4095 / 10200,
    low=0,
    high=4095,
    envelope_hz=3.6,
)
"""MyoWare ENV at its factory gain (10 200) on a 12-bit converter at 3.3 V."""

SENSORS: dict[str, Sensor] = {s.name: s for s in (WEARABLE, AMPLIFIER, ARDUINO, MYOWARE_ENVELOPE)}
