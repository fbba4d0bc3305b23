from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emgdetect.context import from_annotations, is_scoring, read_scoring
from emgdetect.context.lines import Line, assemble
from emgdetect.errors import EmgError, FormatError, UsageError
from emgdetect.types import Annotation

if TYPE_CHECKING:
    from emgdetect.context import Scoring

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "sleep_marks"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the marks of two raters are not on this machine")

PROFILE = r"""Signal ID: SchlafProfil\profil
Start Time: {start}
Unit:
Signal Type: Discret
Events list: N4,N3,N2,N1,REM,Wake,Movement
Rate: 30 s

"""
EVENTS = r"""Signal ID: FlowD\flow
Start Time: 23.09.2020 22:00:00
Unit: s
Signal Type: Impuls

"""
REMLOGIC = (
    "RemLogic Event Export\nPatient:\tn\nRecording Date:\t{date}\n\nEvents Included:\nSLEEP-S0\n\n"
    "Sleep Stage\tPosition\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation\n"
)
BROKEN = "<EventConcept>PLM</EventConcept><Start>x</Start>"
LUNA = "class\tinstance\tchannel\tstart\tstop\tmeta\n"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def scored(tmp_path: Path, text: str, name: str = "scoring.txt", epoch: float | None = None) -> Scoring:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_scoring(path, epoch=epoch)


def outline(scoring: Scoring) -> list[tuple[float, float, str]]:
    return [(span.onset, span.duration, span.stage) for span in scoring.stages]


def epochs_from(start: str, labels: list[str], step: float = 30.0) -> str:
    first = datetime.strptime(start, "%H:%M:%S")  # noqa: DTZ007 - a clock
    times = [first + timedelta(seconds=step * place) for place in range(len(labels))]
    return "".join(f"{time:%H:%M:%S},000; {label}\n" for time, label in zip(times, labels, strict=True))


def test_domino_stages_over_midnight(tmp_path: Path) -> None:
    text = PROFILE.format(start="23.09.2020 23:59:00") + epochs_from("23:59:00", ["Wake", "N1", "N4", "A"])
    found = scored(tmp_path, text)
    assert (found.format, found.start, found.dated) == ("domino", datetime(2020, 9, 23, 23, 59), True)  # noqa: DTZ001 - as written
    assert outline(found) == [(0, 30, "W"), (30, 30, "N1"), (60, 30, "N3"), (90, 30, "?")]
    assert found.stages[2].label == "N4"
    assert found.oddities == ()


def test_domino_events(tmp_path: Path) -> None:
    text = (
        EVENTS + "23:59:50,500-00:00:10,750; 20;Hypopnea\n22:04:00,000-22:04:12,000; 12;PLM Arousal (EEG)\n"
    )
    found = scored(tmp_path, text)
    assert [(mark.onset, mark.duration, mark.group) for mark in found.marks] == [
        (240.0, 12.0, "arousal"),
        (7190.5, 20.25, "respiratory"),
    ]


def test_domino_marks_of_a_limb(tmp_path: Path) -> None:
    found = scored(tmp_path, EVENTS + "22:00:01,000-22:00:01,250; LeftLegPhasic\n")
    (mark,) = found.marks
    assert (mark.channel, mark.group, mark.kind, mark.duration) == ("LeftLeg", "muscle", "phasic", 0.25)


def test_a_start_at_noon_that_was_midnight(tmp_path: Path) -> None:
    text = EVENTS.replace("23.09.2020 22:00:00", "9/23/2020 01:00:00 PM") + "01:10:00,000-01:10:01,000; PLM\n"
    found = scored(tmp_path, text)
    assert found.start == datetime(2020, 9, 23, 1)  # noqa: DTZ001 - as written
    assert found.marks[0].onset == 600.0
    assert len(found.oddities) == 1


def test_an_afternoon_stays_one(tmp_path: Path) -> None:
    text = EVENTS.replace("23.09.2020 22:00:00", "9/23/2020 01:00:00 PM") + "13:10:00,000-13:10:01,000; PLM\n"
    found = scored(tmp_path, text)
    assert (found.start, found.marks[0].onset) == (datetime(2020, 9, 23, 13), 600.0)  # noqa: DTZ001 - as written


@pytest.mark.parametrize(
    ("day", "times", "hours"),
    [
        # The night of 25 October 2020: 02:00 to 03:00 came twice, and 240 epochs are two hours.
        ("25.10.2020", ["01:00:00", "02:00:00", "02:00:00", "03:00:00"], 4),
        # The night of 29 March 2020: after 01:59:30 came 03:00:00.
        ("29.03.2020", ["00:00:00", "01:00:00", "03:00:00", "04:00:00"], 4),
    ],
)
def test_epochs_go_on_over_a_change_of_the_clocks(
    tmp_path: Path, day: str, times: list[str], hours: int
) -> None:
    text = PROFILE.format(start=f"{day} {times[0]}") + "".join(
        epochs_from(time, ["N2"] * 120) for time in times
    )
    found = scored(tmp_path, text)
    assert [span.onset for span in found.stages] == [30.0 * place for place in range(120 * hours)]
    assert len(found.oddities) == 1
    assert "clock" in found.oddities[0]


def test_an_hour_nobody_scored_stays_a_hole(tmp_path: Path) -> None:
    text = PROFILE.format(start="27.03.2020 00:00:00") + "".join(
        epochs_from(time, ["N2"] * 120) for time in ("01:00:00", "03:00:00")
    )
    found = scored(tmp_path, text)
    assert found.stages[120].onset - found.stages[119].onset == 3630.0
    assert found.oddities == ()


def test_remlogic_stages_positions_and_a_date(tmp_path: Path) -> None:
    text = REMLOGIC.format(date="23/09/2020") + (
        "W\tSupine\t23:59:30\tSLEEP-S0\t30\tROC-LOC\n"
        "S2\tSupine\t00:00:00\tSLEEP-S2\t30\tROC-LOC\n"
        "S2\tSupine\t00:00:10\tMCAP-A3\t6\tEEG-Fp2-F4\n"
        "R\tUnknown Position\t00:00:30\tSLEEP-REM\t30\tROC-LOC\n"
        "S2\tLeft\t00:01:00\tSLEEP-UNSCORED\t30\tROC-LOC\n"
    )
    found = scored(tmp_path, text)
    assert (found.format, found.start) == ("remlogic", datetime(2020, 9, 23, 23, 59, 30))  # noqa: DTZ001 - as written
    assert outline(found) == [(0, 30, "W"), (30, 30, "N2"), (60, 30, "R"), (90, 30, "?")]
    positions = [(mark.onset, mark.duration, mark.kind) for mark in found.marks if mark.group == "position"]
    assert positions == [(0.0, 60.0, "supine"), (90.0, 30.0, "left")]
    assert [mark.text for mark in found.marks if mark.group == "other"] == ["MCAP-A3"]


def test_remlogic_without_a_position_or_a_date(tmp_path: Path) -> None:
    text = "Sleep Stage\tTime [hh:mm:ss]\tEvent\tDuration[s]\tLocation\nS1\t22.10.00\tSLEEP-S1\t30\tROC\n"
    found = scored(tmp_path, text)
    assert not found.dated
    assert outline(found) == [(0, 30, "N1")]


def test_nsrr_xml(tmp_path: Path) -> None:
    events = [
        ("", "Recording Start Time", 0, 90), ("Stages|Stages", "Wake|0", 0, 30),
        ("Stages|Stages", "Stage 4 sleep|4", 30, 30), ("Stages|Stages", "Unscored|9", 60, 30),
        ("Respiratory|Respiratory", "Hypopnea|Hypopnea", 40.5, 12),
    ]  # fmt: skip
    body = "".join(
        f"<ScoredEvent><EventType>{kind}</EventType><EventConcept>{name}</EventConcept><Start>{start}</Start>"
        f"<Duration>{length}</Duration></ScoredEvent>"
        for kind, name, start, length in events
    )
    text = f"{XML}<PSGAnnotation><ScoredEvents>{body}</ScoredEvents></PSGAnnotation>"
    found = scored(tmp_path, text)
    assert outline(found) == [(0, 30, "W"), (30, 30, "N3"), (60, 30, "?")]
    assert [(mark.onset, mark.kind) for mark in found.marks] == [(40.5, "hypopnoea")]


def test_profusion_xml(tmp_path: Path) -> None:
    text = (
        f"{XML}<CMPStudyConfig><EpochLength>20</EpochLength><ScoredEvents><ScoredEvent>"
        "<Name>Limb Movement (Left)</Name>"
        "<Start>5</Start><Duration>1.5</Duration><Input>LEG L</Input></ScoredEvent></ScoredEvents>"
        "<SleepStages><SleepStage>0</SleepStage><SleepStage>4</SleepStage><SleepStage>5</SleepStage></SleepStages>"
        "</CMPStudyConfig>"
    )
    found = scored(tmp_path, text)
    assert outline(found) == [(0, 20, "W"), (20, 20, "N3"), (40, 20, "R")]
    assert [(mark.group, mark.channel) for mark in found.marks] == [("limb movement", "LEG L")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><PSGAnnotation/>", "document type"),
        ("<PSGAnnotation><ScoredEvents>", "cut off"),
        (
            "<PSGAnnotation><ScoredEvent><EventConcept>PLM</EventConcept><Start>x</Start></ScoredEvent></PSGAnnotation>",
            "x",
        ),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        scored(tmp_path, text)


def test_luna_in_seconds_and_in_clock_times(tmp_path: Path) -> None:
    head = LUNA
    seconds = scored(
        tmp_path, f"{head}N2\t.\t.\t0\t+30\t.\narousal_plm\t.\tLAT\t12.5\t20\t.\nR\t.\t.\t30\t60\t.\n"
    )
    assert outline(seconds) == [(0, 30, "N2")]
    assert [(m.onset, m.duration, m.channel) for m in seconds.marks] == [(12.5, 7.5, "LAT"), (30, 30, "")]
    clock = scored(tmp_path, f"{head}N2\t.\t.\t23:59:30\t00:00:00\t.\nN1\t.\t.\t00:00:00\t...\t.\n")
    assert outline(clock) == [(0, 30, "N2"), (30, 30, "N1")]
    assert not clock.dated


def test_one_stage_a_line(tmp_path: Path) -> None:
    found = scored(tmp_path, "W\nN1\nN2\nR\n?\n")
    assert (found.format, outline(found)[3]) == ("epochs", (90, 30, "R"))
    assert any("30 s" in line for line in found.oddities)
    found = scored(tmp_path, "Stage\n0\n2\n5\n", epoch=20)
    assert outline(found) == [(0, 20, "W"), (20, 20, "N2"), (40, 20, "R")]
    assert found.oddities == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("onset,duration,description\n0,30,Sleep stage W\n30,30,N2\n", [(0, 30, "W"), (30, 30, "N2")]),
        ("onset\tduration\ttrial_type\tchannel\n30\t30\tsleep_stage_R\tn/a\n", [(30, 30, "R")]),
        ("Epoch;Stage\n1;W\n2;N1\n4;N3\n", [(0, 30, "W"), (30, 30, "N1"), (90, 30, "N3")]),
        ("start,end,stage\n0,60,1\n60,120,5\n", [(0, 60, "N1"), (60, 60, "R")]),
        ("time,stage\n0,W\n30,N2\n60,N2\n", [(0, 30, "W"), (30, 30, "N2"), (60, 30, "N2")]),
        ("Start Time,Duration (s),Stage\n00:00:00,30,W\n00:00:30,30,N1\n", [(0, 30, "W"), (30, 30, "N1")]),
        ("time;stage\n23:59:30;W\n00:00:00;REM\n", [(0, 30, "W"), (30, 30, "R")]),
        (
            "onset,duration,description\n2020-09-23 23:59:30,30,N1\n2020-09-24 00:00:00,30,N2\n",
            [(0, 30, "N1"), (30, 30, "N2")],
        ),
        (
            "group\tname\tstart_sec\tduration_sec\tchannels\nstage\t2\t0\t30\t\nstage\t5\t30\t30\t\n",
            [(0, 30, "N2"), (30, 30, "R")],
        ),
    ],
)  # fmt: skip
def test_tables_of_stages(tmp_path: Path, text: str, expected: list[tuple[float, float, str]]) -> None:
    found = scored(tmp_path, text, "scoring.csv")
    assert (found.format, outline(found)) == ("table", expected)


def test_our_own_event_table_is_marks(tmp_path: Path) -> None:
    found = scored(
        tmp_path, "onset\tduration\ttrial_type\tchannel\n1.5\t0.25\ttwitch\tTA left\n", "events.tsv"
    )
    assert [(m.onset, m.duration, m.group, m.kind, m.channel) for m in found.marks] == [
        (1.5, 0.25, "muscle", "twitch", "TA left")
    ]


def test_annotations_of_a_recording() -> None:
    found = from_annotations(
        [
            Annotation(0, 30, "Sleep stage W"),
            Annotation(30, 30, "Sleep stage N2"),
            Annotation(31, 1.5, "Limb movement@@EMG LAT"),
            Annotation(40, 0, "Lights off"),
            Annotation(41, 2, "PLM", "EMG RAT"),
        ]
    )
    assert outline(found) == [(0, 30, "W"), (30, 30, "N2")]
    assert [(mark.group, mark.channel) for mark in found.marks] == [
        ("limb movement", "EMG LAT"),
        ("lights off", ""),
        ("limb movement", "EMG RAT"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "hello world\n", "no known format"),
        ("a.txt", "", "no known format"),
        ("a.txt", PROFILE.format(start="yesterday"), "Start Time"),
        ("a.txt", EVENTS + "22:00:00,000-22:00:01,000; PLM\nnonsense\n", "line 7"),
        ("a.txt", REMLOGIC.format(date="1.1.2020") + "W\tLeft\tnever\tSLEEP-S0\t30\tx\n", "never"),
        ("a.txt", REMLOGIC.format(date="1.1.2020") + "W\tLeft\t22:00:00\tSLEEP-S0\tlong\tx\n", "long"),
        ("a.txt", LUNA + "N2\t.\t.\t60\t30\t.\n", "before it starts"),
        ("a.txt", LUNA + "N2\t.\n", "2 columns"),
        ("a.csv", "onset,duration,stage\nsoon,30,W\n", "soon"),
        ("a.csv", "start,end,stage\n60,30,W\n", "before it begins"),
        ("a.csv", "onset,duration,stage\n,30,W\n", "no onset"),
        ("a.csv", "epoch,stage\n1,W\n2,who knows\n", "who knows"),
        ("a.txt", "W\nN1\n" + "N2\n" * 30 + "oops\n", "oops"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        scored(tmp_path, text, name)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        read_scoring(tmp_path / "none.txt")
    (tmp_path / "binary").write_bytes(b"\x00\x01" * 100)
    assert not is_scoring(tmp_path / "binary")
    assert not is_scoring(tmp_path / "none.txt")
    with pytest.raises(UsageError):
        scored(tmp_path, "W\n", epoch=-30)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_encodings_and_line_ends(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("onset;duration;event\r\n1;2;Rückenlage\r\n".encode(encoding))
    assert [mark.kind for mark in read_scoring(path).marks] == ["supine"]


LINES = st.lists(
    st.builds(
        Line,
        st.floats(-1e5, 1e5),
        st.one_of(st.none(), st.floats(-10, 1e5)),
        st.sampled_from(["W", "N2", "4", "5", "Sleep stage R", "Hypopnea", "?", "x"]),
        st.just(""),
        st.sampled_from([True, False, None]),
    ),
    max_size=30,
)


@given(LINES)
def test_stages_never_overlap_and_nothing_is_lost(lines: list[Line]) -> None:
    found = assemble(lines)
    for before, after in zip(found.stages, found.stages[1:], strict=False):
        assert before.stop <= after.onset + 1e-6
    assert all(span.duration > 0 for span in found.stages)
    assert all(mark.duration >= 0 for mark in found.marks)
    assert sorted(found.marks, key=lambda mark: mark.onset) == list(found.marks)
    assert len(found.stages) + len(found.marks) <= len(lines)


def test_two_scorers_in_one_file_leave_it_open() -> None:
    found = assemble(
        [Line(0, 30, "N1", stage=True), Line(0, 30, "N2", stage=True), Line(30, 30, "N2", stage=True)]
    )
    assert [span.stage for span in found.stages] == ["?", "N2"]
    assert "differently" in found.oddities[0]
    same = assemble([Line(0, 30, "N1", stage=True), Line(0, 30, "N1", stage=True)])
    assert ([span.stage for span in same.stages], same.oddities) == (["N1"], ())


def test_a_stage_that_runs_into_the_next_is_cut() -> None:
    found = assemble([Line(0, 100, "N1", stage=True), Line(30, 30, "N2", stage=True)])
    assert [(span.onset, span.duration) for span in found.stages] == [(0, 30), (30, 30)]
    assert "overlaps" in found.oddities[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    head=st.sampled_from(
        ["", PROFILE.format(start="23.09.2020 22:00:00"), EVENTS, REMLOGIC.format(date="1/2/2020"), LUNA,
         "<PSGAnnotation>", "onset,duration,stage\n", "epoch\tstage\n", "W\nN1\n"]
    ),
    body=st.text(alphabet="0123456789:;,.-+\t\nWNR <>/aMP", max_size=120),
)  # fmt: skip
def test_whatever_follows_a_head_is_read_or_refused(tmp_path: Path, head: str, body: str) -> None:
    with suppress(EmgError):
        assert all(span.duration > 0 for span in scored(tmp_path, head + body).stages)


@needs_real
def test_the_two_raters_and_their_night() -> None:
    marks = {name: read_scoring(REAL / f"rater_{name}_marks.txt") for name in "ab"}
    counts = {name: sum(mark.kind == "phasic" for mark in one.marks) for name, one in marks.items()}
    assert counts == {"a": 545, "b": 789}
    assert marks["a"].start == marks["b"].start
    assert len(read_scoring(REAL / "sleep_profile.txt").stages) == 121
    assert {mark.group for mark in read_scoring(REAL / "arousals.txt").marks} == {"arousal"}
    assert {mark.group for mark in read_scoring(REAL / "flow_events.txt").marks} == {"respiratory"}
