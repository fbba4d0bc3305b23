"""The page and the JSON of ``scripts/bench.py settings``."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from accuracy import settings, tables
from accuracy.environments import ROOT
from accuracy.machine import own_facts
from accuracy.settings import GROUPS, Effect
from emgdetect.config import load_profile

if TYPE_CHECKING:
    from pathlib import Path

OUT = ROOT / "docs" / "accuracy"
QUICK_SHARE = 0.1
SAME = 0.0005
NOTHING = "·"
KEPT = ("n_truth", "matched", "false", "precision", "recall", "f1", "false_per_hour")

INTRODUCTION = """\
# Settings and what they do

Written by a script; do not edit. {facts} {minutes:.0f} minutes. Seeds from {seed} on, used for nothing else.

Every setting of the profile `generic`, as it stands in `emgdetect/config.py`; `emgdetect profiles show NAME`
prints those of any profile. A profile is a TOML file with a section for what stands before the dot:

    name = "mine"
    [edges]
    merge_gap = 0.5

## Settings

{described}
## Effects

One setting moved at a time. The first line is the profile as shipped, all others are differences from it
({same}: less than {least:g}, of rates than 0.05). F1, recall and precision are means over the suites, each
counting the same; false alarms are per hour of all recordings together, and per hour of noise with every
artefact. By group: *weak* is 10, 6 and 3 dB, *nights* are PLM night, twitch night and spasm day. There are
{events} true events, {fewest} to {most} a suite: one event more or less moves the mean F1 by up to
{grain:.3f}, so smaller differences mean nothing.

{effects}
## What they are called, and how much was watched

Settings of names and of quality: what is found stays, except for kinds that are not looked for.

{names}
"""


def run(folder: Path) -> None:
    """Measure and write docs/accuracy; with ``--quick`` or ``--only=NAME`` print a shorter page."""
    quick = "--quick" in sys.argv[1:]
    only = [word.removeprefix("--only=") for word in sys.argv[1:] if word.startswith("--only=")]
    begin = time.monotonic()
    suites = settings.material(QUICK_SHARE if quick else 1.0)
    results = settings.measure(folder, suites, only)
    words = [word for word in sys.argv[1:] if word.startswith("--")]
    facts = own_facts(" ".join(["python3 scripts/bench.py settings", *words]))
    text = page(results, facts, (time.monotonic() - begin) / 60)
    if words:
        print(text)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "settings.md").write_text(text, encoding="utf-8")
    (OUT / "settings.json").write_text(record(results, facts), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: settings.md, settings.json")


def page(results: dict[str, Effect], facts: str, minutes: float) -> str:
    """Return the whole page."""
    events = [score.n_truth for score in results["default"].scores.values()]
    return INTRODUCTION.format(
        facts=facts,
        minutes=minutes,
        seed=settings.FIRST_SEED,
        described=_described(),
        same=NOTHING,
        least=SAME,
        events=sum(events),
        fewest=min(events),
        most=max(events),
        grain=1 / min(events) / len(events),
        effects=_effects(results),
        names=_names(results),
    )


def _described() -> str:
    rows = [
        [f"`{one.path}`", settings.shown(one.default), one.unit, one.allowed, one.meaning]
        for one in settings.described(load_profile("generic"))
    ]
    return tables.table(["setting", "default", "unit", "allowed", "meaning"], rows)


def _measures(one: Effect) -> list[tuple[float, bool]]:
    """Return every column's number and whether it is a rate."""
    shares = [one.mean(what) for what in ("f1", "recall", "precision")]
    rates = [one.false_per_hour, one.noise_per_hour]
    groups = [one.mean("f1", group) for group in GROUPS]
    return [*((v, False) for v in shares), *((v, True) for v in rates), *((v, False) for v in groups)]


def _effects(results: dict[str, Effect]) -> str:
    reference = _measures(results["default"])
    rows = []
    for name, one in results.items():
        cells = []
        for (value, rate), (usual, _) in zip(_measures(one), reference, strict=True):
            cells.append(_absolute(value, rate) if name == "default" else _difference(value - usual, rate))
        rows.append([f"`{name}`", *cells])
    head = ["setting", "F1", "recall", "precision", "false/h", "false/h in noise"]
    return tables.table([*head, *(f"F1 {group}" for group in GROUPS)], rows)


def _absolute(value: float, is_rate: bool) -> str:
    return tables.rate(value) if is_rate else f"{value:.3f}"


def _difference(value: float, is_rate: bool) -> str:
    if abs(value) < (0.05 if is_rate else SAME):
        return NOTHING
    return f"{value:+.1f}" if is_rate else f"{value:+.3f}"


def _names(results: dict[str, Effect]) -> str:
    rows = []
    for name, one in results.items():
        if name == "default" or name.startswith(("kinds.", "quality.")):
            cells = [str(one.named.get(kind, 0)) for kind in ("twitch", "burst", "spasm", "rhythmic")]
            rows.append([f"`{name}`", *cells, f"{100 * one.valid:.2f}"])
    return tables.table(["setting", "twitch", "burst", "spasm", "rhythmic among them", "valid time, %"], rows)


def record(results: dict[str, Effect], facts: str) -> str:
    """Return the same for programs."""
    content = {
        "facts": facts,
        "first_seed": settings.FIRST_SEED,
        "effects": {name: _plain(one) for name, one in results.items()},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _plain(one: Effect) -> dict[str, object]:
    scores = {}
    for suite, score in one.scores.items():
        values = {name: getattr(score, name) for name in KEPT}
        scores[suite] = {name: round(v, 5) if isinstance(v, float) else v for name, v in values.items()}
    return {
        "scores": scores,
        "noise_per_hour": round(one.noise_per_hour, 3),
        "valid": round(one.valid, 5),
        "named": one.named,
    }
