from __future__ import annotations

import sys
from dataclasses import fields
from io import StringIO
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest

from emgdetect.errors import MissingExtraError
from emgdetect.exports import to_pandas, to_polars, to_tsv
from emgdetect.types import Event

if TYPE_CHECKING:
    from tests.exports.conftest import MakeDetection, MakeEvents


def test_pandas_has_numbers_as_numbers(detection: MakeDetection, events: MakeEvents) -> None:
    found = detection((*events([1000, 2500], 1000.0), *events([20], 1000.0, kind="artefact")))
    frame = to_pandas(found)
    assert frame["onset"].tolist() == [1.0, 2.5]
    assert frame["sample"].tolist() == [1000, 2500]
    assert frame["trial_type"].tolist() == ["twitch", "twitch"]
    assert bool(frame["median_frequency"].isna().all())
    assert frame.attrs["config_hash"] == "c0ffee"
    assert to_pandas(found, artefacts=True)["flags"].tolist() == ["pop|truncated", "", ""]


def test_without_events_the_columns_keep_their_types(detection: MakeDetection) -> None:
    empty, full = to_pandas(detection(())), detection(())
    assert len(empty) == 0
    assert str(empty["onset"].dtype) == "float64"
    assert str(empty["sample"].dtype) == "int64"
    assert to_polars(full).schema["flags"] == pl.String
    assert to_polars(full).height == 0


def test_polars_holds_the_same(detection: MakeDetection, events: MakeEvents) -> None:
    found = detection(events(list(range(0, 100_000, 10)), 1000.0))
    frame = to_polars(found)
    assert frame.columns == list(to_pandas(found).columns)
    assert frame["onset"].to_list() == to_pandas(found)["onset"].tolist()
    assert frame["confidence"].null_count() == 10_000
    assert frame["n_samples"].to_list() == [50] * 10_000


def test_a_table_reads_back_as_the_frame(detection: MakeDetection, events: MakeEvents) -> None:
    found = detection(events([1000, 2500], 1000.0))
    back = pd.read_csv(StringIO(to_tsv(found)), sep="\t")
    assert back["onset"].tolist() == to_pandas(found)["onset"].tolist()
    assert bool(back["snr_db"].isna().all())


@pytest.mark.parametrize(("library", "function"), [("pandas", to_pandas), ("polars", to_polars)])
def test_a_missing_library_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, detection: MakeDetection, library: str, function: object
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert callable(function)
    with pytest.raises(MissingExtraError, match=rf"emgdetect\[{library}\]"):
        function(detection(()))


def test_nothing_that_is_known_of_an_event_is_left_out(detection: MakeDetection) -> None:
    known = {field.name for field in fields(Event)}
    # A detection has final events only.
    assert set(to_pandas(detection(())).columns) == known - {"kind", "status"} | {"trial_type"}
