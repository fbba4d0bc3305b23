"""The one fair tuning: told where rest is, the best of at most nine settings on a tuning recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accuracy.excerpt import quiet
from accuracy.scoring import Result, pooled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from accuracy.case import Case
    from accuracy.child import Child
    from accuracy.piece import Settings

LARGEST_GRID = 9


def search(child: Child, cases: Iterable[Case], settings: Settings, *, told: bool) -> Result:
    """Run one setting of one detector on recordings, channel by channel."""
    answered = []
    for case in cases:
        lines = {
            line.name: child.ask(case.job(line, settings, quiet(case, line.name) if told else None))
            for line in case.lines
        }
        answered.append((case, lines))
    return pooled(answered)


def best(grid: tuple[Settings, ...], run: Callable[[Settings], Result]) -> Settings | None:
    """Return the setting with the highest F1, of equals the one with fewer false alarms, then the earlier.

    ``None`` where there is no grid or no setting gave an answer.
    """
    ranked = []
    for place, settings in enumerate(grid[:LARGEST_GRID]):
        found = run(settings).score
        if found is not None:
            ranked.append((-(found.f1 or 0.0), found.false, place))
    return grid[min(ranked)[2]] if ranked else None
