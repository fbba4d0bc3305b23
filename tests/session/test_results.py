"""Runs, events and quality: what was stored comes back, and two runs are never mixed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import SessionError
from emgdetect.session import CommitPolicy, RunInfo, SessionReader, SessionWriter, save_detection
from emgdetect.types import Channel, Chunk, Detection, Event, Gap, Quality, Refusal, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

Same = Callable[[object, object], bool]


@pytest.fixture
def path(tmp_path: Path, info: StreamInfo) -> Path:
    """A session of one stream that is as the detection saw it."""
    path = tmp_path / "a.emgdb"
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        session.append(stream_id, Chunk(np.zeros((2, 150), np.int16), 0))
        session.add_gap(stream_id, Gap(150, 50, "disconnect"))
        session.append(stream_id, Chunk(np.zeros((2, 800), np.int16), 200))
    return path


@pytest.fixture
def live(path: Path) -> Iterator[SessionWriter]:
    with SessionWriter.open(path, policy=CommitPolicy(seconds=9e9)) as session:
        yield session


def test_a_detection_comes_back_equal(path: Path, detection: Detection, same: Same) -> None:
    run_id = save_detection(path, 1, detection)
    with SessionReader(path) as session:
        assert same(session.detection(run_id), detection)


def test_so_does_one_that_saw_the_stream_otherwise(path: Path, detection: Detection, same: Same) -> None:
    other = replace(
        detection,
        info=StreamInfo(200.25, (Channel("x", "uV", raw_low=-1.5),), start=None),
        n_samples=160,
        gaps=(Gap(0, 3, "ü"), Gap(10, 1, "sleep")),
    )
    shorter = replace(detection, n_samples=160, gaps=(Gap(150, 10, "disconnect"),))
    with SessionWriter.open(path) as session:
        ids = [save_detection(session, 1, each) for each in (other, shorter)]
        stored = session._database.rows("SELECT info IS NULL, gaps IS NULL FROM run")
    assert stored == [(0, 0), (1, 1)]
    with SessionReader(path) as session:
        assert same(session.detection(ids[0]), other)
        assert same(session.detection(ids[1]), shorter)


def test_one_that_found_nothing_is_a_result_too(path: Path, info: StreamInfo, same: Same) -> None:
    nothing = Detection(info, 0, (), (), (), "p", "h", "v")
    run_id = save_detection(path, 1, nothing)
    with SessionReader(path) as session:
        assert same(session.detection(run_id), nothing)


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.floats(allow_nan=True, allow_infinity=True)
seconds = st.floats(0, 1e6)
events = st.builds(
    Event,
    channel=names,
    sample=st.integers(0, 10_000),
    n_samples=st.integers(0, 10_000),
    onset=seconds,
    duration=seconds,
    kind=st.sampled_from(["twitch", "burst", "spasm", "artefact"]),
    peak=numbers,
    rms=numbers,
    snr_db=numbers,
    median_frequency=numbers,
    rhythm=numbers,
    confidence=numbers,
    flags=st.lists(names, max_size=3).map(tuple),
    rule=names,
)


@st.composite
def qualities(draw: st.DrawFn) -> tuple[Quality, ...]:
    n = draw(st.integers(0, 5))
    floors = st.lists(st.floats(width=32), min_size=n, max_size=n)
    reasons = st.lists(st.integers(0, 9), min_size=n, max_size=n)
    return tuple(
        Quality(name, 0, np.array(draw(floors), np.float32), np.array(draw(reasons), np.uint8))
        for name in draw(st.lists(names, unique=True, max_size=3))
    )


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(
    found=st.lists(events, max_size=6).map(
        lambda many: tuple(sorted(many, key=lambda e: (e.sample, e.channel, e.n_samples)))
    ),
    quality=qualities(),
    config=st.dictionaries(names, plain, max_size=4),
    words=names,
)
def test_any_detection_comes_back_equal(
    same: Same, found: tuple[Event, ...], quality: tuple[Quality, ...], config: dict[str, object], words: str
) -> None:
    info = StreamInfo(250.0, (Channel("a", "uV"),))
    head = {"profile": words, "config_hash": words, "version": words, "source": words}
    refused, notices = (Refusal("spasm", words, words),), (words, words)
    whole = Detection(info, 77, (), found, quality, settings=config, refused=refused, notices=notices, **head)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.emgdb"
        with SessionWriter.create(file) as session:
            run_id = save_detection(session, session.add_stream(info), whole)
        with SessionReader(file) as reader:
            assert same(reader.detection(run_id), whole)


def test_two_runs_are_kept_apart(path: Path, detection: Detection, same: Same) -> None:
    second = replace(
        detection, profile="strict", config_hash="ffff", events=detection.events[1:2], quality=()
    )
    ids = [save_detection(path, 1, each) for each in (detection, second)]
    with SessionReader(path) as session:
        assert same(session.detection(ids[0]), detection)
        assert same(session.detection(ids[1]), second)
        assert [(run.id, run.info.profile, run.stream_id) for run in session.runs()] == [
            (ids[0], "default", 1),
            (ids[1], "strict", 1),
        ]
        assert session.runs(stream_id=2) == ()
        assert session.runs()[0].created.utcoffset() is not None


def test_a_result_for_a_stream_that_is_not_there_leaves_nothing_behind(
    path: Path, detection: Detection
) -> None:
    with pytest.raises(SessionError):
        save_detection(path, 99, detection)
    with SessionReader(path) as session:
        assert session.runs() == ()
        with pytest.raises(SessionError, match="no run 1"):
            session.detection(1)


def test_settings_that_are_no_plain_values_are_refused(path: Path, detection: Detection) -> None:
    with pytest.raises(SessionError, match="plain values"):
        save_detection(path, 1, replace(detection, settings={"x": object()}))


def event(sample: int, status: str, n_samples: int = 5) -> Event:
    whole = Event("c", sample, n_samples, sample / 10, n_samples / 10, "twitch", 1.0, 1.0, 1.0)
    return replace(whole, status=status)  # type: ignore[arg-type]


def test_a_final_event_takes_the_place_of_the_provisional_one(live: SessionWriter, path: Path) -> None:
    run_id = live.add_run(1, RunInfo("p", "v", "h"))
    live.add_events(run_id, [event(10, "provisional"), event(20, "provisional"), event(30, "provisional")])
    live.add_events(run_id, [event(10, "provisional", n_samples=7)])
    live.add_events(run_id, [event(10, "final", n_samples=9)])
    live.withdraw(run_id, [event(20, "provisional"), event(10, "provisional")])
    with SessionReader(path) as session:
        assert [(e.sample, e.status, e.n_samples) for e in session.events(run_id)] == [
            (10, "final", 9),
            (20, "withdrawn", 5),
            (30, "provisional", 5),
        ]
        assert [e.sample for e in session.events(run_id, "withdrawn")] == [20]
        assert [e.sample for e in session.detection(run_id).events] == [10]


def test_growth_waits_for_the_next_commit_and_then_takes_its_place(live: SessionWriter, path: Path) -> None:
    run_id = live.add_run(1, RunInfo("p", "v", "h"))
    live.add_events(run_id, [event(10, "provisional"), event(20, "provisional")])
    with SessionReader(path) as session:
        for length in (6, 7):
            live.add_growth(run_id, [event(10, "provisional", n_samples=length)])
            assert [e.n_samples for e in session.events(run_id)] == [5, 5]
        live.commit()
        assert [e.n_samples for e in session.events(run_id)] == [7, 5]
        live.add_growth(
            run_id, [event(10, "provisional", n_samples=8), event(20, "provisional", n_samples=8)]
        )
        live.withdraw(run_id, [event(20, "provisional")])
        live.add_events(run_id, [event(10, "final", n_samples=9)])
        found = [(e.sample, e.status, e.n_samples) for e in session.events(run_id)]
    assert found == [(10, "final", 9), (20, "withdrawn", 8)]
    with pytest.raises(SessionError, match="no run 77"):
        live.add_growth(77, [event(10, "provisional")])


def test_events_that_became_final_late_stand_in_the_order_of_a_file(live: SessionWriter, path: Path) -> None:
    run_id = live.add_run(1, RunInfo("p", "v", "h"))
    late = [replace(event(30, "final"), channel=name) for name in ("b", "a")]
    for each in (late[0], event(40, "final"), late[1], event(20, "final")):
        live.add_events(run_id, [each])
    with SessionReader(path) as session:
        found = session.detection(run_id).events
    assert [(e.sample, e.channel) for e in found] == [(20, "c"), (30, "a"), (30, "b"), (40, "c")]


def test_events_of_another_run_are_left_alone(live: SessionWriter, path: Path) -> None:
    first, second = (live.add_run(1, RunInfo("p", "v", "h")) for _ in range(2))
    live.add_events(first, [event(10, "provisional")])
    live.add_events(second, [event(10, "final")])
    live.withdraw(second, [event(10, "provisional")])
    with SessionReader(path) as session:
        assert [e.status for e in session.events(first)] == ["provisional"]


def test_quality_second_by_second_is_one_entry_per_channel(live: SessionWriter, path: Path) -> None:
    run_id = live.add_run(1, RunInfo("p", "v", "h"))
    for second in range(5):
        floor, reason = np.array([second / 10], np.float32), np.array([second], np.uint8)
        live.add_quality(run_id, [Quality(name, second, floor, reason) for name in ("b", "a")])
    live.commit()
    with SessionReader(path) as session:
        quality = session.detection(run_id).quality
    assert [(part.channel, part.start, part.reason.tolist()) for part in quality] == [
        ("b", 0, [0, 1, 2, 3, 4]),
        ("a", 0, [0, 1, 2, 3, 4]),
    ]
    assert quality[0].floor.tolist() == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])


def test_quality_of_a_run_that_is_not_there_does_not_hold_up_the_samples(
    live: SessionWriter, path: Path
) -> None:
    live.append(1, Chunk(np.ones((2, 3), np.int16), 1000))
    with pytest.raises(SessionError, match="no run 5"):
        live.add_quality(5, [Quality("a", 0, np.zeros(1, np.float32), np.zeros(1, np.uint8))])
    live.commit()
    with SessionReader(path) as session:
        assert session.stream(1).n_samples == 1003


def test_a_run_that_goes_on_reaches_to_the_end_of_the_stream(live: SessionWriter, path: Path) -> None:
    run_id = live.add_run(1, RunInfo("p", "v", "h", source="board"))
    with SessionReader(path) as session:
        assert session.runs()[0].n_samples is None
        assert session.detection(run_id).n_samples == 1000
        live.finish_run(run_id, 170)
        live.append(1, Chunk(np.zeros((2, 1), np.int16), 1000))
        live.commit()
        assert session.runs()[0].n_samples == 170
        detection = session.detection(run_id)
    assert (detection.n_samples, detection.gaps) == (170, (Gap(150, 20, "disconnect"),))
