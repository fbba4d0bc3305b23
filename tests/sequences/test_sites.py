from __future__ import annotations

import pytest

from emgdetect.sequences import site_from_name


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
