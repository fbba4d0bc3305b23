"""Events as ``Annotations`` of MNE-Python, and back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from emgdetect.errors import FormatError, MissingExtraError
from emgdetect.exports.columns import DELIMITER, chosen
from emgdetect.types import Event, Kind

if TYPE_CHECKING:
    import mne

    from emgdetect.types import Detection

GAP = "BAD_gap"
"""MNE leaves out what is annotated with a word that begins with BAD."""

_NUMBERS = ("peak", "rms", "snr_db", "median_frequency", "rhythm", "confidence")
_COUNTS = ("sample", "n_samples")
_TEXTS = ("rule", "status")
_TIMES = {"onset": "exact_onset", "duration": "exact_duration"}


def to_mne(detection: Detection, *, artefacts: bool = False, gaps: bool = True) -> mne.Annotations:
    """Return one annotation per event: its kind, with its channel in ``ch_names``.

    What MNE has no place for (sample, amplitudes, flags, rule) stands in ``extras``; a number that does not
    exist is ``None`` there. Times count from the first sample (``orig_time`` is ``None``), so that
    ``raw.set_annotations`` fits whatever a file says of its date.

    Parameters
    ----------
    detection : Detection
        What was found.
    artefacts : bool, default False
        Whether artefacts are wanted, too.
    gaps : bool, default True
        Whether gaps become ``BAD_gap`` annotations with their cause, which MNE leaves out of its analyses.

    Raises
    ------
    MissingExtraError
        If MNE is not installed.
    """
    try:
        import mne
    except ImportError as error:
        raise MissingExtraError("mne", extra="mne", purpose="annotations for MNE") from error
    events = chosen(detection, artefacts=artefacts)
    found = mne.Annotations(
        onset=[event.onset for event in events],
        duration=[event.duration for event in events],
        description=[event.kind for event in events],
        ch_names=[(event.channel,) for event in events],
        extras=[_extras(event) for event in events],
    )
    rate = detection.info.sampling_rate
    for gap in detection.gaps if gaps else ():
        found.append(gap.start / rate, gap.n_samples / rate, GAP, extras=[{"cause": gap.cause}])
    return found


def from_mne(annotations: mne.Annotations) -> tuple[Event, ...]:
    """Return the events that :func:`to_mne` made annotations of, sorted by onset, then channel.

    They come back bit for bit, also through a FIF file. Where the times of an annotation were changed, as
    by cropping, those are taken, while ``sample`` stays what it was.

    Annotations of another kind, such as gaps and a scorer's own marks, are left out.

    Raises
    ------
    FormatError
        If an annotation of ours has lost what stood in ``extras``, as in a file that cannot hold it.
    """
    kinds = get_args(Kind)
    events = [_event(one) for one in annotations if one["description"] in kinds]
    return tuple(sorted(events, key=lambda event: (event.onset, event.channel, event.duration)))


def _extras(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {name: int(getattr(event, name)) for name in _COUNTS}
    told |= {name: _number(getattr(event, name)) for name in _NUMBERS}
    # FIF files keep onsets and ends in 32 bits only.
    told |= {key: float(getattr(event, name)) for name, key in _TIMES.items()}
    told |= {name: getattr(event, name) for name in _TEXTS}
    return told | {"flags": DELIMITER.join(event.flags)}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _event(one: Any) -> Event:  # noqa: ANN401 - an ordered dictionary of MNE's
    told = one.get("extras") or {}
    lacking = [name for name in (*_COUNTS, *_NUMBERS, *_TEXTS, *_TIMES.values(), "flags") if name not in told]
    if lacking or len(one["ch_names"]) != 1:
        hint = "MNE keeps them in memory and in FIF files"
        raise FormatError(f"the annotation at {one['onset']:g} s has lost its details", hint=hint)
    values: dict[str, Any] = {name: told[name] for name in (*_COUNTS, *_TEXTS)}
    values |= {name: math.nan if told[name] is None else float(told[name]) for name in _NUMBERS}
    near = 2.0 * float(np.spacing(np.float32(abs(one["onset"]) + one["duration"])))
    for name, key in _TIMES.items():
        shown, exact = float(one[name]), float(told[key])
        values[name] = exact if abs(shown - exact) <= near else shown
    return Event(
        channel=one["ch_names"][0],
        kind=one["description"],
        flags=tuple(told["flags"].split(DELIMITER)) if told["flags"] else (),
        **values,
    )
