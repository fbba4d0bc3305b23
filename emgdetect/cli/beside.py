"""What the user puts beside a recording: hypnogram, placements; and the diary that its session holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.cli.console import waiting
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emgdetect.cli.searching import Found
    from emgdetect.context import Placed, Scoring
    from emgdetect.scoring import Beside
    from emgdetect.types import Detection

SESSION_FORMAT = "session"
PLACE_HINT = "write --place 'CHANNEL=MUSCLE,SIDE', as in --place 'CH1=soleus,left'"


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says beside the recording; ``shift`` in s."""

    hypnograms: tuple[Path, ...] = ()
    places: tuple[str, ...] = ()
    shift: float = 0.0

    @property
    def anything(self) -> bool:
        """Whether the user said something."""
        return bool(self.hypnograms or self.places)


def given(hypnograms: Sequence[Path] | None, places: Sequence[str] | None, shift: float) -> Given:
    """Put together what the user said.

    Raises
    ------
    UsageError
        If there is a shift without a hypnogram, or it is no number.
    """
    said = Given(tuple(hypnograms or ()), tuple(places or ()), shift)
    if shift and not said.hypnograms:
        raise UsageError("--shift moves a hypnogram", hint="name it with --hypnogram")
    if not math.isfinite(shift):
        raise UsageError(f"a shift of {shift:g} s makes no sense")
    return said


def known_beside(found: Found, said: Given, *, quiet: bool = False) -> tuple[Beside, ...]:
    """Give what is known beside each detection, in their order.

    Raises
    ------
    EmgError
        If a file is no hypnogram, has no moment in common with the recording, or a channel is not there.
    """
    from emgdetect.context import read_scoring

    scorings: list[Scoring] = []
    for path in said.hypnograms:
        with waiting(f"Reading {path.name}", quiet=quiet):
            scorings.append(read_scoring(path))
    told = _placements(said.places, found)
    return tuple(_beside(found, one, scorings, told, said.shift) for one in found.detections)


def _beside(
    found: Found, detection: Detection, scorings: list[Scoring], told: dict[str, str], shift: float
) -> Beside:
    from emgdetect.scoring import beside

    there = {name.casefold() for name in detection.info.ch_names}
    own = {name: place for name, place in told.items() if name.casefold() in there}
    return beside(detection, scorings, told=own, diary=_diary(found, detection), shift=shift)


def _placements(places: Sequence[str], found: Found) -> dict[str, str]:
    """Read ``CH=MUSCLE,SIDE``; a channel may itself hold an equals sign, a muscle does not."""
    names = [name for one in found.detections for name in one.info.ch_names]
    told: dict[str, str] = {}
    for text in places:
        channel, sign, place = text.rpartition("=")
        place_words = " ".join(place.replace(",", " ").split())
        if not (sign and channel.strip() and place_words):
            raise UsageError(f"{text!r:.60} is no placement", hint=PLACE_HINT)
        if channel.strip().casefold() not in {name.casefold() for name in names}:
            raise UsageError(f"there is no channel {channel!r:.60}", hint=f"there are: {', '.join(names)}")
        told[channel.strip()] = place_words
    return told


def _diary(found: Found, detection: Detection) -> tuple[Placed, ...]:
    if found.recording.format != SESSION_FORMAT:
        return ()
    from emgdetect.context import placed
    from emgdetect.context.diary import entries_of
    from emgdetect.session import SessionReader

    with SessionReader(found.recording.path) as session:
        entries = entries_of(session.notes())
    return placed(entries, detection.info.start, detection.n_samples / detection.info.sampling_rate)
