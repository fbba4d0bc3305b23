"""Detection while recording: the same pipeline as for files, fed from the session itself."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emgdetect._version import __version__
from emgdetect.calibration import NOTE_KIND, from_json, initial_floors
from emgdetect.choosing import choose
from emgdetect.pipeline import Pipeline
from emgdetect.recorder.replaying import pieces_from
from emgdetect.recording import Recording
from emgdetect.session import RunInfo, SessionReader
from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emgdetect.config import Profile
    from emgdetect.recording import Stream
    from emgdetect.session import SessionWriter
    from emgdetect.types import Event, Quality, Update

_SLICE_S = 30.0
"""At most so much of an earlier recording is looked at between two looks at the sensors."""

_CLOSE_S = 2.0
_FORGET_S = 1200.0
_REMEMBERED = 64


class Live:
    """A run of a profile on a stream that grows.

    It begins behind: with what the session holds already, be it the seconds in which the rate was measured
    or the first half of a night. Until it has caught up it reads the file; then it takes pieces as they
    come. Events are stored before anybody is told; how long they go on, once a commit is due.

    Parameters
    ----------
    session : SessionWriter
        The session that is recorded into.
    stream_id : int
        The stream; its description does not change any more.
    profile : Profile
        What to look for.
    tell : callable
        Told each event that was stored, provisional, final or withdrawn.
    every : float
        Seconds of samples that are looked at together: less work, later news.
    news_from : int
        Events that end before this sample are stored and not told: they are of an earlier recording.

    Raises
    ------
    UnsuitableSignalError
        No channel can carry anything the profile looks for.
    """

    def __init__(
        self,
        session: SessionWriter,
        stream_id: int,
        profile: Profile,
        tell: Callable[[Event], None],
        *,
        every: float = 0.0,
        news_from: int = 0,
    ) -> None:
        self._session = session
        self._stream_id = stream_id
        self._tell = tell
        self._news_from = news_from
        session.commit()
        self._reader: SessionReader | None = SessionReader(session.path)
        stream, notice = self._searched(self._reader)
        self._rows = [self._names.index(name) for name in stream.info.ch_names]
        self._rate = stream.info.sampling_rate
        self._most = max(1, int(_SLICE_S * self._rate))
        floors = _floors(self._reader, stream)
        self._pipeline = Pipeline(stream.info, profile, provisional=True, floors=floors)
        self.run_id = session.add_run(
            stream_id,
            RunInfo(
                profile.name,
                __version__,
                profile.digest,
                profile.settings(),
                self._pipeline.refused,
                (notice,) if notice else (),
            ),
        )
        self._behind: Iterator[Chunk | Gap] = iter(())
        self._every = every
        self._waiting: list[Chunk] = []
        self._waiting_since: float | None = None
        self._announced: dict[tuple[str, int], Event] = {}
        self._final: deque[Event] = deque(maxlen=_REMEMBERED)
        self.quality: dict[str, Quality] = {}
        self.counts: dict[str, int] = {}
        self.last: dict[str, Event] = {}

    @property
    def position(self) -> int:
        """Index of the next sample to be looked at."""
        return self._pipeline.position

    def push(self, piece: Chunk | Gap) -> None:
        """Take the next piece, which the session has been given; ignored until the earlier ones are done."""
        if self._reader is not None:
            return
        if piece.start != (self._waiting[-1].stop if self._waiting else self.position):
            # Somebody pulled the loop out of its turn: the session has what was missed.
            self._begin_behind()
            return
        if isinstance(piece, Gap):
            self._flush()
            self._look(piece)
            return
        self._waiting.append(piece)
        if piece.stop - self._waiting[0].start >= self._every * self._rate:
            self._flush()

    def tick(self, now: float) -> None:
        """Do what is due at ``now``: look at what has waited, or at some of what the session holds."""
        if self._reader is not None:
            self.catch_up()
        elif not self._waiting:
            self._waiting_since = None
        elif self._waiting_since is None:
            self._waiting_since = now
        elif now - self._waiting_since >= self._every:
            self._flush()

    def _begin_behind(self) -> None:
        self._waiting, self._behind = [], iter(())
        self._reader = SessionReader(self._session.path)

    def _flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting, self._waiting_since = self._waiting, [], None
        whole = (
            waiting[0].data if len(waiting) == 1 else np.concatenate([one.data for one in waiting], axis=1)
        )
        self._look(Chunk(whole, waiting[0].start))

    def catch_up(self) -> bool:
        """Look at some of what the session holds; return whether all of it has been seen."""
        if self._reader is None:
            return True
        until = self.position + self._most
        while self.position < until:
            piece = next(self._behind, None)
            if piece is not None:
                self._look(piece)
                continue
            # What came while the last stretch was looked at.
            self._session.commit()
            stream = self._reader.stream(self._stream_id)
            if stream.n_samples <= self.position:
                self._reader.close()
                self._reader = None
                return True
            self._behind = pieces_from(stream, self.position, max(1, int(_CLOSE_S * self._rate)))
        return False

    def finish(self, stop: int) -> None:
        """Take the end of the stream at sample ``stop``: every event becomes final, the run is complete."""
        if self._reader is None and (self._waiting[-1].stop if self._waiting else self.position) < stop:
            self._begin_behind()
        while not self.catch_up():
            pass
        self._flush()
        self._store(self._pipeline.finish())
        self._session.add_events(self.run_id, (), instead_of=self._announced.values())
        self._announced.clear()
        self._session.finish_run(self.run_id, self.position)

    def close(self) -> None:
        """Let go of the file; the run stays as a run that was cut off."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _searched(self, reader: SessionReader) -> tuple[Stream, str]:
        """Return what is searched of the stream: by the same rule as in a file."""
        stream = reader.stream(self._stream_id)
        self._names = stream.info.ch_names
        alone = Recording(Path(), "session", stream.info.device, stream.info.start, (stream,))
        choice = choose(alone)
        return (choice.parts[0][1] if choice.parts else stream), choice.notice

    def _look(self, piece: Chunk | Gap) -> None:
        if isinstance(piece, Chunk) and len(self._rows) < len(self._names):
            piece = Chunk(piece.data[self._rows], piece.start)
        while isinstance(piece, Gap) and piece.n_samples > self._most:
            # An hour that was slept through, at once, would take a hundred megabytes for a moment.
            self._store(self._pipeline.push(Gap(piece.start, self._most, piece.cause)))
            piece = Gap(piece.start + self._most, piece.n_samples - self._most, piece.cause)
        self._store(self._pipeline.push(piece))

    def _store(self, update: Update) -> None:
        self._announce([event for event in update.provisional if self._is_news(event)])
        gone = [event for event in update.withdrawn if (event.channel, event.sample) in self._announced]
        self._session.withdraw(self.run_id, gone)
        for event in gone:
            del self._announced[event.channel, event.sample]
            self._tell(event)
        if update.events:
            self._settle(update.events)
        if update.quality:
            self._session.add_quality(self.run_id, update.quality)
            self.quality |= {part.channel: part for part in update.quality}

    def _announce(self, events: list[Event]) -> None:
        # An event that is final already may still be going on for who watches from the past alone.
        new = [event for event in events if not any(_overlap(event, final) for final in self._final)]
        known = [event for event in new if (event.channel, event.sample) in self._announced]
        self._session.add_events(self.run_id, [event for event in new if event not in known])
        # Forty times a second is too often for a disk: what is known to go on waits for the samples' commit.
        self._session.add_growth(self.run_id, known)
        for event in new:
            self._announced[event.channel, event.sample] = event
            self.last[event.channel] = event
            self._tell(event)

    def _settle(self, events: tuple[Event, ...]) -> None:
        forgotten = self.position - int(_FORGET_S * self._rate)
        done = [
            one
            for one in self._announced.values()
            if one.sample + one.n_samples < forgotten or any(_overlap(one, event) for event in events)
        ]
        self._session.add_events(self.run_id, events, instead_of=done)
        for one in done:
            del self._announced[one.channel, one.sample]
        self._final.extend(events)
        for event in events:
            if event.kind != "artefact":
                self.counts[event.channel] = self.counts.get(event.channel, 0) + 1
                self.last[event.channel] = event
            if self._is_news(event):
                self._tell(event)

    def _is_news(self, event: Event) -> bool:
        return event.sample + event.n_samples > self._news_from


def _overlap(first: Event, second: Event) -> bool:
    return (
        first.channel == second.channel
        and first.sample < second.sample + second.n_samples
        and second.sample < first.sample + first.n_samples
    )


def _floors(session: SessionReader, stream: Stream) -> tuple[float, ...]:
    """Return the backgrounds that a check left in the session for this stream; NaN where it left none."""
    texts = [note.text for note in session.notes() if note.kind == NOTE_KIND]
    known = [one for text in texts for one in from_json(text, where=session.path)]
    return initial_floors(known, stream.info, at=stream.info.start)
