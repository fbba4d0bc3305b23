"""The page and the JSON of ``scripts/bench.py sets``."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from accuracy import sets, tables
from accuracy.environments import ROOT
from accuracy.machine import own_facts
from accuracy.run import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from accuracy.sets import Cues, Dense, Listed
    from emgdetect.evaluate import Score

OUT = ROOT / "docs" / "accuracy"
QUICK_S = 30.0
INTRODUCTION = f"""\
# Short and dense recordings, and real ones

Written by a script; do not edit. {{facts}} {{minutes:.0f}} minutes.
Profile `generic`, nothing told about rest.

## Short and dense

Movements with pauses of 0.3 s and more, without a quiet start, 9 to 28 dB, from seeds {sets.FIRST_SEED} on;
{{total:g}} s of recordings in each row. Onset errors in ms.

{{dense}}
## Recordings of an independent simulator, one by one

{{independent}}
## Cues and prompts, one by one

Seconds from the cue to the begin of the first event on any channel that overlaps its window (the cue's 4 s
and 2 s after; the armband's prompt and 1 s after); below 0 it began before the cue; "missed" where there is
none. The second number leaves out events that began more than {sets.BEFORE_S:g} s before the cue: one long
event over several cues has found none of them.
Muscles follow a cue after 0.2 to 2 s. Events outside all cues are counted, not judged: people also move
unasked.

{{cued}}
## Recordings without marks

What was found, to be held against the traces by eye.

{{listed}}
"""
NOT_THERE = "Not at hand in this run.\n"


def run(folder: Path, shared: Path = SHARED) -> None:
    """Measure and write docs/accuracy; with ``--quick`` print a shorter page."""
    from emgdetect import load_profile

    quick = "--quick" in sys.argv[1:]
    begin = time.monotonic()
    profile = load_profile("generic")
    if not shared.exists():
        print("the real recordings are not at hand: left out")
    total = QUICK_S if quick else sets.TOTAL_S
    dense = list(sets.dense(profile, total))
    independent = sets.each_independent(profile, shared, folder)
    cued = list(sets.cued(profile, shared, folder))
    listed = list(sets.listed(profile, shared))
    facts = own_facts("python3 scripts/bench.py sets" + " --quick" * quick)
    text = INTRODUCTION.format(
        facts=facts,
        minutes=(time.monotonic() - begin) / 60,
        total=total,
        dense=dense_table(dense),
        independent=independent_table(independent) if independent else NOT_THERE,
        cued=cued_table(cued) if cued else NOT_THERE,
        listed=listed_table(listed) if listed else NOT_THERE,
    )
    if quick:
        print(text)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "sets.md").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    (OUT / "sets.json").write_text(record(facts, dense, independent, cued, listed), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: sets.md, sets.json")


def dense_table(cells: list[Dense]) -> str:
    """Return one row per length, share of activity and rate."""
    rows = []
    for one in cells:
        share = f"{100 * sum(one.share) / 2:.0f} %"
        start = [f"{one.rate:g}", f"{one.seconds:g}", share, str(one.recordings)]
        rows.append([*start, *_scored(one.score)])
    return tables.table(["Hz", "s", "active", "recordings", *HEAD], rows)


HEAD = ("true", "precision", "recall", "F1", "false/h", "onset, median / p95", "offset, median / p95")


def _scored(score: Score) -> list[str]:
    shares = [tables.part(value) for value in (score.precision, score.recall, score.f1)]
    errors = [tables.milliseconds(score.onset_error), tables.milliseconds(score.offset_error)]
    return [str(score.n_truth), *shares, tables.rate(score.false_per_hour), *errors]


def independent_table(scores: dict[str, Score]) -> str:
    """Return one row per recording, with what was found of each kind."""
    rows = []
    for name, score in scores.items():
        kinds = ", ".join(f"{k.kind} {k.found}/{k.n_truth}" for k in score.kinds)
        rows.append([name, *_scored(score), kinds])
    return tables.table(["recording", *HEAD, "found of each kind"], rows)


def cued_table(recordings: list[Cues]) -> str:
    """Return one row per recording."""
    rows = []
    for one in recordings:
        delays = ", ".join("missed" if delay is None else f"{delay:+.1f}" for delay in one.delays)
        counts = [str(len(one.delays)), str(one.found), str(one.own)]
        rows.append(
            [one.recording, *counts, delays, str(one.outside), f"{one.longest:.1f}", f"{one.minutes:.1f}"]
        )
    head = ["recording", "cues", "found", "by own event", "seconds after each cue"]
    return tables.table([*head, "events outside", "longest event (s)", "minutes"], rows)


def listed_table(channels: list[Listed]) -> str:
    """Return one row per channel."""
    rows = []
    for one in channels:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(one.kinds.items())) or "nothing"
        kept = ", ".join(f"{number} {cause}" for cause, number in sorted(one.artefacts.items()))
        rows.append([one.recording, one.channel, f"{one.minutes:.1f}", one.remark or kinds, kept])
    return tables.table(["recording", "channel", "minutes", "found", "kept as artefacts"], rows)


def record(
    facts: str, dense: list[Dense], independent: dict[str, Score], cued: list[Cues], listed: list[Listed]
) -> str:
    """Return the same for programs."""
    content = {
        "facts": facts,
        "dense": [{**asdict(one), "score": _plain(one.score)} for one in dense],
        "independent": {name: _plain(score) for name, score in independent.items()},
        "cued": [asdict(one) for one in cued],
        "listed": [asdict(one) for one in listed],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _plain(score: Score) -> dict[str, object]:
    kept = asdict(score)
    kept.pop("pairs")
    return {key: round(value, 5) if isinstance(value, float) else value for key, value in kept.items()}
