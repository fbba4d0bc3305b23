"""XML annotations: those of the National Sleep Research Resource, and of Compumedics Profusion.

::

    <PSGAnnotation><ScoredEvents><ScoredEvent>
      <EventConcept>Stage 2 sleep|2</EventConcept><Start>60.0</Start><Duration>30.0</Duration>

    <CMPStudyConfig><EpochLength>30</EpochLength><SleepStages><SleepStage>2</SleepStage>

Times are seconds from the start of the recording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.context.clock import seconds_in
from emgdetect.context.lines import EPOCH_S, Line, assemble
from emgdetect.context.stages import RK_NUMBERS
from emgdetect.context.textfile import read_text
from emgdetect.context.types import Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

_ROOTS = ("PSGAnnotation", "CMPStudyConfig")
_START = "recording start time"


def sniff(text: str) -> bool:
    """Say whether a file begins as one of the two kinds of XML."""
    return any(f"<{root}" in text[:4000] for root in _ROOTS)


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read stages and events; ``epoch`` takes the place of the file's own ``EpochLength``.

    Raises
    ------
    FormatError
        If it is no whole XML document, defines entities, or holds a time that is no number.
    """
    root = _tree(path, read_text(path))
    lines = [*_events(root, path), *_stages(root, epoch or _number(root, "EpochLength", path) or EPOCH_S)]
    found = assemble(lines)
    return Scoring(path, "nsrr", None, False, found.stages, found.marks, found.oddities)


def _tree(path: Path, text: str) -> Element:
    from xml.etree import ElementTree as ET

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities are how a small XML file becomes an endless one, or reads other files.
        raise FormatError("this XML defines a document type, which no scoring needs", where=path)
    try:
        # As text: the encoding a declaration names was settled when the file was read.
        body = text.partition("?>")[2] if text.startswith("<?xml") else text
        return ET.fromstring(body)  # noqa: S314 - without entities, see above
    except ET.ParseError as error:
        raise FormatError(f"this XML is cut off or damaged ({error})", where=path) from error


def _events(root: Element, path: Path) -> Iterator[Line]:
    for event in root.iter("ScoredEvent"):
        label = _said(event, "EventConcept") or _said(event, "Name")
        onset = _number(event, "Start", path)
        if label.casefold().startswith(_START) or onset is None:
            continue
        listed = _said(event, "EventType").casefold().startswith("stages")
        channel = _said(event, "SignalLocation") or _said(event, "Input")
        # The name before the bar is for people: "Stage 2 sleep|2".
        text = label.split("|")[0] if listed else label
        yield Line(onset, _number(event, "Duration", path), text, channel, listed)


def _stages(root: Element, epoch: float) -> Iterator[Line]:
    for place, stage in enumerate(root.iter("SleepStage")):
        code = (stage.text or "").strip()
        known = RK_NUMBERS.get(int(code)) if code.isdigit() else None
        yield Line(place * epoch, epoch, f"Sleep stage {known or '?'}")


def _said(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _number(parent: Element, name: str, path: Path) -> float | None:
    said = _said(parent, name)
    value = seconds_in(said)
    if said and value is None:
        raise FormatError(f"{name} is {said[:40]!r} and not a number", where=path)
    return value
