"""Keeping the computer awake by a helper that ends with us."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from emgdetect.recorder import awake

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a call for it")


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A helper of our own, which notes when it begins and ends."""
    log = tmp_path / "log"
    note = f"open({str(log)!r}, 'a').write"
    script = f"{note}('on ')\nimport sys\nsys.stdin.read()\n{note}('off')"
    monkeypatch.setattr(awake, "_HELPERS", {sys.platform: (sys.executable, "-c", script)})
    return log


def test_the_helper_runs_as_long_as_the_block(helper: Path) -> None:
    with awake.kept_awake() as remark:
        assert remark == ""
    assert helper.read_text() == "on off"


def test_it_ends_when_recording_fails(helper: Path) -> None:
    with pytest.raises(RuntimeError), awake.kept_awake():
        raise RuntimeError
    assert helper.read_text().endswith("off")


@pytest.mark.parametrize("command", [("no-such-helper",), (sys.executable, "-c", "raise SystemExit(1)"), ()])
def test_where_it_cannot_be_done_the_user_is_told(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awake, "_HELPERS", {sys.platform: command})
    with awake.kept_awake() as remark:
        assert remark == awake.NOT_KEPT
