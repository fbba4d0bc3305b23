"""What MATLAB files of both kinds have in common: from named values to a recording."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from emgdetect.errors import FormatError
from emgdetect.formats.overrides import checked_rate, with_overrides
from emgdetect.formats.units import meaning
from emgdetect.formats.variables import Described, names_of, pick, rate_of, units_of
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from emgdetect.recording import Fetch, ReadOptions


class Kind(NamedTuple):
    """Which of the two: the format's name in the registry, and one for people."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: numeric arrays by shape, small values (numbers, texts), and a way to the samples."""

    arrays: list[Described]
    values: Mapping[str, Any]
    fetch_of: Callable[[list[Described]], Fetch]


def build(path: Path, kind: Kind, contents: Contents, options: ReadOptions) -> Recording:
    """Make a recording of what a MATLAB file holds.

    Raises
    ------
    FormatError
        If no array can be the recording, or nothing says how fast it was sampled.
    """
    chosen, others = pick(contents.arrays, where=path)
    oddities = []
    if others:
        listed = ", ".join(array.name for array in others[:8])
        oddities.append(f"read {', '.join(array.name for array in chosen)}; not read: {listed}")
    rate = rate_of(contents.values, beside=chosen[0].name, where=path)
    if rate is None:
        if options.sampling_rate is None:
            raise FormatError(
                "the file does not say how fast it was sampled",
                where=path,
                hint="give the rate in Hz with --sampling-rate",
            )
        rate = checked_rate(options.sampling_rate, where=path)
        options = replace(options, sampling_rate=None)
        oddities.append(f"sampling rate {rate:g} Hz as given by the user; the file has none")
    channels = _channels(chosen, contents.values, oddities)
    stream = Stream(StreamInfo(rate, channels), chosen[0].length, (), contents.fetch_of(chosen))
    found = Recording(path, kind.key, "unknown", None, (stream,), oddities=tuple(oddities), title=kind.title)
    return with_overrides(found, options)


def _channels(chosen: list[Described], values: Mapping[str, Any], oddities: list[str]) -> tuple[Channel, ...]:
    n_channels = sum(array.n_channels for array in chosen)
    names = names_of(values, n_channels) or tuple(_names(chosen))
    units = units_of(values)
    if len(units) not in (1, n_channels):
        if units:
            oddities.append(f"the file names {len(units)} units for {n_channels} channels; read as counts")
        else:
            oddities.append("the file names no unit; read as counts of unknown gain")
        units = ["adc"]
    channels = []
    for index, name in enumerate(names):
        unit, factor = meaning(units[index % len(units)])
        channels.append(Channel(name, unit, factor))
    return tuple(channels)


def _names(chosen: list[Described]) -> list[str]:
    names: list[str] = []
    for array in chosen:
        short = array.name.rpartition(".")[2]
        many = array.n_channels > 1
        names.extend(f"{short}{number + 1}" if many else short for number in range(array.n_channels))
    return names
