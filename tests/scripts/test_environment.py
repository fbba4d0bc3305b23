"""What the scripts do on a machine that has nothing, without really installing anything."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load scripts/_environment.py for a checkout that holds a pyproject.toml and nothing else."""
    spec = importlib.util.spec_from_file_location("_environment", SCRIPTS / "_environment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp.json")
    return module


def installed(environment: ModuleType, extra: str) -> None:
    python: Path = environment._python()
    python.parent.mkdir(parents=True)
    python.touch()
    stamp = {"fingerprint": environment._fingerprint(), "extra": extra}
    environment.STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_an_older_python_is_told_what_is_needed(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 1))
    with pytest.raises(SystemExit, match="1"):
        environment.enter("dev")
    assert "Python 99.1 or newer" in told(capsys)


def test_without_the_venv_module_the_package_to_install_is_named(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="1"):
        environment.enter("dev")
    assert f"apt install python{sys.version_info.major}.{sys.version_info.minor}-venv" in told(capsys)


def test_without_a_network_that_is_said_and_the_next_run_tries_again(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found for numpy")

    installed(environment, "report")
    environment.STAMP.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(environment, "_make_environment", lambda: None)
    monkeypatch.setattr(environment.subprocess, "run", fail)
    with pytest.raises(SystemExit, match="1"):
        environment.enter("report")
    message = told(capsys)
    assert "network" in message
    assert "No matching distribution found for numpy" in message
    assert not environment._is_ready("report")


@pytest.mark.parametrize(
    ("has", "needs", "ready"),
    [("dev", "dev", True), ("dev", "report", True), ("report", "report", True), ("report", "dev", False)],
)
def test_an_environment_is_used_again_when_it_holds_what_is_needed(
    environment: ModuleType, has: str, needs: str, ready: bool
) -> None:
    installed(environment, has)
    assert environment._is_ready(needs) is ready


def test_other_requirements_make_it_anew(environment: ModuleType) -> None:
    installed(environment, "dev")
    (environment.ROOT / "pyproject.toml").write_text("[project]\nname = 'y'\n", encoding="utf-8")
    assert not environment._is_ready("dev")


def test_a_set_up_that_was_cut_off_is_made_anew(environment: ModuleType) -> None:
    installed(environment, "dev")
    environment.STAMP.unlink()
    assert not environment._is_ready("dev")
