"""A disk that fills: a word in time, an orderly stop, and a file that is intact whatever happens."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.recorder.space import RESERVE_BYTES, SpaceWatch, bytes_per_second, hours_left
from emgdetect.session import SessionReader
from emgdetect.session.database import open_writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.session.database import Database
    from tests.recorder.conftest import Rig

BOARD = "virtual://emgdetect?hours=0.05"


def intact(path: Path) -> bool:
    connection = sqlite3.connect(path)
    (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return str(verdict) == "ok"


@given(st.integers(0, 1 << 40), st.floats(1.0, 1e6))
def test_a_forecast_never_promises_the_reserve(free: int, rate: float) -> None:
    hours = hours_left(free, rate)
    assert hours >= 0
    assert hours * 3600 * rate <= max(0, free - RESERVE_BYTES) * (1 + 1e-9)
    assert hours_left(free, 0.0) == float("inf")


def test_the_forecast_is_what_a_session_takes(rig: Rig) -> None:
    rig.record(rig.source(BOARD, seed=1))
    with SessionReader(rig.path) as session:
        seconds = session.stream(1).n_samples / 1000
        item = session.stream(1).fetch(0, 1).dtype.itemsize
    assert rig.path.stat().st_size / seconds == pytest.approx(bytes_per_second(1, 1000.0, item), rel=0.5)


def test_it_warns_once_for_the_night_and_once_at_the_end() -> None:
    watch = SpaceWatch(8.0)
    rate = 8000.0

    def free(hours: float) -> int:
        return int(RESERVE_BYTES + hours * 3600 * rate)

    said = [bool(watch.look(free(hours), rate)) for hours in (9, 7.9, 7.8, 1.1, 0.9, 0.5)]
    assert said == [False, True, False, False, True, False]
    assert not watch.is_full(free(0.01))
    assert watch.is_full(RESERVE_BYTES - 1)


def test_before_the_disk_is_full_the_recording_ends_in_good_order(rig: Rig) -> None:
    left = iter([1 << 30] * 8)
    rig.disk = lambda _: next(left, RESERVE_BYTES - 1)
    outcome = rig.record(rig.source(BOARD))
    assert outcome.reason == "disk"
    assert "nearly full" in outcome.message
    assert rig.check(outcome.runs[0]).n_samples == pytest.approx(70_000, abs=12_000)


@pytest.mark.parametrize("pages", [30, 47, 71, 107])
def test_a_write_that_fails_ends_it_with_a_clear_word(
    rig: Rig, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite itself refuses to let the file grow, in the way it does on a full disk."""

    def on_a_small_disk(path: Path) -> Database:
        database = open_writing(path)
        database.connection.execute(f"PRAGMA max_page_count = {pages}")
        return database

    monkeypatch.setattr("emgdetect.session.writer.open_writing", on_a_small_disk)
    outcome = rig.record(rig.source(BOARD))
    assert outcome.reason == "disk"
    assert outcome.message.startswith("the recording stopped")
    assert "the disk is full" in outcome.message
    assert intact(rig.path)
    assert not list(rig.path.parent.glob("*-lock"))
    with SessionReader(rig.path) as session:
        stored = sum(stream.n_samples for stream in session.streams())
    if stored:
        assert len(set(rig.offsets())) == 1
    # What was handed over in the last second may be gone.
    assert outcome.samples - stored < 1000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte, where we may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    allowed = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("mount") is not None
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not allowed or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no permission to mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full(rig: Rig, small_disk: Path) -> None:
    rig.path = small_disk / "night.emgdb"
    outcome = rig.record(rig.source(BOARD))
    assert outcome.reason == "disk"
    assert "the disk is full" in outcome.message
    # Opening it may need the space that its log takes.
    saved = small_disk.parent / "saved"
    shutil.copytree(small_disk, saved)
    rig.path = saved / "night.emgdb"
    assert intact(rig.path)
    assert len(set(rig.offsets())) == 1
    with SessionReader(rig.path) as session:
        assert 0 <= outcome.samples - session.stream(1).n_samples < 1000
