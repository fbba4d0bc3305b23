"""The gallery: what is drawn by lot, whose comment is shown, what causes are told, what the page holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from accuracy.gallery.causes import Named, why_false, why_missed
from accuracy.gallery.collecting import FIRST_SEED, SHELVES, searched, seeds_of
from accuracy.gallery.comments import Comments, read_comments, written
from accuracy.gallery.drawing import thinned
from accuracy.gallery.exhibits import Exhibit, drawn
from accuracy.gallery.making import make, told
from accuracy.gallery.page import counted
from accuracy.suites import SUITES, Suite

from emgdetect import load_profile
from emgdetect.evaluate import Mark, score
from emgdetect.types import Event

if TYPE_CHECKING:
    from pathlib import Path

TINY = (Suite("tiny", "snr6", "plain", 1, 240.0),)


def exhibit(suite: str, sample: int, cause: str = "") -> Exhibit:
    return Exhibit("miss", suite, 1, sample, "EMG", (sample / 1000, sample / 1000 + 1), cause)


def event(onset: float, duration: float, kind: str = "twitch", *flags: str) -> Event:
    numbers = {"peak": 1.0, "rms": 1.0, "snr_db": 10.0}
    return Event("EMG", round(1000 * onset), 1, onset, duration, kind, flags=flags, **numbers)  # type: ignore[arg-type]


def test_suites_take_turns_and_the_same_lot_draws_the_same() -> None:
    many = [exhibit("large", k) for k in range(50)] + [exhibit("small", k) for k in range(3)]
    chosen = drawn(many, 10, seed=1)
    assert sum(one.suite == "small" for one in chosen) == 3
    assert drawn(reversed(many), 10, seed=1) == chosen
    assert drawn(many, 10, seed=2) != chosen
    assert len(drawn(many[:4], 10, seed=1)) == 4


def test_what_stays_is_drawn_again_when_others_go() -> None:
    many = [exhibit("one", k) for k in range(40)]
    chosen = drawn(many, 10, seed=1)
    fewer = [one for one in many if one in chosen or one.sample % 2]
    assert drawn(fewer, 10, seed=1) == chosen


def test_the_sight_holds_the_event_and_what_overlaps_it() -> None:
    one = replace(exhibit("x", 10_000), detected=(("spasm", (8.0, 10.5)), ("twitch", (30.0, 31.0))))
    first, last = one.sight
    assert first < 8.0
    assert 11.0 < last < 30.0


@pytest.mark.parametrize(
    ("found", "others", "cause"),
    [
        ([], [], None),
        ([event(1.0, 1.0, "artefact", "mains")], [], "taken for an artefact: mains"),
        ([event(0.5, 9.0)], [], "found, but far too long"),
        ([event(1.5, 0.1)], [], "found, but far too short"),
        ([event(1.9, 1.0)], [], "found, but shifted"),
        ([event(0.5, 9.0)], [(3.0, 4.0)], "found together with its neighbour"),
    ],
)
def test_causes_of_misses(found: list[Event], others: list[tuple[float, float]], cause: str | None) -> None:
    assert why_missed((1.0, 2.0), found, others) == cause


def test_causes_of_false_alarms_name_the_truth_first_then_what_disturbs() -> None:
    one = event(10.0, 1.0)
    pop, late = Named("pop", (10.5, 11.0)), Named("lead_off", (13.0, 20.0))
    twitch = Named("leg_movement", (10.9, 12.0))
    assert why_false(one, [(twitch, False)], [pop]) == "a poor match of a true leg movement"
    assert why_false(one, [(twitch, True)], [pop]) == "a further piece of a true leg movement"
    assert why_false(one, [], [pop, late]) == "on pop"
    assert why_false(one, [], [late]) == "within 3 s of lead off"
    assert why_false(one, [], []) == "plain background"


def test_a_comment_belongs_to_one_event_with_one_cause(tmp_path: Path) -> None:
    path = tmp_path / "comments.toml"
    assert read_comments(path).texts == {}
    one = exhibit("x", 5, "cause")
    text = 'says "so" \\ and more'
    path.write_text(written([one], Comments({("miss", one.key, "cause"): text})), encoding="utf-8")
    comments = read_comments(path)
    assert comments.of(one) == text
    assert comments.of(one.because("other cause")) == ""
    assert comments.of(exhibit("x", 6, "cause")) == ""
    assert comments.of(replace(one, group="hit")) == ""


def test_thinning_keeps_every_peak_and_gap() -> None:
    values = np.zeros(10_000)
    values[7777], values[:1000] = 5.0, np.nan
    time, kept = thinned(np.arange(10_000.0), values, 100)
    assert kept.size == time.size == 200
    assert np.nanmax(kept) == 5.0
    assert np.isnan(kept[:20]).all()
    assert np.isfinite(kept[20:]).all()


def test_causes_are_counted_with_the_suites_they_are_in() -> None:
    many = [exhibit("a", 1, "x"), exhibit("a", 2, "x"), exhibit("b", 3, "x"), exhibit("b", 4, "y")]
    assert counted(many, "miss") == [("x", 3, "a 2, b 1"), ("y", 1, "b 1")]
    assert counted(many, "hit") == []


def test_no_two_shelves_share_a_seed_nor_one_with_the_tables() -> None:
    seeds = [seed for suite in SHELVES for seed in seeds_of(suite)]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= FIRST_SEED > max(seed for suite in SUITES for seed in suite.seeds)


def test_sorting_agrees_with_the_scorer() -> None:
    (one,) = searched(TINY, load_profile("generic"))
    truth = [Mark(e.onset, e.duration, e.trial_type, e.channel) for e in one.simulation.events]
    wanted = score(truth, one.detection.events)
    groups = [e.group for e in one.exhibits]
    assert wanted.missed > 0
    assert (groups.count("miss"), groups.count("false alarm")) == (wanted.missed, wanted.false)
    assert all(e.cause for e in one.exhibits if e.group != "hit")
    hit = next(e for e in one.exhibits if e.group == "hit")
    assert one.passed(hit)
    view = one.view(hit)
    assert view.level.max() > view.floor.min()
    assert view.filtered.size == view.floor.size * round(view.frame_s * view.rate)


def test_the_page_stands_alone_and_keeps_comments(tmp_path: Path) -> None:
    make(out=tmp_path, shelves=TINY)
    entries = (tmp_path / "comments.toml").read_text(encoding="utf-8")
    assert 'text = ""' in entries
    (tmp_path / "comments.toml").write_text(
        entries.replace('text = ""', 'text = "Seen & noted."', 1), encoding="utf-8"
    )
    make(out=tmp_path, shelves=TINY)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("Seen &amp; noted.") == 1
    assert page.count("<figure>") == page.count("<svg") == entries.count("[[comment]]")
    assert "http" not in page
    assert "<script" not in page


def test_misses_and_false_alarms_can_be_listed() -> None:
    lines = list(told(TINY))
    single = [line for line in lines if line.startswith(("miss:", "false alarm:"))]
    assert single
    assert sum(int(line.split(" x ")[0]) for line in lines[len(single) :]) == len(single)
