"""The project's detector, by the pipeline that files and sensors share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span
    from emgdetect.types import RawArray, Unit


def prepare() -> None:
    """Load what is needed, by a detection in nothing: the package loads its parts on first use."""
    import numpy as np

    from emgdetect import detect
    from emgdetect.api import from_array

    detect(from_array(np.zeros(2000), 1000.0))


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Return the final events with a shipped profile; artefacts are no events."""
    from emgdetect import detect
    from emgdetect.recording import Stream
    from emgdetect.types import Channel, Gap, StreamInfo

    channel = Channel("EMG", cast("Unit", piece.unit), piece.gain, piece.offset, *piece.rails)
    gaps = tuple(Gap(start, length, "lost packets") for start, length in piece.gaps)

    def fetch(start: int, stop: int, /) -> RawArray:
        return piece.counts[None, start:stop]

    stream = Stream(StreamInfo(piece.rate, (channel,)), piece.n_samples, gaps, fetch)
    found = detect(stream, settings.get("profile", "generic"))
    return [(e.onset, e.onset + e.duration) for e in found.events if e.kind != "artefact"]
