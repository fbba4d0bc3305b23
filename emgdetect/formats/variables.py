"""Which of the named arrays in a file are the recording, its rate, its names and its unit.

MATLAB files say what they hold by the names of variables only. The rules are: a rate is called as people call
it (``fs``, ``sampling_rate``, ``srate``, ...); samples are in the arrays whose name says EMG, else in one
called ``data`` or the like, else in the largest; variables inside a structure count as ``structure.field``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping

_RATES = (
    "samplingrate",
    "samplerate",
    "samplingfrequency",
    "srate",
    "sfreq",
    "fs",
    "frequency",
    "freq",
    "hz",
)
_TIMES = ("t", "time", "times", "timestamps", "timestamp", "times_s", "time_s")
_DATA = ("data", "signal", "signals", "samples", "raw", "val", "values", "counts", "x", "y")
_NAMES = ("labels", "chnames", "channelnames", "channels", "channelnames", "chanlocs")
_UNITS = ("unit", "units")
_EMG, _PLAIN = 3, 1
_MOST_AXES = 2
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Described:
    """A numeric array by its name and shape, without its numbers."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def length(self) -> int:
        """Samples, if it is a recording: its longer axis."""
        return max(self.shape)

    @property
    def n_channels(self) -> int:
        """Channels, if it is a recording: its shorter axis."""
        return math.prod(self.shape) // self.length


def pick(arrays: list[Described], *, where: object) -> tuple[list[Described], list[Described]]:
    """Choose the arrays that are the recording, all of one length, and give the other candidates too.

    Raises
    ------
    FormatError
        If there is none.
    """
    candidates = [array for array in arrays if _is_candidate(array)]
    if not candidates:
        raise FormatError("the file holds no array that could be a recording", where=where)
    best = max(candidates, key=lambda array: (_score(array.name), array.length, -len(array.name)))
    chosen = [best]
    if _score(best.name) == _EMG:
        chosen = [
            array
            for array in candidates
            if _score(array.name) == _EMG and (array.length, array.dtype) == (best.length, best.dtype)
        ]
    return chosen, [array for array in candidates if array not in chosen]


def _is_candidate(array: Described) -> bool:
    real = array.dtype[1] in "iuf" and 1 <= len(array.shape) <= _MOST_AXES
    return real and min(array.shape) > 0 and array.length >= _SHORTEST and not _called(array.name, _TIMES)


def _score(name: str) -> int:
    if "emg" in _field(name).lower():
        return _EMG
    return 2 if _called(name, _DATA) else _PLAIN


def rate_of(values: Mapping[str, Any], *, beside: str, where: object) -> float | None:
    """Return the sampling rate in Hz, ``None`` if no variable is called so.

    A rate in the same structure as ``beside`` goes before one elsewhere.

    BIOPAC's ``isi`` (sample interval, in ms unless ``isi_units`` says s) counts as well.

    Raises
    ------
    FormatError
        If the number found is no rate.
    """
    found = [(name, value) for name, value in values.items() if _called(name, _RATES)]
    found.sort(key=lambda pair: (_parent(pair[0]) != _parent(beside), _RATES.index(_plain(pair[0]))))
    for name, value in found:
        rate = _scalar(value)
        if rate is not None:
            if not (math.isfinite(rate) and rate > 0):
                raise FormatError(f"{name} in the file is {rate:g}, no sampling rate", where=where)
            return rate
    interval = _scalar(values.get("isi"))
    if interval is not None and math.isfinite(interval) and interval > 0:
        return (1.0 if texts_in(values.get("isi_units")) == ["s"] else 1000.0) / interval
    return None


def names_of(values: Mapping[str, Any], n_channels: int) -> tuple[str, ...] | None:
    """Return the channels' names if a variable lists as many as there are channels."""
    for name, value in values.items():
        texts = texts_in(value) if _called(name, _NAMES) else []
        if len(texts) == n_channels and all(texts):
            return tuple(texts)
    return None


def units_of(values: Mapping[str, Any]) -> list[str]:
    """Return the words that name the unit: none, one, or one per channel."""
    for name, value in values.items():
        texts = texts_in(value) if _called(name, _UNITS) else []
        if texts:
            return texts
    return []


def texts_in(value: object) -> list[str]:
    """Return the texts in a value: a text, several, or structures that have a field ``labels``."""
    if isinstance(value, str):
        return [value.strip()]
    if isinstance(value, dict):
        return texts_in(value.get("labels"))
    if isinstance(value, np.ndarray):
        value = value.reshape(-1).tolist()
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts_in(item)]
    return []


def _scalar(value: object) -> float | None:
    array = np.asarray(value) if isinstance(value, int | float | np.ndarray | np.generic) else None
    if array is None or array.size != 1 or array.dtype.kind not in "iuf":
        return None
    return float(array.reshape(-1)[0])


def _field(name: str) -> str:
    return name.rpartition(".")[2]


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", _field(name).lower())


def _called(name: str, words: tuple[str, ...]) -> bool:
    return _plain(name) in words
