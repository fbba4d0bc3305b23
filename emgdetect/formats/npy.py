"""One NumPy array in a file (``numpy.save``): samples, or channels by samples.

The file says nothing of its rate, so the user has to; without a unit the numbers count as ``adc``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.npyheader import orient, read_array_header
from emgdetect.formats.overrides import checked_rate, with_overrides
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions

_MAGIC = b"\x93NUMPY"


def sniff(head: Head) -> bool:
    """Tell whether a file starts as ``numpy.save`` writes it."""
    return head.data.startswith(_MAGIC)


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a NumPy array file of real numbers with one or two axes.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        ``sampling_rate`` is needed.

    Raises
    ------
    FormatError
        If the rate is missing, or the array is damaged or not one of samples.
    """
    with path.open("rb") as file:
        header = read_array_header(file, where=path)
    place = orient(header, n_names=0, where=path)
    if header.offset + header.n_bytes > path.stat().st_size:
        raise FormatError("the file is cut off: it holds less than its header says", where=path)
    if options.sampling_rate is None:
        raise FormatError(
            "a NumPy array file does not say how fast it was sampled",
            where=path,
            hint="give the rate in Hz with --sampling-rate",
        )
    rate = checked_rate(options.sampling_rate, where=path)
    matrix = StoredMatrix(
        path,
        offset=header.offset,
        dtype=header.dtype,
        shape=(place.n_channels, place.n_samples),
        interleaved=place.interleaved,
    )
    channels = tuple(Channel(f"ch{number + 1}", "adc") for number in range(place.n_channels))
    stream = Stream(StreamInfo(rate, channels), place.n_samples, (), matrix.fetch)
    oddities = [f"sampling rate {rate:g} Hz as given by the user; the file has none"]
    if place.turned:
        oddities.append("the rows are taken as samples and the columns as channels")
    recording = Recording(
        path, "npy", "unknown", None, (stream,), oddities=tuple(oddities), title="NumPy array"
    )
    return with_overrides(recording, replace(options, sampling_rate=None))
