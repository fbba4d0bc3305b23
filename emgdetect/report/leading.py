"""Which rule set speaks on page one: that of what the profile looks for, or of legs where there is sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import words

if TYPE_CHECKING:
    from emgdetect.report.material import Material
    from emgdetect.sequences import Index, Score

LEG_RULES = ("wasm2016", "aasm")
BY_PROFILE: dict[str, tuple[str, ...]] = {
    "sleep-legs": LEG_RULES,
    "spasm": ("spasms",),
    "twitch": ("twitch-trains",),
    "jaw": ("masticatory",),
}


def leading(material: Material) -> Score | None:
    """Return the rule set that speaks first; ``None`` where none applies to what was looked for."""
    otherwise = LEG_RULES if material.known.staged else ()
    names = BY_PROFILE.get(material.summary.profile, otherwise)
    return next((material.scores[name] for name in names if material.scores[name].applies), None)


def leg_score(material: Material) -> Score | None:
    """Return the leading rule set if it is one for legs."""
    score = leading(material)
    return score if score is not None and score.rule in LEG_RULES else None


def leading_index(material: Material) -> Index | None:
    """Return the leading rule set's first index, of the channel where it is highest; ``None`` if empty."""
    score = leading(material)
    if score is None or not score.movements:
        return None
    first = [index for index in score.indices if index.name == score.indices[0].name]
    known = [index for index in first if index.value is not None]
    return max(known, key=lambda index: index.value or 0.0, default=None)


def sentence(material: Material) -> str:
    """Say the leading index with its rule set and what it was divided by; empty if there is none."""
    score, index = leading(material), leading_index(material)
    if score is None or index is None:
        return ""
    place = f" in {index.channel}" if index.channel and len(material.channels) > 1 else ""
    counted = "" if index.count is None else f", {index.count:,} counted"
    return f" By rule set {score.rule}: {index.name}{place} {words.index(index)}{counted}."
