from __future__ import annotations

import pytest

from emgdetect.context.kinds import group_of, limb_and_kind, position_of
from emgdetect.context.stages import stage_of, stages_of


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Sleep stage W", "W"), ("Sleep stage N1", "N1"), ("Sleep stage 1", "N1"), ("Sleep stage 4", "N3"),
        ("Sleep stage R", "R"), ("Sleep stage ?", "?"), ("Movement time", "?"), ("SLEEP-S0", "W"),
        ("SLEEP-S4", "N3"), ("SLEEP-REM", "R"), ("SLEEP-MT", "?"), ("Stage 2 sleep|2", "N2"),
        ("REM sleep|5", "R"), ("Wake|0", "W"), ("Wach", "W"), ("N3", "N3"), ("S3", "N3"), ("NREM 2", "N2"),
        ("Éveil", "W"), ("sleep_stage_N2", "N2"), ("Stade 3", "N3"),
    ],
)  # fmt: skip
def test_names_of_both_manuals_and_other_languages(text: str, stage: str) -> None:
    assert stage_of(text) == stage


@pytest.mark.parametrize("text", ["Hypopnea", "R", "W", "light", "Left", "M", "2", "LM", "", "Wachtel"])
def test_what_is_no_stage_unless_stages_are_listed(text: str) -> None:
    assert stage_of(text) is None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["W", "R", "M"], {"W": "W", "R": "R", "M": "?"}),
        (["0", "4", "5"], {"0": "W", "4": "N3", "5": "R"}),
        (["-1", "0", "4"], {"-1": "?", "0": "W", "4": "R"}),
        (["0.0", "2.0"], {"0.0": "W", "2.0": "N2"}),
        (["1", "9"], {"1": "N1", "9": "?"}),
        (["deep", "light", "REM", "zzz"], {"deep": "N3", "light": "N", "REM": "R"}),
    ],
)
def test_a_whole_list_tells_what_its_labels_mean(labels: list[str], expected: dict[str, str]) -> None:
    assert stages_of(labels)[0] == expected


def test_a_four_without_a_five_is_told() -> None:
    known, assumed = stages_of(["0", "2", "4"])
    assert known["4"] == "R"
    assert len(assumed) == 1
    assert "REM" in assumed[0]
    assert stages_of(["0", "4", "5"])[1] == ()


@pytest.mark.parametrize(
    ("text", "group", "kind"),
    [
        ("Hypopnea", "respiratory", "hypopnoea"),
        ("Obstructive apnea|Obstructive Apnea", "respiratory", "obstructive apnoea"),
        ("Zentrale Apnoe", "respiratory", "central apnoea"),
        ("Flow Limitation", "respiratory", "flow limitation"),
        ("Respiratory effort related arousal|RERA", "respiratory", "effort-related arousal"),
        ("Respiratory Arousal (EEG)", "arousal", "respiratory arousal"),
        ("PLM Arousal (EEG)", "arousal", "limb movement arousal"),
        ("arousal_spontaneous", "arousal", "spontaneous arousal"),
        ("Limb movement - left", "limb movement", "limb movement"),
        ("PLM", "limb movement", "periodic limb movement"),
        ("SpO2 desaturation|SpO2 desaturation", "desaturation", "desaturation"),
        ("Schnarchen", "snore", "snore"),
        ("Lights off", "lights off", "lights off"),
        ("Licht an", "lights on", "lights on"),
        ("Rückenlage", "position", "supine"),
        ("Body position: left", "position", "left"),
        ("Krampf", "muscle", "spasm"),
        ("EMG artifact", "artefact", "artefact"),
        ("patient spoke", "other", "patient spoke"),
    ],
)
def test_events_by_their_words(text: str, group: str, kind: str) -> None:
    assert group_of(text) == (group, kind)


def test_a_limb_and_a_kind_in_one_word() -> None:
    assert limb_and_kind("LeftLegPhasic") == ("LeftLeg", "Phasic")
    assert limb_and_kind("ChinAny") == ("Chin", "Any")
    assert limb_and_kind("Hypopnea") is None


def test_a_position_has_to_be_all_the_text_says() -> None:
    assert position_of("Supine") == "supine"
    assert position_of("left leg moved") == ""
