"""``scripts/bench.py goals``: the written tables held against what the project wants to reach."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accuracy import tables
from accuracy.environments import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUT = ROOT / "docs" / "accuracy"


@dataclass(frozen=True, slots=True)
class Goal:
    """Least F1, most false alarms per hour and most median onset error (ms) on a suite; ``None``: no goal.

    ``profile`` is the one that is judged.
    """

    suite: str
    f1: float | None
    false: float | None
    onset: float | None
    profile: str = "generic"


GOALS = (
    Goal("clean", 0.995, 2, 3),
    Goal("15 dB", 0.99, 2, 3),
    Goal("10 dB", 0.95, 2, 6),
    Goal("6 dB", 0.78, 10, 18),
    Goal("3 dB", 0.60, 25, 40),
    Goal("artefacts", 0.96, 8, 4),
    Goal("PLM night 250 Hz", 0.995, 0.5, 7),
    Goal("PLM night 500 Hz", 0.995, 0.5, 7),
    Goal("PLM night 1000 Hz", 0.995, 0.5, 7),
    Goal("twitch night", 0.97, 1, 3),
    Goal("spasm day", 0.92, 5, 10),
    Goal("Arduino 10-bit", 0.98, 4, 4),
    Goal("envelope 200 Hz", 0.93, 12, 27),
    Goal("busy", 0.95, None, 10),
    Goal("rest", None, 9, None),
)
INTRODUCTION = """\
# What is reached, and what is not

Written by `python3 scripts/bench.py goals` from accuracy.json ({date}) and, where they are there, sets.json
and rest.json; do not edit. It measures nothing itself: run the benches before. Profile `generic`.

{table}
{missed}
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One goal beside what was measured: the words of its row, and by how much it is missed."""

    row: tuple[str, ...]
    missed: tuple[str, ...]


def run(_: Path) -> None:
    """Write docs/accuracy/goals.md."""
    source = OUT / "accuracy.json"
    if not source.exists():
        print("there is no docs/accuracy/accuracy.json yet: run `python3 scripts/bench.py accuracy` before")
        return
    measured = json.loads(source.read_text(encoding="utf-8"))
    text = page(measured, _beside("sets.json"), _beside("rest.json"))
    (OUT / "goals.md").write_text(text, encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: goals.md")


def _beside(name: str) -> dict[str, Any]:
    path = OUT / name
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def page(measured: dict[str, Any], sets: dict[str, Any], rest: dict[str, Any]) -> str:
    """Return the page from the contents of the benches' JSON files; empty ones were not there."""
    found = [compared(goal, measured) for goal in GOALS]
    found += [*_dense(sets), *_cues(sets), *_resting(rest)]
    head = ["where", "wanted", "measured", "reached"]
    missed = [f"- {one.row[0]}: {'; '.join(one.missed)}" for one in found if one.missed]
    told = "Not reached:\n\n" + "\n".join(missed) if missed else "Everything is reached."
    table = tables.table(head, [one.row for one in found])
    return INTRODUCTION.format(date=measured["facts"]["date"], table=table, missed=told)


def compared(goal: Goal, measured: dict[str, Any]) -> Compared:
    """Hold one goal against accuracy.json."""
    suite = measured["suites"].get(goal.suite, {}).get("emgdetect", {})
    score = (suite.get(goal.profile) or {}).get("score")
    if score is None:
        return Compared((goal.suite, _wanted(goal), "not measured", "-"), ())
    onset = score["onset_error"] and abs(1000 * score["onset_error"]["median"])
    missed = []
    if goal.f1 is not None and score["f1"] < goal.f1:
        missed.append(f"F1 {score['f1']:.3f}, {goal.f1 - score['f1']:.3f} too low")
    if goal.false is not None and score["false_per_hour"] > goal.false:
        missed.append(
            f"{tables.rate(score['false_per_hour'])} false alarms per hour instead of {goal.false:g}"
        )
    if goal.onset is not None and onset is not None and onset > goal.onset:
        missed.append(f"median onset error {onset:.1f} ms instead of {goal.onset:g}")
    parts = [tables.part(score["f1"]), f"{tables.rate(score['false_per_hour'])}/h"]
    parts.append("-" if onset is None else f"{onset:.1f} ms")
    return Compared((goal.suite, _wanted(goal), ", ".join(parts), _word(missed)), tuple(missed))


def _wanted(goal: Goal) -> str:
    parts = [
        "" if goal.f1 is None else f"F1 {goal.f1:g}",
        "" if goal.false is None else f"{goal.false:g}/h",
        "" if goal.onset is None else f"{goal.onset:g} ms",
    ]
    return ", ".join(part for part in parts if part)


def _word(missed: list[str]) -> str:
    return "**no**" if missed else "yes"


LEAST_DENSE, MOST_ONSET_MS, MOST_AT_REST = 0.95, 10.0, 9.0


def _dense(sets: dict[str, Any]) -> Iterator[Compared]:
    cells = sets.get("dense", [])
    if not cells:
        return
    worst = min(cells, key=lambda cell: cell["score"]["f1"])
    scores = [cell["score"] for cell in cells]
    mean = sum(score["f1"] for score in scores) / len(scores)
    late = max(abs(1000 * score["onset_error"]["median"]) for score in scores)
    missed = [] if mean >= LEAST_DENSE else [f"mean F1 {mean:.3f}"]
    if worst["score"]["f1"] < LEAST_DENSE:
        name = f"{worst['seconds']:g} s at {worst['rate']:g} Hz, {100 * sum(worst['share']) / 2:.0f} % active"
        below = sum(score["f1"] < LEAST_DENSE for score in scores)
        missed.append(f"{below} of {len(cells)} cells below, the worst {worst['score']['f1']:.3f} ({name})")
    if late > MOST_ONSET_MS:
        missed.append(f"worst median onset error {late:.1f} ms")
    wanted = f"F1 {LEAST_DENSE:g}, {MOST_ONSET_MS:g} ms in every cell"
    told = f"mean {mean:.3f}, worst {worst['score']['f1']:.3f}, onset at worst {late:.1f} ms"
    yield Compared(("short and dense, 4-60 s", wanted, told, _word(missed)), tuple(missed))


def _cues(sets: dict[str, Any]) -> Iterator[Compared]:
    from accuracy.sets import Cues

    recordings = [Cues(**{**one, "delays": tuple(one["delays"])}) for one in sets.get("cued", [])]
    if not recordings:
        return
    cues, own = sum(len(one.delays) for one in recordings), sum(one.own for one in recordings)
    missed = [
        f"{one.recording} {one.own} of {len(one.delays)}" for one in recordings if one.own < len(one.delays)
    ]
    row = ("cued movements, by an event of their own", "all", f"{own} of {cues}", _word(missed))
    yield Compared(row, tuple(missed))


def _resting(rest: dict[str, Any]) -> Iterator[Compared]:
    for name, settings in rest.get("sources", {}).items():
        one = next(s for s in settings if (s["profile"], s["sensitivity"]) == ("generic", "normal"))
        real = "at rest" in name
        reached = one["false"] == 0 if real else one["false_per_hour"] <= MOST_AT_REST
        wanted = "none" if real else f"{MOST_AT_REST:g}/h"
        told = f"{one['false']} in {60 * one['hours']:.1f} min" if real else f"{one['false_per_hour']:.1f}/h"
        missed = [] if reached else [told]
        yield Compared((f"nothing to find: {name}", wanted, told, _word(missed)), tuple(missed))
