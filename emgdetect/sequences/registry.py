"""The rule sets by name: one line each, imported only when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.sequences.context import context_of
from emgdetect.sequences.rules import RuleSet, judge

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.context import Context
    from emgdetect.sequences.results import Score
    from emgdetect.types import Detection, Event

RULES: dict[str, str] = {
    "aasm": "emgdetect.sequences.aasm",
    "wasm2016": "emgdetect.sequences.wasm2016",
    "alma": "emgdetect.sequences.alma",
    "foot-tremor": "emgdetect.sequences.foot_tremor",
    "high-frequency": "emgdetect.sequences.high_frequency",
    "large-movements": "emgdetect.sequences.large_movements",
    "fragmentary": "emgdetect.sequences.fragmentary",
    "fragmentary-excess": "emgdetect.sequences.fragmentary_excess",
    "phasic-metric": "emgdetect.sequences.phasic_metric",
    "rem-activity": "emgdetect.sequences.rem_activity",
    "atonia": "emgdetect.sequences.atonia",
    "masticatory": "emgdetect.sequences.masticatory",
    "spasms": "emgdetect.sequences.spasms",
    "clonus": "emgdetect.sequences.clonus",
    "twitch-trains": "emgdetect.sequences.twitch_trains",
}


def rule_set(name: str) -> RuleSet:
    """Return a rule set by name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in RULES:
        raise UsageError(f"there is no rule set called {name!r}", hint=f"choose one of {', '.join(RULES)}")
    rule: RuleSet = import_module(RULES[name]).RULE
    return rule


def score(rule_name: str, events: Listed[Event], context: Context, settings: object | None = None) -> Score:
    """Apply one rule set to a list of events.

    Parameters
    ----------
    rule_name : str
        One of :data:`RULES`.
    events : sequence of Event
        In any order, of any channels and kinds; artefacts and withdrawn events are not looked at. No events
        are fine.
    context : Context
        Length, channels, valid time, and what was scored beside the muscles.
    settings : object, optional
        Numbers of the rule's own record other than its defaults.

    Returns
    -------
    Score
        With ``applies`` false and the reason in ``refused`` where the rule cannot judge these channels.

    Raises
    ------
    UsageError
        If there is no such rule set, the settings are another's, or a time is not a number.
    """
    return judge(rule_set(rule_name), events, context, settings)


def score_all(detection: Detection, context: Context | None = None) -> dict[str, Score]:
    """Apply every rule set to a detection; those that do not apply say why.

    Parameters
    ----------
    detection : Detection
        Its events are judged.
    context : Context, optional
        What :func:`~emgdetect.sequences.context.context_of` gives, completed with what else is known; by
        default just that.

    Returns
    -------
    dict of str to Score
        By name, in the order of :data:`RULES`. No number of one rule set is to be added to another's.
    """
    known = context_of(detection) if context is None else context
    return {name: score(name, detection.events, known) for name in RULES}
