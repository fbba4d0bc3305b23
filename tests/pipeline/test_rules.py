"""Invariant 6: every event names the rule that made it, and the result holds all settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect import __version__
from emgdetect.api import detect, from_array
from emgdetect.config import load_profile, profile_names

if TYPE_CHECKING:
    from tests.pipeline.conftest import Bench


@pytest.mark.parametrize("name", profile_names())
def test_every_event_names_profile_version_and_configuration(bench: Bench, name: str) -> None:
    profile = load_profile(name)
    found = detect(from_array(bench.signal(1000.0, 30.0, seed=8), 1000.0), profile)
    assert {event.kind for event in found.events} > {"artefact"}
    assert {event.rule for event in found.events} == {f"{name}@{__version__}#{profile.digest}"}
    assert (found.profile, found.version, found.config_hash) == (name, __version__, profile.digest)
    assert found.settings == profile.settings()
    assert re.fullmatch(r"[0-9a-f]{12}", found.config_hash)


def test_no_event_is_an_answer(bench: Bench) -> None:
    found = detect(from_array(np.zeros(5000), 1000.0), bench.quick())
    assert found.events == ()
    assert len(found.quality[0].reason) == 5


def test_believing_everything_is_not_to_believe_what_passes_no_threshold(bench: Bench) -> None:
    samples = np.random.default_rng(6).normal(0, 5, (1, 120_000))
    generic = load_profile("generic")
    threshold = generic.threshold.model_copy(update={"least_confidence": 0.0})
    found = bench.run(samples, bench.info(1000.0), generic.model_copy(update={"threshold": threshold}))
    assert len(found.events) <= 1
