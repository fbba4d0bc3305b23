"""How a result came about, and what it cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import axis, palette, tables, words
from emgdetect.report.document import Bullets, Cell, Line, Notice, Section, Table, Terms, Text, plain

if TYPE_CHECKING:
    from emgdetect.report.document import Block
    from emgdetect.report.material import Material

TERMS = (
    ("Count", "events that begin in valid time."),
    (
        "Per valid hour",
        (
            "count divided by valid hours. The 95 % interval is the exact one for independent events "
            "(Garwood 1936); events that come in clusters vary more than it says."
        ),
    ),
    (
        "Duration",
        "from onset to end of the activity; events cut by a gap or an end of the recording are left out.",
    ),
    ("Part of valid time", "how much of the valid time was covered by events."),
    ("Peak", "largest value of the rectified signal after filtering, in {units}."),
    ("Above background", "RMS of the event over RMS of the background, in decibels: 20 dB is ten times."),
    ("Onset to onset", "time between the beginnings of two events that follow each other in a channel."),
    (
        "Confidence",
        (
            "how likely the event is true, 0 to 1: a probability fitted on simulated recordings; "
            "another mix of artefacts shifts it."
        ),
    ),
)


def section(material: Material) -> Section:
    """Return how this was done: every threshold, versions and hashes."""
    units = ", ".join(_units(material)) or "the unit of the channel"
    blocks: list[Block] = [
        Text(_paragraph(material)),
        Terms(tuple((name, meaning.format(units=units)) for name, meaning in TERMS)),
        *_rules(material),
    ]
    settings = tables.settings(material)
    if settings:
        heads = ("Setting", "Value", "Meaning")
        blocks.append(Table(heads, plain(settings), (1,), title="Every setting", look="settings"))
    return Section("How this was done", tuple(blocks))


def limits(material: Material) -> Section:
    """Return what a reader must not take from the report, and the notice."""
    sleep = (
        "Sleep stages are those of the file that was given, not of this program; what it calls sleep is "
        "taken for it."
        if material.known.staged
        else "Sleep and waking are not told apart. Rates are per hour of valid signal, not per hour of "
        "sleep. Of the muscle alone, much of what is counted in a night may belong to short waking."
    )
    units = _units(material)
    uncalibrated = (
        "; counts and envelope units of an uncalibrated sensor do not compare at all"
        if "µV" not in units or len(units) > 1
        else ""
    )
    items = (
        (
            "Electrodes on the skin see the muscle below them, and something of its neighbours. Deep or "
            "small muscles, and what happens elsewhere, stay unseen."
        ),
        "The names say how long something lasted, not why. Ordinary movement counts like any other activity.",
        sleep,
        (
            "Thresholds and pauses decide what is one event and what is two. Other settings give other "
            "counts; compare only what was counted with the same configuration."
        ),
        (
            "Amplitudes depend on the electrode's place and contact. They compare within a recording, "
            f"hardly between recordings{uncalibrated}."
        ),
        (
            "People differ from night to night. One recording is one sample; several tell more, and one "
            "with less than 4 hours or less than 70 % valid time tells little of a night."
        ),
    )
    return Section("What this report cannot tell", (Bullets(items), Notice(material.summary.disclaimer)))


def kind_limits(material: Material) -> list[tuple[float, str]]:
    """Return the longest twitch and the longest burst as the profile had them."""
    kinds = material.detection.settings.get("kinds", {})
    found = (
        [(kinds.get(f"{kind}_max"), kind) for kind in palette.KINDS[:-1]] if isinstance(kinds, dict) else []
    )
    return [(float(value), kind) for value, kind in found if isinstance(value, int | float) and value > 0]


def _units(material: Material) -> list[str]:
    return sorted({words.unit(one.unit) for one in material.summary.coverage})


def _paragraph(material: Material) -> str:
    summary = material.summary
    named = [f"{kind} up to {axis.short_time(seconds)}" for seconds, kind in kind_limits(material)]
    kinds = f" An event is named by its length alone: {', '.join(named)}, spasm beyond that." if named else ""
    return (
        f"Profile {summary.profile}, emgdetect {summary.version}, configuration {summary.config_hash}. "
        "Each channel was filtered to the band of muscle activity as far as its sampling rate of "
        f"{summary.sampling_rate:g} Hz allows, and steady mains hum was taken out. Stretches whose power "
        "rises above a background that follows the recording were taken for events. Nothing was filled "
        f"in where samples were missing.{kinds} What looked like a cable, an electrode or the converter "
        "rather than a muscle was set aside as artefact. The same program with the same settings gives "
        "the same events, live or from a file."
    )


def _rules(material: Material) -> list[Block]:
    """Return the numbers of every rule set that was applied, with the digest that tells its settings."""
    lines = [
        Line(
            score.rule,
            (
                Cell(", ".join(f"{name} {_number(value)}" for name, value in score.settings.items())),
                Cell(score.digest),
            ),
        )
        for score in material.scores.values()
        if score.applies
    ]
    if not lines:
        return []
    heads = ("Rule set", "Its numbers (times in s, rates in Hz)", "Digest")
    return [Table(heads, plain(lines), (0,), title="Numbers of the rule sets", look="settings")]


def _number(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
