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

AGAIN_S = 0.02
"""What still goes on is announced again when it has grown by so much: alarms wait for lengths."""

_QUICK_S = 0.032
"""The longest scale sees what is over for half a second more: a short look tells how far it was held."""

_QUARTER = 0.25
"""What is held has this part of the event's own power, and at least its mean (in dB) with the floor."""

_DOUBT = 2
"""Filters and the shortest scale still see what is over for so many frames; in doubt an alarm comes later."""


@dataclass(slots=True)
class _Running:
    """An event in progress.

    Frames ``start:stop`` passed a threshold, with this ``total`` and ``greatest`` energy; it was certainly
    held until frame ``held``, and announced last when that was ``told``.
    """

    start: int
    stop: int
    held: int
    total: float
    greatest: float
    told: int
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
        self._recent = np.zeros(grid.frames(_QUICK_S) - 1)

    def watch(self, first: int, energy: FloatArray, active: NDArray[np.bool_], floor: float) -> list[Event]:
        """Take frames from ``first`` on and return new and updated provisional events.

        ``active`` tells which of them passed a threshold; ``floor`` is the power of the noise.
        """
        news: list[Event] = []
        for begin, end, quick in self._runs(active, energy):
            news += self._extend(first + begin, first + end, energy[begin:end], floor)
            if (running := self._running) is not None:
                running.held = self._held(running, first + begin, quick, floor)
        self._recent = np.concatenate([self._recent, energy])[len(energy) :]
        running = self._running
        if running is not None and first + len(energy) - running.stop > self._pause:
            news += self._close(floor)
        elif running is not None and running.held - running.told >= self._again:
            running.told = running.held
            news.append(self._event(running, floor))
        return news

    @property
    def is_watching(self) -> bool:
        """Whether an event is in progress."""
        return self._running is not None

    def peek(self, first: int, energy: FloatArray, floor: float) -> list[Event]:
        """Announce how long the running event has gone on by frames from ``first`` on, which come again.

        Nothing is remembered but what was told.
        """
        running = self._running
        if running is None:
            return []
        # What begins after a pause is another event.
        near = max(0, running.stop + self._pause + 1 - first)
        held = self._held(running, first, self._quick(energy)[:near], floor)
        if held - running.told < self._again:
            return []
        running.told = held
        return [self._event(replace(running, held=held), floor)]

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
        running = self._running
        total, greatest = float(energy.sum()), float(energy.max())
        if running is None or start - running.stop > self._pause:
            ended = self._close(floor)
            # As if told so long ago that it is announced at once.
            told = start - self._again
            self._running = _Running(start, stop, start + 1, total, greatest, told)
            return ended
        running.stop = stop
        running.total += total
        running.greatest = max(running.greatest, greatest)
        return []

    def _runs(self, active: NDArray[np.bool_], energy: FloatArray) -> list[tuple[int, int, FloatArray]]:
        """Return stretches of activity, joined over short pauses, each with its quick look at the energy."""
        hits = np.flatnonzero(active)
        if not len(hits):
            return []
        quick = self._quick(energy)
        parts = np.split(hits, np.flatnonzero(np.diff(hits) > self._pause) + 1)
        bounds = [(int(part[0]), int(part[-1]) + 1) for part in parts]
        return [(begin, end, quick[begin:end]) for begin, end in bounds]

    def _quick(self, energy: FloatArray) -> FloatArray:
        """Return for each frame the lesser of its own energy and the mean over a short time up to it."""
        count = len(self._recent) + 1
        joined = np.concatenate([self._recent, energy])
        means = np.convolve(joined, np.full(count, 1 / count), "valid")
        return np.asarray(np.minimum(means, joined[count - 1 :]))

    def _held(self, running: _Running, start: int, quick: FloatArray, floor: float) -> int:
        """Return until where the running event was held: a short look does not lag behind its end."""
        level = running.total / (running.stop - running.start)
        least = max(_QUARTER * level, (level * floor) ** 0.5)
        strong = np.flatnonzero(quick >= least)
        return max(running.held, start + int(strong[-1]) + 1 - _DOUBT) if len(strong) else running.held

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
        count = (running.held - running.start) * per_frame
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
