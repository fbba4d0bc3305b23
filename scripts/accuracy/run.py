"""The whole bench: make recordings, run ours and the peers, write the tables."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from accuracy import environments, making, ours_run, peers_run, real_run
from accuracy.child import Child
from accuracy.detectors import LIBEMG, OUR_DETECTOR, PEER_DETECTORS, PEER_S, PEERS, Detector
from accuracy.excerpt import excerpt
from accuracy.suites import TUNING, TUNING_SEED, Suite
from accuracy.tuning import search

if TYPE_CHECKING:
    from accuracy.case import Case
    from accuracy.plan import Plan
    from accuracy.scoring import Result


WORKERS = 2
"""Peers at work at the same time, each in its own process; their times are of the processor."""


@dataclass(slots=True)
class Outcome:
    """Everything that was measured: by name of suite or recording, then profile or detector."""

    suites: dict[Suite, dict[str, Result]] = field(default_factory=dict)
    excerpts: dict[str, Result] = field(default_factory=dict)
    independent: dict[str, Result] = field(default_factory=dict)
    nothing: dict[str, dict[str, Result]] = field(default_factory=dict)
    cued: list[real_run.Cued] = field(default_factory=list)
    peers: dict[str, peers_run.PeerResults] = field(default_factory=dict)
    minutes: float = 0.0


def measure(plan: Plan) -> Outcome:
    """Run everything and return what came out."""
    begin = time.monotonic()
    outcome = Outcome()
    own, _ = environments.python(OUR_DETECTOR.home)
    assert own is not None  # noqa: S101 - the interpreter that runs this
    cases = _simulate(plan)
    noise = plan.noise()
    resting = real_run.resting(plan.shared, plan.folder)
    resting[noise.name] = [making.simulated(noise, seed, plan.folder) for seed in noise.seeds]
    with Child(own, OUR_DETECTOR.adapter) as child:
        _ours(child, plan, cases, resting, outcome)
    tuning = {name: _tuning_cases(suite, plan) for name, suite in TUNING.items()}
    material = peers_run.Material(cases, tuning, resting)
    wanted = [detector for detector in PEER_DETECTORS if plan.wants(detector.name)]
    for home in (PEERS, LIBEMG):
        environments.python(home)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(lambda detector: _peer(detector, material, plan), wanted)
        outcome.peers = {detector.name: results for detector, results in zip(wanted, found, strict=True)}
    outcome.minutes = (time.monotonic() - begin) / 60.0
    return outcome


def _simulate(plan: Plan) -> dict[Suite, list[Case]]:
    cases = {}
    for suite in plan.suites():
        print(f"simulating {suite.name}", flush=True)
        cases[suite] = [making.simulated(suite, seed, plan.folder) for seed in suite.seeds]
    return cases


def _tuning_cases(suite: Suite, plan: Plan) -> list[Case]:
    seeds = range(TUNING_SEED, TUNING_SEED + suite.n_seeds)
    return [excerpt(making.simulated(suite, seed, plan.folder), 600.0) for seed in seeds]


def _ours(
    child: Child, plan: Plan, cases: dict[Suite, list[Case]], resting: dict[str, list[Case]], outcome: Outcome
) -> None:
    for suite, recordings in cases.items():
        print(f"{OUR_DETECTOR.name}: {suite.name}", flush=True)
        outcome.suites[suite] = ours_run.suite_results(child, suite, recordings)
        some = recordings if suite.whole_peers else recordings[:1]
        cut = [excerpt(case, plan.seconds(PEER_S)) for case in some]
        outcome.excerpts[suite.name] = search(child, cut, OUR_DETECTOR.default, told=False)
    for name, recordings in making.independent(plan.shared, plan.folder).items():
        outcome.independent[name] = search(child, recordings, OUR_DETECTOR.default, told=False)
    rest = next((found for suite, found in cases.items() if suite.name == "rest"), [])
    outcome.nothing = ours_run.nothing_to_find(child, {"simulated rest": rest} | resting)
    outcome.cued = real_run.cued(child, OUR_DETECTOR.default, plan.shared, plan.folder)


def _peer(detector: Detector, material: peers_run.Material, plan: Plan) -> peers_run.PeerResults:
    begin = time.monotonic()
    python, why = environments.python(detector.home)
    results = peers_run.run(detector, python, why, material, plan)
    print(f"{detector.name}: {time.monotonic() - begin:.0f} s", flush=True)
    return results


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Real recordings, where they are there."""
