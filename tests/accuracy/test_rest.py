"""False alarms where nothing happens: what is counted, and what the page says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from accuracy.gallery.collecting import SHELVES, seeds_of
from accuracy.rest import SEED, SETTINGS, Alarms, Source, measure, narrowed, real_sources, search
from accuracy.rest_page import page, record
from accuracy.settings import FIRST_SEED as SETTINGS_SEED

from emgdetect import load_profile
from emgdetect.api import from_array
from emgdetect.pipeline import detect_stream
from emgdetect.sources.simulate import simulate
from emgdetect.types import Event

NOISY = Source("every artefact", "noise-artefacts", 0.1)


def event(kind: str, *flags: str) -> Event:
    return Event("EMG", 0, 1, 0.0, 0.1, kind, 1.0, 1.0, 10.0, flags=flags)  # type: ignore[arg-type]


def test_artefacts_are_kept_and_not_counted() -> None:
    alarms = Alarms("generic", "normal", 2.0)
    alarms.add(event("artefact", "electrode pop"), "")
    alarms.add(event("twitch", "settling"), "on pop")
    alarms.add(event("spasm"), "on pop")
    assert alarms.count == 2
    assert alarms.kept == {"electrode pop": 1}
    assert alarms.causes == {"on pop": 2}
    assert alarms.settling == 1


def test_many_settings_at_once_give_what_each_gives_alone() -> None:
    settings = (("generic", "high"), ("twitch", "normal"))
    both = search(NOISY, settings)  # type: ignore[arg-type]
    stream = simulate("noise-artefacts", seed=SEED, duration=360).stream()
    for alarms, (profile, sensitivity) in zip(both, settings, strict=True):
        found = detect_stream(stream, load_profile(profile).at(sensitivity))  # type: ignore[arg-type]
        kinds = Counter(e.kind for e in found.events)
        kept = kinds.pop("artefact", 0)
        assert alarms.kinds == kinds
        assert alarms.kept.total() == kept
        assert alarms.hours == pytest.approx(0.1)
        valid = sum(int((part.reason == 0).sum()) for part in found.quality)
        assert alarms.watched == pytest.approx(valid / 3600)


def test_every_setting_is_tried_in_whichever_process() -> None:
    (found,) = measure([Source("noise alone", "rest", 0.005)], workers=2).values()
    assert [(one.profile, one.sensitivity) for one in found] == list(SETTINGS)


def test_channels_can_be_left_out() -> None:
    stream = from_array(np.arange(12.0).reshape(3, 4), 1000.0, ch_names=("a", "b", "c"))
    part = narrowed(stream, ("a", "c"))
    assert part.info.ch_names == ("a", "c")
    assert part.fetch(1, 3).tolist() == [[1, 2], [9, 10]]
    assert narrowed(stream, None) is stream


def test_missing_recordings_are_no_error(tmp_path: Path) -> None:
    assert real_sources(tmp_path) == ()


def test_the_page_shows_rates_per_hour_by_sensitivity() -> None:
    found = [Alarms(profile, sensitivity, 4.0, 3.0) for profile, sensitivity in SETTINGS]
    found[0].add(event("twitch"), "on pop")
    found[0].add(event("burst"), "on pop")
    real = Source("arm at rest", path=Path("x.txt"))
    results = {NOISY: found, real: [Alarms("generic", s, 0.5) for s in ("low", "normal", "high")]}
    text = page(results, "today", 1.0)
    assert "| generic | 0.5 (2) | 0.0 (0) | 0.0 (0) |" in text
    assert "| generic | 0.2 / 0.2 / 0.0 |" in text
    assert "| on pop | 2 | 0 | 0 |" in text
    assert "75.0 % was valid" in text
    assert "| arm at rest | 30.0 | generic | 0 (0) | 0 (0) | 0 (0) |" in text
    assert "Not at hand" in page({NOISY: found}, "today", 1.0)
    assert '"false_per_hour": 0.5' in record(results, "today")


def test_its_seed_is_its_own() -> None:
    assert SEED not in {seed for suite in SHELVES for seed in seeds_of(suite)}
    assert SEED >= SETTINGS_SEED + 500
