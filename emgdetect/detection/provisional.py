"""Events announced at once, from the past alone; confirmed or withdrawn when the look-ahead has passed.

They serve screens and alarms. Final events never depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.kinds import kind_of
from emgdetect.detection.scales import scale_lengths
from emgdetect.types import Event

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Profile
    from emgdetect.types import Channel, FloatArray

AGAIN_S = 0.05
"""What still goes on is announced again when it has grown by so much: alarms wait for lengths."""


@dataclass(slots=True)
class _Running:
    """An event in progress, in frames: what has been seen of it."""

    start: int
    stop: int
    total: float
    greatest: float
    told: int = 0
    confirmed: bool = False


class Announcer:
    """Watch frames as they come and announce activity of one channel.

    An event is announced when it begins, again while it goes on (every :data:`AGAIN_S`, if frames come that
    often), and once more when it has ended; always under the same ``sample``.

    Parameters
    ----------
    channel : Channel
        Its name.
    grid : Grid
        Sizes that belong to the stream's rate.
    profile : Profile
        The settings.
    """

    def __init__(self, channel: Channel, grid: Grid, profile: Profile) -> None:
        self._channel = channel
        self._grid = grid
        self._profile = profile
        self._pause = grid.frames(profile.edges.merge_gap)
        self._again = grid.frames(AGAIN_S)
        # A long scale passes its threshold only when what it saw is nearly over.
        self._reach = scale_lengths(grid)[-1] * grid.raw_per_frame
        self._running: _Running | None = None
        self._announced: list[Event] = []

    def watch(self, first: int, energy: FloatArray, active: NDArray[np.bool_], floor: float) -> list[Event]:
        """Take frames from ``first`` on and return new and updated provisional events."""
        news: list[Event] = []
        for begin, end in _runs(active, self._pause):
            news += self._extend(first + begin, first + end, energy[begin:end], floor)
        running = self._running
        if running is not None and first + len(energy) - running.stop > self._pause:
            news += self._close(floor)
        elif running is not None and running.stop - running.told >= self._again:
            running.told = running.stop
            news.append(self._event(running, floor))
        return news

    def settle(self, final: list[Event], decided: int) -> list[Event]:
        """Return provisional events that ended before frame ``decided`` and that no final event confirms.

        ``final`` are the events that became final since last time.
        """
        per_frame = self._grid.raw_per_frame
        running = self._running
        if running is not None and self._confirmed(
            running.start * per_frame, running.stop * per_frame, final
        ):
            running.confirmed = True
        until = decided * per_frame
        withdrawn: list[Event] = []
        waiting: list[Event] = []
        for event in self._announced:
            stop = event.sample + event.n_samples
            if not self._confirmed(event.sample, stop, final):
                (withdrawn if stop <= until else waiting).append(event)
        self._announced = waiting
        return [replace(event, status="withdrawn") for event in withdrawn]

    def end(self, floor: float) -> list[Event]:
        """Take the end of the stream: what was still going on has ended."""
        return self._close(floor)

    def _confirmed(self, start: int, stop: int, final: list[Event]) -> bool:
        return any(
            event.kind != "artefact"
            and event.sample < stop
            and start - self._reach < event.sample + event.n_samples
            for event in final
        )

    def _extend(self, start: int, stop: int, energy: FloatArray, floor: float) -> list[Event]:
        news: list[Event] = []
        running = self._running
        if running is not None and start - running.stop > self._pause:
            news += self._close(floor)
            running = None
        if running is None:
            self._running = _Running(start, stop, float(energy.sum()), float(energy.max()), told=stop)
            return [*news, self._event(self._running, floor)]
        running.stop = stop
        running.total += float(energy.sum())
        running.greatest = max(running.greatest, float(energy.max()))
        return news

    def _close(self, floor: float) -> list[Event]:
        if self._running is None:
            return []
        event = self._event(self._running, floor)
        if not self._running.confirmed:
            self._announced.append(event)
        self._running = None
        return [event]

    def _event(self, running: _Running, floor: float) -> Event:
        per_frame, rate = self._grid.raw_per_frame, self._grid.sampling_rate
        count = (running.stop - running.start) * per_frame
        power = running.total / (running.stop - running.start)
        return Event(
            channel=self._channel.name,
            sample=running.start * per_frame,
            n_samples=count,
            onset=running.start * per_frame / rate,
            duration=count / rate,
            kind=kind_of(count / rate, self._profile.kinds),
            peak=running.greatest**0.5,
            rms=power**0.5,
            snr_db=10 * float(np.log10(max(power, floor) / floor)),
            status="provisional",
        )


def _runs(active: NDArray[np.bool_], pause: int) -> list[tuple[int, int]]:
    """Return stretches of activity, joined over pauses of at most ``pause`` frames."""
    hits = np.flatnonzero(active)
    if not len(hits):
        return []
    parts = np.split(hits, np.flatnonzero(np.diff(hits) > pause) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]
