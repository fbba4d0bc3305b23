"""What is simulated: frozen settings in physical units, nothing random in them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

from emgdetect.errors import UsageError
from emgdetect.sources.simulate.sensor import Sensor

Kind = Literal["twitch", "jerk", "leg_movement", "spasm", "clonus", "cramp", "movement"]
"""Kinds of true events. The names follow the movement, not the detector's duration classes."""

LONGEST = 7 * 86400.0
SLOWEST, FASTEST = 10.0, 20000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Isolated events per hour and channel."""

    twitch: float = 0.0
    jerk: float = 0.0
    leg_movement: float = 0.0
    spasm: float = 0.0
    clonus: float = 0.0
    cramp: float = 0.0
    movement: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Leg movements in periodic series: series per hour, movements per series, interval in seconds.

    Intervals are onset to onset, log-normal around ``interval`` with ``spread`` (SD of the logarithm) and
    kept within 10-90 s.
    """

    per_hour: float
    movements: tuple[int, int] = (5, 45)
    interval: float = 24.0
    spread: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """Back-to-back activity without a quiet start, as in gait, finger bursts and cued squeezes.

    ``active`` is the range the active share of the time is drawn from, ``pause`` the shortest pause in s.
    """

    active: tuple[float, float] = (0.2, 0.6)
    pause: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What the channel shows when nothing happens, in µV RMS at the electrode unless said otherwise.

    ``noise_uv`` is electrode and amplifier noise from 20 Hz up to 450 Hz (or 0.45 of the rate),
    ``corner_hz`` where the electrode's 1/f part equals the white part. ``tonic_uv`` is the level of weak
    continuous motor-unit activity, which drifts and steps ``postures_per_hour`` times an hour.
    ``mains_uv`` and ``ecg_uv`` are amplitudes (peak), ``baseline_uv`` the electrode's DC offset.
    """

    noise_uv: float = 3.0
    corner_hz: float = 25.0
    tonic_uv: float = 1.5
    postures_per_hour: float = 4.0
    mains_hz: float = 50.0
    mains_uv: float = 2.0
    ecg_uv: float = 0.0
    heart_rate: float = 62.0
    baseline_uv: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traps:
    """Artefacts per hour: what a detector must not count.

    ``lost_packets`` and ``disconnect`` are gaps; all other kinds are in the samples.
    """

    motion: float = 0.0
    pop: float = 0.0
    lead_off: float = 0.0
    saturation: float = 0.0
    glitch: float = 0.0
    lost_packets: float = 0.0
    disconnect: float = 0.0
    noise_step: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything that defines a simulated recording; the same scenario and seed give the same numbers.

    Parameters
    ----------
    name : str
        Name of the preset, or any other.
    duration : float
        Seconds, above 0, up to a week.
    sampling_rate : float
        10 to 20 000 Hz, integer or not. From 150 Hz on, the sensor has an anti-aliasing filter; below,
        it picks samples as a bare converter does, and muscle activity appears aliased.
    channels : tuple of str
        Names; each channel has its own muscle, electrode and artefacts.
    rates, series, dense
        Which events happen; without any the recording is rest.
    snr_db : (float, float)
        Range of event RMS over local background RMS, uniform in dB.
    bilateral : float
        Chance that an event of the first channel also happens in the second, up to 0.3 s apart.
    quiet_start : float
        Seconds at the beginning without an event.
    """

    name: str
    duration: float
    sampling_rate: float = 1000.0
    channels: tuple[str, ...] = ("EMG",)
    rates: Rates = field(default_factory=Rates)
    series: Series | None = None
    dense: Dense | None = None
    snr_db: tuple[float, float] = (12.0, 28.0)
    bilateral: float = 0.0
    quiet_start: float = 6.0
    background: Background = field(default_factory=Background)
    traps: Traps = field(default_factory=Traps)
    sensor: Sensor = field(default_factory=Sensor)
    seed: int = 1

    @property
    def n_samples(self) -> int:
        """Samples per channel, gaps included."""
        return round(self.duration * self.sampling_rate)


RANGES: dict[str, tuple[float, float]] = {
    "bilateral": (0.0, 1.0),
    "quiet_start": (0.0, LONGEST),
    "noise_uv": (1e-3, 1e4),
    "corner_hz": (0.0, 1e3),
    "tonic_uv": (0.0, 1e4),
    "postures_per_hour": (0.0, 3600.0),
    "mains_hz": (1.0, 1e3),
    "mains_uv": (0.0, 1e5),
    "ecg_uv": (0.0, 1e5),
    "heart_rate": (20.0, 250.0),
    "baseline_uv": (0.0, 1e6),
}


def check(scenario: Scenario) -> None:
    """Refuse settings that cannot be simulated.

    Raises
    ------
    UsageError
        Naming the setting and its range.
    """
    _within(scenario.sampling_rate, SLOWEST, FASTEST, "sampling rate in Hz")
    _within(scenario.duration, 0.0, LONGEST, "duration in seconds")
    if scenario.n_samples < 1:
        raise UsageError(
            f"{scenario.duration:g} s at {scenario.sampling_rate:g} Hz hold no sample", where="simulation"
        )
    if scenario.seed < 0:
        raise UsageError(
            f"the seed is {scenario.seed}", where="simulation", hint="use 0 or a positive number"
        )
    if not scenario.channels or len(set(scenario.channels)) != len(scenario.channels):
        raise UsageError("channels need different names, at least one", where="simulation")
    _within_both(scenario.snr_db, -20.0, 80.0, "SNR in dB")
    if scenario.dense is not None:
        _within_both(scenario.dense.active, 0.01, 0.95, "active share")
        _within(scenario.dense.pause, 0.0, 3600.0, "pause in seconds")
    for name, (low, high) in RANGES.items():
        owner = scenario if hasattr(scenario, name) else scenario.background
        _within(getattr(owner, name), low, high, name)
    for group in (scenario.rates, scenario.traps):
        for item in fields(group):
            _within(getattr(group, item.name), 0.0, 36000.0, f"{item.name} per hour")


def _within(value: float, low: float, high: float, what: str) -> None:
    if not low <= value <= high:
        raise UsageError(f"{what} is {value:g}", where="simulation", hint=f"use {low:g} to {high:g}")


def _within_both(values: tuple[float, float], low: float, high: float, what: str) -> None:
    for value in values:
        _within(value, low, high, what)
    if values[0] > values[1]:
        raise UsageError(
            f"{what} runs from {values[0]:g} to {values[1]:g}",
            where="simulation",
            hint="the lower comes first",
        )
