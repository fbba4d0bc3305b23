"""What scripts/_debian.py does, with an apt-get that only notes what it was asked."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPT = Path(__file__).parents[2] / "scripts" / "_debian.py"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a false apt-get, and nothing else, on the path; gives the file that it writes to."""
    false = tmp_path / "bin" / "apt-get"
    false.parent.mkdir()
    false.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n[ ! -e {tmp_path}/fails ]\n', encoding="utf-8"
    )
    false.chmod(0o755)
    monkeypatch.setenv("PATH", str(false.parent))
    return tmp_path / "asked"


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("_debian", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "_debian", module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    there = module.Need("this", ("here",), files=(str(tmp_path),))
    missing = module.Need("that", ("one", "two"), commands=("apt-get", "no-such-command"))
    monkeypatch.setattr(module, "NEEDS", (there, missing))
    return module


def test_root_gets_what_is_missing(debian: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    debian.install_missing()
    update, install = asked.read_text(encoding="utf-8").splitlines()
    assert update.startswith("update")
    assert install.split()[0] == "install"
    assert install.split()[-2:] == ["one", "two"]


def test_others_are_told_what_to_install(
    debian: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    debian.install_missing()
    assert not asked.exists()
    said = capsys.readouterr().out
    assert "Tests of that are left out" in said
    assert "one two" in said
    assert "here" not in said


def test_a_failing_installation_is_no_end(
    debian: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    asked.with_name("fails").touch()
    debian.install_missing()
    assert "Tests of that are left out" in capsys.readouterr().out


def test_nothing_is_asked_where_nothing_is_missing(
    debian: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "NEEDS", debian.NEEDS[:1])
    debian.install_missing()
    assert not asked.exists()
