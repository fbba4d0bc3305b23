"""The leg movement rules against a second reading of them, on thousands of random nights."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import Context, score, site_from_name
from emgdetect.sequences.wasm2016 import Wasm2016
from emgdetect.types import Event
from tests.sequences import reading
from tests.sequences.reading import RATE, Part, Whole

if TYPE_CHECKING:
    from emgdetect.sequences import Score

CHANNEL = {"left": "LAT", "right": "RAT"}
N_NIGHTS = 1000
"""Nights for each of the comparisons."""

PAUSES = (
    0,
    30,
    49,
    50,
    51,
    140,
    250,
    499,
    500,
    501,
    700,
    999,
    1000,
    1001,
    1100,
    2000,
    4000,
    8999,
    9000,
    9001,
)
LENGTHS = (20, 30, 49, 50, 51, 60, 100, 100, 100, 150, 500, 800, 999, 1000, 1001, 1500, 1501)
"""In samples: around every limit of the rules, and plain ones between."""


def night(seed: int) -> tuple[list[Part], list[tuple[int, int]], list[tuple[int, int]]]:
    """Draw activity of two legs, gaps, and respiratory events."""
    draw = random.Random(seed)  # noqa: S311 - test data, no secret
    parts, at = [], draw.randrange(RATE, 100 * RATE)
    usual = draw.choice(PAUSES[9:])
    for _ in range(draw.randrange(1, 14)):
        leg = draw.choice(("left", "right"))
        parts.append(Part(leg, at, at + draw.choice(LENGTHS)))
        at += usual if draw.random() < 0.6 else draw.choice(PAUSES)
    gaps = []
    if draw.random() < 0.3:
        start = draw.randrange(0, at)
        gaps.append((start, start + draw.randrange(1, 300)))
    breaths = [(start, start + draw.randrange(1000, 3000)) for start in draw.choices(range(at + 1), k=2)]
    return parts, gaps, breaths


def as_event(part: Part) -> Event:
    return Event(
        CHANNEL[part.leg], part.start, part.stop - part.start, part.start / RATE,
        (part.stop - part.start) / RATE, "burst", peak=60.0, rms=15.0, snr_db=20.0,
    )  # fmt: skip


def seen(parts: list[Part], gaps: list[tuple[int, int]]) -> list[Part]:
    """Leave out what begins in a gap: there is nothing to see there."""
    return [part for part in parts if not any(start <= part.start < stop for start, stop in gaps)]


def in_context(gaps: list[tuple[int, int]], breaths: list[tuple[int, int]] | None = None) -> Context:
    seconds = None
    if breaths is not None:
        seconds = tuple((start / RATE, stop / RATE) for start, stop in breaths)
    return Context(
        length=4000.0,
        sites=tuple(site_from_name(name, "uV") for name in CHANNEL.values()),
        gaps=tuple((start / RATE, stop / RATE) for start, stop in gaps),
        respiratory=seconds,
    )


def spans(wholes: list[Whole]) -> list[tuple[int, int]]:
    return [(whole.start, whole.stop) for whole in wholes]


def spans_of(result: Score) -> list[tuple[int, int]]:
    return [(round(one.onset * RATE), round(one.stop * RATE)) for one in result.movements]


def places(result: Score, word: str) -> set[int]:
    return {place for place, one in enumerate(result.movements) if word in one.classes}


@pytest.mark.parametrize("closing_starts", [True, False])
def test_wasm2016_agrees(closing_starts: bool) -> None:
    n_series = 0
    for seed in range(N_NIGHTS):
        parts, gaps, _ = night(seed)
        parts = seen(parts, gaps)
        wholes = reading.together_wasm(reading.one_leg(parts))
        result = score(
            "wasm2016",
            [as_event(part) for part in parts],
            in_context(gaps),
            Wasm2016(closing_starts=closing_starts),
        )
        assert spans_of(result) == spans(wholes), seed
        expected = {place for place, whole in enumerate(wholes) if reading.candidate(whole)}
        assert places(result, "CLM") == expected, seed
        periodic = reading.wasm_windows(wholes, gaps, closing_starts=closing_starts)
        assert places(result, "PLM") == periodic, seed
        assert {place for run in result.sequences for place in run.movements} == periodic, seed
        n_series += len(result.sequences)
    assert n_series > N_NIGHTS / 20, "the nights are too dull to tell"


def test_wasm2016_agrees_without_respiratory_movements() -> None:
    n_changed = 0
    for seed in range(N_NIGHTS):
        parts, _, breaths = night(seed)
        wholes = reading.together_wasm(reading.one_leg(parts))
        result = score("wasm2016", [as_event(part) for part in parts], in_context([], breaths))
        ends = [stop for _, stop in breaths]
        tagged = {place for place, whole in enumerate(wholes) if reading.with_breath(whole, ends)}
        assert places(result, "respiratory") == tagged, seed
        kept = [place for place in range(len(wholes)) if place not in tagged]
        again = reading.wasm_windows([wholes[place] for place in kept], [])
        assert places(result, "PLMnr") == {kept[place] for place in again}, seed
        n_changed += places(result, "PLMnr") != places(result, "PLM")
    assert n_changed > N_NIGHTS / 50, "the nights are too dull to tell"


def test_aasm_agrees() -> None:
    n_series = 0
    for seed in range(N_NIGHTS):
        parts, gaps, _ = night(seed)
        parts = seen(parts, gaps)
        singles = [part for part in reading.one_leg(parts) if part.stop - part.start <= 10 * RATE]
        wholes = reading.together_aasm(singles)
        result = score("aasm", [as_event(part) for part in parts], in_context(gaps))
        assert spans_of(result) == spans(wholes), seed
        periodic = reading.aasm_periodic(wholes, gaps)
        assert places(result, "PLM") == periodic, seed
        assert {place for run in result.sequences for place in run.movements} == periodic, seed
        n_series += len(result.sequences)
    assert n_series > N_NIGHTS / 20, "the nights are too dull to tell"
