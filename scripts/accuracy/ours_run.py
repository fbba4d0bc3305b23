"""Our detector on everything: every suite whole, every profile where nothing happens, and its speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accuracy.detectors import OUR_DETECTOR
from accuracy.tuning import search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accuracy.case import Case
    from accuracy.child import Child
    from accuracy.scoring import Result
    from accuracy.suites import Suite

PROFILES = ("generic", "twitch", "sleep-legs", "jaw", "spasm")


def suite_results(child: Child, suite: Suite, cases: list[Case]) -> dict[str, Result]:
    """Search a suite with the generic profile and, where it has one, the profile meant for it."""
    profiles = dict.fromkeys((OUR_DETECTOR.default["profile"], suite.profile))
    return {name: search(child, cases, {"profile": name}, told=False) for name in profiles}


def nothing_to_find(child: Child, recordings: Mapping[str, list[Case]]) -> dict[str, dict[str, Result]]:
    """Search recordings without events with every profile: name of the recordings, profile, result."""
    return {
        name: {profile: search(child, cases, {"profile": profile}, told=False) for profile in PROFILES}
        for name, cases in recordings.items()
    }
