"""Detected events against a reference: what was found, what was missed, what was made up."""

from emgdetect.evaluate.marks import Mark, Timed, read_events
from emgdetect.evaluate.matching import Pairing, match
from emgdetect.evaluate.score import EPISODES, Deviation, KindScore, Score, score

__all__ = [
    "EPISODES",
    "Deviation",
    "KindScore",
    "Mark",
    "Pairing",
    "Score",
    "Timed",
    "match",
    "read_events",
    "score",
]
