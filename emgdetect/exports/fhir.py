"""Counts and rates as a bundle of HL7 FHIR R4: one ``Observation`` for each channel, and the ``Device``.

There is no code of LOINC for counts of muscle events, so codes are local ones, each with its text; units are
UCUM. An observation is ``preliminary``: nobody has reviewed it. It names no patient; who uses it adds one.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import NAMESPACE_URL, uuid5

from emgdetect.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from emgdetect.types import Detection

CODES = "urn:emgdetect:codes"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

_HOURS = ("h", "h")
_RATE = ("/h", "/h")
_COUNT = ("events", "1")
_PERCENT = ("%", "%")


class Rate(Protocol):
    """Events per valid hour and its 95 % interval."""

    @property
    def per_valid_hour(self) -> float:
        """The rate."""

    @property
    def low(self) -> float:
        """Lower bound."""

    @property
    def high(self) -> float:
        """Upper bound."""


class Row(Protocol):
    """Counts of one kind in one channel, as in a summary."""

    @property
    def channel(self) -> str:
        """Which channel."""

    @property
    def kind(self) -> str:
        """Which kind; "all" for all that are counted."""

    @property
    def refused(self) -> str:
        """Why it was not looked for, or empty."""

    @property
    def count(self) -> int:
        """Events in valid time."""

    @property
    def rate(self) -> Rate | None:
        """By valid hours, if there are any."""


class Coverage(Protocol):
    """How much of a channel could be judged, as in a summary."""

    @property
    def channel(self) -> str:
        """Which channel."""

    @property
    def recorded_hours(self) -> float:
        """Without gaps."""

    @property
    def valid_hours(self) -> float:
        """What could be judged."""

    @property
    def valid_fraction(self) -> float:
        """Of the whole length, 0 to 1."""

    @property
    def low(self) -> bool:
        """Whether that is little."""


class Summary(Protocol):
    """The parts of a summary that are told."""

    @property
    def rows(self) -> Sequence[Row]:
        """By channel and kind."""

    @property
    def coverage(self) -> Sequence[Coverage]:
        """By channel."""

    @property
    def duration(self) -> float:
        """Of the recording, in s, gaps included."""

    @property
    def disclaimer(self) -> str:
        """Goes with every observation as a note."""


def to_fhir(detection: Detection, summary: Summary) -> dict[str, Any]:
    """Return the bundle, ready for ``json.dumps``; the same input gives the same bundle.

    Parameters
    ----------
    detection : Detection
        What was found; says device, start, profile and notices.
    summary : Summary
        Counts and coverage of that detection.
    """
    device = {
        "resourceType": "Device",
        "deviceName": [{"name": detection.info.device or "unknown", "type": "user-friendly-name"}],
    }
    address = _address(device, detection.source)
    observations = [_observation(detection, summary, covered, address) for covered in summary.coverage]
    entries = [(address, device), *((_address(one, detection.source), one) for one in observations)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": where, "resource": resource} for where, resource in entries],
    }


def write_fhir(detection: Detection, summary: Summary, path: Path, *, force: bool = False) -> None:
    """Write the bundle as JSON.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    tree = to_fhir(detection, summary)
    write_text(path, json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n", force=force)


def _observation(detection: Detection, summary: Summary, covered: Coverage, device: str) -> dict[str, Any]:
    rows = [row for row in summary.rows if row.channel == covered.channel]
    method = f"emgdetect {detection.version}, profile {detection.profile}, settings {detection.config_hash}"
    told: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [{"system": CATEGORY, "code": "procedure", "display": "Procedure"}]}],
        "code": _code("muscle-events", "Muscle events in surface EMG, counted automatically"),
        "bodySite": {"text": covered.channel},
        "method": {"text": method},
        "device": {"reference": device},
        "note": [{"text": text} for text in (summary.disclaimer, *detection.notices)],
        "component": [*_coverage(covered), *(part for row in rows for part in _counts(row))],
    }
    if detection.info.start is not None:
        told["effectivePeriod"] = _period(detection.info.start, summary.duration)
    return told


def _coverage(covered: Coverage) -> Iterator[dict[str, Any]]:
    yield _quantity("recorded-time", "Time recorded", covered.recorded_hours, _HOURS)
    yield _quantity("valid-time", "Time that could be judged", covered.valid_hours, _HOURS)
    yield _quantity("coverage", "Part that could be judged", 100 * covered.valid_fraction, _PERCENT)
    yield {"code": _code("low-coverage", "Too little could be judged"), "valueBoolean": covered.low}


def _counts(row: Row) -> Iterator[dict[str, Any]]:
    kind = "All events" if row.kind == "all" else f"Events of kind {row.kind}"
    if row.refused:
        yield _absent(f"{row.kind}-count", kind, "unsupported", row.refused)
        return
    yield _quantity(f"{row.kind}-count", kind, row.count, _COUNT)
    if row.rate is None:
        yield _absent(f"{row.kind}-rate", f"{kind} per valid hour", "unknown", "no time that could be judged")
        return
    parts = (
        ("rate", "", row.rate.per_valid_hour),
        ("rate-low", ", lower bound of the 95 % Poisson interval", row.rate.low),
        ("rate-high", ", upper bound of the 95 % Poisson interval", row.rate.high),
    )
    for name, words, value in parts:
        yield _quantity(f"{row.kind}-{name}", f"{kind} per valid hour{words}", value, _RATE)


def _code(code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": CODES, "code": code}], "text": text}


def _quantity(code: str, text: str, value: float, unit: tuple[str, str]) -> dict[str, Any]:
    shown, ucum = unit
    number = value if isinstance(value, int) else round(value, 6)
    return {
        "code": _code(code, text),
        "valueQuantity": {"value": number, "unit": shown, "system": UCUM, "code": ucum},
    }


def _absent(code: str, text: str, reason: str, words: str) -> dict[str, Any]:
    return {
        "code": _code(code, text),
        "dataAbsentReason": {"coding": [{"system": ABSENT, "code": reason}], "text": words},
    }


def _period(start: datetime, seconds: float) -> dict[str, str]:
    """Say from when to when; a clock without a zone says days only, since FHIR knows no time without one."""
    stop = start + timedelta(seconds=seconds)
    ends = {"start": start, "end": stop}
    if start.utcoffset() is None:
        return {name: moment.date().isoformat() for name, moment in ends.items()}
    return {name: moment.isoformat(timespec="milliseconds") for name, moment in ends.items()}


def _address(resource: dict[str, Any], source: str) -> str:
    content = json.dumps([source, resource], sort_keys=True, ensure_ascii=False)
    return f"urn:uuid:{uuid5(NAMESPACE_URL, content)}"
