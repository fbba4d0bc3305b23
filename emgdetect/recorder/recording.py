"""The loop: one thread that asks each sensor what has arrived and stores it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.acquisition import HostClock, Slept
from emgdetect.errors import EmgError, OutputError, UsageError
from emgdetect.recorder.awake import kept_awake
from emgdetect.recorder.earlier import close_cut_off_runs, earlier_stream
from emgdetect.recorder.interrupts import stopped_by_signals
from emgdetect.recorder.options import Outcome
from emgdetect.recorder.space import WARN_HOURS, SpaceWatch, hours_left
from emgdetect.recorder.status import Status
from emgdetect.recorder.telling import Teller
from emgdetect.recorder.track import Track
from emgdetect.session import CommitPolicy, SessionWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emgdetect.acquisition import Reading
    from emgdetect.recorder.options import Options, Reason, Source
    from emgdetect.recorder.status import Listener

POLL_S = 0.025
"""Together sensors that are silent keep those that send waiting for no longer: alarms are due in 0.1 s."""

STATUS_S = 0.5
SPACE_S = 10.0
COMMIT_S = 0.25
"""With the half second that samples may be held, and the time between two looks, it stays below one."""

_WAIT_S = 0.25
_TOGETHER_S = 0.2


def record(
    sources: Sequence[Source], path: Path | str, options: Options, listeners: Iterable[Listener] = ()
) -> Outcome:
    """Record sensors into a session until it is time to stop.

    Parameters
    ----------
    sources : sequence of Source
        The sensors, each a stream of its own.
    path : Path or str
        The session. One that exists is gone on with: a sensor of the same name that describes itself as
        before, and was recorded less than a day ago, goes on in its stream, after a gap.
    options : Options
        How long, what to look for.
    listeners : iterable of Listener
        Who is told what happens.

    Returns
    -------
    Outcome
        Also when the disk was full or every sensor failed: what had been stored until then is there.

    Raises
    ------
    UsageError
        No sources, or two of one name.
    DeviceError
        A sensor cannot be reached for a reason that no waiting mends. Nothing has been recorded.
    OutputError, SessionError
        The session cannot be created or gone on with.
    """
    names = [source.name for source in sources]
    if not names or len(set(names)) < len(names):
        raise UsageError("each sensor needs a name of its own" if names else "there is no sensor to record")
    return _Recording(sources, Path(path), options, listeners).run()


class _Recording:
    def __init__(
        self, sources: Sequence[Source], path: Path, options: Options, listeners: Iterable[Listener]
    ) -> None:
        self._sources = sources
        self._options = options
        self._host = options.host
        self._clock = HostClock(self._host.read())
        self._is_new = not path.exists()
        policy = CommitPolicy(seconds=COMMIT_S, clock=lambda: self._host.read().now)
        opener = SessionWriter.create if self._is_new else SessionWriter.open
        self._session = opener(path, policy=policy)
        self._teller = Teller(self._session, listeners, self._host)
        self._tracks: list[Track] = []
        self._paused = self._nearly_full = False
        self._began = 0.0
        self._next_status = self._next_space = float("-inf")
        self._free = self._host.free_bytes(self._session.path.parent)
        wanted = WARN_HOURS if options.duration is None else options.duration / 3600
        self._space = SpaceWatch(wanted)

    def run(self) -> Outcome:
        with ExitStack() as stack:
            stack.callback(self._let_go)
            stack.enter_context(stopped_by_signals(self._options.control))
            if self._options.awake and (remark := stack.enter_context(kept_awake())):
                self._teller.say("", remark)
            reason, message = self._wait_for_start()
            if not reason:
                self._open()
                reason, message = self._loop()
            if reason != "disk" or self._nearly_full:
                reason, message = self._finish(reason, message)
            return self._outcome(reason, message)

    def _wait_for_start(self) -> tuple[Reason | None, str]:
        start = self._options.start
        while start is not None and self._clock.last.wall < start.timestamp():
            if self._options.control.stopping:
                return "request", ""
            self._host.wait(min(_WAIT_S, start.timestamp() - self._clock.last.wall))
            self._clock = HostClock(self._host.read())
        return None, ""

    def _open(self) -> None:
        reading = self._host.read()
        self._began = reading.now
        if not self._is_new:
            close_cut_off_runs(self._session)
        try:
            for source in self._sources:
                track = Track(source, self._session, self._options.search, self._teller)
                self._tracks.append(track)
                earlier = (
                    None if self._is_new else earlier_stream(self._session.path, source.name, reading.wall)
                )
                if earlier is not None:
                    track.go_on(earlier, reading)
                source.transport.open()
        except EmgError:
            self._let_go()
            if self._is_new:
                self._session.path.unlink(missing_ok=True)
            raise

    def _loop(self) -> tuple[Reason, str]:
        try:
            while True:
                reading = self._host.read()
                self._look_at_clocks(reading)
                self._read_all(reading)
                self._session.commit_if_due()
                self._heed_pause(reading)
                stopped = self._look_at_disk(reading) or self._is_over(reading)
                self._tell_status(reading)
                if stopped is not None:
                    return stopped
        except KeyboardInterrupt:
            return "request", ""
        except OutputError as error:
            return "disk", f"the recording stopped: {error}"

    def _read_all(self, reading: Reading) -> None:
        tracks = [track for track in self._tracks if not track.ended]
        times = [track.source.transport.now() for track in tracks]
        for track, time in zip(tracks, times, strict=True):
            # Virtual sensors have times of their own: none may run ahead of the others.
            if time <= min(times) + _TOGETHER_S:
                track.read(POLL_S / len(tracks), reading)

    def _look_at_clocks(self, reading: Reading) -> None:
        for fact in self._clock.read(reading):
            if isinstance(fact, Slept):
                self._teller.say("", f"the computer slept for {fact.seconds:.0f} s")
            else:
                way = "forward" if fact.seconds > 0 else "back"
                self._teller.say("", f"the time of day was set {way} by {abs(fact.seconds):.1f} s")
            for track in self._tracks:
                track.note_clock_set()

    def _heed_pause(self, reading: Reading) -> None:
        wanted = self._options.control.pausing
        if wanted != self._paused:
            self._paused = wanted
            for track in self._tracks:
                track.pause(on=wanted, reading=reading)
            self._teller.say("", "paused" if wanted else "recording again")

    def _look_at_disk(self, reading: Reading) -> tuple[Reason, str] | None:
        if reading.now < self._next_space:
            return None
        self._next_space = reading.now + SPACE_S
        self._free = self._host.free_bytes(self._session.path.parent)
        if self._space.is_full(self._free):
            # There is room left to end in good order.
            self._nearly_full = True
            return "disk", "the recording stopped in good order, because the disk is nearly full"
        warning = self._space.look(self._free, self._bytes_per_second())
        if warning:
            self._teller.say("", warning)
        return None

    def _is_over(self, reading: Reading) -> tuple[Reason, str] | None:
        options = self._options
        if options.control.stopping:
            return "request", ""
        if options.duration is not None and reading.now - self._began >= options.duration:
            return "duration", ""
        if options.stop is not None and reading.wall >= options.stop.timestamp():
            return "time", ""
        if all(track.ended for track in self._tracks):
            errors = "; ".join(f"{track.source.name}: {track.error}" for track in self._tracks if track.error)
            return "ended", errors
        return None

    def _tell_status(self, reading: Reading) -> None:
        if reading.now < self._next_status:
            return
        self._next_status = reading.now + STATUS_S
        self._teller.status(
            Status(
                time=datetime.fromtimestamp(reading.wall, UTC),
                elapsed=reading.now - self._began,
                paused=self._paused,
                free_bytes=self._free,
                hours_left=hours_left(self._free, self._bytes_per_second()),
                streams=tuple(track.status(track.source.transport.now()) for track in self._tracks),
            )
        )

    def _bytes_per_second(self) -> float:
        return sum(track.bytes_per_second for track in self._tracks)

    def _finish(self, reason: Reason | None, message: str) -> tuple[Reason, str]:
        try:
            reading = self._host.read()
            for track in self._tracks:
                track.finish(reading)
            self._next_status = float("-inf")
            self._tell_status(reading)
            self._session.close()
        except OutputError as error:
            return "disk", f"the recording stopped: {error}"
        return reason or "request", message

    def _outcome(self, reason: Reason, message: str) -> Outcome:
        return Outcome(
            path=self._session.path,
            reason=reason,
            message=message,
            runs=tuple(run for track in self._tracks for run in track.runs),
            samples=sum(track.stored for track in self._tracks),
            events=sum(track.events for track in self._tracks),
        )

    def _let_go(self) -> None:
        """Close sensors and session whatever state they are in."""
        for track in self._tracks:
            track.close()
        try:
            self._session.close()
        except OutputError:
            # The disk is full: what was committed is safe, and said so in the outcome.
            return
