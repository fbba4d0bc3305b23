"""Events as XML in the manner of the National Sleep Research Resource: a list of scored events.

Times are seconds from the start of the recording. The first entry says how long it is and at what time of day
it began, as files of the NSRR do; it never has a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from emgdetect.exports.columns import chosen, decimals_for
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection

EPOCH_S = 30
START = "Recording Start Time"
TYPES = {"artefact": "Artifact|Artifact"}
MUSCLE = "Muscle activity|Muscle activity"
"""What type of event it is, said twice with a bar between, as the NSRR has it; it has none for muscles."""


def to_nsrr(detection: Detection, *, artefacts: bool = False) -> str:
    """Return the document as text; without events only the start is listed."""
    rate = detection.info.sampling_rate
    decimals = decimals_for(rate)
    root = ET.Element("PSGAnnotation")
    _add(
        root, "SoftwareVersion", f"emgdetect {detection.version}, {detection.profile} {detection.config_hash}"
    )
    _add(root, "EpochLength", str(EPOCH_S))
    listed = ET.SubElement(root, "ScoredEvents")
    first = ET.SubElement(listed, "ScoredEvent")
    ET.SubElement(first, "EventType")
    _add(first, "EventConcept", START)
    _add(first, "Start", "0")
    _add(first, "Duration", f"{detection.n_samples / rate:.{decimals}f}")
    if detection.info.start is not None:
        _add(first, "ClockTime", f"00.00.00 {detection.info.start:%H.%M.%S}")
    for event in chosen(detection, artefacts=artefacts):
        entry = ET.SubElement(listed, "ScoredEvent")
        _add(entry, "EventType", TYPES.get(event.kind, MUSCLE))
        _add(entry, "EventConcept", f"{event.kind}|{event.kind}")
        _add(entry, "Start", f"{event.onset:.{decimals}f}")
        _add(entry, "Duration", f"{event.duration:.{decimals}f}")
        _add(entry, "SignalLocation", event.channel)
    ET.indent(root)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{ET.tostring(root, encoding="unicode")}\n'
    )


def write_nsrr(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the document.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    write_text(path, to_nsrr(detection, artefacts=artefacts), force=force)


def _add(parent: ET.Element, name: str, text: str) -> None:
    # XML has no way to say control characters, not even escaped.
    ET.SubElement(parent, name).text = "".join(char if char.isprintable() else " " for char in text)
