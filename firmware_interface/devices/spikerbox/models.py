"""Backyard Brains' products: bits, rates, and the names they have for themselves."""

from __future__ import annotations

from dataclasses import dataclass

from emgdetect.types import Channel, StreamInfo

MOST_CHANNELS = 6


@dataclass(frozen=True, slots=True)
class Model:
    """Facts of one product.

    Parameters
    ----------
    name : str
        What it is called in texts.
    bits : int
        Bits of a sample.
    rates : tuple of float
        Samples per second with one channel, two, ...; the last goes for all larger numbers.
    n_channels : int
        How many channels it sends from power-up, as far as is known.
    """

    name: str
    bits: int
    rates: tuple[float, ...]
    n_channels: int = 1

    @property
    def highest(self) -> int:
        """The converter's upper rail."""
        return (1 << self.bits) - 1

    def info(self, n_channels: int) -> StreamInfo:
        """Describe a stream of so many channels."""
        rate = self.rates[min(n_channels, len(self.rates)) - 1]
        channels = tuple(
            Channel(f"channel {n + 1}", "adc", raw_low=0.0, raw_high=float(self.highest))
            for n in range(n_channels)
        )
        return StreamInfo(rate, channels, self.name)


# A timer of 16 MHz / 8 that counts to 199 takes one channel after the other, not 200 as was meant.
SHIELD_RATES = tuple(2e6 / (199 * n) for n in range(1, MOST_CHANNELS + 1))
PRO_RATES = (10_000.0, 10_000.0, 5_000.0)

SHIELD = Model("Muscle SpikerShield", 10, SHIELD_RATES)
BOX = Model("Muscle SpikerBox", 10, (10_000.0,))
PRO = Model("Muscle SpikerBox Pro", 10, PRO_RATES, n_channels=2)
HUMAN = Model("Human SpikerBox", 14, (5_000.0,), n_channels=2)
STATION = Model("Spike Station", 14, (42_661.0,), n_channels=2)

MODELS = {
    "MUSCLESS": SHIELD,
    "HEARTSS": Model("Heart & Brain SpikerShield", 10, SHIELD_RATES),
    "MUSCUSB1": BOX,
    "HBLEOSB": Model("Heart & Brain SpikerBox", 10, (SHIELD_RATES[0],)),
    "HHIBOX": Model("Human-Human-Interface", 10, (10_000.0,)),
    "MSBPCDC": PRO,
    "MUSCLESB": PRO,
    "NSBPCDC": Model("Neuron SpikerBox Pro", 10, PRO_RATES, n_channels=2),
    "NEURONSB": Model("Neuron SpikerBox Pro", 10, PRO_RATES, n_channels=2),
    "HUMANSB": HUMAN,
    "UNIBOX": STATION,
    "PLANTSS": Model("Plant SpikerBox", 10, (10_000.0,)),
}
"""What a device answers to ``b:;`` after ``HWT:``."""
