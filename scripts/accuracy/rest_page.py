"""The page and the JSON of ``scripts/bench.py rest``."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from accuracy import rest, tables
from accuracy.environments import ROOT
from accuracy.machine import own_facts
from accuracy.rest import SENSITIVITIES, Alarms, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

OUT = ROOT / "docs" / "accuracy"
QUICK_SHARE = 1 / 24
KINDS = ("twitch", "burst", "spasm")
Results = dict[Source, list[Alarms]]

INTRODUCTION = f"""\
# Where nothing happens

Written by a script; do not edit. {{facts}} {{minutes:.0f}} minutes. Seed {rest.SEED}.

False alarms per hour, and in brackets their number, of every shipped profile at every sensitivity. There is
nothing to find: every event is false. Artefacts that are told as such are no alarms.
Hours are hours of one channel.

- *every artefact*: noise, tonic firing that changes with posture, hum, heart beats, and per hour 34 cable
  motions, 26 electrode pops, 14 transmission glitches, 10 lost packets, 4 disconnections, 4 saturations,
  2 electrodes off and 6 noise steps: far more than a tidy recording has.
- *tonic activity*: a muscle that is never quite at rest, louder than the amplifier, with the artefacts of a
  quiet night.
- *noise alone*: electrode and amplifier noise.
- Real recordings at rest are short: one event an eye would mark too weighs a hundred per hour and more.

"""
REAL = """\
False alarms of all channels together; in brackets those of the first ten seconds, which are flagged.

"""


def run(_: Path) -> None:
    """Measure and write docs/accuracy; with ``--quick`` print the page of one hour."""
    quick = "--quick" in sys.argv[1:]
    begin = time.monotonic()
    real = rest.real_sources()
    if not real:
        print("the real recordings at rest are not at hand: left out")
    results = rest.measure((*rest.simulated_sources(QUICK_SHARE if quick else 1.0), *real))
    facts = own_facts("python3 scripts/bench.py rest" + " --quick" * quick)
    text = page(results, facts, (time.monotonic() - begin) / 60)
    if quick:
        print(text)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "rest.md").write_text(text, encoding="utf-8")
    (OUT / "rest.json").write_text(record(results, facts), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: rest.md, rest.json")


def page(results: Results, facts: str, minutes: float) -> str:
    """Return the whole page."""
    simulated = {source: found for source, found in results.items() if source.path is None}
    real = {source: found for source, found in results.items() if source.path is not None}
    text = INTRODUCTION.format(facts=facts, minutes=minutes)
    for source, found in simulated.items():
        text += f"## Simulated: {source.name}, {source.hours:.3g} h\n\n{_overview(found)}\n"
    text += f"## By kind, per hour ({' / '.join(KINDS)})\n\n"
    for source, found in simulated.items():
        text += f"{source.name.capitalize()}:\n\n{_grid(found, _by_kind)}\n"
    text += f"## What lies under the alarms of the generic profile\n\n{_causes(simulated)}\n"
    text += "## Real recordings at rest\n\n"
    if not real:
        return text + "Not at hand in this run.\n"
    return f"{text}{REAL}{_real(real)}"


def _overview(found: Sequence[Alarms]) -> str:
    watched = found[0].watched / found[0].hours if found else 0.0
    return _grid(found, _rate) + f"\nOf this time {100 * watched:.1f} % was valid for the generic profile.\n"


def _grid(found: Sequence[Alarms], cell: Callable[[Alarms], str]) -> str:
    by_profile: dict[str, list[str]] = {}
    for one in found:
        by_profile.setdefault(one.profile, []).append(cell(one))
    return tables.table(["profile", *SENSITIVITIES], [[name, *cells] for name, cells in by_profile.items()])


def _rate(one: Alarms) -> str:
    return f"{tables.rate(one.count / one.hours)} ({one.count})"


def _by_kind(one: Alarms) -> str:
    return " / ".join(tables.rate(one.kinds[kind] / one.hours) for kind in KINDS)


def _causes(results: Mapping[Source, Sequence[Alarms]]) -> str:
    generic = [one for found in results.values() for one in found if one.profile == "generic"]
    total = {s: Counter[str]() for s in SENSITIVITIES}
    for one in generic:
        total[one.sensitivity].update(one.causes)  # type: ignore[index]
    order = sorted({cause for one in total.values() for cause in one}, key=lambda c: (-total["normal"][c], c))
    rows = [[cause, *(str(total[s][cause]) for s in SENSITIVITIES)] for cause in order]
    return tables.table(["what", *SENSITIVITIES], rows)


def _real(results: Mapping[Source, Sequence[Alarms]]) -> str:
    rows = []
    for source, found in results.items():
        minutes = f"{60 * found[0].hours:.1f}"
        by_profile: dict[str, list[str]] = {}
        for one in found:
            by_profile.setdefault(one.profile, []).append(f"{one.count} ({one.settling})")
        rows += [[source.name, minutes, name, *cells] for name, cells in by_profile.items()]
    return tables.table(["recording", "minutes of a channel", "profile", *SENSITIVITIES], rows)


def record(results: Results, facts: str) -> str:
    """Return the same for programs."""
    content = {
        "facts": facts,
        "seed": rest.SEED,
        "sources": {source.name: [_plain(one) for one in found] for source, found in results.items()},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _plain(one: Alarms) -> dict[str, object]:
    return {
        "profile": one.profile,
        "sensitivity": one.sensitivity,
        "hours": round(one.hours, 4),
        "watched": round(one.watched, 4),
        "false": one.count,
        "false_per_hour": round(one.count / one.hours, 4),
        "settling": one.settling,
        "kinds": dict(one.kinds),
        "causes": dict(one.causes),
        "kept": dict(one.kept),
    }
