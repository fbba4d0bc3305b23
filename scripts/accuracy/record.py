"""The same figures for programs: plain JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accuracy.machine import Facts
    from accuracy.run import Outcome
    from accuracy.scoring import Result


def record(outcome: Outcome, facts: Facts) -> str:
    """Return everything that was measured."""
    content = {
        "facts": {**asdict(facts), "minutes": round(outcome.minutes, 1)},
        "suites": {
            suite.name: {"definition": asdict(suite), "emgdetect": _all(found)}
            for suite, found in outcome.suites.items()
        },
        "emgdetect_on_excerpts": _all(outcome.excerpts),
        "independent": _all(outcome.independent),
        "nothing_to_find": {name: _all(found) for name, found in outcome.nothing.items()},
        "cued": [asdict(one) for one in outcome.cued],
        "peers": {
            name: {"default": _all(peer.default), "tuned": _all(peer.tuned), "chosen": peer.chosen}
            for name, peer in outcome.peers.items()
        },
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _all(results: dict[str, Result]) -> dict[str, Any]:
    return {name: _plain(result) for name, result in results.items()}


def _plain(result: Result) -> dict[str, Any]:
    score = None
    if result.score is not None:
        score = {key: _rounded(value) for key, value in asdict(result.score).items() if key != "pairs"}
    return {
        "score": score,
        "failures": list(result.failures),
        "recordings": result.n_cases,
        "hours": _rounded(result.hours),
        "cpu_s": round(result.cpu, 2),
        "peak_mb": round(result.megabytes),
    }


def _rounded(value: Any) -> Any:  # noqa: ANN401 - whatever a score holds
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value
