"""The effect of each setting: which there are, what they are moved to, how effects are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accuracy.gallery.collecting import FIRST_SEED as GALLERY_SEED
from accuracy.settings import (
    FIRST_SEED,
    STEPS,
    changed,
    described,
    effect,
    material,
    measure,
    shown,
    simulated_cases,
    variants,
)
from accuracy.settings_page import page, record
from accuracy.suites import SUITES, Suite

from emgdetect import load_profile

if TYPE_CHECKING:
    from pathlib import Path

GENERIC = load_profile("generic")
TINY = (Suite("busy", "busy", "dense", 1, 20.0), Suite("24 h of artefacts", "noise-artefacts", "x", 1, 60.0))


def test_every_setting_is_described_with_its_range() -> None:
    settings = {one.path: one for one in described(GENERIC)}
    there = {f"{s}.{n}" for s, t in GENERIC.settings().items() if isinstance(t, dict) for n in t}
    assert set(settings) == there
    assert all(one.meaning and one.allowed for one in settings.values())
    assert settings["band.low"].unit == "Hz"
    assert settings["band.low"].allowed == "above 0 to 20000"
    assert settings["band.mains"].values == ("off",)


def test_steps_name_settings_that_exist_and_lie_in_their_range() -> None:
    settings = {one.path: one for one in described(GENERIC)}
    assert set(STEPS) <= set(settings)
    for one in settings.values():
        assert one.values, one.path
        assert all(changed(GENERIC, one.path, value) is not None for value in one.values), one.path


def test_a_variant_differs_in_one_setting() -> None:
    for name, profile in variants():
        before, after = GENERIC.settings(), profile.settings()
        moved = [
            f"{section}.{key}"
            for section, table in before.items()
            if isinstance(table, dict)
            for key, value in table.items()
            if after[section][key] != value
        ]
        if name == "default":
            assert moved == []
        elif not name.startswith("sensitivity"):
            assert moved == [name.partition(" = ")[0]]


def test_what_a_setting_refuses_is_left_out() -> None:
    assert changed(GENERIC, "band.low", 500.0) is None
    assert [name for name, _ in variants(["kappa"])][:2] == ["default", "sensitivity = low"]


def test_values_are_shown_plainly() -> None:
    assert [shown(v) for v in (None, 0.3, 1e-6, "off", ("twitch", "burst"))] == [
        "none",
        "0.3",
        "1e-06",
        "off",
        "twitch, burst",
    ]


def test_seeds_lie_between_those_of_the_tables_and_of_the_gallery() -> None:
    assert max(seed for suite in SUITES for seed in suite.seeds) < FIRST_SEED
    assert FIRST_SEED + 50 * len(material()) < GALLERY_SEED


def test_kinds_not_looked_for_are_not_found(tmp_path: Path) -> None:
    cases = {suite.name: simulated_cases(suite, tmp_path) for suite in TINY}
    one = effect(cases, GENERIC)
    assert one.named["burst"] + one.named["spasm"] > 0
    twitches = changed(GENERIC, "kinds.look_for", ("twitch",))
    assert twitches is not None
    other = effect(cases, twitches)
    assert other.named["burst"] == other.named["spasm"] == 0
    assert other.mean("recall") < one.mean("recall")


def test_the_page_shows_differences_from_the_default(tmp_path: Path) -> None:
    results = measure(tmp_path, TINY, ["look_for"])
    text = page(results, "today", 1.0)
    (line,) = (row for row in text.splitlines() if row.startswith("| `kinds.look_for = twitch` | -"))
    assert line.split("|")[2].strip().startswith("-")
    assert "| `edges.merge_gap` | 0.3 | s | from 0 to 3600 |" in text
    assert '"kinds.look_for = twitch"' in record(results, "today")
