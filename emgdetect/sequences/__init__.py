"""Clinical rules over events: named rule sets, one a file, each a pure function of events and context."""

from emgdetect.sequences.context import Context, Stage, StagedSpan, context_of
from emgdetect.sequences.registry import RULES, rule_set, score, score_all
from emgdetect.sequences.results import (
    Histogram,
    Index,
    Movement,
    Refused,
    Score,
    Sequence,
    Side,
)
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.sites import Region, Site, placed, site_from_name
from emgdetect.sequences.spans import Span
from emgdetect.sequences.tables import FORMAT, to_json_dict

__all__ = [
    "FORMAT",
    "RULES",
    "Context",
    "Histogram",
    "Index",
    "Movement",
    "Needs",
    "Refused",
    "Region",
    "RuleSet",
    "Score",
    "Sequence",
    "Side",
    "Site",
    "Span",
    "Stage",
    "StagedSpan",
    "context_of",
    "placed",
    "rule_set",
    "score",
    "score_all",
    "site_from_name",
    "to_json_dict",
]
