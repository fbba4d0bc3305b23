"""The columns of an event table: one place for TSV, CSV and their description."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emgdetect.types import Detection, Event

NOT_AVAILABLE = "n/a"
"""Stands for a number that does not exist, as BIDS wants it."""

DELIMITER = "|"
"""Between several flags in one cell."""

LEAST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how a cell is made (from an event and the decimals of times), what it means."""

    name: str
    cell: Callable[[Event, int], str]
    description: str
    units: str = ""
    delimiter: str = ""


def number(value: float) -> str:
    """Return six significant digits, or "n/a" for what is not finite."""
    return f"{value:.6g}" if math.isfinite(value) else NOT_AVAILABLE


def word(text: str) -> str:
    """Return text that fits one cell: no tabs or line ends, "n/a" when empty."""
    return " ".join(text.split()) or NOT_AVAILABLE


_UNIT = "the channel's unit; see Channels"

COLUMNS: tuple[Column, ...] = (
    Column(
        "onset",
        lambda event, decimals: f"{event.onset:.{decimals}f}",
        "Start of the event, from the first sample of the recording on; gaps count as time.",
        "s",
    ),
    Column(
        "duration",
        lambda event, decimals: f"{event.duration:.{decimals}f}",
        "Length of the event; it covers onset up to, not including, onset + duration.",
        "s",
    ),
    Column("trial_type", lambda event, _: event.kind, "Kind of event, by the rules of the profile."),
    Column("channel", lambda event, _: word(event.channel), "Channel the event was found in."),
    Column(
        "sample",
        lambda event, _: str(event.sample),
        "Index of the event's first sample, from 0, gaps counted.",
    ),
    Column(
        "peak",
        lambda event, _: number(event.peak),
        "Largest rectified value of the conditioned signal within the event.",
        _UNIT,
    ),
    Column("rms", lambda event, _: number(event.rms), "RMS of the conditioned signal over the event.", _UNIT),
    Column(
        "snr_db", lambda event, _: number(event.snr_db), "RMS of the event over the background's RMS.", "dB"
    ),
    Column(
        "median_frequency",
        lambda event, _: number(event.median_frequency),
        "Frequency that halves the power of the event; n/a where the signal cannot tell.",
        "Hz",
    ),
    Column("rhythm", lambda event, _: number(event.rhythm), "Beat rate of a rhythmic event, else n/a.", "Hz"),
    Column(
        "confidence",
        lambda event, _: number(event.confidence),
        "How likely the event is true, from 0 to 1: a probability fitted on simulated recordings.",
    ),
    Column(
        "flags",
        lambda event, _: word(DELIMITER.join(event.flags)),
        "What else is known of the event; the first flag of an artefact is its cause.",
        delimiter=DELIMITER,
    ),
    Column(
        "rule",
        lambda event, _: word(event.rule),
        "What produced the event: profile, version and configuration hash.",
    ),
)


def decimals_for(sampling_rate: float) -> int:
    """Return how many decimals of a second tell any two samples apart; at least four."""
    return max(LEAST_DECIMALS, math.ceil(math.log10(max(sampling_rate, 1.0))) + 1)


def chosen(detection: Detection, *, artefacts: bool) -> tuple[Event, ...]:
    """Return the events of a table in order of onset, then channel; artefacts when asked for."""
    wanted: Iterable[Event] = (event for event in detection.events if artefacts or event.kind != "artefact")
    return tuple(sorted(wanted, key=lambda event: (event.onset, event.channel, event.duration)))


def table(detection: Detection, *, artefacts: bool) -> Iterator[tuple[str, ...]]:
    """Give the lines of the table as cells, the header first."""
    decimals = decimals_for(detection.info.sampling_rate)
    yield tuple(column.name for column in COLUMNS)
    for event in chosen(detection, artefacts=artefacts):
        yield tuple(column.cell(event, decimals) for column in COLUMNS)


def provenance(detection: Detection) -> dict[str, Any]:
    """Return what made the events, in the words BIDS uses where it has some."""
    info = detection.info
    return {
        "GeneratedBy": [{"Name": "emgdetect", "Version": detection.version}],
        "Source": detection.source or NOT_AVAILABLE,
        "Profile": detection.profile,
        "ConfigurationHash": detection.config_hash,
        "SamplingFrequency": info.sampling_rate,
        "RecordingDuration": detection.n_samples / info.sampling_rate,
        "RecordingStart": NOT_AVAILABLE if info.start is None else info.start.isoformat(),
        "Device": info.device,
        "Channels": {channel.name: {"Units": channel.unit} for channel in info.channels},
        "NotLookedFor": [
            {"trial_type": one.kind, "channel": one.channel, "Reason": one.reason}
            for one in detection.refused
        ],
        "Notices": list(detection.notices),
    }
