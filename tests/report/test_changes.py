from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.context import Entry, placed
from emgdetect.report import changes
from emgdetect.trends import Night, NightChannel, trends

FIRST = datetime.fromisoformat("2026-11-01T22:00:00+01:00")


def nights(*changed: tuple[int, str]) -> list[Night]:
    counts = {"all": 80, "twitch": 0, "burst": 80, "spasm": 0}
    found = []
    for day in range(14):
        start = FIRST + timedelta(days=day)
        entries = tuple(
            Entry("intervention", text, start - timedelta(hours=1)) for place, text in changed if place == day
        )
        channel = NightChannel("leg", 8.0, 1.0, counts, {"all": 60.0}, ())
        said = placed(entries, start, 8 * 3600.0)
        found.append(Night(f"n{day}", start, 8 * 3600.0, (channel,), said, "p", "c", "1"))
    return found


def laid(width: float, *changed: tuple[int, str]) -> tuple[changes.Name, ...]:
    some = nights(*changed)
    return changes.names(trends(some).of("leg"), some, width)


def test_a_name_stands_over_its_line() -> None:
    (only,) = laid(700, (7, "stretching"))
    assert (only.night, only.row) == (7, 0)
    # The axes show nights from -0.7 to 13.7; the line lies between the seventh and the eighth.
    assert abs(only.middle - (6.5 + 0.7) / 14.4 * 700) < 1
    assert changes.height((only,)) == changes.ROW


def test_without_a_change_there_is_no_room_for_names() -> None:
    assert changes.height(laid(700)) == 0


@given(
    st.lists(st.tuples(st.integers(0, 13), st.text("abc ", min_size=3, max_size=40)), max_size=6),
    st.sampled_from([296.0, 698.0]),
)
def test_names_never_meet_and_never_leave_the_axes(changed: list[tuple[int, str]], width: float) -> None:
    found = [one for one in laid(width, *changed) if one.row < changes.ROWS]
    spans = [(one.row, one.middle, changes.LETTER * len(one.text) / 2) for one in found]
    for place, (row, middle, half) in enumerate(spans):
        assert middle - half >= -1e-9
        assert middle + half <= width + 1e-9
        for other, there, reach in spans[:place]:
            assert other != row or abs(middle - there) >= half + reach - 1e-9
