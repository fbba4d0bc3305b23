"""Detected events against a reference: what was found, what was missed, what was made up."""

from emgdetect.evaluate.bootstrap import Estimate
from emgdetect.evaluate.comparing import Comparison, Pair, Row, Rules, compare
from emgdetect.evaluate.marks import Mark, Timed, read_events
from emgdetect.evaluate.matching import Pairing, match
from emgdetect.evaluate.score import EPISODES, Deviation, KindScore, Score, score

__all__ = [
    "EPISODES",
    "Comparison",
    "Deviation",
    "Estimate",
    "KindScore",
    "Mark",
    "Pair",
    "Pairing",
    "Row",
    "Rules",
    "Score",
    "Timed",
    "compare",
    "match",
    "read_events",
    "score",
]
