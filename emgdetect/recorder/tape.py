"""One stream on its way into the session: stored first, then measured, then searched."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from emgdetect.acquisition import rate_to_use
from emgdetect.errors import OutputError, UnsuitableSignalError, UsageError
from emgdetect.recorder.live import Live
from emgdetect.recorder.meter import Meter
from emgdetect.recorder.space import bytes_per_second
from emgdetect.session import Anchor
from emgdetect.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.acquisition import Reading, StreamClock
    from emgdetect.recorder.options import Search
    from emgdetect.session import SessionWriter
    from emgdetect.types import Event, Gap, StreamInfo

ANCHOR_S = 60.0
"""How often the session is told what time it is."""

PPM_SPAN_S = 600.0
"""Over less than ten minutes the rhythm in which packets leave can hide or feign hundreds of ppm."""

UNKNOWN_RATE_HZ = 1000.0
"""Stands in the session for the second or so until an unknown rate is measured roughly."""

_PPM = 1e6


class Tape:
    """Store a stream, measure its rate, and search it.

    Parameters
    ----------
    session : SessionWriter
        Where it goes.
    info : StreamInfo
        What the device says, or what the session says of a stream that is gone on with.
    clock : StreamClock
        The stream's.
    search : Search
        What is looked for.
    tell, say : callable
        Told events and remarks.
    """

    def __init__(
        self,
        session: SessionWriter,
        info: StreamInfo,
        clock: StreamClock,
        search: Search,
        *,
        tell: Callable[[Event], None],
        say: Callable[[str], None],
    ) -> None:
        self.info = info
        self.clock = clock
        self.live: Live | None = None
        self.position = 0
        self.stored = 0
        self.lost = 0
        self.gaps = 0
        self._session = session
        self._searching = search
        self._tell = tell
        self._say = say
        self._stream_id: int | None = None
        self._nominal = clock.nominal
        self._measuring = True
        self._rough = self._nominal is not None
        self._refused = False
        self._news_from = 0
        self._next_anchor = -math.inf
        self._item_bytes = 2
        self.meter = Meter(info, self._nominal or UNKNOWN_RATE_HZ)

    def begin(self, source: str, reading: Reading) -> None:
        """Open a new stream in the session, begun just now."""
        rate = self._nominal or UNKNOWN_RATE_HZ
        self.info = replace(self.info, sampling_rate=rate, start=_day(reading.wall).astimezone())
        self._stream_id = self._session.add_stream(self.info, source=source)

    def go_on(self, stream_id: int, position: int) -> None:
        """Go on with a stream that is in the session, from ``position``."""
        self._stream_id = stream_id
        self.position = self._news_from = position
        self._measuring = False

    def take(self, piece: Chunk | Gap) -> None:
        """Store a piece, and look at it.

        Raises
        ------
        OutputError
            The disk is full, or cannot be written to.
        """
        if self._stream_id is None:
            return
        self.position = piece.stop
        if isinstance(piece, Chunk):
            self._session.append(self._stream_id, piece)
            self.stored += piece.data.shape[1]
            self._item_bytes = piece.data.itemsize
            self.meter.add(piece)
        else:
            self._session.add_gap(self._stream_id, piece)
            if piece.cause != "pause":
                self.lost += piece.n_samples
                self.gaps += 1
        if self.live is not None:
            self._guarded(partial(self.live.push, piece))
        elif not self._measuring:
            self._search()

    def tick(self, reading: Reading) -> None:
        """Do what is due: decide the rate, catch up, tell the session what time it is."""
        if self._stream_id is None:
            return
        if self._measuring:
            self._measure(reading)
        if self.live is not None:
            self._guarded(partial(self.live.tick, reading.now))
        if self.stored and reading.now >= self._next_anchor and not self._measuring:
            self._anchor(reading)

    def finish(self, reading: Reading) -> None:
        """End the stream, with the rate that is known now."""
        if self._stream_id is None or not (self.stored or self.live):
            return
        if self._measuring:
            self._decide(self._nominal or self.clock.rate or self.info.sampling_rate, reading)
        self._anchor(reading)
        if self.live is None:
            self._search()
        if self.live is not None:
            self._guarded(partial(self.live.finish, self.position))

    def close(self) -> None:
        """Leave the stream as it stands."""
        if self.live is not None:
            self.live.close()

    @property
    def is_measuring(self) -> bool:
        """Whether the rate has not been decided yet."""
        return self._measuring

    @property
    def ppm(self) -> float:
        """The measured rate against the claimed one; NaN if either is unknown, or known too coarsely."""
        measured = self.clock.steady
        if measured is None or self._nominal is None or measured.span < PPM_SPAN_S:
            return math.nan
        return measured.ppm(self._nominal)

    @property
    def bytes_per_second(self) -> float:
        """What it takes on the disk."""
        return bytes_per_second(len(self.info.channels), self.info.sampling_rate, self._item_bytes)

    def _measure(self, reading: Reading) -> None:
        rate = rate_to_use(self._nominal, self.clock.estimate)
        if rate is not None:
            self._decide(rate, reading)
            self._search()
        elif not self._rough and self.clock.rate is not None:
            self._rough = True
            self._correct(round(self.clock.rate, 3), reading)

    def _decide(self, rate: float, reading: Reading) -> None:
        self._measuring = False
        if self._nominal is not None and rate != self._nominal:
            self._say(
                f"it claims {self._nominal:g} Hz and sends {rate:g} Hz; what it sends is what is recorded"
            )
        self._correct(rate, reading)
        self.meter = Meter(self.info, rate)

    def _correct(self, rate: float, reading: Reading) -> None:
        first = self.clock.time_of(0)
        start = self.info.start if first is None else _day(_wall(first, reading)).astimezone()
        self.info = replace(self.info, sampling_rate=rate, start=start)
        if self._stream_id is not None:
            self._session.correct_stream(self._stream_id, self.info)

    def _search(self) -> None:
        if self._refused or self._stream_id is None:
            return
        try:
            self.live = Live(
                self._session,
                self._stream_id,
                self._searching.profile,
                self._tell,
                every=self._searching.every,
                news_from=self._news_from,
            )
        except (UnsuitableSignalError, UsageError) as error:
            self._refused = True
            self._say(f"recorded, but not searched: {error}")

    def _guarded(self, look: Callable[[], None]) -> None:
        """Let detection do something; whatever goes wrong in it, recording goes on."""
        try:
            look()
        except OutputError:
            raise
        except Exception as error:  # noqa: BLE001 - samples are worth more than any fault in looking at them
            self._refused = True
            if self.live is not None:
                self.live.close()
                self.live = None
            self._say(f"detection has failed and was given up, recording goes on: {error!r}")

    def _anchor(self, reading: Reading) -> None:
        time, rate = self.clock.time_of(self.position), self.clock.rate
        if time is None or rate is None or self._stream_id is None:
            return
        self._next_anchor = reading.now + ANCHOR_S
        self._session.add_anchor(self._stream_id, Anchor(self.position, _day(_wall(time, reading)), rate))

    def note_clock_set(self) -> None:
        """See to it that the session learns the new time of day soon."""
        self._next_anchor = -math.inf


def _wall(time: float, reading: Reading) -> float:
    """Return the time of day at a moment of the arrivals' clock."""
    return reading.wall - (reading.now - time)


def _day(wall: float) -> datetime:
    return datetime.fromtimestamp(wall, UTC)
