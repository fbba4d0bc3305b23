"""A simulated recording: raw numbers as a sensor sends them, and the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.recording import Stream
from emgdetect.sources.simulate.channel import SimulatedChannel
from emgdetect.sources.simulate.gaps import gaps_of
from emgdetect.sources.simulate.grid import grid_of
from emgdetect.sources.simulate.plan import plan_events
from emgdetect.sources.simulate.presets import scenario_named
from emgdetect.sources.simulate.scenario import Scenario, check
from emgdetect.sources.simulate.traps import GAPS, Trap, plan_traps
from emgdetect.sources.simulate.truth import TrueArtefact, TrueEvent
from emgdetect.types import StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.sources.simulate.activity import Rendered
    from emgdetect.types import Chunk, Gap, RawArray

EVERY_CHANNEL = "n/a"


class Simulation:
    """A recording that exists as far as it is asked for; only its plan and two blocks are in memory.

    Parameters
    ----------
    scenario : Scenario

    Attributes
    ----------
    scenario : Scenario
    info : StreamInfo
        Rate, channels with gain, offset and rails, device.
    n_samples : int
        Samples per channel, gaps included.
    gaps : tuple of Gap
        Sorted; common to all channels.

    Raises
    ------
    UsageError
        For settings that cannot be simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        check(scenario)
        self.scenario = scenario
        self.n_samples = scenario.n_samples
        channels = tuple(scenario.sensor.channel(name) for name in scenario.channels)
        self.info = StreamInfo(scenario.sampling_rate, channels, f"simulated {scenario.sensor.name}")
        planned = plan_events(scenario)
        self._traps = plan_traps(scenario, planned)
        self.gaps: tuple[Gap, ...] = gaps_of(self._traps, scenario.sampling_rate, self.n_samples)
        self._grid = grid_of(scenario)
        self._channels = [
            SimulatedChannel(scenario, self._grid, events, self._traps, c) for c, events in enumerate(planned)
        ]
        self._order = sorted(
            (event.start, c, number)
            for c, events in enumerate(planned)
            for number, event in enumerate(events)
        )
        self._kinds = [planned[c][number].kind for _, c, number in self._order]
        self._snr = [planned[c][number].snr_db for _, c, number in self._order]

    @cached_property
    def events(self) -> tuple[TrueEvent, ...]:
        """Every true event, measured on its own activity, sorted by planned start."""
        return tuple(self._truth(index) for index in range(len(self._order)))

    @cached_property
    def artefacts(self) -> tuple[TrueArtefact, ...]:
        """What is not an event, sorted by onset; gaps are among them, in channel "n/a"."""
        rate = self.info.sampling_rate
        kinds = {cause: kind for kind, cause in GAPS.items()}
        found = [self._in_samples(trap) for trap in self._traps if trap.kind not in GAPS]
        found += [
            TrueArtefact(gap.start / rate, gap.n_samples / rate, kinds[gap.cause], EVERY_CHANNEL)
            for gap in self.gaps
        ]
        return tuple(sorted(found, key=lambda artefact: artefact.onset))

    def render(self, index: int) -> Rendered:
        """Render event ``index`` of :attr:`events` alone, without noise, at the muscle's fine rate.

        Returns
        -------
        Rendered
            Values in µV before the anti-aliasing filter and the sensor.
        """
        _, channel, number = self._order[index]
        return self._channels[channel].activity.rendered(number)

    def background_rms(self, channel: str, start: float, stop: float) -> float:
        """Return the background in µV RMS that SNRs refer to, between two times in seconds.

        Electrode noise and tonic activity from 20 Hz to 450 Hz (or 0.45 of the rate) and the converter's
        steps; mains, heart and artefacts are not part of it.
        """
        return self._channels[self.info.ch_names.index(channel)].background_rms(start, stop)

    def stream(self) -> Stream:
        """Return the recording for random access, as format readers do."""
        return Stream(self.info, self.n_samples, self.gaps, self.fetch)

    def pieces(self, chunk_samples: int) -> Iterator[Chunk | Gap]:
        """Give the recording in chunks of at most ``chunk_samples`` and its gaps, in order."""
        return self.stream().pieces(chunk_samples)

    def fetch(self, start: int, stop: int, /) -> RawArray:
        """Return the raw numbers of ``start:stop``, shape ``(n_channels, stop - start)``.

        Samples within a gap come out as the sensor would have sent them; :meth:`stream` leaves them out.
        """
        block = self._grid.block
        data = np.empty((len(self._channels), max(0, stop - start)), self.scenario.sensor.dtype)
        for index in range(start // block, -(-stop // block)):
            lo, hi = max(start, index * block), min(stop, (index + 1) * block)
            for row, channel in zip(data, self._channels, strict=True):
                row[lo - start : hi - start] = channel.counts(index)[lo - index * block : hi - index * block]
        return data

    def _truth(self, index: int) -> TrueEvent:
        alone = self.render(index)
        onset = (alone.start + alone.onset) / alone.rate
        duration = (alone.offset - alone.onset) / alone.rate
        channel = self.info.ch_names[self._order[index][1]]
        return TrueEvent(onset, duration, self._kinds[index], channel, self._snr[index])

    def _in_samples(self, trap: Trap) -> TrueArtefact:
        return TrueArtefact(trap.start, trap.duration, trap.kind, self.info.ch_names[trap.channel])


def simulate(
    scenario: Scenario | str,
    *,
    seed: int | None = None,
    duration: float | None = None,
    sampling_rate: float | None = None,
) -> Simulation:
    """Plan a recording with known truth; samples are made when they are asked for.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, or the name of a preset (see :data:`SCENARIOS`).
    seed, duration, sampling_rate : optional
        Instead of the scenario's own.

    Returns
    -------
    Simulation

    Raises
    ------
    UsageError
        For an unknown name or a setting out of range.
    """
    chosen = scenario_named(scenario) if isinstance(scenario, str) else scenario
    if seed is not None:
        chosen = replace(chosen, seed=seed)
    if duration is not None:
        chosen = replace(chosen, duration=duration)
    if sampling_rate is not None:
        chosen = replace(chosen, sampling_rate=sampling_rate)
    return Simulation(chosen)
