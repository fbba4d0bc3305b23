from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING

from emgdetect.cli import console

if TYPE_CHECKING:
    import pytest


def test_json_has_null_for_numbers_that_do_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    console.say_json(
        {"rate": float("nan"), "list": (1, float("inf")), "start": datetime(2024, 1, 1, tzinfo=UTC)}
    )
    said = json.loads(capsys.readouterr().out)
    assert said == {"rate": None, "list": [1, None], "start": "2024-01-01T00:00:00+00:00"}


def test_no_bar_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with console.bar("Working", 10) as shown:
        assert shown is None


def test_no_bar_when_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with console.bar("Working", 10, quiet=True) as shown:
        assert shown is None


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with console.bar("Working", 10) as shown:
        assert shown is not None
        shown(5)
    assert capsys.readouterr().err == ""


def test_long_work_shows_one_and_takes_it_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(console, "PATIENCE", -1.0)
    with console.bar("Working", 10) as shown:
        assert shown is not None
        shown(5)
    said = capsys.readouterr()
    assert "Working" in said.err
    assert said.out == ""


def test_waiting_that_takes_long_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    started = Event()
    start = console._Spinner.start

    def starting(spinner: console._Spinner) -> None:
        start(spinner)
        started.set()

    monkeypatch.setattr(console._Spinner, "start", starting)
    monkeypatch.setattr(console, "PATIENCE", 0.0)
    with console.waiting("Reading night.edf"):
        assert started.wait(10)
    assert "Reading night.edf" in capsys.readouterr().err


def test_waiting_that_is_over_soon_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with console.waiting("Reading night.edf"):
        pass
    assert capsys.readouterr().err == ""


def test_a_spinner_that_was_stopped_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    spinner = console._Spinner("Reading night.edf")
    spinner.stop()
    spinner.start()
    assert capsys.readouterr().err == ""
