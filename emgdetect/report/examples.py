"""Examples to judge by eye: events as they were recorded, with what they had to pass."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from emgdetect.report import choosing, thresholds, traces, words
from emgdetect.report.document import Figure, Panels, Section, Text

if TYPE_CHECKING:
    from emgdetect.report.choosing import Example
    from emgdetect.report.material import Material
    from emgdetect.report.thresholds import Passed
    from emgdetect.types import Event


def section(material: Material) -> Section:
    """Return the largest, the median and the most doubtful event of each kind, and some artefacts."""
    title = "Examples to judge by eye"
    chosen = choosing.examples(material)
    if not chosen:
        return Section(title, (Text("There is no event to show."),))
    known = {id(one): _passed(material, one.event) for some in chosen.values() for one in some}
    groups = [
        Panels(
            tuple(_panel(material, one, f"{kind}-{index}", known[id(one)]) for index, one in enumerate(some)),
            "artefacts, not counted" if kind == "artefact" else words.PLURALS.get(kind, f"{kind}s"),
            kind,
        )
        for kind, some in chosen.items()
    ]
    again = any(found is not None for found in known.values())
    return Section(title, (Text(_how_shown(material, again=again)), *groups))


def _how_shown(material: Material, *, again: bool) -> str:
    first = "Of each kind the largest event, the median one and the most doubtful one."
    if material.stream is None:
        return f"{first} The samples of the recording were not at hand, so they are described but not drawn."
    level = (
        "the thick line is the running RMS of the filtered signal over the time that stands below, and the "
        "dashed line the threshold that it had to exceed over that time, which follows the background"
        if again
        else "the thick line is the running RMS of what is shown"
    )
    return (
        f"{first} The shaded part was taken for the event; {level}. Dotted lines show the level of the "
        "background (RMS) around zero. Shown is the signal as recorded, with slow drift (below about 2 Hz) "
        "taken out of events but not of artefacts; filtering for detection went further."
    )


def _passed(material: Material, event: Event) -> Passed | None:
    if material.stream is None or not traces.is_levelled(material, event):
        return None
    return thresholds.passed(material.stream, event, material.detection.settings)


def _threshold_words(found: Passed) -> str:
    """Say by how much an event passes: at a time scale, by its prediction errors, or not at all."""
    over = f"{1000 * found.seconds:.0f}{words.FIXED}ms"
    if found.margin_db > 0:
        return f"{words.number(found.margin_db, 2)} dB above threshold over {over}"
    if found.sharp_db > 0:
        return f"{words.number(found.sharp_db, 2)} dB above threshold once what is predictable is taken out"
    return f"{words.number(-found.margin_db, 2)} dB below threshold over {over}: an event by length and level"


def _panel(material: Material, example: Example, name: str, found: Passed | None) -> Figure:
    event = example.event
    unit = words.unit(material.unit(event.channel))
    details = [f"{words.span(event.duration)}", f"peak {words.number(event.peak)} {unit}"]
    if isfinite(event.snr_db):
        details.append(f"{words.number(event.snr_db)} dB above background")
    if found is not None:
        details.append(_threshold_words(found))
    if isfinite(event.confidence):
        details.append(f"confidence {words.chance(event.confidence)}")
    details += [flag for flag in event.flags if flag != example.why]
    return Figure(
        drawing=traces.draw(material, event, f"example-{name}", found) or "",
        caption=" · ".join(details),
        strong=example.why,
        above=f"{event.channel}, {material.clock.text(event.onset, fine=event.duration < 1)}",
        missing="" if material.stream is None else "no samples here",
    )
