"""Pooled scores, the choice of a tuning, and how results are shown - failures included."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from accuracy import tables
from accuracy.case import Case, Line
from accuracy.child import Answer
from accuracy.document import best as best_peer
from accuracy.peers_run import PeerResults
from accuracy.scoring import Result, pooled
from accuracy.tuning import best
from accuracy.worker import run as run_job

from emgdetect.evaluate import Mark

if TYPE_CHECKING:
    from accuracy.piece import Settings


def case(*marks: Mark, start: float = 0.0) -> Case:
    return Case("x", Path("x.npy"), 100.0, 360_000, (Line("EMG", 0),), (), marks, (start, start + 1800.0))


def found(*spans: tuple[float, float]) -> dict[str, Answer]:
    return {"EMG": Answer("ok", spans, cpu=2.0, megabytes=50.0)}


def test_recordings_are_pooled_with_their_own_times_and_hours() -> None:
    first = (case(Mark(100, 1, "twitch", "EMG")), found((100.0, 101.0), (50.0, 51.0)))
    second = (case(Mark(1100, 1, "burst", "EMG"), start=1000.0), found((100.0, 101.0)))
    result = pooled([first, second])
    assert result.score is not None
    assert (result.score.matched, result.score.false, result.score.missed) == (2, 1, 0)
    assert result.hours == pytest.approx(1.0)
    assert result.score.false_per_hour == pytest.approx(1.0)
    assert (result.cpu, result.megabytes) == (4.0, 50.0)


def test_events_of_one_recording_cannot_match_those_of_another() -> None:
    result = pooled([(case(Mark(100, 1, "", "EMG")), found()), (case(), found((100.0, 101.0)))])
    assert result.score is not None
    assert result.score.matched == 0


def test_one_failure_fails_the_suite_and_is_shown() -> None:
    result = pooled([(case(), found()), (case(), {"EMG": Answer("crash", message="ValueError: no")})])
    assert result.score is None
    assert tables.summary(result) == "crash (ValueError: no)"


def test_a_cell_shows_f1_and_false_alarms_or_these_alone() -> None:
    half = pooled([(case(Mark(100, 1, "", "EMG"), Mark(200, 1, "", "EMG")), found((100.0, 101.0)))])
    assert tables.summary(half) == "0.67 (0.0)"
    assert tables.summary(pooled([(case(), found(*((k, k + 0.5) for k in range(9))))])) == "(18)"
    assert tables.summary(None) == "-"


def test_a_table_is_markdown_and_escapes_bars() -> None:
    assert tables.table(["a", "b"], [["1", "x|y"]]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n"


def test_tuning_takes_the_highest_f1_and_of_equals_the_fewest_false_alarms() -> None:
    truth = case(Mark(100, 1, "", "EMG"), Mark(200, 1, "", "EMG"), Mark(300, 1, "", "EMG"))
    spans = {
        "misses two": found((100.0, 101.0)),
        "two false": found((100.0, 101.0), (200.0, 201.0), (300.0, 301.0), (5.0, 6.0), (8.0, 9.0)),
        "one false, one missed": found((100.0, 101.0), (200.0, 201.0), (5.0, 6.0)),
        "crashes": {"EMG": Answer("crash")},
    }

    def run(settings: Settings) -> Result:
        return pooled([(truth, spans[settings["name"]])])

    assert best(tuple({"name": name} for name in spans), run) == {"name": "two false"}
    assert best(({"name": "crashes"},), run) is None
    assert best((), run) is None


def test_the_best_peer_is_named_beside_its_result() -> None:
    truth = case(Mark(100, 1, "", "EMG"))
    good, bad = pooled([(truth, found((100.0, 101.0)))]), pooled([(truth, found())])
    peers = {"bad": PeerResults(default={"s": bad}), "good": PeerResults(default={"s": good})}
    assert best_peer(peers, "s", "default") == "1.000 (0.0) good"
    assert best_peer(peers, "s", "tuned") == "-"


class Adapter:
    """Stands in for an adapter's module."""

    @staticmethod
    def find(piece: object, settings: Settings) -> list[tuple[float, float]]:
        del piece
        if settings["do"] == "spin":
            while True:
                pass
        if settings["do"] == "raise":
            raise KeyError("gone")
        return [(1.0, 2.0)]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # libraries' own threads are idle here
@pytest.mark.parametrize(("do", "status"), [("find", "ok"), ("raise", "crash"), ("spin", "time limit")])
def test_a_job_ends_with_an_answer_whatever_the_detector_does(tmp_path: Path, do: str, status: str) -> None:
    import numpy as np

    path = tmp_path / "x.npy"
    np.save(path, np.zeros((1, 100)))
    one = Case("x", path, 100.0, 100, (Line("EMG", 0),), window=(0.0, 1.0))
    answer = run_job(Adapter, one.job(one.lines[0], {"do": do}) | {"seconds": 1})  # type: ignore[arg-type]
    assert answer["status"] == status
    assert answer["wall"] > 0
