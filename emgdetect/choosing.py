"""Which channels of a recording are searched: one rule for every way in.

A night from a sleep laboratory holds brain, breath and temperature beside one or two muscles. Searching all
of it gives numbers that mean nothing. Names decide, word by word, in any case:

1. If any channel is named after EMG or a muscle, those are searched and no others.
2. Else all are searched, except those named after something else (``EEG C3-A2``, ``ECG``, ``Resp``).
3. If that leaves none, all are searched: a muscle may well be plugged in where an amplifier says ``Fp1``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import RawArray

MOST_NAMED = 12
"""Names shown of channels that were left out."""

_STEMS = (
    "emg", "semg", "hdemg", "electromyo", "musc", "bicep", "tricep", "tibial", "gastroc", "masseter",
    "mental", "submental", "deltoid", "quadricep", "hamstring", "flexor", "extensor", "soleus", "trapez",
    "sternocleido", "orbicular", "zygomat", "corrugator", "vastus", "peroneus", "fibularis",
)  # fmt: skip
_MUSCLES = frozenset((
    "exg", "chin", "temporalis", "frontalis", "jaw", "leg", "calf", "calves", "thigh", "forearm", "arm",
    "ta", "tib", "tibant", "sol", "gm", "gl", "vm", "vl", "rf", "bf", "fdi", "fds", "fcr", "fcu", "ecr",
    "ecu", "edc", "edb", "apb", "adm", "scm", "lat", "rat",
))  # fmt: skip
_SIDED = frozenset({"leg", "ta", "tib", "at", "arm", "calf", "thigh", "chin", "jaw", "sol", "masseter"})
"""Labels that come with a letter for the side before or after: ``LLeg``, ``RTA``, ``LegR``."""

_OTHERS = frozenset((
    "eeg", "meg", "ecg", "ekg", "eog", "loc", "roc", "heog", "veog", "ieeg", "ecog", "resp", "respiration",
    "rip", "flow", "airflow", "nasal", "oronasal", "thorax", "thor", "thoracic", "abdomen", "abdo", "abd",
    "abdominal", "chest", "effort", "breath", "breathing", "cpap", "pressure", "snore", "snoring", "mic",
    "microphone", "audio", "sound", "spo2", "sao2", "spo", "sao", "o2", "etco2", "co2", "oximetry", "pleth",
    "ppg", "pulse", "heart", "hr", "heartrate", "bpm", "ibi", "gsr", "eda", "scl", "bvp", "ppt", "ptt",
    "temp", "temperature", "pos", "position", "body", "light", "lux", "acc", "accel", "accelerometer",
    "acceleration", "gyro", "gyroscope", "mag", "magnetometer", "imu", "quaternion", "orientation",
    "status", "trigger", "trig", "marker", "markers", "event", "events", "annotation", "annotations",
    "stim", "stimulus", "battery", "batt", "counter", "packet", "time", "timestamp", "label", "button",
))  # fmt: skip
_EEG_SITE = re.compile(
    r"(?:fp|af|fc|ft|cp|tp|po|f|c|t|p|o)(?:z|\d{1,2})(?:h?)(?:\s*[-:/]\s*\w+|ref|\s+ref)?$", re.IGNORECASE
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is searched: ``parts`` are streams with their index in the recording and the channels chosen.

    ``left_out`` are the names of the others; ``notice`` is a sentence about the choice for people, empty
    when there was nothing to choose.
    """

    parts: tuple[tuple[int, Stream], ...]
    left_out: tuple[str, ...] = ()
    notice: str = ""


def named_after_muscle(name: str) -> bool:
    """Tell whether a channel's name speaks of EMG or of a muscle: ``EMG Chin``, ``LAT``, ``EXG 1``."""
    words = _words(name)
    if any("emg" in word for word in words):
        return True
    return any(_is_muscle(word) for word in words) and not words & _OTHERS


def named_after_something_else(name: str) -> bool:
    """Tell whether a channel's name speaks of what is no muscle: ``EEG C3-A2``, ``Resp``, ``Status``."""
    if named_after_muscle(name):
        return False
    return bool(_words(name) & _OTHERS) or bool(_EEG_SITE.match(name.strip()))


def choose(recording: Recording) -> Choice:
    """Choose by names what is searched in a recording; every stream that has a chosen channel is a part."""
    names = [name for stream in recording.streams for name in stream.info.ch_names]
    if any(map(named_after_muscle, names)):
        return _chosen(recording, named_after_muscle)
    if all(map(named_after_something_else, names)):
        notice = f"no channel is named after EMG or a muscle; searched all the same: {_listed(names)}"
        return Choice(tuple(enumerate(recording.streams)), (), notice if names else "")
    return _chosen(recording, lambda name: not named_after_something_else(name))


def only(stream: Stream, wanted: Callable[[str], bool]) -> Stream | None:
    """Return the stream with the channels whose names are wanted, ``None`` if it has none of them."""
    rows = [row for row, name in enumerate(stream.info.ch_names) if wanted(name)]
    if len(rows) == len(stream.info.channels):
        return stream
    if not rows:
        return None

    def fetch(start: int, stop: int, /) -> RawArray:
        return stream.fetch(start, stop)[rows]

    channels = tuple(stream.info.channels[row] for row in rows)
    return replace(stream, info=replace(stream.info, channels=channels), fetch=fetch)


def _chosen(recording: Recording, wanted: Callable[[str], bool]) -> Choice:
    found = ((index, only(stream, wanted)) for index, stream in enumerate(recording.streams))
    parts = tuple((index, stream) for index, stream in found if stream is not None)
    names = (name for stream in recording.streams for name in stream.info.ch_names)
    left_out = tuple(name for name in names if not wanted(name))
    notice = f"not searched, by their names: {_listed(left_out)}; --channel NAME searches one of them"
    return Choice(parts, left_out, notice if left_out else "")


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more


def _words(name: str) -> set[str]:
    """Return the words of a name in lower case, with their digits and without; humps part words too."""
    found: set[str] = set()
    for text in (name, _HUMP.sub(" ", name)):
        lower = text.casefold()
        found.update(re.findall(r"[a-z]+", lower), re.findall(r"[a-z0-9]+", lower))
    return found


def _is_muscle(word: str) -> bool:
    if word in _MUSCLES or word.removesuffix("s") in _MUSCLES or word.startswith(_STEMS):
        return True
    bare = {word.removeprefix("left").removeprefix("right")}
    if word.startswith(("l", "r")):
        bare.add(word[1:])
    if word.endswith(("l", "r")):
        bare.add(word[:-1])
    return bool(bare & _SIDED)
