from __future__ import annotations

import pytest

from emgdetect.sequences import placed, site_from_name


@pytest.mark.parametrize(
    ("name", "side", "region"),
    [
        ("LAT", "left", "leg"),
        ("EMG RAT", "right", "leg"),
        ("EMG Leg L", "left", "leg"),
        ("LegR", "right", "leg"),
        ("LLeg", "left", "leg"),
        ("Leg", "unknown", "leg"),
        ("Leg 1", "unknown", "leg"),
        ("left tibialis anterior", "left", "leg"),
        ("Tibialis anterior re right", "right", "leg"),
        ("tibial", "unknown", "leg"),
        ("RTA", "right", "leg"),
        ("Masseter-L", "left", "jaw"),
        ("EMG masseter right", "right", "jaw"),
        ("Chin1-Chin2", "middle", "chin"),
        ("EMG submental", "middle", "chin"),
        ("Biceps L", "left", "arm"),
        ("EMG", "unknown", "unknown"),
        ("", "unknown", "unknown"),
        ("ch1", "unknown", "unknown"),
        ("Respiration", "unknown", "unknown"),
        ("rail", "unknown", "unknown"),
    ],
)
def test_names_tell_side_and_region(name: str, side: str, region: str) -> None:
    site = site_from_name(name)
    assert (site.side, site.region) == (side, region)


@pytest.mark.parametrize(
    ("words", "side", "region"),
    [
        ({"region": "leg", "muscle": "tibialis anterior", "side": "left"}, "left", "leg"),
        ({"region": "leg", "muscle": "biceps femoris"}, "unknown", "leg"),
        ({"region": "face", "muscle": "masseter", "side": "right"}, "right", "jaw"),
        ({"region": "face", "muscle": "chin"}, "unknown", "chin"),
        ({"region": "face", "muscle": "frontalis"}, "unknown", "face"),
        ({"muscle": "soleus"}, "unknown", "leg"),
        ({"region": "tail", "side": "up"}, "unknown", "unknown"),
        ({}, "unknown", "unknown"),
    ],
)
def test_what_is_known_better_replaces_the_guess(words: dict[str, str], side: str, region: str) -> None:
    site = placed(site_from_name("EMG 1", "uV"), **words)
    assert (site.side, site.region, site.unit) == (side, region, "uV")


def test_empty_words_change_nothing() -> None:
    site = site_from_name("LAT")
    assert placed(site) == site
    assert placed(site, side="right").region == "leg"
