"""A recording that is recorded once more, through everything a sensor's samples go through."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.cli.recording import Manner
    from emgdetect.recorder import Source
    from emgdetect.recording import Recording, Stream

PIECE_S = 5.0
"""So much of a file is read at a time."""


@dataclass(frozen=True, slots=True)
class Way:
    """How fast a recording is played, 0 for as fast as can be, and where to: a session, a port, an outlet."""

    speed: float
    kept: Path | None = None
    port: bool = False
    lsl: bool = False


def play(recording: Recording, streams: Sequence[Stream], manner: Manner, way: Way) -> int:
    """Play streams the way that is wished for, and return the exit code.

    Raises
    ------
    UsageError
        For what does not go together.
    EmgError
        When it could not begin.
    """
    if not 0 <= way.speed < float("inf"):
        hint = "1 is real time, 10 ten times as fast, 0 as fast as can be"
        raise UsageError(f"--speed {way.speed:g} is no speed", hint=hint)
    if sum((way.port, way.lsl, way.kept is not None)) > 1:
        raise UsageError("--port, --lsl and --record are three ways", hint="take one at a time")
    if not (way.port or way.lsl):
        return replay(recording, streams, manner, speed=way.speed, kept=way.kept)
    from emgdetect.cli.outlets import to_lsl, to_port

    stream, *others = streams
    if others:
        raise UsageError(
            "its channels have different rates", where=recording.path, hint="choose with --channel"
        )
    if way.port:
        to_port(stream, speed=way.speed)
    else:
        to_lsl(stream, recording.path.stem, speed=way.speed)
    return 0


def sources_of(recording: Recording, streams: Sequence[Stream]) -> list[Source]:
    """Return each stream of a recording as a sensor."""
    from emgdetect.recorder import Source
    from firmware_interface.transports.playback import Playback, playback_device

    sources = []
    for number, stream in enumerate(streams, 1):
        name = recording.path.stem if len(streams) == 1 else f"{recording.path.stem} {number}"
        size = max(1, int(PIECE_S * stream.info.sampling_rate))
        playback = Playback(stream.info, stream.pieces(size))
        sources.append(Source(name, playback_device(stream.info), playback))
    return sources


def replay(
    recording: Recording, streams: Sequence[Stream], manner: Manner, *, speed: float, kept: Path | None
) -> int:
    """Replay streams on the live screen, into a session that is kept or thrown away; return the exit code.

    Raises
    ------
    EmgError
        When it could not begin.
    """
    from emgdetect.cli.pacing import PacedHost
    from emgdetect.cli.recording import Times, run, wish_of

    if kept is not None and kept.exists():
        raise UsageError("a replay does not continue a session", where=kept, hint="give another name")
    sources = sources_of(recording, streams)
    began = recording.start.timestamp() if recording.start is not None else None
    with tempfile.TemporaryDirectory(prefix="emgdetect-") as folder:
        target = kept or Path(folder) / "replay.emgdb"
        wish = wish_of(target, Times(), manner, kept=kept is not None)
        host = PacedHost([source.transport for source in sources], speed, wall=began)
        return run(sources, host, wish)
