from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.report.choosing import of_kind

if TYPE_CHECKING:
    from tests.report.conftest import Maker

NAN = float("nan")


def test_largest_median_and_most_doubtful(make: Maker) -> None:
    peaks = {10.0: 0.9, 20.0: 0.2, 30.0: 0.8, 40.0: 0.7, 50.0: 0.6}
    events = [make.event(peak, 0.1, peak=peak, confidence=sure) for peak, sure in peaks.items()]
    chosen = [(one.why, one.event.peak) for one in of_kind(events, same_unit=True)]
    assert chosen == [("largest", 50.0), ("median", 30.0), ("borderline", 20.0)]


def test_without_confidence_the_ratio_to_the_background_decides(make: Maker) -> None:
    events = [make.event(n, 0.1, peak=float(n), snr_db=snr) for n, snr in ((1, 20.0), (2, 5.0), (3, 30.0))]
    assert [one.event.peak for one in of_kind(events, same_unit=True)] == [3.0, 1.0, 2.0]


def test_peaks_of_different_units_are_not_compared(make: Maker) -> None:
    events = [make.event(1, 0.1, peak=900.0, snr_db=3.0), make.event(2, 0.1, peak=1.0, snr_db=30.0)]
    assert of_kind(events, same_unit=False)[0].event.peak == 1.0
    assert of_kind(events, same_unit=True)[0].event.peak == 900.0


def test_few_events_are_shown_once(make: Maker) -> None:
    one, two = make.event(1, 0.1, peak=5.0, confidence=0.1), make.event(2, 0.1, peak=3.0, confidence=0.9)
    assert of_kind([], same_unit=True) == []
    assert [(e.why, e.event) for e in of_kind([one], same_unit=True)] == [("the only one", one)]
    # The larger of two is also the more doubtful: the other one takes that place.
    assert [(e.why, e.event) for e in of_kind([one, two], same_unit=True)] == [
        ("largest", one),
        ("borderline", two),
    ]


VALUES = st.sampled_from([NAN, 0.0, 1.0, 2.0, 3.0])


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=12), st.booleans())
def test_never_the_same_event_twice_and_never_by_order(
    make: Maker, numbers: list[tuple[float, float, float]], same_unit: bool
) -> None:
    events = [
        make.event(index, 0.1, peak=peak, snr_db=snr, confidence=sure)
        for index, (peak, snr, sure) in enumerate(numbers)
    ]
    chosen = [one.event for one in of_kind(events, same_unit=same_unit)]
    assert len({event.sample for event in chosen}) == len(chosen) == min(len(events), 3)
    shuffled = events[::-1]
    assert [one.event.sample for one in of_kind(shuffled, same_unit=same_unit)] == [e.sample for e in chosen]
