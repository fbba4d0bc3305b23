from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from emgdetect.config import Profile, load_profile, profile_names
from emgdetect.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.config import Sensitivity

PLAIN = Profile(name="plain")


def leaves(model: type[BaseModel] = Profile, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every single setting."""
    found = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += leaves(kind, (*above, name))
        else:
            found.append((*above, name))
    return found


OTHER: dict[str, Any] = {
    "name": "other",
    "title": "Another",
    "look_for": ["spasm"],
    "floor_max_uv": 12.0,
}


def annotation(path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type, or a choice of words
    model: Any = Profile
    for part in path:
        model = model.model_fields[part].annotation
    return model


def value_at(settings: dict[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any setting
    for part in path:
        settings = settings[part]
    return settings


def changed(path: tuple[str, ...]) -> Profile:
    """Return the plain profile with one setting a little different."""
    settings = json.loads(json.dumps(PLAIN.settings()))
    section = value_at(settings, path[:-1])
    old = section[path[-1]]
    if path[-1] in OTHER:
        new = OTHER[path[-1]]
    elif isinstance(old, str):
        new = next(word for word in get_args(annotation(path)) if word != old)
    else:
        new = old * 1.01 if old else 0.01
    section[path[-1]] = new
    return Profile.model_validate(settings)


@pytest.mark.parametrize("path", leaves(), ids=".".join)
def test_the_digest_changes_with_any_setting(path: tuple[str, ...]) -> None:
    other = changed(path)
    assert value_at(other.settings(), path) != value_at(PLAIN.settings(), path)
    assert other.digest != PLAIN.digest


def test_equal_settings_have_equal_digests_however_written() -> None:
    other = Profile.model_validate({"threshold": {"kappa": PLAIN.threshold.kappa}, "name": "plain"})
    assert other.digest == PLAIN.digest
    assert Profile.model_validate({"name": "plain", "threshold": {"lookahead": 120}}).digest == PLAIN.digest
    assert Profile.model_validate(json.loads(json.dumps(PLAIN.settings()))) == PLAIN


def test_every_setting_says_what_it_is() -> None:
    for section in ("band", "threshold", "edges", "kinds", "quality"):
        for name, field in annotation((section,)).model_fields.items():
            assert field.description, f"{section}.{name}"


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profiles(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.title


def test_shipped_profiles_differ() -> None:
    assert len({load_profile(name).digest for name in profile_names()}) == len(profile_names()) > 1


def test_a_profile_is_frozen() -> None:
    with pytest.raises(ValidationError):
        PLAIN.threshold.kappa = 3.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[threshold]\nkapa = 3", "threshold.kapa"),
        ("[threshold]\nkappa = -1", "threshold.kappa"),
        ("[threshold]\nkappa = 'high'", "threshold.kappa"),
        ("[threshold]\nkappa = nan", "threshold.kappa"),
        ("[threshold]\nlookahead = inf", "threshold.lookahead"),
        ("threshold = 3", "threshold"),
        ("[band]\nlow = 400\nhigh = 30", "low must be below high"),
        ("[band]\nmains = 'always'", "band.mains"),
        ("[kinds]\nlook_for = []", "kinds.look_for"),
        ("[kinds]\nlook_for = ['cramp']", "kinds.look_for"),
        ("[kinds]\ntwitch_max = 3", "twitch_max must not exceed burst_max"),
        ("[kinds]\nrhythm_low = 9", "rhythm_low must be below rhythm_high"),
        ("name = 'No Spaces'", "name"),
        ("speed = 3", "speed"),
        ("[threshold", "TOML"),
        ("\x00", "TOML"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"mine\.toml") as caught:
        load_profile(path)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"name = '\xe9'"])
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError):
        load_profile(path)


@given(st.text(max_size=300))
def test_no_name_is_more_than_a_config_error(name: str) -> None:
    try:
        load_profile(name)
    except ConfigError as error:
        assert "generic" in str(error)  # noqa: PT017 - most names raise, a shipped one may be drawn
    else:
        assert name in profile_names()


def test_a_name_longer_than_any_file_name(tmp_path: Path) -> None:
    for name in ("x" * 5000, str(tmp_path), str(tmp_path / "missing.toml")):
        with pytest.raises(ConfigError, match="no profile called"):
            load_profile(name)


def test_a_file_is_named_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "My_left leg.toml"
    path.write_text("[edges]\nmerge_gap = 0.7\n")
    profile = load_profile(path)
    assert profile.name == "my-left-leg"
    assert profile.edges.merge_gap == 0.7


SENSITIVITIES = get_args(Profile.model_fields["sensitivity"].annotation)


@pytest.mark.parametrize("name", profile_names())
@pytest.mark.parametrize("there", SENSITIVITIES)
@pytest.mark.parametrize("back", SENSITIVITIES)
def test_the_knob_turns_back(name: str, there: Sensitivity, back: Sensitivity) -> None:
    profile = load_profile(name)
    direct = profile.at(back)
    turned = profile.at(there).at(back)
    assert turned.threshold.kappa == pytest.approx(direct.threshold.kappa, rel=1e-5)
    assert turned.threshold.least_confidence == pytest.approx(direct.threshold.least_confidence, abs=1e-5)
    assert turned.sensitivity == direct.sensitivity == back
    assert profile.at(there).at(profile.sensitivity) == profile
    assert profile.at(there).at(profile.sensitivity).digest == profile.digest


@pytest.mark.parametrize("name", profile_names())
def test_the_knob_moves_threshold_and_odds_together_and_is_hashed(name: str) -> None:
    low, normal, high = (load_profile(name).at(word) for word in ("low", "normal", "high"))
    assert low.threshold.kappa > normal.threshold.kappa > high.threshold.kappa
    least = [profile.threshold.least_confidence for profile in (low, normal, high)]
    assert 1 > least[0] > least[1] > least[2] > 0
    assert len({profile.digest for profile in (low, normal, high)}) == 3
    for profile in (low, high):
        moved = {
            path
            for path in leaves()
            if value_at(profile.settings(), path) != value_at(normal.settings(), path)
        }
        assert moved == {("sensitivity",), ("threshold", "kappa"), ("threshold", "least_confidence")}


@given(st.floats(0, 0.99), st.floats(0.01, 31), st.sampled_from(SENSITIVITIES))
def test_the_knob_gives_settings_that_can_be_read_again(
    least: float, kappa: float, word: Sensitivity
) -> None:
    settings = {"least_confidence": least, "kappa": kappa}
    moved = Profile.model_validate({"name": "mine", "threshold": settings}).at(word)
    assert Profile.model_validate(moved.settings()) == moved
