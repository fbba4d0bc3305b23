"""Short and dense recordings, cues one by one, and what is listed of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from accuracy import sets
from accuracy.run import SHARED
from accuracy.sets_page import cued_table, dense_table, independent_table, listed_table, record

from emgdetect import load_profile
from emgdetect.evaluate import Mark, score

if TYPE_CHECKING:
    from pathlib import Path

GENERIC = load_profile("generic")


def test_every_cell_has_its_own_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "LENGTHS", (4.0, 8.0))
    monkeypatch.setattr(sets, "SHARES", ((0.35, 0.45),))
    cells = list(sets.dense(GENERIC, total=12.0))
    assert [(c.rate, c.seconds, c.recordings) for c in cells] == [
        (200, 4, 3),
        (200, 8, 2),
        (1000, 4, 3),
        (1000, 8, 2),
    ]
    assert all(cell.score.n_truth > 0 for cell in cells)
    table = dense_table(cells)
    assert table.count("\n") == 2 + len(cells)
    assert "| 1000 | 8 | 40 % | 2 |" in table


def test_a_long_event_over_several_cues_is_nobodys_own() -> None:
    one = sets.Cues("x", (0.7, -0.3, -28.0, None), 2, 50.5, 1.0)
    assert (one.found, one.own) == (3, 2)
    assert "| x | 4 | 3 | 2 | +0.7, -0.3, -28.0, missed | 2 | 50.5 | 1.0 |" in cued_table([one])


def test_nothing_found_is_said_and_a_refusal_is_shown() -> None:
    quiet = sets.Listed("a.txt", "EMG", 2.0, {}, {"glitch": 3})
    refused = sets.Listed("b.edf", "", 0.0, {}, {}, "1 Hz is too slow")
    table = listed_table([quiet, refused])
    assert "| a.txt | EMG | 2.0 | nothing | 3 glitch |" in table
    assert "1 Hz is too slow" in table


def test_the_table_of_recordings_counts_kinds() -> None:
    one = score([Mark(1, 1, "twitch"), Mark(5, 1, "twitch")], [Mark(1, 1)], hours=0.5)
    assert "twitch 1/2" in independent_table({"night": one})
    assert '"night"' in record("today", [], {"night": one}, [], [])


def test_nothing_at_hand_is_no_error(tmp_path: Path) -> None:
    assert list(sets.cued(GENERIC, tmp_path, tmp_path)) == []
    assert list(sets.listed(GENERIC, tmp_path)) == []
    assert sets.each_independent(GENERIC, tmp_path, tmp_path) == {}


@pytest.mark.skipif(not SHARED.exists(), reason="the real recordings are not beside this checkout")
def test_a_signal_too_slow_for_anything_is_listed_with_the_reason() -> None:
    (one,) = sets.listed(GENERIC, SHARED, ("psg_edf/short_psg.edf",))
    assert "1 Hz" in one.remark
    assert one.kinds == {}
