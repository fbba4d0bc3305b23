"""One sensor: what arrives of it goes through its assembler onto its tape."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from emgdetect.acquisition import Assembler, Begin
from emgdetect.errors import DeviceError
from emgdetect.recorder.status import STALE_S, ChannelStatus, StreamStatus
from emgdetect.recorder.tape import Tape
from emgdetect.types import INVALID_REASONS, Chunk, Gap
from firmware_interface.decoder import Notice
from firmware_interface.link import Battery, LinkDown, LinkUp, Overflow

if TYPE_CHECKING:
    from emgdetect.acquisition import Item, Reading
    from emgdetect.recorder.earlier import Earlier
    from emgdetect.recorder.options import Search, Source
    from emgdetect.recorder.status import LinkState
    from emgdetect.recorder.telling import Teller
    from emgdetect.session import SessionWriter
    from emgdetect.types import StreamInfo

BATTERY = "battery"
"""Name of the notice in which devices tell the charge of their battery, in percent."""


class Track:
    """Record one source.

    Parameters
    ----------
    source : Source
        The sensor, its transport not opened yet.
    session : SessionWriter
        Where to record.
    search : Search
        What to look for.
    teller : Teller
        Who is told.
    """

    def __init__(self, source: Source, session: SessionWriter, search: Search, teller: Teller) -> None:
        self.source = source
        self.ended = False
        self.error = ""
        self._session = session
        self._search = search
        self._teller = teller
        self._assembler = Assembler(
            source.device.decoder(source.options), losses_seen=source.device.losses_seen
        )
        self._tapes: list[Tape] = []
        self._state: LinkState = "looking"
        self._detail = ""
        self._ever_up = False
        self._newest = -math.inf
        self._battery = math.nan
        self._said: dict[str, float | str] = {}

    def go_on(self, earlier: Earlier, reading: Reading) -> None:
        """Go on with a stream of the session, before the transport is opened."""
        due = reading.now - (reading.wall - earlier.due)
        self._assembler.resume(earlier.info, earlier.position, due, earlier.dtype)
        tape = self._tape(earlier.info)
        tape.go_on(earlier.stream_id, earlier.position)
        self._tapes.append(tape)

    def read(self, timeout: float, reading: Reading) -> None:
        """Take what has arrived and do what is due.

        Raises
        ------
        OutputError
            The disk is full, or cannot be written to.
        """
        try:
            for arrival in self.source.transport.read(timeout):
                for item in self._assembler.take(arrival):
                    self._take(item, arrival.time, reading)
        except DeviceError as error:
            self._fail(str(error))
        for item in self._assembler.tick(self.source.transport.now()):
            self._take(item, self._newest, reading)
        if self._tapes:
            self._tapes[-1].tick(reading)

    def pause(self, *, on: bool, reading: Reading) -> None:
        """Begin or end a pause."""
        for item in self._assembler.pause() if on else self._assembler.go_on():
            self._take(item, self._newest, reading)

    def finish(self, reading: Reading) -> None:
        """Store what is still held, and end the stream."""
        for item in self._assembler.finish(self.source.transport.now()):
            self._take(item, self._newest, reading)
        if self._tapes:
            self._tapes[-1].finish(reading)

    def close(self) -> None:
        """Let go of the sensor and of the file."""
        self.source.transport.close()
        for tape in self._tapes:
            tape.close()

    def note_clock_set(self) -> None:
        """See to it that the session learns the new time of day soon."""
        for tape in self._tapes[-1:]:
            tape.note_clock_set()

    @property
    def runs(self) -> tuple[int, ...]:
        """Numbers of the runs in the session."""
        return tuple(tape.live.run_id for tape in self._tapes if tape.live is not None)

    @property
    def stored(self) -> int:
        """Samples stored."""
        return sum(tape.stored for tape in self._tapes)

    @property
    def events(self) -> int:
        """Events found, artefacts not counted."""
        return sum(sum(tape.live.counts.values()) for tape in self._tapes if tape.live is not None)

    @property
    def bytes_per_second(self) -> float:
        """What it takes on the disk, 0 before it is known."""
        return self._tapes[-1].bytes_per_second if self._tapes and not self.ended else 0.0

    def status(self, now: float) -> StreamStatus:
        """Say how the sensor does at ``now``, on the clock of the arrivals."""
        age = now - self._newest
        state: LinkState = "stale" if self._state == "streaming" and age > STALE_S else self._state
        tape = self._tapes[-1] if self._tapes else None
        missing, position = (0, 0) if tape is None else (tape.lost, tape.position)
        rate = math.nan if tape is None or tape.is_measuring else tape.info.sampling_rate
        return StreamStatus(
            name=self.source.name,
            device=self.source.device.name,
            state=state,
            detail=self.error or self._detail,
            age=age,
            sampling_rate=rate,
            measured_rate=math.nan if tape is None else tape.clock.rate or math.nan,
            ppm=math.nan if tape is None else tape.ppm,
            seconds=0.0 if tape is None else position / tape.info.sampling_rate,
            lost=missing / position if position else 0.0,
            gaps=0 if tape is None else tape.gaps,
            battery=self._battery,
            behind=0.0 if tape is None else _behind(tape),
            channels=() if tape is None else _channels(tape, fresh=state == "streaming"),
        )

    def _take(self, item: Item, time: float, reading: Reading) -> None:
        if isinstance(item, Chunk):
            self._newest = max(self._newest, time)
            self._tapes[-1].take(item)
        elif isinstance(item, Gap):
            self._tapes[-1].take(item)
            if item.cause == "pause":
                self._newest = max(self._newest, time)
            self._teller.gap(self.source.name, item)
        elif isinstance(item, Begin):
            self._begin(item.info, reading)
        elif isinstance(item, Notice):
            self._notice(item)
        else:
            self._linked(item)

    def _begin(self, info: StreamInfo, reading: Reading) -> None:
        for tape in self._tapes[-1:]:
            self._say("the sensor describes itself differently now; another stream begins")
            tape.finish(reading)
        tape = self._tape(info)
        tape.begin(self.source.name, reading)
        self._tapes.append(tape)

    def _tape(self, info: StreamInfo) -> Tape:
        return Tape(
            self._session,
            info,
            self._assembler.clock,
            self._search,
            tell=partial(self._teller.event, self.source.name),
            say=self._say,
        )

    def _linked(self, item: LinkUp | LinkDown | Overflow | Battery) -> None:
        if isinstance(item, LinkUp):
            self._state, self._detail, self._ever_up = "streaming", item.detail, True
            self._say(f"connected: {item.detail}" if item.detail else "connected")
        elif isinstance(item, LinkDown):
            self._state, self._detail = "down" if self._ever_up else "looking", item.detail or item.cause
            word = f"lost ({item.cause})" if self._ever_up else "not there yet"
            self._say(f"{word}: {item.detail}" if item.detail else word)
            if self._tapes:
                self._tapes[-1].meter.clear()
            if item.cause == "closed":
                self._state, self.ended = "ended", True
        elif isinstance(item, Overflow):
            self._say(f"the computer was too slow: {item.n_bytes} bytes were thrown away")
        else:
            self._battery = item.percent

    def _notice(self, notice: Notice) -> None:
        if notice.name == BATTERY and isinstance(notice.value, int | float):
            self._battery = float(notice.value)
        elif self._said.get(notice.name) != notice.value and isinstance(notice.value, str):
            self._said[notice.name] = notice.value
            self._say(f"{notice.name}: {notice.value}")

    def _fail(self, why: str) -> None:
        self.error, self._state, self.ended = why, "ended", True
        self._say(why)

    def _say(self, text: str) -> None:
        self._teller.say(self.source.name, text)


def _behind(tape: Tape) -> float:
    done = 0 if tape.live is None else tape.live.position
    return (tape.position - done) / tape.info.sampling_rate


def _channels(tape: Tape, *, fresh: bool) -> tuple[ChannelStatus, ...]:
    live, now = tape.live, tape.meter.read()
    found = []
    for channel, (level, trouble) in zip(tape.info.channels, now, strict=True):
        quality = None if live is None else live.quality.get(channel.name)
        known = quality is not None and len(quality.reason) > 0
        floor = float(quality.floor[-1]) if quality is not None and known else math.nan
        reason = INVALID_REASONS[int(quality.reason[-1])] if quality is not None and known else "valid"
        lasting = reason if reason in {"lead-off", "mains", "noise floor too high"} else ""
        found.append(
            ChannelStatus(
                name=channel.name,
                unit=channel.unit,
                level=level if fresh else math.nan,
                floor=floor,
                trouble=(trouble or lasting) if fresh else "no data",
                events=0 if live is None else live.counts.get(channel.name, 0),
                last=None if live is None else live.last.get(channel.name),
            )
        )
    return tuple(found)
