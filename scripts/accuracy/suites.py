"""Which simulated recordings are searched: scenario, rate, length and seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace

HOUR = 3600.0
FIRST_SEED, TUNING_SEED = 1000, 500
"""Evaluation seeds begin at 1000; peers are tuned on seed 500; seeds below 100 belong to development."""

QUICK_S = 600.0


@dataclass(frozen=True, slots=True)
class Suite:
    """One row of the main table.

    ``family`` says which tuning the peers get, ``profile`` which shipped profile is meant for it beside the
    generic one. ``whole_peers``: peers get every recording whole, not an excerpt of the first.
    """

    name: str
    scenario: str
    family: str
    n_seeds: int
    duration: float
    rate: float | None = None
    profile: str = "generic"
    whole_peers: bool = False

    @property
    def seeds(self) -> range:
        """Evaluation seeds."""
        return range(FIRST_SEED, FIRST_SEED + self.n_seeds)


SUITES: tuple[Suite, ...] = (
    Suite("clean", "clean", "plain", 6, 1200),
    Suite("15 dB", "snr15", "plain", 6, 1200),
    Suite("10 dB", "snr10", "plain", 6, 1200),
    Suite("6 dB", "snr6", "plain", 6, 1200),
    Suite("3 dB", "snr3", "plain", 6, 1200),
    Suite("artefacts", "artefacts", "disturbed", 6, 1800),
    Suite("PLM night 250 Hz", "plm-night", "night", 2, 8 * HOUR, 250, "sleep-legs"),
    Suite("PLM night 500 Hz", "plm-night", "night", 1, 8 * HOUR, 500, "sleep-legs"),
    Suite("PLM night 1000 Hz", "plm-night", "night", 1, 8 * HOUR, 1000, "sleep-legs"),
    Suite("twitch night", "twitch-night", "night", 2, 8 * HOUR, None, "twitch"),
    Suite("tonic night", "tonic-night", "night", 1, 8 * HOUR),
    Suite("spasm day", "spasm-day", "night", 2, 4 * HOUR, None, "spasm"),
    Suite("Arduino 10-bit", "arduino-10bit", "disturbed", 4, 1800),
    Suite("envelope 200 Hz", "envelope", "envelope", 4, 1800),
    Suite("busy", "busy", "dense", 24, 30, whole_peers=True),
    Suite("rest", "rest", "plain", 6, 1800),
)
NOISE = Suite("24 h of artefacts", "noise-artefacts", "disturbed", 1, 24 * HOUR)
"""No events, every artefact: false alarms only."""

TUNING: dict[str, Suite] = {
    "plain": Suite("plain", "snr10", "plain", 1, 300),
    "disturbed": Suite("disturbed", "artefacts", "disturbed", 1, 300),
    "night": Suite("night", "plm-night", "night", 1, 2400, 250),
    "envelope": Suite("envelope", "envelope", "envelope", 1, 300),
    "dense": Suite("dense", "busy", "dense", 4, 30),
}
"""One tuning recording per family (four short ones for the dense)."""


def shortened(suite: Suite) -> Suite:
    """Return a suite cut down to one seed (three where recordings are short) and ten minutes."""
    short = suite.duration < QUICK_S
    return replace(
        suite, n_seeds=min(suite.n_seeds, 3 if short else 1), duration=min(suite.duration, QUICK_S)
    )
