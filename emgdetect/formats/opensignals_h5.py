"""HDF5 files of OpenSignals (r)evolution, the recorder of BITalino and biosignalsplux, through h5py.

One group per device, named by its address, with the attributes ``sampling rate``, ``resolution``, ``date``
and ``time``; in it ``raw/channel_N`` (n by 1, counts) with the attributes ``label`` and ``sensor``, and
``raw/nSeq``, the sample counter. Counts stay counts: the gain of a sensor is not in the file. Samples are
read piece by piece.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.hdf5 import SIGN, Hdf5File, Rows
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.segments import SegmentBuilder, Segments
from emgdetect.recording import Recording
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions, Stream

_CHANNEL = re.compile(r"channel_(\d+)")
_BLOCK = 1 << 17
_MOST_BITS = 24


def sniff(head: Head) -> bool:
    """Tell whether a file is HDF5; :func:`read` looks at what is inside."""
    return head.data.startswith(SIGN)


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an OpenSignals HDF5 file; each device is one stream.

    Raises
    ------
    FormatError
        If it is damaged, or another kind of HDF5 file.
    MissingExtraError
        If h5py is not installed.
    """
    file = Hdf5File(path, purpose="reading OpenSignals HDF5 files")
    oddities: list[str] = []
    streams = []
    with file.damage_named():
        for name in file.root:
            group = file.root.get(name)
            if isinstance(group, file.h5py.Group) and isinstance(group.get("raw"), file.h5py.Group):
                streams.append(_stream(file, name, group, oddities))
    if not streams:
        raise FormatError(
            "an HDF5 file, but not one of OpenSignals",
            where=path,
            hint="no group in it has raw/channel_1; export the recording as CSV or EDF",
        )
    first = streams[0].info
    recording = Recording(
        path,
        "opensignals-h5",
        first.device,
        first.start,
        tuple(streams),
        oddities=tuple(oddities),
        title="OpenSignals HDF5",
    )
    return with_overrides(recording, options)


def _stream(file: Hdf5File, name: str, group: Any, oddities: list[str]) -> Stream:  # noqa: ANN401 - h5py has no types
    raw = group["raw"]
    found = sorted((int(match[1]), key) for key in raw if (match := _CHANNEL.fullmatch(key)))
    datasets = [(number, raw[key]) for number, key in found if isinstance(raw.get(key), file.h5py.Dataset)]
    datasets = [(number, data) for number, data in datasets if data.shape and data.dtype.kind in "iuf"]
    if not datasets:
        raise FormatError(f"the device {name} has no channels", where=file.path)
    lengths = {data.shape[0] for _, data in datasets}
    if min(lengths) == 0 or any(data.size != data.shape[0] for _, data in datasets):
        raise FormatError(f"the channels of device {name} are empty or not one column each", where=file.path)
    if len(lengths) > 1:
        oddities.append(f"the channels of device {name} differ in length; cut to the shortest")
    rate = float(np.asarray(group.attrs["sampling rate"]).reshape(-1)[0])
    if not (np.isfinite(rate) and rate > 0):
        raise FormatError(f"the device {name} has a sampling rate of {rate:g} Hz", where=file.path)
    bits = np.asarray(group.attrs.get("resolution", 0)).reshape(-1)
    channels = tuple(
        _channel(number, data, int(bits[min(index, bits.size - 1)]))
        for index, (number, data) in enumerate(datasets)
    )
    info = StreamInfo(rate, channels, _device(group, name), _start(group))
    rows = Rows(file, [(data, 0) for _, data in datasets])
    return _segments(file, raw.get("nSeq"), min(lengths), oddities).stream(info, rows.fetch)


def _channel(number: int, data: Any, bits: int) -> Channel:  # noqa: ANN401 - h5py has no types
    label = _text(data.attrs.get("label", "")) or f"CH{number}"
    sensor = _text(data.attrs.get("sensor", ""))
    name = f"{label} {sensor}" if sensor not in ("", "RAW", "CUSTOM", label) else label
    if 1 <= bits <= _MOST_BITS:
        return Channel(name, "adc", raw_low=0.0, raw_high=float((1 << bits) - 1))
    return Channel(name, "adc")


def _segments(file: Hdf5File, counter: Any, n_samples: int, oddities: list[str]) -> Segments:  # noqa: ANN401 - h5py has no types
    """Find lost samples by the counter; a four-bit one starts again after 15."""
    builder = SegmentBuilder()
    usable = isinstance(counter, file.h5py.Dataset) and counter.shape and counter.dtype.kind in "iu"
    if not usable or counter.size != counter.shape[0] or counter.shape[0] < n_samples:
        builder.add(n_samples)
        return builder.finish()
    done, last, wrap = 0, None, 0
    for first in range(0, n_samples, _BLOCK):
        values = np.asarray(counter[first : min(first + _BLOCK, n_samples)]).reshape(-1).astype(np.int64)
        if last is None:
            wrap = 16 if values.max() <= 15 else 0  # noqa: PLR2004 - four bits
            last = int(values[0]) - 1
        steps = np.diff(values, prepend=last)
        steps = steps % wrap if wrap else steps
        for index in np.flatnonzero(steps != 1):
            place = first + int(index)
            builder.add(place - done)
            done = place
            lost = int(steps[index]) - 1
            if lost < 0 and "the sample counter steps back; taken as no loss" not in oddities:
                oddities.append("the sample counter steps back; taken as no loss")
            builder.skip(lost, "lost packets")
        last = int(values[-1])
    builder.add(n_samples - done)
    return builder.finish()


def _device(group: Any, name: str) -> str:  # noqa: ANN401 - h5py has no types
    return _text(group.attrs.get("device", "")) or _text(group.attrs.get("device name", "")) or name


def _start(group: Any) -> datetime | None:  # noqa: ANN401 - h5py has no types
    text = f"{_text(group.attrs.get('date', ''))} {_text(group.attrs.get('time', ''))}".strip("\"' ")
    for layout in ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, layout)  # noqa: DTZ007 - the recorder's clock, without a zone
        except ValueError:
            continue
    return None


def _text(value: object) -> str:
    if isinstance(value, np.ndarray):
        value = value.reshape(-1)[0] if value.size else ""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.strip().strip("\"'\x00")
