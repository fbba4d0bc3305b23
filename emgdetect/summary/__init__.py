"""Counts, rates, durations and intervals of a detection: pure functions of events and valid time."""

from emgdetect.summary.rows import counted_events, onset_intervals
from emgdetect.summary.summarise import summarise
from emgdetect.summary.tables import FORMAT, to_json_dict
from emgdetect.summary.text import to_text
from emgdetect.summary.types import (
    ALL_KINDS,
    COUNTED_KINDS,
    DISCLAIMER,
    ArtefactCount,
    Coverage,
    Hour,
    Intervals,
    Rate,
    Row,
    Spread,
    Summary,
    Total,
)

__all__ = [
    "ALL_KINDS",
    "COUNTED_KINDS",
    "DISCLAIMER",
    "FORMAT",
    "ArtefactCount",
    "Coverage",
    "Hour",
    "Intervals",
    "Rate",
    "Row",
    "Spread",
    "Summary",
    "Total",
    "counted_events",
    "onset_intervals",
    "summarise",
    "to_json_dict",
    "to_text",
]
