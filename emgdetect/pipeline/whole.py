"""Detection on a whole stream: the same loop, from its first sample to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect._version import __version__
from emgdetect.pipeline.live import Pipeline, in_order
from emgdetect.types import Detection, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.config import Profile
    from emgdetect.recording import Stream
    from emgdetect.types import Event, Update


def detect_stream(
    stream: Stream,
    profile: Profile,
    *,
    source: str = "",
    notices: tuple[str, ...] = (),
    progress: Callable[[int], None] | None = None,
) -> Detection:
    """Run a profile over a whole stream.

    Parameters
    ----------
    stream : Stream
        Any recording's stream.
    profile : Profile
        The settings.
    source : str
        Where the stream came from, for the record.
    notices : tuple of str
        Sentences to keep with the result.
    progress : callable, optional
        Called with the index after the last sample done.

    Returns
    -------
    Detection
        With no events when nothing was found.

    Raises
    ------
    UnsuitableSignalError
        No channel can carry any kind the profile looks for.
    """
    pipeline = Pipeline(stream.info, profile)
    events: list[Event] = []
    quality: dict[str, list[Quality]] = {}
    for update in _run(pipeline, stream, progress):
        events += update.events
        for part in update.quality:
            quality.setdefault(part.channel, []).append(part)
    return Detection(
        info=stream.info,
        n_samples=stream.n_samples,
        gaps=stream.gaps,
        events=tuple(sorted(events, key=in_order)),
        quality=tuple(_joined(name, quality.get(name, [])) for name in stream.info.ch_names),
        profile=profile.name,
        config_hash=profile.digest,
        version=__version__,
        settings=profile.settings(),
        refused=pipeline.refused,
        notices=notices,
        source=source,
    )


def _run(pipeline: Pipeline, stream: Stream, progress: Callable[[int], None] | None) -> list[Update]:
    updates = []
    for piece in stream.pieces(pipeline.slab):
        updates.append(pipeline.push(piece))
        if progress is not None:
            progress(piece.stop)
    updates.append(pipeline.finish())
    return updates


def _joined(name: str, parts: list[Quality]) -> Quality:
    if not parts:
        return Quality(name, 0, np.empty(0, np.float32), np.empty(0, np.uint8))
    return Quality(
        name,
        0,
        np.concatenate([part.floor for part in parts]),
        np.concatenate([part.reason for part in parts]),
    )
