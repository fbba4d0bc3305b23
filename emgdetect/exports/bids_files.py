"""What stands in the small files of a BIDS dataset, as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from emgdetect._version import __version__
from emgdetect.choosing import named_after_something_else
from emgdetect.exports.columns import NOT_AVAILABLE, decimals_for, number, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emgdetect.recording import Recording, Stream

VERSION = "1.11.0"
"""Of BIDS: the first with EMG."""

UNITS = {"uV": "uV", "adc": NOT_AVAILABLE, "envelope": "arbitrary"}

_GENERATED = [{"Name": "emgdetect", "Version": __version__}]
_COLUMNS = ("name", "type", "units", "description", "sampling_frequency", "target_muscle")


def description(name: str) -> str:
    """Return the description of a new dataset, to be completed by its authors."""
    return _json({"Name": name, "BIDSVersion": VERSION, "DatasetType": "raw", "GeneratedBy": _GENERATED})


def derivatives_description(profile: str) -> str:
    """Return the description of what was derived from the dataset with one profile."""
    return _json({
        "Name": f"Events found by emgdetect, profile {profile}",
        "BIDSVersion": VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": _GENERATED,
        "SourceDatasets": [{"URL": "../.."}],
    })  # fmt: skip


def readme(name: str) -> str:
    """Return a first page for whoever opens the dataset."""
    return (
        f"# {name}\n\nSurface EMG, written by emgdetect {__version__} in the manner of BIDS {VERSION}.\n\n"
        "Recordings stand in `sub-*`, events that were detected in them in `derivatives/emgdetect-*`. Where "
        "nothing was recorded the signals hold the least digital number, and `*_events.tsv` has a line "
        "that begins with `gap`. Say here who was recorded, how electrodes were placed, and who may use "
        "the data.\n"
    )


def derivatives_readme(profile: str) -> str:
    """Return a first page of what was derived with one profile."""
    return (
        f"# Events found by emgdetect {__version__}, profile {profile}\n\nOne table for each recording, "
        "in seconds from its first sample; the `.json` beside it says what the columns mean and which "
        "settings made it. Counts are automatic estimates that nobody has reviewed.\n"
    )


def participants_described() -> str:
    """Return the description of the list of participants."""
    return _json({"participant_id": {"Description": "Label of the participant."}})


def sidecar(recording: Recording, task: str) -> str:
    """Return ``*_emg.json`` of a recording of one stream; what the source did not say is ``n/a``."""
    (stream,) = recording.streams
    rate = stream.info.sampling_rate
    return _json({
        "TaskName": task,
        "SamplingFrequency": rate,
        "PowerLineFrequency": NOT_AVAILABLE,
        "EMGPlacementScheme": "Other",
        "EMGPlacementSchemeDescription": "not told by the recording",
        "EMGReference": NOT_AVAILABLE,
        "EMGGround": NOT_AVAILABLE,
        "SoftwareFilters": NOT_AVAILABLE,
        "HardwareFilters": NOT_AVAILABLE,
        # The file goes on where the recording stopped for a while; events tell where.
        "RecordingType": "continuous",
        "RecordingDuration": stream.n_samples / rate,
        "EMGChannelCount": sum(_type(name) == "EMG" for name in stream.info.ch_names),
        "ManufacturersModelName": stream.info.device or NOT_AVAILABLE,
    })  # fmt: skip


def channels(stream: Stream, labels: Mapping[str, str], muscles: Mapping[str, str]) -> str:
    """Return ``*_channels.tsv``: names as in the file of signals, the full ones as descriptions."""
    rate = f"{stream.info.sampling_rate:.12g}"
    rows = [_COLUMNS]
    rows += [
        (labels[name], _type(name), UNITS[one.unit], word(name), rate, word(muscles.get(name, "")))
        for one in stream.info.channels
        for name in [one.name]
    ]
    return "".join("\t".join(row) + "\n" for row in rows)


def marks(recording: Recording, labels: Mapping[str, str]) -> str:
    """Return ``*_events.tsv`` of what came with a recording, gaps among it; without any, its header."""
    rows = sorted(_marks(recording, labels))
    (stream,) = recording.streams
    decimals = decimals_for(stream.info.sampling_rate)
    lines = ["onset\tduration\ttrial_type\tchannel"]
    lines += [
        f"{onset:.{decimals}f}\t{f'{length:.{decimals}f}' if length > 0 else number(0.0)}\t{text}\t{channel}"
        for onset, length, text, channel in rows
    ]
    return "\n".join(lines) + "\n"


def marks_described() -> str:
    """Return the description of that table."""
    return _json({
        "onset": {"Description": "From the first sample of the recording on.", "Units": "s"},
        "duration": {"Description": "Length; 0 for a moment.", "Units": "s"},
        "trial_type": {"Description": "Marks as the recording had them; gap: why nothing was recorded."},
        "channel": {"Description": "Channel it belongs to, as in *_channels.tsv; n/a for all."},
    })  # fmt: skip


def _marks(recording: Recording, labels: Mapping[str, str]) -> Iterator[tuple[float, float, str, str]]:
    (stream,) = recording.streams
    rate = stream.info.sampling_rate
    for one in recording.annotations:
        channel = "" if one.channel is None else labels.get(one.channel, one.channel)
        yield one.onset, max(one.duration, 0.0), word(one.text), word(channel)
    for gap in stream.gaps:
        yield gap.start / rate, gap.n_samples / rate, word(f"gap: {gap.cause}"), NOT_AVAILABLE


def _type(name: str) -> str:
    return "MISC" if named_after_something_else(name) else "EMG"


def _json(tree: dict[str, Any]) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"
