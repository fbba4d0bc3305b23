"""Search the gallery's recordings, and sort what comes out into hits, misses and false alarms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accuracy.gallery import inside
from accuracy.gallery.causes import Named, shared, span_of, why_false, why_missed
from accuracy.gallery.exhibits import Exhibit
from accuracy.suites import NOISE, SUITES
from emgdetect.evaluate import Mark, score
from emgdetect.evaluate.score import EPISODES, INSIDE
from emgdetect.types import INVALID_REASONS, VALID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accuracy.gallery.inside import View, Watch
    from accuracy.piece import Span
    from accuracy.suites import Suite
    from emgdetect.config import Profile
    from emgdetect.recording import Stream
    from emgdetect.sources.simulate import Simulation
    from emgdetect.types import Detection, Event

HOUR = 3600.0
FIRST_SEED, APART = 3000, 100
"""Neither the tables nor any tuning uses seeds from here on."""

_LENGTHS: dict[str, tuple[int, float]] = {
    "15 dB": (2, 1200),
    "10 dB": (3, 1200),
    "6 dB": (3, 1200),
    "3 dB": (3, 1200),
    "artefacts": (6, 1800),
    "PLM night 250 Hz": (2, 3 * HOUR),
    "PLM night 1000 Hz": (1, 3 * HOUR),
    "twitch night": (1, 8 * HOUR),
    "spasm day": (2, 3 * HOUR),
    "Arduino 10-bit": (2, 1800),
    "envelope 200 Hz": (2, 1800),
    "busy": (12, 30),
    NOISE.name: (1, 8 * HOUR),
}
SHELVES: tuple[Suite, ...] = tuple(
    replace(suite, n_seeds=_LENGTHS[suite.name][0], duration=_LENGTHS[suite.name][1])
    for suite in (*SUITES, NOISE)
    if suite.name in _LENGTHS
)
"""What is searched: number of recordings and seconds of each."""


LEFT_OUT, TOO_WEAK = "passed a threshold, but was left out", "never passed a threshold"


@dataclass(frozen=True, slots=True)
class Searched:
    """One recording with what was found in it, what is true, and the detector's thresholds."""

    suite: Suite
    seed: int
    simulation: Simulation
    detection: Detection
    watch: Watch
    profile: Profile
    exhibits: tuple[Exhibit, ...]

    def view(self, exhibit: Exhibit) -> View:
        """Return an exhibit's stretch as the detector saw it."""
        stream, row = self._place(exhibit)
        return inside.view(stream, row, self.profile, self.watch, exhibit.sight)

    def passed(self, exhibit: Exhibit) -> bool:
        """Tell whether anything in the exhibit's own span passed a threshold."""
        stream, row = self._place(exhibit)
        return inside.passed(stream, row, self.watch, exhibit.span)

    def _place(self, exhibit: Exhibit) -> tuple[Stream, int]:
        return self.simulation.stream(), self.simulation.info.ch_names.index(exhibit.channel)


def searched(shelves: Iterable[Suite], profile: Profile) -> Iterator[Searched]:
    """Search every recording of the shelves."""
    from emgdetect.pipeline import detect_stream
    from emgdetect.sources.simulate import simulate

    for suite in shelves:
        for seed in seeds_of(suite):
            simulation = simulate(
                suite.scenario, seed=seed, duration=suite.duration, sampling_rate=suite.rate
            )
            with inside.watched() as watch:
                detection = detect_stream(simulation.stream(), profile)
            found = tuple(sorted_out(suite.name, seed, simulation, detection))
            whole = Searched(suite, seed, simulation, detection, watch, profile, found)
            yield replace(whole, exhibits=tuple(explained(whole)))


def seeds_of(suite: Suite) -> range:
    """Return the seeds of a shelf: no two shelves share one, for the same seed gives the same noise."""
    names = list(_LENGTHS)
    first = FIRST_SEED + APART * (names.index(suite.name) if suite.name in names else len(names))
    return range(first, first + suite.n_seeds)


def sorted_out(suite: str, seed: int, simulation: Simulation, detection: Detection) -> Iterator[Exhibit]:
    """Give every hit, miss and false alarm of a recording, as ``emgdetect.evaluate`` counts them."""
    truth = [Mark(e.onset, e.duration, e.trial_type, e.channel) for e in simulation.events]
    events = detection.events
    pairs = score(truth, events).pairs
    taken = {second for _, second in pairs}
    partner = dict(pairs)
    found = set(partner) | {
        place
        for place, mark in enumerate(truth)
        if any(_is_beat(event, mark) for number, event in enumerate(events) if number not in taken)
    }
    table = _Table(suite, seed, simulation, events, truth, found)
    for place, mark in enumerate(truth):
        if place in partner:
            yield table.true_one("hit", place, events[partner[place]], "")
        elif place not in found:
            others = [_span(m) for n, m in enumerate(truth) if n != place and m.channel == mark.channel]
            yield table.true_one(
                "miss", place, None, why_missed(_span(mark), table.touching(mark), others) or ""
            )
    for number, event in enumerate(events):
        beat = any(_is_beat(event, mark) for mark in truth)
        if number not in taken and event.kind != "artefact" and not beat:
            yield table.false_one(event)


def explained(whole: Searched) -> Iterator[Exhibit]:
    """Say of misses that nothing was detected of whether the time was watched and whether anything passed."""
    rate_of = {quality.channel: quality for quality in whole.detection.quality}
    for exhibit in whole.exhibits:
        if exhibit.group != "miss" or exhibit.cause:
            yield exhibit
            continue
        reason = int(rate_of[exhibit.channel].reason[int(exhibit.span[0])])
        if reason != VALID:
            yield exhibit.because(f"in time that was not watched: {INVALID_REASONS[reason]}")
            continue
        passed = whole.passed(exhibit)
        yield exhibit.because(
            "passed a threshold, but was left out" if passed else "never passed a threshold"
        )


@dataclass(frozen=True, slots=True)
class _Table:
    """A recording's truth and events, and exhibits made of them."""

    suite: str
    seed: int
    simulation: Simulation
    events: tuple[Event, ...]
    truth: list[Mark]
    found: set[int]

    def touching(self, mark: Mark) -> list[Event]:
        return [e for e in self.events if e.channel == mark.channel and shared(span_of(e), _span(mark)) > 0]

    def true_one(self, group: str, place: int, event: Event | None, cause: str) -> Exhibit:
        mark = self.truth[place]
        sample = round(mark.onset * self.simulation.info.sampling_rate)
        one = Exhibit(
            "hit" if group == "hit" else "miss",
            self.suite,
            self.seed,
            sample,
            mark.channel,
            _span(mark),
            cause,
            event,
            mark.kind,
            self.simulation.events[place].snr_db,
        )
        return self._surrounded(one)

    def false_one(self, event: Event) -> Exhibit:
        span = span_of(event)
        here = [(m, n in self.found) for n, m in enumerate(self.truth) if m.channel == event.channel]
        true = [(Named(mark.kind, _span(mark)), found) for mark, found in here]
        cause = why_false(event, true, self._artefacts(event.channel))
        one = Exhibit("false alarm", self.suite, self.seed, event.sample, event.channel, span, cause, event)
        return self._surrounded(one)

    def _artefacts(self, channel: str) -> list[Named]:
        return [
            Named(a.trial_type, (a.onset, a.onset + a.duration))
            for a in self.simulation.artefacts
            if a.channel in (channel, "n/a")
        ]

    def _surrounded(self, one: Exhibit) -> Exhibit:
        true = [(m.kind, _span(m)) for m in self.truth if m.channel == one.channel]
        detected = [(_name(e), span_of(e)) for e in self.events if e.channel == one.channel]
        whole = replace(one, true=tuple(true), detected=tuple(detected))
        first, last = whole.sight
        near = [(a.name, a.span) for a in self._artefacts(one.channel)]
        return replace(
            whole,
            true=tuple(t for t in true if shared(t[1], (first, last)) > 0),
            detected=tuple(d for d in detected if shared(d[1], (first, last)) > 0),
            artefacts=tuple(a for a in near if shared(a[1], (first, last)) > 0),
        )


def _name(event: Event) -> str:
    return f"artefact: {event.flags[0]}" if event.kind == "artefact" and event.flags else event.kind


def _span(mark: Mark) -> Span:
    return mark.onset, mark.onset + mark.duration


def _is_beat(event: Event, mark: Mark) -> bool:
    """Tell whether a detected event lies in an episode by half."""
    if mark.kind not in EPISODES or event.kind == "artefact" or event.channel != mark.channel:
        return False
    return shared(span_of(event), _span(mark)) >= INSIDE * event.duration
