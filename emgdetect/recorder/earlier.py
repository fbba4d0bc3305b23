"""What a session holds already of a sensor that is recorded again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.session import SessionReader

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.session import SessionWriter
    from emgdetect.types import StreamInfo

LONGEST_GAP_S = 24 * 3600.0
"""After a longer time a stream of its own is begun: nobody wants a week of gap in a night."""

_CLOCK_SLACK_S = 60.0


@dataclass(frozen=True, slots=True)
class Earlier:
    """A stream that can be gone on with.

    ``due`` is the time of day (seconds since 1970) at which the sample at ``position`` was due.
    """

    stream_id: int
    info: StreamInfo
    position: int
    dtype: str
    due: float


def earlier_stream(path: Path, source: str, wall: float) -> Earlier | None:
    """Find the newest stream of a sensor called ``source`` that ended less than a day before ``wall``.

    Returns
    -------
    Earlier or None
        ``None`` if there is none, if it has no samples, or if nobody knows when they were taken.
    """
    with SessionReader(path) as session:
        for stream_id in reversed(session.stream_ids()):
            if session.source(stream_id) != source:
                continue
            stream = session.stream(stream_id)
            first, _ = next(stream.runs(), (0, 0))
            if stream.n_samples == 0 or stream.info.start is None:
                return None
            anchors = session.anchors(stream_id)
            if anchors:
                since = (stream.n_samples - anchors[-1].sample) / anchors[-1].sampling_rate
                due = anchors[-1].time.timestamp() + since
            else:
                due = stream.info.start.timestamp() + stream.n_samples / stream.info.sampling_rate
            if not -_CLOCK_SLACK_S <= wall - due <= LONGEST_GAP_S:
                return None
            dtype = stream.fetch(first, first + 1).dtype.name
            return Earlier(stream_id, stream.info, stream.n_samples, dtype, min(due, wall))
    return None


def close_cut_off_runs(session: SessionWriter) -> None:
    """Say of runs that were cut off how far they had come, so that they claim nothing of what follows."""
    with SessionReader(session.path) as reader:
        for run in reader.runs():
            if run.n_samples is not None:
                continue
            detection = reader.detection(run.id)
            seconds = min((part.stop for part in detection.quality), default=0)
            looked = min(int(seconds * detection.info.sampling_rate), detection.n_samples)
            session.finish_run(run.id, looked)
