"""The verbs for Python programs: read, detect, summarise, write.

Each is a thin call of the part that does the work; the command line calls the same parts.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.choosing import choose
from emgdetect.config import Profile, load_profile
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.pipeline import Pipeline, detect_stream
from emgdetect.recording import ReadOptions, Recording, Stream
from emgdetect.types import Channel, Chunk, Detection, Gap, RawArray, StreamInfo, Unit, Update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from emgdetect.report import ReportOptions

_AXES = 2
_LARGEST_COUNT = 2.0**53


def read(
    path: str | Path,
    *,
    sampling_rate: float | None = None,
    unit: Unit | None = None,
    layout: str | Path | None = None,
) -> Recording:
    """Open a recording in any format that is known; the format is recognised by content.

    Parameters
    ----------
    path : str or Path
        The file.
    sampling_rate : float, optional
        In Hz, where the file does not say or says it wrong.
    unit : {"uV", "adc", "envelope"}, optional
        What the values are, where the file does not say.
    layout : str or Path, optional
        A saved description of a text table.

    Returns
    -------
    Recording
        Samples are read when they are asked for, not now.

    Raises
    ------
    FormatError
        The file is missing, empty, damaged or of no known format.
    MissingExtraError
        Reading the format needs a library that is not installed.
    """
    from emgdetect.formats.opening import open_recording

    options = ReadOptions(sampling_rate, unit, None if layout is None else Path(layout))
    return open_recording(Path(path), options)


def from_array(
    data: ArrayLike,
    sampling_rate: float,
    *,
    unit: Unit = "uV",
    ch_names: Sequence[str] | None = None,
) -> Stream:
    """Make a stream of an array, so that it can be detected in like a file.

    Parameters
    ----------
    data : array_like
        Shape ``(n_channels, n_samples)`` or ``(n_samples,)``; NaN counts as missing.
    sampling_rate : float
        In Hz.
    unit : {"uV", "adc", "envelope"}
        What the values are.
    ch_names : sequence of str, optional
        Default: EMG1, EMG2 and so on.

    Raises
    ------
    UsageError
        The array has more than two axes or other things than numbers, or the names do not fit its channels.
    """
    rows = _rows(data)
    if rows.dtype.kind == "f" and bool(np.all((rows == np.rint(rows)) & (np.abs(rows) < _LARGEST_COUNT))):
        # Counts that came as floats: their step is known, and with it what quantisation alone does.
        rows = rows.astype(np.int64)
    if rows.ndim != _AXES:
        raise UsageError(
            f"an array of {rows.ndim} axes is not a recording", hint="give (n_channels, n_samples)"
        )
    given = (ch_names,) if isinstance(ch_names, str) else ch_names
    names = tuple(f"EMG{number + 1}" for number in range(len(rows))) if given is None else tuple(given)
    if len(names) != len(rows):
        raise UsageError(f"{len(names)} names for {len(rows)} channels", hint="arrays are channels first")
    info = StreamInfo(sampling_rate, tuple(Channel(name, unit) for name in names), device="array")

    def fetch(start: int, stop: int, /) -> RawArray:
        return rows[:, start:stop]

    return Stream(info, rows.shape[1], (), fetch)


def _rows(data: ArrayLike) -> RawArray:
    try:
        rows = np.atleast_2d(np.asarray(data))
    except ValueError as error:
        raise UsageError("rows of different lengths are no recording", hint=str(error)) from error
    if rows.dtype.kind not in "biuf":
        raise UsageError(f"samples of type {rows.dtype} are not numbers")
    return rows


def detect(source: str | Path | Recording | Stream, profile: str | Path | Profile = "generic") -> Detection:
    """Find twitches, bursts and spasms.

    Parameters
    ----------
    source : path, Recording or Stream
        Of a recording the channels that are named after EMG or a muscle, or, if none is, those that are
        not named after something else (:mod:`emgdetect.choosing`); ``notices`` says which are left out. Of
        several streams the first that has such channels. A stream (``recording.streams[i]``) is searched
        whole. Arrays become streams by :func:`from_array`.
    profile : str, Path or Profile
        The name of a shipped profile, a TOML file, or a profile.

    Returns
    -------
    Detection
        Its ``events`` are empty when nothing was found.

    Raises
    ------
    UnsuitableSignalError
        The signal cannot carry what the profile looks for.
    ConfigError
        There is no such profile, or one of its settings is wrong.
    """
    chosen = profile if isinstance(profile, Profile) else load_profile(profile)
    recording = read(source) if isinstance(source, str | Path) else source
    if not isinstance(recording, Recording):
        return detect_stream(recording, chosen)
    choice = choose(recording)
    if not choice.parts:
        raise UnsuitableSignalError("the recording has no signal in it", where=recording.path)
    _, stream = choice.parts[0]
    found = detect_stream(stream, chosen, source=recording.path.name)
    return replace(found, notices=(*found.notices, choice.notice)) if choice.notice else found


class Detector:
    """Detection on a live stream.

    ::

        detector = Detector(1000.0)
        for samples in sensor:                    # (n_channels, n_samples), any length
            update = detector.push(samples)       # update.events are final
        update = detector.finish()

    Parameters
    ----------
    sampling_rate : float
        In Hz.
    ch_names : sequence of str
        One name for each row of what is pushed; a single string names a single channel.
    unit : {"uV", "adc", "envelope"}
        What the values are.
    profile : str, Path or Profile
        As for :func:`detect`.
    provisional : bool
        Whether ``update.provisional`` and ``update.withdrawn`` are wanted too.
    """

    def __init__(
        self,
        sampling_rate: float,
        ch_names: Sequence[str] = ("EMG1",),
        *,
        unit: Unit = "uV",
        profile: str | Path | Profile = "generic",
        provisional: bool = True,
    ) -> None:
        chosen = profile if isinstance(profile, Profile) else load_profile(profile)
        names = (ch_names,) if isinstance(ch_names, str) else tuple(ch_names)
        info = StreamInfo(sampling_rate, tuple(Channel(name, unit) for name in names))
        self._pipeline = Pipeline(info, chosen, provisional=provisional)

    def push(self, samples: ArrayLike) -> Update:
        """Take the next samples, shape ``(n_channels, n_samples)`` or ``(n_samples,)`` for one channel.

        Raises
        ------
        UsageError
            The number of channels does not fit, or there are other things than numbers.
        """
        return self._pipeline.push(Chunk(_rows(samples), self._pipeline.position))

    def skip(self, n_samples: int, cause: str = "lost packets") -> Update:
        """Say that so many samples were lost here.

        Raises
        ------
        UsageError
            The number is negative.
        """
        if n_samples < 0:
            raise UsageError(f"{n_samples} samples cannot be lost")
        return self._pipeline.push(Gap(self._pipeline.position, n_samples, cause))

    def finish(self) -> Update:
        """End the stream; what was still open becomes final."""
        return self._pipeline.finish()


def write_report(
    detection: Detection,
    path: str | Path,
    stream: Stream | None = None,
    *,
    options: ReportOptions | None = None,
    force: bool = False,
) -> None:
    """Write the report of a detection as a page, or as a PDF where the name ends in ``.pdf``.

    With its stream, example traces are drawn in.

    Raises
    ------
    MissingExtraError
        The extra ``report`` is not installed.
    OutputError
        The file exists and ``force`` is false, or cannot be written.
    """
    from emgdetect import report
    from emgdetect.summary import summarise

    chosen = options or report.ReportOptions()
    report.write_report(path, detection, summarise(detection), stream, options=chosen, force=force)
