"""NumPy archives (``numpy.savez``) in two layouts.

=================  ===============================================================================
``data``           channels by samples, or the samples of one channel; integers or floats
``sampling_rate``  Hz
``ch_names``       optional: one name per channel
``unit``           optional: ``uV``, ``mV``, ``V``, ``adc`` or ``envelope``; one, or one per channel.
                   Without it the numbers count as ``adc``
``gain``           optional, with ``offset``: value = data * gain + offset, one or one per channel
``raw_low``        optional, with ``raw_high``: the converter's rails, one or one per channel
``gaps``           optional: n by 2, the first missing sample and how many are missing. The samples
                   there are in ``data``, and are not looked at
=================  ===============================================================================

The other layout has ``counts`` in place of ``data``, ``uv_per_count`` (one, or one per channel), and
``gaps_samples``: n by 2, the first missing sample and the one after the last.

What is stored plainly is read where it lies; what is compressed is unpacked once into a temporary file
without a name. Python objects are never loaded.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.gaps import tidy
from emgdetect.formats.npzmembers import Members
from emgdetect.formats.overrides import checked_rate, with_overrides
from emgdetect.formats.units import meaning
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions
    from emgdetect.types import RawArray

_RATES = ("sampling_rate", "fs", "sfreq", "srate")


def sniff(head: Head) -> bool:
    """Tell whether a file is a zip archive that begins with a NumPy array."""
    if not head.data.startswith(b"PK\x03\x04"):
        return False
    length = int.from_bytes(head.data[26:28], "little")
    return head.data[30 : 30 + length].endswith(b".npy") or head.path.suffix.lower() == ".npz"


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a NumPy archive of one of the two layouts described above.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        ``sampling_rate`` is needed if the archive has none.

    Raises
    ------
    FormatError
        If an array is missing, damaged or of a shape that makes no sense.
    """
    members = Members(path)
    name = next((name for name in ("data", "counts") if name in members.names), None)
    if name is None:
        raise FormatError(
            f"the archive holds {', '.join(members.names) or 'nothing'}, but neither data nor counts",
            where=path,
            hint="write it with numpy.savez(FILE, data=..., sampling_rate=...)",
        )
    oddities: list[str] = []
    names = _texts(members, "ch_names", path)
    rate = _rate(members, options, path)
    matrix, place = members.matrix(name, n_names=len(names))
    if place.turned:
        oddities.append(f"{name} has samples as rows and channels as columns; read as such")
    gaps, said = _gaps(members, place.n_samples, path)
    channels = _channels(members, names, place.n_channels, path)
    stream = Stream(StreamInfo(rate, channels), place.n_samples, gaps, matrix.fetch)
    oddities.extend(said)
    if "unit" not in members.names and "uv_per_count" not in members.names:
        oddities.append("the archive names no unit; read as counts of unknown gain")
    found = Recording(path, "npz", "unknown", None, (stream,), oddities=tuple(oddities), title="NPZ")
    return with_overrides(found, options)


def _rate(members: Members, options: ReadOptions, path: Path) -> float:
    for name in _RATES:
        array = members.small(name)
        if array is not None:
            rate = _numbers(array, name, path).reshape(-1)
            if rate.size != 1 or not (math.isfinite(rate[0]) and rate[0] > 0):
                raise FormatError(f"{name} in the archive is no sampling rate", where=path)
            return float(rate[0])
    if options.sampling_rate is None:
        raise FormatError(
            "the archive holds no sampling_rate", where=path, hint="give the rate in Hz with --sampling-rate"
        )
    return checked_rate(options.sampling_rate, where=path)


def _channels(members: Members, names: list[str], n_channels: int, path: Path) -> tuple[Channel, ...]:
    if names and len(names) != n_channels:
        raise FormatError(f"the archive names {len(names)} channels but holds {n_channels}", where=path)
    names = names or [f"ch{number + 1}" for number in range(n_channels)]
    scale = members.small("uv_per_count")
    units = _texts(members, "unit", path) or ["uV" if scale is not None else "adc"]
    if len(units) not in (1, n_channels):
        raise FormatError(f"the archive has {len(units)} units for {n_channels} channels", where=path)
    gains = _each(members, "gain" if scale is None else "uv_per_count", n_channels, path)
    offsets = _each(members, "offset", n_channels, path)
    lows, highs = (_each(members, name, n_channels, path) for name in ("raw_low", "raw_high"))
    channels = []
    for index, name in enumerate(names):
        unit, factor = meaning(units[index % len(units)])
        # What uv_per_count makes of a count is µV already, whatever unit is named beside it.
        factor = 1.0 if scale is not None else factor
        gain, offset = gains[index], offsets[index] or 0.0
        gain = 1.0 if gain is None else gain
        if gain == 0:
            raise FormatError(f"the gain of {name} is 0", where=path)
        channels.append(Channel(name, unit, gain * factor, offset * factor, lows[index], highs[index]))
    return tuple(channels)


def _each(members: Members, name: str, n_channels: int, path: Path) -> list[float | None]:
    """Return a number per channel, ``None`` for each where the archive has none."""
    array = members.small(name)
    if array is None:
        return [None] * n_channels
    numbers = [float(number) for number in _numbers(array, name, path).flat]
    if len(numbers) not in (1, n_channels):
        raise FormatError(
            f"the archive has {len(numbers)} values of {name} for {n_channels} channels", where=path
        )
    if not all(map(math.isfinite, numbers)):
        raise FormatError(f"{name} in the archive is not finite", where=path)
    return [numbers[index % len(numbers)] for index in range(n_channels)]


def _gaps(members: Members, n_samples: int, path: Path) -> tuple[tuple[Gap, ...], list[str]]:
    listed, half_open = members.small("gaps"), members.small("gaps_samples")
    array = listed if listed is not None else half_open
    if array is None or array.size == 0:
        return (), []
    pairs = _numbers(array, "gaps", path)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.isfinite(pairs).all():  # noqa: PLR2004 - pairs
        raise FormatError(f"gaps in the archive have shape {array.shape}, not n by 2", where=path)
    if listed is not None:
        pairs = np.stack((pairs[:, 0], pairs[:, 0] + pairs[:, 1]), axis=1)
    return tidy([(int(start), int(stop)) for start, stop in pairs], n_samples, "unknown")


def _texts(members: Members, name: str, path: Path) -> list[str]:
    array = members.small(name)
    if array is None:
        return []
    if array.dtype.kind not in "US":
        raise FormatError(f"{name} in the archive is not text", where=path)
    try:
        return [
            text.decode() if isinstance(text, bytes) else str(text) for text in array.reshape(-1).tolist()
        ]
    except UnicodeError as error:
        raise FormatError(f"{name} in the archive is not text", where=path) from error


def _numbers(array: RawArray, name: str, path: Path) -> RawArray:
    if array.dtype.kind not in "iuf":
        raise FormatError(f"{name} in the archive is not a number", where=path)
    return array.astype(np.float64)
