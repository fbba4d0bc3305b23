"""The detectors written for the bench, on signals whose answer is known by construction."""

from __future__ import annotations

import numpy as np
import pytest
from accuracy.adapters import fixed_rule, textbook
from accuracy.piece import Piece
from accuracy.spans import hysteresis, paired, runs, tidy

RATE = 1000.0
TUNED = {"window": 0.02, "k": 12.0, "tuned": True}


def bursts(*spans: tuple[float, float], seconds: float = 20.0, height: float = 20.0) -> Piece:
    """Make noise of 1 µV with sines of 100 Hz in it."""
    rng = np.random.default_rng(3)
    values = rng.standard_normal(round(seconds * RATE))
    time = np.arange(values.size) / RATE
    for start, stop in spans:
        inside = (time >= start) & (time < stop)
        values[inside] += height * np.sqrt(2) * np.sin(2 * np.pi * 100 * time[inside])
    return Piece(values, RATE)


def test_the_energy_of_a_sine_is_its_amplitude_times_its_frequency_squared() -> None:
    turn = 2 * np.pi * 50 / RATE
    energy = textbook.tkeo(3.0 * np.sin(turn * np.arange(200)))
    assert energy[1:-1] == pytest.approx(9.0 * np.sin(turn) ** 2)


def test_the_rms_of_a_constant_is_the_constant() -> None:
    assert textbook.moving_rms(np.full(50, -3.0), 7) == pytest.approx(np.full(50, 3.0))


def test_the_textbook_detector_finds_loud_bursts_where_they_are() -> None:
    found = textbook.find(bursts((5.0, 6.0), (12.0, 12.4)), TUNED)
    assert np.array(found) == pytest.approx(np.array([(5.0, 6.0), (12.0, 12.4)]), abs=0.05)


def test_noise_without_a_burst_is_no_activity_for_the_tuned_textbook_detector() -> None:
    assert textbook.find(bursts(), {**TUNED, "k": 40.0}) == []


def test_an_envelope_is_not_filtered() -> None:
    piece = Piece(np.arange(5.0), 200.0, "envelope")
    assert textbook.band_passed(piece).tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_the_fixed_rule_takes_what_is_8_uv_above_rest_for_half_a_second_to_ten() -> None:
    piece = bursts((5.0, 6.0), (10.0, 10.2), (14.0, 30.0), seconds=40.0)
    found = fixed_rule.find(piece, {})
    assert np.array(found) == pytest.approx(np.array([(5.0, 6.0)]), abs=0.06)


def test_without_limits_of_duration_the_fixed_rule_takes_all_three() -> None:
    piece = bursts((5.0, 6.0), (10.0, 10.2), (14.0, 30.0), seconds=40.0)
    assert len(fixed_rule.find(piece, {"any_length": True})) == 3


def test_the_fixed_rule_leaves_out_what_stays_below_8_uv() -> None:
    assert fixed_rule.find(bursts((5.0, 7.0), height=6.0), {}) == []


def test_the_fixed_rule_ends_only_after_half_a_second_of_rest() -> None:
    found = fixed_rule.find(bursts((5.0, 6.0), (6.3, 7.0)), {})
    assert np.array(found) == pytest.approx(np.array([(5.0, 7.0)]), abs=0.06)


def test_hysteresis_keeps_what_passes_the_upper_threshold_as_far_as_the_lower() -> None:
    level = np.array([0.0, 2.0, 5.0, 2.0, 0.0, 2.0, 2.0, 0.0])
    assert runs(hysteresis(level, 4.0, 1.0), 1.0) == [(1.0, 4.0)]


def test_tidying_joins_first_and_drops_then() -> None:
    assert tidy([(0.0, 0.04), (0.05, 0.1), (1.0, 1.01)], 0.02, 0.05) == [(0.0, 0.1)]


@pytest.mark.parametrize("edges", [[20, 40, 60, 80], [40, 60, 80]])
def test_bare_edges_are_paired_so_that_spans_are_the_loud_parts(edges: list[int]) -> None:
    signal = np.zeros(100)
    starts = [(20, 40), (60, 80)] if len(edges) == 4 else [(0, 40), (60, 80)]
    for start, stop in starts:
        signal[start:stop:2], signal[start + 1 : stop : 2] = 1.0, -1.0
    assert paired(np.array(edges), signal, 1.0) == starts


def test_a_gap_is_filled_with_the_value_before_it() -> None:
    piece = Piece(np.array([1, 2, 9, 9, 3]), RATE, gain=2.0, offset=1.0, gaps=((2, 2),))
    assert piece.values().tolist() == [3.0, 5.0, 5.0, 5.0, 7.0]


def test_rest_is_what_was_told_or_the_first_two_seconds() -> None:
    counts = np.zeros(5000)
    assert Piece(counts, RATE).resting() == (0, 2000)
    assert Piece(counts, RATE, rest=(3000, 3500)).resting() == (3000, 3500)
