"""One peer on everything: tuned once per family, then default and tuned on every suite's excerpt."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from accuracy.child import Answer, Child
from accuracy.excerpt import excerpt
from accuracy.scoring import Result, pooled
from accuracy.suites import NOISE
from accuracy.tuning import best, search

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from accuracy.case import Case
    from accuracy.detectors import Detector
    from accuracy.piece import Settings
    from accuracy.plan import Plan
    from accuracy.suites import Suite

WHOLE_S = 3600.0
"""How much of the recordings without events a detector gets that is given all others whole."""


@dataclass(frozen=True, slots=True)
class Material:
    """What every peer is run on."""

    suites: Mapping[Suite, list[Case]]
    tuning: Mapping[str, list[Case]]
    resting: Mapping[str, list[Case]]


@dataclass(slots=True)
class PeerResults:
    """What one peer did: by suite or recording, default and tuned; and the settings that were chosen."""

    default: dict[str, Result] = field(default_factory=dict)
    tuned: dict[str, Result] = field(default_factory=dict)
    chosen: dict[str, Settings | None] = field(default_factory=dict)


def run(detector: Detector, python: Path | None, why: str, material: Material, plan: Plan) -> PeerResults:
    """Run one peer; one that does not install gets that answer everywhere."""
    results = PeerResults()
    if python is None:
        refusal = pooled(
            [(case, {"": Answer(why)}) for cases in material.suites.values() for case in cases[:1]]
        )
        results.default = {suite.name: refusal for suite in material.suites}
        return results
    longest = plan.seconds(detector.seconds)
    with Child(python, detector.adapter) as child:
        for family, cases in material.tuning.items():
            cut = [excerpt(case, longest) for case in cases]
            results.chosen[family] = best(detector.grid, partial(_told, child, cut))
        for suite, cases in material.suites.items():
            some = cases if suite.whole_peers or detector.seconds is None else cases[:1]
            cut = [excerpt(case, longest) for case in some]
            _both(child, detector, results, suite.name, suite.family, cut)
        for name, cases in material.resting.items():
            family = "disturbed" if name == NOISE.name else "dense"
            cut = [excerpt(case, longest or WHOLE_S) for case in cases]
            _both(child, detector, results, name, family, cut)
    return results


def _told(child: Child, cases: list[Case], settings: Settings) -> Result:
    return search(child, cases, settings, told=True)


def _both(
    child: Child, detector: Detector, results: PeerResults, name: str, family: str, cut: list[Case]
) -> None:
    results.default[name] = search(child, cut, detector.default, told=False)
    chosen = results.chosen.get(family)
    if chosen is not None:
        results.tuned[name] = search(child, cut, chosen, told=True)
