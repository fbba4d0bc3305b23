"""What is wanted against what was measured."""

from __future__ import annotations

from typing import Any

from accuracy.goals import GOALS, Goal, compared, page
from accuracy.suites import SUITES


def measured(f1: float, false: float, onset: float | None) -> dict[str, Any]:
    error = None if onset is None else {"n": 1, "median": onset, "p95": 1.0}
    score = {"f1": f1, "false_per_hour": false, "onset_error": error}
    suites = {"clean": {"emgdetect": {"generic": {"score": score}}}}
    return {"facts": {"date": "today"}, "suites": suites}


def test_every_goal_is_of_a_suite() -> None:
    assert {goal.suite for goal in GOALS} <= {suite.name for suite in SUITES}


def test_a_goal_is_reached_or_missed_by_so_much() -> None:
    goal = Goal("clean", 0.9, 2, 3)
    assert compared(goal, measured(0.9, 2.0, -0.003)).missed == ()
    missed = compared(goal, measured(0.85, 2.5, -0.004)).missed
    assert missed == (
        "F1 0.850, 0.050 too low",
        "2.5 false alarms per hour instead of 2",
        "median onset error 4.0 ms instead of 3",
    )


def test_what_was_not_measured_is_said() -> None:
    assert compared(Goal("other", 0.9, None, None), measured(1, 0, 0)).row[2] == "not measured"


def test_the_page_lists_what_is_not_reached() -> None:
    sets = {
        "dense": [
            {
                "seconds": 4.0,
                "rate": 200.0,
                "share": [0.55, 0.65],
                "score": {"f1": 0.9, "onset_error": {"median": 0.002}},
            }
        ],
        "cued": [
            {
                "recording": "S07",
                "delays": [0.5, -28.0, None],
                "outside": 0,
                "longest": 50.5,
                "minutes": 2.0,
            }
        ],
    }
    quiet = {"profile": "generic", "sensitivity": "normal", "hours": 0.1, "false": 0, "false_per_hour": 0.0}
    loud = {**quiet, "false": 3, "false_per_hour": 30.0}
    rest = {"sources": {"leg at rest": [quiet], "noise": [loud]}}
    text = page(measured(0.5, 0, 0.001), sets, rest)
    assert "- clean: F1 0.500, 0.495 too low" in text
    assert "- cued movements, by an event of their own: S07 1 of 3" in text
    assert "1 of 1 cells below, the worst 0.900 (4 s at 200 Hz, 60 % active)" in text
    assert "- nothing to find: noise: 30.0/h" in text
    assert "leg at rest | none | 0 in 6.0 min | yes" in text
