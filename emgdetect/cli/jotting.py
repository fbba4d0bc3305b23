"""A diary note typed on one line: the words of ``emgdetect note``, with or without their dashes."""

from __future__ import annotations

import re

from emgdetect.cli.noting import Said
from emgdetect.errors import UsageError

FELT = "felt something"
"""What an empty line stands for: a symptom without words, for somebody half asleep."""

_WORD = re.compile(
    # Behind a comma, dashes, or at the beginning; pain and dose anywhere, for a number follows them.
    r"(?:^\s*(?:--)?|[,;]\s*(?:--)?|\s+--|\s+(?=(?:pain|dose)\b))"
    r"(?:(symptom|trigger|medication|intervention|note)\b[:=]?|(woke)\b(?:\s+up\b)?|(pain|dose)\b[:=]?(?=\s*\d))",
    re.IGNORECASE,
)


def read_line(line: str) -> Said:
    """Understand ``symptom cramp in the left calf, pain 4`` or ``--woke --trigger "long walk"``.

    Text without such a word in front is a note of its own, or a symptom if a pain is given with it. An empty
    line is the symptom :data:`FELT`.

    Raises
    ------
    UsageError
        If a word is followed by nothing, or a pain is no number.
    """
    if not line.strip():
        return Said(symptom=FELT)
    found = list(_WORD.finditer(line))
    free = _bare(line[: found[0].start()] if found else line)
    told: dict[str, str] = {}
    for place, match in enumerate(found):
        stop = found[place + 1].start() if place + 1 < len(found) else len(line)
        word = next(filter(None, match.groups())).lower()
        text = _bare(line[match.end() : stop])
        if not text and word != "woke":
            raise UsageError(f"nothing follows the word {word}")
        told[word] = "; ".join(filter(None, (told.get(word, ""), text)))
    return _said(told, free)


def _said(told: dict[str, str], free: str) -> Said:
    pain = _number(told["pain"]) if "pain" in told else None
    symptom = told.get("symptom", "")
    if pain is not None and not symptom:
        symptom, free = free, ""
    return Said(
        note="; ".join(filter(None, (free, told.get("note", ""), told.get("woke", "")))),
        symptom=symptom,
        pain=pain,
        woke="woke" in told,
        trigger=told.get("trigger", ""),
        medication=told.get("medication", ""),
        dose=told.get("dose", ""),
        intervention=told.get("intervention", ""),
    )


def _number(text: str) -> float:
    try:
        return float(text.removesuffix("/10").replace(",", "."))
    except ValueError:
        raise UsageError(f"pain is rated from 0 to 10, not {text!r:.20}") from None


def _bare(text: str) -> str:
    """Return text without what parts it from its neighbours, and without quotes around it."""
    stripped = text.strip(" \t,;")
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1].strip()
    return stripped
