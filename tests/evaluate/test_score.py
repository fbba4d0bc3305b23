from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import UsageError
from emgdetect.evaluate import Mark, read_events, score
from emgdetect.types import Event

SIMULATED = Path(__file__).parents[2].parent / "shared" / "data" / "simulated"

MARKS = st.lists(
    st.builds(
        Mark,
        st.floats(0, 100),
        st.floats(0, 20),
        st.sampled_from(["twitch", "spasm", "clonus", "artefact"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=15,
)


def test_found_missed_and_false() -> None:
    truth = [Mark(1, 1), Mark(5, 1), Mark(9, 1)]
    found = score(truth, [Mark(1.1, 1), Mark(5, 1.2), Mark(20, 1), Mark(30, 1)], hours=0.5)
    assert (found.n_truth, found.n_detected) == (3, 4)
    assert (found.matched, found.missed, found.false, found.beats) == (2, 1, 2, 0)
    assert (found.precision, found.recall) == (0.5, 2 / 3)
    assert found.f1 == pytest.approx(2 / (1 / 0.5 + 1 / (2 / 3)))
    assert (found.false_per_hour, found.count_bias) == (4.0, 1)
    assert found.pairs == ((0, 0), (1, 1))


def test_errors_are_detected_minus_true() -> None:
    truth = [Mark(10 * i, 1) for i in range(5)]
    shifts = [0.1, 0.2, -0.3, 0.4, 0.5]
    found = score(truth, [Mark(10 * i + shift, 0.8) for i, shift in enumerate(shifts)])
    assert found.onset_error is not None
    assert found.offset_error is not None
    assert found.onset_error.n == 5
    assert found.onset_error.median == pytest.approx(0.2)
    assert found.onset_error.p95 == pytest.approx(np.percentile(np.abs(shifts), 95))
    assert found.offset_error.median == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("n_truth", "n_detected", "expected"),
    [(0, 0, (None, None, None)), (0, 2, (0.0, None, 0.0)), (2, 0, (None, 0.0, 0.0)), (1, 1, (1.0, 1.0, 1.0))],
)
def test_nothing_on_one_side_or_both(
    n_truth: int, n_detected: int, expected: tuple[float | None, float | None, float | None]
) -> None:
    found = score([Mark(i, 0.5) for i in range(n_truth)], [Mark(i, 0.5) for i in range(n_detected)])
    assert (found.precision, found.recall, found.f1) == expected
    assert (found.onset_error is None) == (n_truth * n_detected == 0)
    assert found.false_per_hour is None


def test_one_event_is_matched_once() -> None:
    found = score([Mark(0, 10)], [Mark(0, 5), Mark(5, 5)])
    assert (found.matched, found.false, found.count_bias) == (1, 1, 1)


def test_channels_are_compared_apart_unless_one_side_names_none() -> None:
    truth = [Mark(1, 1, channel="left")]
    assert score(truth, [Mark(1, 1, channel="right")]).matched == 0
    assert score(truth, [Mark(1, 1)]).matched == 1
    assert score([Mark(1, 1)], [Mark(1, 1, channel="right")]).matched == 1


def test_kinds_matter_when_asked() -> None:
    truth = [Mark(1, 1, "twitch"), Mark(5, 1, "spasm")]
    detected = [Mark(1, 1, "burst"), Mark(5, 1, "spasm")]
    assert score(truth, detected).matched == 2
    strict = score(truth, detected, by_kind=True)
    assert (strict.matched, strict.missed, strict.false) == (1, 1, 1)


def test_recall_by_kind_of_the_reference() -> None:
    truth = [Mark(1, 1, "twitch"), Mark(3, 1, "twitch"), Mark(5, 1, "lm")]
    kinds = score(truth, [Mark(1, 1), Mark(5, 1)]).kinds
    assert [(kind.kind, kind.n_truth, kind.found) for kind in kinds] == [("lm", 1, 1), ("twitch", 2, 1)]
    assert kinds[1].recall == 0.5


def test_artefacts_are_left_out() -> None:
    found = score([Mark(1, 1, "artefact"), Mark(3, 1)], [Mark(1, 1), Mark(3, 1, "artefact")])
    assert (found.n_truth, found.n_detected, found.matched) == (1, 1, 0)


class TestClonus:
    episode = Mark(10, 4, "clonus", "leg")

    def beats(self, n: int, channel: str = "leg") -> list[Mark]:
        return [Mark(10.1 + 0.2 * i, 0.05, "twitch", channel) for i in range(n)]

    def test_as_a_whole(self) -> None:
        found = score([self.episode], [Mark(10.2, 3.5, "spasm", "leg")])
        assert (found.matched, found.beats, found.false) == (1, 0, 0)
        assert found.onset_error is not None

    def test_by_its_beats(self) -> None:
        found = score([self.episode], self.beats(15))
        assert (found.matched, found.beats, found.false, found.missed) == (1, 14, 0, 0)
        assert (found.precision, found.recall, found.count_bias) == (1.0, 1.0, 0)
        assert (found.onset_error, found.pairs) == (None, ())
        assert found.kinds[0].recall == 1.0

    def test_whole_and_beats_together(self) -> None:
        found = score([self.episode], [Mark(10, 4, "spasm", "leg"), *self.beats(3)])
        assert (found.matched, found.beats, found.false) == (1, 3, 0)

    def test_beats_of_another_channel_or_mostly_outside_are_false(self) -> None:
        found = score([self.episode], [*self.beats(2, "arm"), Mark(13.9, 0.3, "twitch", "leg")])
        assert (found.matched, found.false) == (0, 3)

    def test_half_inside_is_enough(self) -> None:
        assert score([self.episode], [Mark(13.5, 1.0, "twitch", "leg")]).matched == 1

    def test_a_beat_that_is_another_event_stays_that(self) -> None:
        found = score([self.episode, Mark(11, 0.1, "twitch", "leg")], [Mark(11, 0.1, "twitch", "leg")])
        assert (found.matched, found.missed, found.beats) == (1, 1, 0)

    def test_other_kinds_are_not_found_by_pieces(self) -> None:
        found = score([Mark(10, 4, "spasm", "leg")], self.beats(5))
        assert (found.matched, found.false) == (0, 5)


@given(truth=MARKS, detected=MARKS, by_kind=st.booleans())
def test_counts_add_up(truth: list[Mark], detected: list[Mark], *, by_kind: bool) -> None:
    found = score(truth, detected, by_kind=by_kind)
    assert found.matched + found.missed == found.n_truth == sum(mark.kind != "artefact" for mark in truth)
    assert found.matched + found.false + found.beats == found.n_detected
    assert found.count_bias == found.n_detected - found.beats - found.n_truth
    assert min(found.missed, found.false, found.beats) >= 0
    assert sum(kind.found for kind in found.kinds) == found.matched


@given(marks=MARKS)
def test_a_reference_agrees_with_itself(marks: list[Mark]) -> None:
    found = score(marks, marks, by_kind=True)
    assert (found.missed, found.false) == (0, 0)


@pytest.mark.parametrize("wrong", [{"hours": 0.0}, {"min_iou": 0.0}, {"min_iou": 1.5}])
def test_settings_that_make_no_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        score([], [], **wrong)  # type: ignore[arg-type]


def test_events_of_a_detection_can_be_scored() -> None:
    event = Event("a", 100, 10, 1.0, 0.1, "twitch", 1, 1, 10)
    assert score([Mark(1.0, 0.1, "twitch", "a")], [event]).f1 == 1.0


@pytest.mark.skipif(not SIMULATED.is_dir(), reason="the simulated recordings are not here")
def test_a_real_table_agrees_with_itself_and_not_with_its_mirror() -> None:
    truth = read_events(SIMULATED / "spasm_hour_events.tsv")
    assert {"clonus", "spasm", "twitch"} <= {mark.kind for mark in truth}
    assert score(truth, truth).f1 == 1.0
    mirrored = [Mark(3600 - mark.onset - mark.duration, mark.duration) for mark in truth]
    assert (score(truth, mirrored).f1 or 0) < 0.3
