"""What a scored event is about, by the words of its label: English, German, French, Spanish, Italian."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.context.types import Group

_RULES: tuple[tuple[Group, str, str], ...] = (
    ("respiratory", "effort-related arousal", r"\brera\b|effort[ -]related arousal"),
    (
        "lights off",
        "lights off",
        r"lights?[ _-]*(off|out)|licht[ _-]*aus|lumi[eè]re[ _-]*[eé]teinte|luz[ _-]*apagada",
    ),
    (
        "lights on",
        "lights on",
        r"lights?[ _-]*on|licht[ _-]*an\b|lumi[eè]re[ _-]*allum[eé]e|luz[ _-]*encendida",
    ),
    ("arousal", "arousal", r"arousal|weckreaktion|micro-?[eé]veil|microdespertar|microrisveglio|\baro\b"),
    ("artefact", "artefact", r"art[ei]fa[ck]t|lead[ -]?off|signal (loss|ausfall)|disconnect"),
    ("desaturation", "desaturation", r"desat|s[aä]ttigung"),
    ("respiratory", "obstructive apnoea", r"obstru[ck]tiv\w* (a|sch?laf-?a)pn|apn\w* obstru"),
    ("respiratory", "central apnoea", r"[cz]entral\w* apn|apn\w* [cz]entr"),
    ("respiratory", "mixed apnoea", r"(mixed|gemischte|mixte|mista) apn|apn\w* (mixt|mista)"),
    ("respiratory", "hypopnoea", r"h[yi]popn"),
    ("respiratory", "apnoea", r"apn(o?e|ö|é|ea)"),
    ("respiratory", "flow limitation", r"flow (limit|reduc)|flusslimit"),
    ("respiratory", "periodic breathing", r"cheyne|periodic breathing|\bcsr\b|periodische atmung"),
    ("snore", "snore", r"snor|schnarch|ronfl|ronquid|russ(are|amento)"),
    ("limb movement", "periodic limb movement", r"\bplms?\b|periodic (limb|leg)"),
    (
        "limb movement",
        "limb movement",
        r"(limb|leg)[ _-]*mov|\blms?\b|\bclm\b|beinbeweg|mouvements? des? jambes?",
    ),
    ("position", "position", r"position|lage\b|body pos"),
    ("muscle", "phasic", r"phasic"),
    ("muscle", "tonic", r"tonic\b"),
    ("muscle", "any", r"(leg|arm|chin)[ _-]*any$|^any$"),
    ("muscle", "spasm", r"spasm|krampf|crampe?\b|spastik"),
    ("muscle", "clonus", r"[ck]lonus"),
    ("muscle", "twitch", r"twitch|zuckung|sursaut|myoclon|myoklon|fas[ck]i[ck]ul|jerk"),
    ("muscle", "bruxism", r"brux|rmma|z[aä]hneknirschen"),
    ("muscle", "burst", r"\bburst"),
)
_COMPILED = tuple((group, kind, re.compile(pattern, re.IGNORECASE)) for group, kind, pattern in _RULES)

_AROUSALS = (
    ("limb movement arousal", r"\bplms?\b|\blms?\b|limb|leg"),
    ("respiratory arousal", r"resp"),
    ("spontaneous arousal", r"spont"),
)

_POSITIONS: dict[str, str] = {
    "supine": "supine back rückenlage rücken rueckenlage dos dorsal supino supina",
    "prone": "prone stomach front bauchlage bauch ventre ventral prono prona",
    "left": "left linkslage links gauche izquierda sinistra",
    "right": "right rechtslage rechts droite derecha destra",
    "upright": "upright sitting standing up aufrecht sitzend assis debout sentado seduto",
}
_POSITION: dict[str, str] = {word: name for name, words in _POSITIONS.items() for word in words.split()}

_LIMB_FIRST = re.compile(
    r"^(?P<limb>(?:left|right)?(?:arm|leg|chin|fds|ta|mentalis|submentalis|tibialis))[\s_-]*"
    r"(?P<kind>phasic|tonic|any|art[ei]fa[ck]t)$",
    re.IGNORECASE,
)
"""A limb and a kind in one word, as RBD scorers use them in Domino: ``LeftLegPhasic``."""


def group_of(text: str) -> tuple[Group, str]:
    """Return group and kind of an event by its label; ``("other", label)`` when nothing is known of it."""
    label = text.partition("|")[0].replace("_", " ").strip()
    position = position_of(label)
    if position:
        return "position", position
    for group, kind, pattern in _COMPILED:
        if pattern.search(label):
            return group, _arousal(label) if group == "arousal" else kind
    return "other", label.casefold()


def position_of(text: str) -> str:
    """Return ``supine``, ``prone``, ``left``, ``right``, ``upright`` if that is all the text says, or ""."""
    word = re.sub(r"\b(body|position|lying|on|the|side|lage)\b|[:=,_]", " ", text.casefold()).strip()
    return _POSITION.get(word, "")


def limb_and_kind(text: str) -> tuple[str, str] | None:
    """Split a label such as ``LeftLegPhasic`` into limb and rest; ``None`` for any other."""
    found = _LIMB_FIRST.match(text.strip())
    return None if found is None else (found["limb"], found["kind"])


def _arousal(label: str) -> str:
    for kind, pattern in _AROUSALS:
        if re.search(pattern, label, re.IGNORECASE):
            return kind
    return "arousal"
