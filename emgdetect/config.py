"""Profiles: the frozen settings of a detection, read from TOML, checked, and hashed.

Every setting states its unit and range; a wrong one is refused by name. The profiles that ship with the
package are the files of ``emgdetect/profiles``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from emgdetect.errors import ConfigError

Seconds = Annotated[float, Field(ge=0, le=3600)]
Hertz = Annotated[float, Field(gt=0, le=20_000)]
Decibels = Annotated[float, Field(ge=0, le=60)]
Fraction = Annotated[float, Field(gt=0, lt=1)]


Sensitivity = Literal["low", "normal", "high"]

_HEIGHTS: dict[Sensitivity, float] = {"low": 1.6, "normal": 1.0, "high": 0.8}
"""What the knob multiplies the threshold's height by; docs/accuracy shows the effect."""
_ODDS: dict[Sensitivity, float] = {"low": 6.0, "normal": 1.0, "high": 0.25}
"""What it multiplies the odds by from which an event is believed."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Band(_Settings):
    """Which frequencies are looked at."""

    low: Hertz = Field(30.0, description="High-pass corner in Hz; lowered to a fifth of a slow rate")
    high: Hertz = Field(400.0, description="Low-pass corner in Hz; left out where the rate ends below it")
    mains: Literal["auto", "off"] = Field("auto", description="Subtract steady 50/60 Hz lines and harmonics")

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class Threshold(_Settings):
    """What counts as activity."""

    lookahead: Annotated[float, Field(ge=0, le=600)] = Field(
        120.0, description="Seconds of future the threshold may use before an event becomes final"
    )
    window_short: Annotated[float, Field(ge=10, le=600)] = Field(
        90.0, description="Seconds of background the shortest scale compares with"
    )
    window_long: Annotated[float, Field(ge=10, le=1200)] = Field(
        300.0, description="Seconds of background the longest scale compares with"
    )
    kappa: Annotated[float, Field(gt=0, le=50)] = Field(
        5.0, description="Height above the median of the block maxima, in their Gumbel scale"
    )
    floor_window: Annotated[float, Field(ge=2, le=600)] = Field(
        60.0, description="Seconds before and after over which the noise floor is taken"
    )
    floor_quantile: Fraction = Field(0.25, description="Which of the window's blocks count as quiet")
    chance: Annotated[float, Field(gt=0, lt=0.1)] = Field(
        1e-6, description="Chance of pure noise above the least threshold, per frame"
    )
    least_rise_uv: Annotated[float, Field(gt=0, le=1000)] | None = Field(
        None,
        description="An event's RMS over 0.15 s (or all of it, if shorter) must also rise so many µV above "
        "the floor's; none: no such rule; left out on channels that are not in µV",
    )
    least_confidence: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.5, description="Events less likely than this are left out"
    )
    dense_duration: Seconds = Field(
        0.12, description="Shortest event, in seconds, taken on the noise floor's word alone"
    )
    dense_snr: Decibels = Field(8.0, description="Least level of such an event above the floor, in dB")


class Edges(_Settings):
    """Where an event begins and ends, and when two are one."""

    merge_gap: Seconds = Field(0.3, description="Shorter pauses, in seconds, do not part an event")
    ratio: Annotated[float, Field(gt=1, le=20)] = Field(
        3.5, description="Power ratio to the floor that the cumulative sum tells apart from noise"
    )
    score: Annotated[float, Field(gt=0, le=200)] = Field(
        6.0, description="Least evidence of an event: log-likelihood ratio in nats"
    )
    tail: Fraction = Field(0.003, description="An event ends where its power falls below this part of itself")
    split: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.01, description="An event is parted where it stays below this part of its own power; 0: never"
    )
    min_duration: Seconds = Field(0.0, description="Shorter events, in seconds, are left out")


class Kinds(_Settings):
    """How events are named; the limits are ours, clinical rules overlay them."""

    twitch_max: Seconds = Field(0.5, description="Longest twitch, in seconds")
    burst_max: Seconds = Field(2.0, description="Longest burst, in seconds; longer events are spasms")
    look_for: tuple[Literal["twitch", "burst", "spasm"], ...] = Field(
        ("twitch", "burst", "spasm"), description="Kinds that are reported", min_length=1
    )
    rhythm_low: Hertz = Field(3.0, description="Slowest beat of a rhythmic event, in Hz")
    rhythm_high: Hertz = Field(8.0, description="Fastest beat of a rhythmic event, in Hz")

    @model_validator(mode="after")
    def _ordered(self) -> Kinds:
        if self.twitch_max > self.burst_max:
            raise ValueError("twitch_max must not exceed burst_max")
        if self.rhythm_low >= self.rhythm_high:
            raise ValueError("rhythm_low must be below rhythm_high")
        return self


class QualityLimits(_Settings):
    """When a second does not count as watched."""

    floor_max_uv: Annotated[float, Field(gt=0)] | None = Field(
        None, description="Noise floor in µV RMS above which time is not valid; none: no limit"
    )
    hum_max_db: Decibels = Field(
        30.0, description="Mains lines this far above the noise floor, in dB, make a second invalid"
    )
    saturated: Fraction = Field(0.01, description="Part of a second at the rails that makes it invalid")


class Profile(_Settings):
    """All settings of one detection."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    title: str = ""
    sensitivity: Sensitivity = Field(
        "normal", description="Plain knob that set the threshold's height: low, normal or high"
    )
    band: Band = Band()
    threshold: Threshold = Threshold()
    edges: Edges = Edges()
    kinds: Kinds = Kinds()
    quality: QualityLimits = QualityLimits()

    def settings(self) -> dict[str, Any]:
        """Return every setting as plain values, in sections, as a report prints them."""
        return self.model_dump(mode="json")

    def at(self, sensitivity: Sensitivity) -> Profile:
        """Return the profile with its thresholds moved: fewer false alarms at low, weaker events at high."""
        height = self.threshold.kappa * _HEIGHTS[sensitivity] / _HEIGHTS[self.sensitivity]
        least = self.threshold.least_confidence
        odds = least / (1 - least) * _ODDS[sensitivity] / _ODDS[self.sensitivity]
        moved = {"kappa": round(min(height, 50.0), 6), "least_confidence": round(odds / (1 + odds), 6)}
        threshold = self.threshold.model_copy(update=moved)
        return self.model_copy(update={"threshold": threshold, "sensitivity": sensitivity})

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when any setting does."""
        text = json.dumps(self.settings(), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def profile_names() -> tuple[str, ...]:
    """Return the names of the profiles that ship with the package, sorted."""
    folder = resources.files("emgdetect") / "profiles"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


def load_profile(name: str | Path) -> Profile:
    """Read a profile by the name of a shipped one, or from a TOML file.

    Raises
    ------
    ConfigError
        There is no such profile, the file is not TOML, or a setting is unknown or out of range.
    """
    text, where = _profile_text(name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not a TOML file: {error}", where=where) from error
    table.setdefault("name", Path(where).stem.lower().replace("_", "-").replace(" ", "-"))
    try:
        return Profile.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_first_fault(error), where=where) from error


def _profile_text(name: str | Path) -> tuple[str, str]:
    if str(name) in profile_names():
        shipped = resources.files("emgdetect") / "profiles" / f"{name}.toml"
        return shipped.read_text(encoding="utf-8"), f"{name}.toml"
    path = Path(name)
    try:
        found = path.is_file()
    except OSError:
        found = False  # a name too long for any file
    if not found:
        raise ConfigError(
            f"there is no profile called {str(name)!r}",
            hint=f"choose one of {', '.join(profile_names())}, or give a TOML file",
        )
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("the profile cannot be read as text", where=path, hint=str(error)) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    setting = ".".join(str(part) for part in fault["loc"]) or "profile"
    if fault["type"] == "extra_forbidden":
        return f"unknown setting {setting!r}"
    given = "" if isinstance(fault.get("input"), dict) else f" (it says {fault.get('input')!r})"
    return f"setting {setting!r}: {fault['msg']}{given}"
