"""Named scenarios: the suites that accuracy is measured on."""

from __future__ import annotations

from dataclasses import replace

from emgdetect.errors import UsageError
from emgdetect.sources.simulate.scenario import Background, Dense, Rates, Scenario, Series, Traps
from emgdetect.sources.simulate.sensor import AMPLIFIER, ARDUINO, MYOWARE_ENVELOPE

HOUR = 3600.0
MIXED = Rates(twitch=80, jerk=50, leg_movement=40, spasm=28, clonus=16)
DISTURBED = Background(mains_uv=12, ecg_uv=30, baseline_uv=3000, tonic_uv=2.0, postures_per_hour=6)
NIGHT_BACKGROUND = Background(
    noise_uv=2.0, tonic_uv=1.0, postures_per_hour=2.5, mains_uv=4, ecg_uv=9, baseline_uv=800
)
TONIC_BACKGROUND = replace(NIGHT_BACKGROUND, noise_uv=1.0, tonic_uv=8.0)
"""A muscle that is never quite at rest: its own weak activity, not the amplifier, makes the background."""
NIGHT_TRAPS = Traps(
    motion=5,
    pop=1.0,
    glitch=1.0,
    lost_packets=0.6,
    disconnect=0.1,
    lead_off=0.1,
    saturation=0.1,
    noise_step=1.0,
)
EVERY_TRAP = Traps(
    motion=34, pop=26, glitch=14, lost_packets=10, disconnect=4, lead_off=2, saturation=4, noise_step=6
)


def _mixed(name: str, low: float, high: float) -> Scenario:
    return Scenario(name=name, duration=1200, rates=MIXED, snr_db=(low, high), background=Background())


_ALL = (
    _mixed("clean", 20, 32),
    _mixed("snr15", 15, 15),
    _mixed("snr10", 10, 10),
    _mixed("snr6", 6, 6),
    _mixed("snr3", 3, 3),
    replace(_mixed("artefacts", 12, 28), duration=1800, background=DISTURBED, traps=EVERY_TRAP),
    Scenario(
        name="plm-night",
        duration=8 * HOUR,
        sampling_rate=250,
        channels=("leg left", "leg right"),
        rates=Rates(twitch=5, leg_movement=6, movement=3),
        series=Series(per_hour=1.1),
        snr_db=(12, 32),
        bilateral=0.4,
        background=NIGHT_BACKGROUND,
        traps=NIGHT_TRAPS,
    ),
    Scenario(
        name="twitch-night",
        duration=8 * HOUR,
        rates=Rates(twitch=25),
        snr_db=(12, 30),
        background=replace(NIGHT_BACKGROUND, noise_uv=3.0, mains_uv=8),
        traps=NIGHT_TRAPS,
    ),
    Scenario(
        name="tonic-night",
        duration=8 * HOUR,
        rates=Rates(twitch=15, leg_movement=6, movement=2),
        snr_db=(11, 28),
        background=TONIC_BACKGROUND,
        traps=NIGHT_TRAPS,
    ),
    Scenario(
        name="spasm-day",
        duration=4 * HOUR,
        sampling_rate=500,
        rates=Rates(twitch=15, jerk=8, spasm=10, clonus=5, cramp=0.8, movement=9),
        snr_db=(12, 32),
        background=replace(DISTURBED, tonic_uv=3.0),
        traps=Traps(
            motion=35,
            pop=7,
            glitch=3,
            lost_packets=6,
            disconnect=1.5,
            lead_off=0.6,
            saturation=1.5,
            noise_step=8,
        ),
    ),
    Scenario(
        name="arduino-10bit",
        duration=1800,
        rates=MIXED,
        snr_db=(15, 30),
        background=Background(noise_uv=8, tonic_uv=2, mains_uv=12),
        traps=Traps(motion=16, pop=3, noise_step=2),
        sensor=ARDUINO,
    ),
    Scenario(
        name="envelope",
        duration=1800,
        sampling_rate=200,
        rates=Rates(twitch=20, jerk=50, leg_movement=60, spasm=30, clonus=10, movement=15),
        snr_db=(14, 30),
        background=Background(mains_uv=3),
        traps=Traps(motion=12, pop=4, noise_step=4),
        sensor=MYOWARE_ENVELOPE,
    ),
    Scenario(
        name="busy",
        duration=30,
        dense=Dense(),
        snr_db=(9, 28),
        seed=4,
        quiet_start=0.0,
        background=Background(tonic_uv=1.0, mains_uv=2),
    ),
    Scenario(name="rest", duration=1800, background=Background(tonic_uv=0.0, mains_uv=0.0)),
    Scenario(name="tonic-rest", duration=8 * HOUR, background=TONIC_BACKGROUND, traps=NIGHT_TRAPS),
    Scenario(name="noise-artefacts", duration=24 * HOUR, background=DISTURBED, traps=EVERY_TRAP),
    Scenario(
        name="night",
        duration=8 * HOUR,
        sampling_rate=500,
        rates=Rates(twitch=8, jerk=4, leg_movement=4, spasm=1.5, clonus=0.7, cramp=0.2, movement=3),
        series=Series(per_hour=0.5),
        snr_db=(8, 32),
        background=NIGHT_BACKGROUND,
        traps=NIGHT_TRAPS,
        sensor=AMPLIFIER,
    ),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
"""The presets by name."""


def scenario_named(name: str) -> Scenario:
    """Return the preset of that name.

    Raises
    ------
    UsageError
        With the names there are.
    """
    if name not in SCENARIOS:
        raise UsageError(
            f'there is no scenario "{name}"', where="simulation", hint=f"choose from {', '.join(SCENARIOS)}"
        )
    return SCENARIOS[name]
