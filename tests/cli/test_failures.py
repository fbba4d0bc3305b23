from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.cli.failures import answer
from emgdetect.errors import EmgError, MissingExtraError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


def raising(error: BaseException) -> Callable[[], object]:
    def command() -> object:
        raise error

    return command


def test_a_command_that_returns_has_succeeded() -> None:
    assert answer(lambda: None) == 0


def test_a_command_may_give_its_own_code() -> None:
    assert answer(lambda: 5) == 5


@pytest.mark.parametrize(
    "kind", [kind for kind in EmgError.__subclasses__() if kind is not MissingExtraError]
)
def test_every_error_is_its_line_and_its_code(
    kind: type[EmgError], capsys: pytest.CaptureFixture[str]
) -> None:
    code = answer(raising(kind("the cable is\nbroken", where="night.edf", hint="mend it")))
    assert code == kind.exit_code
    assert capsys.readouterr().err == "emgdetect: night.edf: the cable is broken (mend it)\n"


def test_a_missing_library_comes_with_the_command_that_installs_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = MissingExtraError("ezc3d", extra="c3d", purpose="reading C3D files")
    assert answer(raising(error)) == 4
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "pip install 'emgdetect[c3d]'" in said


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.EIO, "Input/output error", "a.edf"), 1, "a.edf: input/output error"),
        (OSError(errno.ENOSPC, "No space left on device"), OutputError.exit_code, "no space left on device"),
        (OSError("odd"), 1, "odd"),
        (MemoryError(), 1, "not enough memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("division by zero"), 70, "ZeroDivisionError: division by zero"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_other_failures_are_one_line_too(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(raising(error)) == code
    said = capsys.readouterr().err
    assert said.startswith("emgdetect: ")
    assert words in said
    assert said.count("\n") == 1


def test_debug_shows_the_traceback_of_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    answer(raising(ZeroDivisionError()), debug=True)
    assert "Traceback" in capsys.readouterr().err


def test_debug_leaves_the_users_own_mistakes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    answer(raising(EmgError("wrong")), debug=True)
    assert capsys.readouterr().err == "emgdetect: wrong\n"


def test_a_closed_pipe_is_left_quietly() -> None:
    code = "from emgdetect.cli import main; main(['profiles', 'show', 'generic', '--json'])"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
