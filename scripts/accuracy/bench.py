"""``scripts/bench.py accuracy``: measure, and write docs/accuracy."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from accuracy.document import page
from accuracy.environments import ROOT
from accuracy.machine import facts
from accuracy.plan import parsed
from accuracy.record import record
from accuracy.run import SHARED, measure

if TYPE_CHECKING:
    from pathlib import Path

OUT = ROOT / "docs" / "accuracy"


def accuracy(folder: Path) -> None:
    """Run the bench; a quick or partial run prints its page and leaves the committed tables alone."""
    words = tuple(word for word in sys.argv[1:] if word.startswith("--"))
    try:
        plan = parsed(words, folder, SHARED)
    except ValueError as error:
        sys.exit(f"bench.py accuracy: {error}")
    found = facts(words, quick=plan.quick)
    outcome = measure(plan)
    text = page(outcome, found)
    if words:
        print(text)
        return
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "accuracy.md").write_text(text, encoding="utf-8")
    (OUT / "accuracy.json").write_text(record(outcome, found), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: accuracy.md, accuracy.json, in {outcome.minutes:.1f} minutes")
