"""What holds for every rule set: names, refusals, edges, and time that grows with the events only."""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from emgdetect.sequences import RULES, Context, context_of, rule_set, score, score_all, to_json_dict
from emgdetect.sequences.wasm2016 import Wasm2016
from emgdetect.types import INVALID_REASONS, Channel, Detection, Event, Gap, Quality, StreamInfo

if TYPE_CHECKING:
    from tests.sequences.conftest import MakeContext, MakeEvent

CHANNELS = ("LAT", "RAT", "Masseter L", "Chin")
NIGHT = 8 * 3600.0


def whole_night(context: MakeContext) -> Context:
    """Give a context in which every rule has all it may ask for."""
    known = context(
        NIGHT,
        CHANNELS,
        stages=((0.0, 3600.0, "W"), (3600.0, 20000.0, "N2"), (20000.0, NIGHT, "R")),
        arousals=((5000.0, 5010.0),),
        respiratory=((6000.0, 6020.0),),
        in_bed=(600.0, NIGHT),
    )
    return replace(known, levels={"Chin": np.full(int(NIGHT), 0.5)})


def busy_night(n_events: int, seed: int = 1) -> list[Event]:
    draw = random.Random(seed)  # noqa: S311 - test data, no secret
    events = []
    for _ in range(n_events):
        onset, duration = draw.uniform(0, NIGHT - 40), draw.choice((0.09, 0.12, 0.3, 0.6, 1.5, 3.0, 12.0))
        rhythm = draw.choice((math.nan, 5.0))
        events.append(
            Event(
                draw.choice(CHANNELS), int(onset * 200), int(duration * 200), onset, duration, "burst",
                peak=draw.uniform(5, 300), rms=10.0, snr_db=draw.uniform(0, 30), rhythm=rhythm,
            )
        )  # fmt: skip
    return events


@pytest.mark.parametrize("name", RULES)
class TestEveryRule:
    def test_says_who_it_is(self, name: str) -> None:
        rule = rule_set(name)
        assert rule.name == name
        assert rule.title
        assert rule.source
        assert is_dataclass(rule.settings)
        assert fields(rule.settings)

    def test_no_events_are_an_answer(self, name: str, context: MakeContext) -> None:
        result = score(name, [], whole_night(context))
        assert result.applies
        assert not result.movements
        assert not result.sequences
        assert all(not index.count for index in result.indices if index.unit == "1/h")

    def test_no_valid_time_has_no_rates(self, name: str, event: MakeEvent, context: MakeContext) -> None:
        known = whole_night(context)
        never = replace(known, sites=tuple(replace(site, valid=()) for site in known.sites))
        result = score(name, [event(5000.0, channel=channel) for channel in CHANNELS], never)
        assert result.applies
        assert all(index.value is None for index in result.indices if index.unit == "1/h")
        assert not result.sequences

    def test_one_event_is_no_series(self, name: str, event: MakeEvent, context: MakeContext) -> None:
        result = score(name, [event(5000.0, 0.1)], whole_night(context))
        assert result.applies
        assert len(result.classes) == 1
        assert not result.sequences

    def test_ten_thousand_events_are_judged(self, name: str, context: MakeContext) -> None:
        events = busy_night(10_000)
        result = score(name, events, whole_night(context))
        assert len(result.classes) == 10_000
        for sequence in result.sequences:
            assert sequence.rule == name
            assert sequence.events == tuple(sorted(sequence.events))
            members = [result.movements[place] for place in sequence.movements]
            assert sequence.onset == min(one.onset for one in members)
            assert sequence.stop == pytest.approx(max(one.stop for one in members))
            assert {place for one in members for place in one.events} == set(sequence.events)

    def test_the_order_of_the_list_does_not_matter(self, name: str, context: MakeContext) -> None:
        events = busy_night(300, seed=2)
        known = whole_night(context)
        mixed = list(range(300))
        random.Random(3).shuffle(mixed)  # noqa: S311 - test data, no secret
        straight, shuffled = (
            score(name, events, known),
            score(name, [events[place] for place in mixed], known),
        )
        assert straight.indices == shuffled.indices
        assert [straight.classes[place] for place in mixed] == list(shuffled.classes)

    def test_artefacts_and_withdrawn_events_change_nothing(
        self, name: str, event: MakeEvent, context: MakeContext
    ) -> None:
        events, known = busy_night(100, seed=4), whole_night(context)
        noise = [event(at, channel=name, kind="artefact") for at in range(0, 3000, 7) for name in CHANNELS]
        gone = [replace(one, kind="burst", status="withdrawn") for one in noise[:20]]
        assert score(name, events, known).indices == score(name, events + noise + gone, known).indices

    def test_every_number_says_its_unit_and_what_it_is_per(self, name: str, context: MakeContext) -> None:
        result = score(name, busy_night(200), whole_night(context))
        assert result.indices
        for index in result.indices:
            assert index.per
            if index.unit == "1/h":
                assert index.per.startswith("per hour of valid ")
                assert index.count is not None
                assert index.denominator
                assert index.value == pytest.approx(index.count / index.denominator)

    def test_without_a_hypnogram_nothing_is_called_sleep(self, name: str, context: MakeContext) -> None:
        result = score(name, busy_night(200), replace(whole_night(context), stages=None))
        said = [index.name + " " + index.per for index in result.indices]
        said += [sequence.kind for sequence in result.sequences]
        assert not [words for words in said if "sleep" in words.lower() or "PLMS" in words]

    def test_another_rules_settings_are_refused(self, name: str, context: MakeContext) -> None:
        wrong = Wasm2016() if name != "wasm2016" else rule_set("aasm").settings
        with pytest.raises(UsageError, match="do not fit"):
            score(name, [], whole_night(context), wrong)

    def test_names_no_disease(self, name: str, context: MakeContext) -> None:
        rule, result = rule_set(name), score(name, busy_night(200), whole_night(context))
        texts = [rule.title, *result.notices, *(index.name + index.note for index in result.indices)]
        texts += [sequence.kind for sequence in result.sequences]
        for word in ("plmd", "bruxism", "abnormal", "normal", "severe", "disorder", "patholog", "syndrome"):
            assert not [text for text in texts if word in text.lower()], word


def test_every_rule_set_has_its_row_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sequences.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", page, flags=re.MULTILINE) == list(RULES)


def test_an_unknown_rule_set_is_refused_with_the_names(context: MakeContext) -> None:
    with pytest.raises(UsageError, match="wasm2016"):
        score("wasm2006", [], context())


def test_times_that_are_no_times_are_refused(event: MakeEvent, context: MakeContext) -> None:
    with pytest.raises(UsageError, match="event 1"):
        score("aasm", [event(100), replace(event(120), onset=math.nan)], context())


def test_events_without_a_channel_are_on_no_leg(event: MakeEvent, context: MakeContext) -> None:
    result = score("wasm2016", [event(100, channel="")], context(channels=[]))
    assert not result.applies
    assert result.refused[0].reason == "no channel is known to be on a leg"


def test_a_channel_that_was_never_valid_does_not_silence_the_other(
    event: MakeEvent, context: MakeContext
) -> None:
    known = context()
    dead = replace(known, sites=(known.sites[0], replace(known.sites[1], valid=())))
    result = score("wasm2016", [event(onset) for onset in (100, 120, 140, 160)], dead)
    assert result.index("PLM index").value == pytest.approx(2.0)
    assert "RAT: no valid time, left out" in result.notices


def test_a_channel_described_twice_is_refused(context: MakeContext) -> None:
    site = context().sites[0]
    with pytest.raises(UsageError, match="LAT"):
        Context(10.0, (site, site))


def detection(events: tuple[Event, ...], unit: str = "uV") -> Detection:
    reason = np.zeros(600, dtype=np.uint8)
    reason[300:400] = INVALID_REASONS.index("lead-off")
    info = StreamInfo(100.0, (Channel("Left TA", unit),))  # type: ignore[arg-type]  # from the test's list
    return Detection(
        info=info,
        n_samples=60_000,
        gaps=(Gap(10_000, 50, "lost packets"),),
        events=events,
        quality=(Quality("Left TA", 0, np.ones(600, dtype=np.float32), reason),),
        profile="sleep-legs",
        config_hash="c0ffee",
        version="1",
        settings={"edges": {"merge_gap": 0.5}},
    )


def test_a_detection_brings_its_context(event: MakeEvent) -> None:
    known = context_of(detection((event(20, channel="Left TA"),)))
    site = known.sites[0]
    assert (site.side, site.region, site.unit) == ("left", "leg", "uV")
    assert known.valid("Left TA") == pytest.approx(np.array([[0, 100], [100.5, 300], [400, 600]]))
    assert (known.length, known.resolution) == (600.0, 0.5)


def test_all_rule_sets_answer_or_say_why_not(event: MakeEvent) -> None:
    found = score_all(detection((event(20, channel="Left TA"),)))
    assert list(found) == list(RULES)
    assert found["wasm2016"].applies
    assert found["wasm2016"].index("CLM index").denominator == pytest.approx(499.5 / 3600)
    for result in found.values():
        assert result.applies or result.refused
    uncalibrated = score_all(detection((), "adc"))
    assert not uncalibrated["wasm2016"].applies
    assert "Left TA" in uncalibrated["wasm2016"].refused[0].reason


@pytest.mark.parametrize("name", RULES)
def test_a_score_becomes_json_and_back(name: str, context: MakeContext) -> None:
    tree = to_json_dict(score(name, busy_night(50), whole_night(context)))
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    assert tree["rule"] == name
    assert tree["indices"][0]["per"]


def test_a_digest_tells_settings_apart(context: MakeContext) -> None:
    known = whole_night(context)
    plain, strict = score("wasm2016", [], known), score("wasm2016", [], known, Wasm2016(closing_starts=False))
    assert plain.digest == score("wasm2016", busy_night(10), known).digest
    assert len({plain.digest, strict.digest, score("aasm", [], known).digest}) == 3


class TestHypnogram:
    def test_of_overlapping_spans_the_later_one_counts(self, context: MakeContext) -> None:
        known = context(100.0, stages=((0.0, 60.0, "W"), (30.0, 100.0, "N2")))
        assert known.stages_at([10, 30, 50, 99, 100]) == ("W", "N2", "N2", "N2", "")
        assert known.staged("W").tolist() == [[0, 30]]
        assert known.staged("N1", "N2").tolist() == [[30, 100]]

    def test_one_that_is_shorter_or_longer_leaves_time_out(
        self, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(at) for at in (100, 120, 140, 160, 5000, 5020, 5040, 5060)]
        short = score("wasm2016", events, context(stages=((0.0, 3600.0, "N2"),)))
        assert short.index("PLMS index").value == pytest.approx(4.0)
        long = score("wasm2016", events, context(stages=((0.0, 90_000.0, "N2"),)))
        assert long.index("PLMS index").denominator == pytest.approx(2.0)

    def test_an_empty_one_calls_nothing_sleep_or_wake(self, event: MakeEvent, context: MakeContext) -> None:
        result = score("wasm2016", [event(100)], context(stages=()))
        assert result.index("PLMS index").value is None
        assert result.index("PLMW index").value is None
