"""A note typed on one line: the words of ``emgdetect note``, as somebody half awake would type them."""

from __future__ import annotations

import pytest

from emgdetect.cli.jotting import FELT, read_line
from emgdetect.cli.noting import Said
from emgdetect.errors import UsageError


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", Said(symptom=FELT)),
        ("  ", Said(symptom=FELT)),
        ("dog barked, then quiet", Said(note="dog barked, then quiet")),
        ("symptom cramp in the left calf, pain 4", Said(symptom="cramp in the left calf", pain=4)),
        ("Symptom: cramp pain 4", Said(symptom="cramp", pain=4)),
        ("cramp pain 2,5", Said(symptom="cramp", pain=2.5)),
        ("pain 7", Said(pain=7)),
        ("pain 7/10", Said(pain=7)),
        ("pain in the knee", Said(note="pain in the knee")),
        ("woke", Said(woke=True)),
        ("woke up, symptom cramp", Said(woke=True, symptom="cramp")),
        ("woke up from a dream", Said(woke=True, note="from a dream")),
        ("trigger long walk; woke", Said(trigger="long walk", woke=True)),
        ("medication magnesium, dose 300 mg", Said(medication="magnesium", dose="300 mg")),
        ("medication magnesium dose 300 mg", Said(medication="magnesium", dose="300 mg")),
        ("intervention stretching", Said(intervention="stretching")),
        ("note a symptom of age", Said(note="a symptom of age")),
        ("--symptom 'left, calf' --pain 4 --woke", Said(symptom="left, calf", pain=4, woke=True)),
        ('--trigger "long walk"', Said(trigger="long walk")),
        ("wokeness", Said(note="wokeness")),
    ],
)
def test_what_is_typed_is_understood(line: str, said: Said) -> None:
    assert read_line(line) == said


@pytest.mark.parametrize("line", ["symptom", "trigger , woke", "--medication", "cramp, pain 4 or 5"])
def test_a_word_that_says_nothing_is_asked_for(line: str) -> None:
    with pytest.raises(UsageError):
        read_line(line)
