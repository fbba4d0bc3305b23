"""Events as JSON, with everything that is known of how they came about."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from emgdetect.exports.columns import chosen
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection, Event

FORMAT = 1
"""Rises when a key changes its meaning or goes; new keys may come without."""


def to_json_dict(detection: Detection, *, artefacts: bool = False) -> dict[str, Any]:
    """Return events, gaps and provenance as dicts, lists, strings, finite numbers and ``None``."""
    info = detection.info
    return {
        "format": FORMAT,
        "what": "emgdetect events",
        "source": detection.source,
        "device": info.device,
        "start": None if info.start is None else info.start.isoformat(),
        "sampling_rate": info.sampling_rate,
        "n_samples": detection.n_samples,
        "channels": [{"name": channel.name, "unit": channel.unit} for channel in info.channels],
        "gaps": [
            {"start_sample": gap.start, "n_samples": gap.n_samples, "cause": gap.cause}
            for gap in detection.gaps
        ],
        "profile": detection.profile,
        "version": detection.version,
        "config_hash": detection.config_hash,
        "settings": _plain(detection.settings),
        "refused": [
            {"kind": one.kind, "channel": one.channel, "reason": one.reason} for one in detection.refused
        ],
        "notices": list(detection.notices),
        "events": [event_dict(event) for event in chosen(detection, artefacts=artefacts)],
    }


def event_dict(event: Event) -> dict[str, Any]:
    """Return one event under the names of the table, ``None`` for numbers that do not exist."""
    return {
        "onset": event.onset,
        "duration": event.duration,
        "trial_type": event.kind,
        "channel": event.channel,
        "sample": event.sample,
        "n_samples": event.n_samples,
        "peak": _plain(event.peak),
        "rms": _plain(event.rms),
        "snr_db": _plain(event.snr_db),
        "median_frequency": _plain(event.median_frequency),
        "rhythm": _plain(event.rhythm),
        "confidence": _plain(event.confidence),
        "flags": list(event.flags),
        "rule": event.rule,
    }


def write_json(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the events.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    tree = to_json_dict(detection, artefacts=artefacts)
    write_text(path, json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=False) + "\n", force=force)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a JSON tree is any of several types at every node
    match value:
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case _:
            return str(value)
