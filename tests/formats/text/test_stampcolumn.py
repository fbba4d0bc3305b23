from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.formats.stampcolumn import in_seconds

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1))  # noqa: DTZ001 - zones come by hand


@settings(max_examples=150, deadline=None)
@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=6),
    form=st.tuples(st.sampled_from("T "), st.sampled_from(["seconds", "milliseconds", "microseconds"])),
    hours=st.sampled_from([None, 0, 2, 5.5, -3.5, -12]),
    around=st.sampled_from(["", '"', " "]),
    column=st.integers(0, 2),
    sign=st.sampled_from([",", ";", "\t", "|"]),
)
def test_dates_with_times_are_what_the_standard_library_reads(
    *,
    moments: list[datetime],
    form: tuple[str, str],
    hours: float | None,
    around: str,
    column: int,
    sign: str,
) -> None:
    zone = None if hours is None else timezone(timedelta(hours=hours))
    texts = [moment.replace(tzinfo=zone).isoformat(*form) for moment in moments]
    rows = [["1.5", f"µ{n}"] for n in range(len(texts))]
    for row, text in zip(rows, texts, strict=True):
        row.insert(column, f"{around}{text}{around}")
    found = in_seconds([sign.join(row) for row in rows], delimiter=sign, column=column, dated=True)
    assert found is not None
    for line, row, text in zip(found, rows, texts, strict=True):
        moment = datetime.fromisoformat(text)
        cells = line.split(sign)
        assert float(cells[column]) == pytest.approx(
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), rel=1e-15, abs=1e-6
        )
        assert len(cells[column]) == len(row[column])
        assert cells[:column] + cells[column + 1 :] == row[:column] + row[column + 1 :]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00", 0.0), ("23:59:59", 86399.0), ("11:02:46.251", 39766.251), ("11:02:46,251", 39766.251),
        ("13:31:53:100423", 48713.100423), ("01:02:03.123456789", 3723.123456789),
    ],
)  # fmt: skip
def test_times_of_day(text: str, seconds: float) -> None:
    (line,) = in_seconds([f"{text};7"], delimiter=";", column=0, dated=False) or ["none"]
    assert float(line.split(";")[0]) == pytest.approx(seconds, rel=1e-15)


def test_z_is_utc() -> None:
    (line,) = in_seconds(["1970-01-02T00:00:01.5Z,7"], delimiter=",", column=0, dated=True) or ["none"]
    assert line == "00000000000000086401.5,7".rjust(len(line), "0")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["2024-05-06T10:00:00,1", "2024-05-06T10:00:00.1,1"],
        ["2024-05-06T10:00:00,1", "2024-05-06T10:00:00,1,2"],
        ["2024-05-06T10:00:00,1", ""],
        ["2024-05-06T10:00:00", "2024-05-06T10:00:01"],
        ["2024-05-06X10:00:00,1"],
        ["2024-13-06T10:00:00,1"],
        ["2024-02-30T10:00:00,1"],
        ["20240506aT10:00:00,1"],
        ["2024-05-06T25:00:00,1"],
        ["2024-05-06T10:60:00,1"],
        ["2024-05-06T10:00:60,1"],
        ["2024-05-06T10:00:0x,1"],
        ["2024-05-06T10:00:00.,1"],
        ["2024-05-06T10:00:00.12x,1"],
        ["2024-05-06T10:00:00+02:00,1", "2024-05-06T10:00:00+01:00,1"],
        ["2024-05-06T10:00:00+99:00,1"],
        ["2024-05-06T10:00:00.0+0200,1"],
        ["1969-12-31T10:00:00,1"],
        ["2024-05-06,1"],
        [",1"],
        ["n/a,1"],
        ['"",1'],
    ],
)
def test_what_is_of_another_form_is_left_to_others(lines: list[str]) -> None:
    assert in_seconds(lines, delimiter=",", column=0, dated=True) is None


def test_a_column_that_is_not_there() -> None:
    assert in_seconds(["2024-05-06T10:00:00,1"], delimiter=",", column=2, dated=True) is None
