"""``scripts/bench.py settings``: every setting of the generic profile, and what it does when it is moved."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from accuracy.pool import processes
from accuracy.suites import HOUR, NOISE, SUITES, Suite
from emgdetect.config import Profile, load_profile
from emgdetect.evaluate import Mark, score
from emgdetect.types import VALID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from accuracy.case import Case
    from emgdetect.evaluate import Score
    from emgdetect.recording import Stream
    from emgdetect.types import Detection, RawArray

FIRST_SEED = 2000
"""Seeds from here on belong to this table."""
DOWN, UP = 0.8, 1.25
STEPS: dict[str, tuple[Any, ...]] = {
    "threshold.lookahead": (0.0, 30.0, 300.0),
    "threshold.chance": (1e-7, 1e-5),
    "threshold.least_confidence": (0.0, 0.3, 0.4, 0.7, 0.9),
    "threshold.least_rise_uv": (4.0, 8.0),
    "threshold.window_short": (45.0, 180.0),
    "threshold.window_long": (150.0, 600.0),
    "threshold.floor_window": (30.0, 120.0),
    "threshold.floor_quantile": (0.1, 0.4),
    "edges.tail": (0.001, 0.01),
    "edges.split": (0.0, 0.003, 0.03),
    "edges.merge_gap": (0.1, 0.2, 0.5),
    "edges.min_duration": (0.02, 0.1),
    "kinds.look_for": (("twitch",), ("burst", "spasm")),
    "quality.floor_max_uv": (10.0, 30.0),
    "quality.saturated": (0.001, 0.1),
}
"""Values that say more than a fifth less and a quarter more."""

_PARTS: dict[str, tuple[str, int, float]] = {
    "10 dB": ("weak", 2, 1200),
    "6 dB": ("weak", 2, 1200),
    "3 dB": ("weak", 1, 1200),
    "artefacts": ("artefacts", 3, 1800),
    "PLM night 250 Hz": ("nights", 1, 1.5 * HOUR),
    "twitch night": ("nights", 1, 1.5 * HOUR),
    "spasm day": ("nights", 1, 1.5 * HOUR),
    "envelope 200 Hz": ("envelope", 1, 1800),
    "busy": ("dense", 12, 30),
    NOISE.name: ("noise", 1, 1.5 * HOUR),
}
GROUPS = ("weak", "artefacts", "nights", "dense", "envelope")
UNITS = ((r"\b[Ss]econds\b", "s"), (r"\bHz\b", "Hz"), (r"\bdB\b", "dB"), (r"µV", "µV"), (r"\bnats\b", "nat"))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the profile itself describes it, and the values it is tried at."""

    path: str
    default: Any
    unit: str
    allowed: str
    meaning: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What came out with one profile.

    ``scores`` by suite, over ``hours``; ``noise_per_hour`` are false alarms where nothing happens; ``valid``
    is the valid part of the time; ``named`` counts events by kind, and the rhythmic ones.
    """

    scores: dict[str, Score]
    hours: float
    noise_per_hour: float
    valid: float
    named: dict[str, int]

    def mean(self, what: str, group: str = "") -> float:
        """Return the mean of a measure over the suites (of a group): each suite counts the same."""
        chosen = [getattr(s, what) or 0.0 for name, s in self.scores.items() if _group(name, group)]
        return sum(chosen) / len(chosen) if chosen else 0.0

    @property
    def false_per_hour(self) -> float:
        """False alarms per hour of all recordings with events together."""
        return sum(one.false for one in self.scores.values()) / self.hours if self.hours else 0.0


def _group(suite: str, group: str) -> bool:
    return not group or _PARTS.get(suite, ("",))[0] == group


def material(share: float = 1.0) -> tuple[Suite, ...]:
    """Return the suites of this table, or each cut down to a share of its length."""
    return tuple(
        replace(suite, n_seeds=_PARTS[suite.name][1], duration=max(30.0, share * _PARTS[suite.name][2]))
        for suite in (*SUITES, NOISE)
        if suite.name in _PARTS
    )


def described(profile: Profile) -> Iterator[Setting]:
    """Give every setting of a profile, from the descriptions in ``emgdetect.config``."""
    schema = type(profile).model_json_schema()
    values = profile.settings()
    for section, entry in schema["properties"].items():
        if "$ref" not in entry and "allOf" not in entry:
            continue
        reference = entry.get("$ref") or entry["allOf"][0]["$ref"]
        for name, field in schema["$defs"][reference.rpartition("/")[2]]["properties"].items():
            path, default = f"{section}.{name}", values[section][name]
            meaning = field.get("description", "")
            words = isinstance(default, str | list | tuple)
            unit = "" if words else _unit(meaning)
            yield Setting(path, default, unit, _allowed(field), meaning, _values(path, default, field))


def _unit(meaning: str) -> str:
    """Return the unit that a description names; empty for a plain number."""
    return next((unit for pattern, unit in UNITS if re.search(pattern, meaning)), "")


def _allowed(field: dict[str, Any]) -> str:
    for one in field.get("anyOf", ()):
        if one.get("type") == "number":
            return f"{_allowed(one)} or none"
    if "items" in field:
        return f"some of {', '.join(field['items'].get('enum', ()))}"
    if "enum" in field:
        return " or ".join(field["enum"])
    low = f"above {field['exclusiveMinimum']:g}" if "exclusiveMinimum" in field else ""
    low = f"from {field['minimum']:g}" if "minimum" in field else low
    high = f"below {field['exclusiveMaximum']:g}" if "exclusiveMaximum" in field else ""
    high = f"to {field['maximum']:g}" if "maximum" in field else high
    return " ".join(part for part in (low, high) if part)


def _values(path: str, default: Any, field: dict[str, Any]) -> tuple[Any, ...]:  # noqa: ANN401 - settings differ
    if path in STEPS:
        return tuple(value for value in STEPS[path] if value != default)
    if "enum" in field:
        return tuple(value for value in field["enum"] if value != default)
    if isinstance(default, int | float) and default:
        return (float(f"{DOWN * default:.3g}"), float(f"{UP * default:.3g}"))
    return ()


def changed(profile: Profile, path: str, value: Any) -> Profile | None:  # noqa: ANN401 - settings differ
    """Return the profile with one setting moved; ``None`` where it cannot take the value."""
    table = profile.settings()
    section, name = path.split(".")
    table[section][name] = list(value) if isinstance(value, tuple) else value
    try:
        return Profile.model_validate(table)
    except ValueError:
        return None


def variants(names: Sequence[str] = ()) -> list[tuple[str, Profile]]:
    """Return what is tried, with what to call it: the default first, the knob, then setting by setting.

    ``names`` picks settings whose path holds one of them.
    """
    generic = load_profile("generic")
    found = [("default", generic)]
    found += [(f"sensitivity = {word}", generic.at(word)) for word in ("low", "high")]
    for setting in described(generic):
        if names and not any(name in setting.path for name in names):
            continue
        for value in setting.values:
            moved = changed(generic, setting.path, value)
            if moved is not None:
                found.append((f"{setting.path} = {shown(value)}", moved))
    return found


def shown(value: Any) -> str:  # noqa: ANN401 - settings differ
    """Return a value as a reader would write it."""
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def measure(folder: Path, suites: Iterable[Suite], names: Sequence[str] = ()) -> dict[str, Effect]:
    """Simulate once, then search with every variant, in several processes."""
    cases = {suite.name: simulated_cases(suite, folder) for suite in suites}
    chosen = variants(names)
    print(f"{len(chosen)} variants", flush=True)
    with processes() as pool:
        found = pool.map(partial(effect, cases), [profile for _, profile in chosen])
        results = {}
        for (name, _), one in zip(chosen, found, strict=True):
            results[name] = one
            print(f"  {name}: F1 {one.mean('f1'):.3f}", flush=True)
    return results


def simulated_cases(suite: Suite, folder: Path) -> list[Case]:
    """Simulate the recordings of a suite, with the seeds of this table."""
    from accuracy.making import simulated

    first = FIRST_SEED + 50 * list(_PARTS).index(suite.name)
    return [simulated(suite, seed, folder) for seed in range(first, first + suite.n_seeds)]


def effect(cases: dict[str, list[Case]], profile: Profile) -> Effect:
    """Search every recording with one profile."""
    from emgdetect.pipeline import detect_stream

    scores: dict[str, Score] = {}
    hours, noise = 0.0, 0.0
    valid: list[float] = []
    named = dict.fromkeys(("twitch", "burst", "spasm", "rhythmic"), 0)
    for name, recordings in cases.items():
        found = [(case, detect_stream(stream_of(case), profile)) for case in recordings]
        valid += [float((part.reason == VALID).mean()) for _, one in found for part in one.quality]
        for _, one in found:
            for event in one.events:
                named[event.kind] = named.get(event.kind, 0) + 1
                named["rhythmic"] += "rhythmic" in event.flags
        judged = pooled((case.truth, case.hours, one) for case, one in found)
        if _PARTS[name][0] == "noise":
            noise = judged.false_per_hour or 0.0
        else:
            scores[name] = judged
            hours += sum(case.hours for case in recordings)
    return Effect(scores, hours, noise, sum(valid) / len(valid), named)


def pooled(found: Iterable[tuple[Sequence[Mark], float, Detection]]) -> Score:
    """Score recordings (truth, hours, what was found) together; none can match events of another."""
    truth: list[Mark] = []
    detected: list[Mark] = []
    total = 0.0
    for number, (marks, hours, detection) in enumerate(found):
        total += hours
        truth += [replace(mark, channel=f"{number} {mark.channel}") for mark in marks]
        detected += [
            Mark(event.onset, event.duration, event.kind, f"{number} {event.channel}")
            for event in detection.events
        ]
    return score(truth, detected, hours=total)


def stream_of(case: Case) -> Stream:
    """Open a stored recording as the stream it was."""
    import numpy as np

    from emgdetect.recording import Stream
    from emgdetect.types import Channel, Gap, StreamInfo

    counts = np.load(case.path, mmap_mode="r")
    channels = tuple(
        Channel(line.name, line.unit, line.gain, line.offset, *line.rails)  # type: ignore[arg-type]
        for line in case.lines
    )
    gaps = tuple(Gap(start, length, "lost packets") for start, length in case.gaps)

    def fetch(start: int, stop: int, /) -> RawArray:
        return np.asarray(counts[:, start:stop])

    return Stream(StreamInfo(case.rate, channels), case.n_samples, gaps, fetch)
