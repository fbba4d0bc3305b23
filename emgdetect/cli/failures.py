"""The one place where whatever went wrong becomes a line on stderr and an exit code.

The codes of :class:`emgdetect.errors.EmgError` are its own; the others are here. All of them stand in
``docs/command-line.md``, which a test compares with the code.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from emgdetect.errors import EmgError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

UNEXPECTED = 70
INTERRUPTED = 130
NOBODY_READS = 141
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


def answer(command: Callable[[], object], *, debug: bool = False) -> int:
    """Run ``command`` and return its exit code; a failure is told in one line.

    A command succeeds when it returns; an integer it returns is the exit code. With ``debug`` an
    unexpected failure shows its traceback.
    """
    try:
        result = command()
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - nobody should meet a traceback
        result = _fail(error, debug=debug)
    if result == INTERRUPTED:
        _tell("interrupted")
    return result if isinstance(result, int) else 0


def _fail(error: BaseException, *, debug: bool) -> object:
    if isinstance(error, SystemExit):
        # The command library turns a closed pipe into an exit of its own.
        return _leave_the_pipe() if isinstance(error.__context__, BrokenPipeError) else error.code
    if isinstance(error, BrokenPipeError):
        return _leave_the_pipe()
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort":
        return INTERRUPTED
    message, code = verdict(error)
    if code == UNEXPECTED and debug:
        import traceback

        traceback.print_exception(error)
    _tell(message)
    return code


def verdict(error: BaseException) -> tuple[str, int]:
    """Say what happened, and the exit code for it."""
    if isinstance(error, EmgError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        return _in_words(error), OutputError.exit_code if error.errno in _DISK else EmgError.exit_code
    if isinstance(error, MemoryError):
        return "not enough memory; close other programs or split the recording", EmgError.exit_code
    describe = getattr(error, "format_message", None)
    if callable(describe):
        # A wrong command line; the library's own class for it has moved between its versions.
        return _wrong_line(str(describe())), UsageError.exit_code
    told = f"{type(error).__name__}: {error}"
    return f"a mistake in emgdetect; please report it with what --debug shows: {told}", UNEXPECTED


def _wrong_line(told: str) -> str:
    told = told.rstrip(".").replace("argument(s)", "arguments")
    if "extra argument" in told:
        # Most often a shell's asterisk.
        return f'{told} (one FILE each time; for several: for f in *.edf; do emgdetect info "$f"; done)'
    return f"{told} (add --help to see what there is)"


def _tell(message: str) -> None:
    with suppress(OSError):
        # Where nobody listens any more the code has to be enough.
        sys.stderr.write(f"emgdetect: {' '.join(message.split())}\n")
        sys.stderr.flush()


def _in_words(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename is not None else reason


def _leave_the_pipe() -> int:
    # Python flushes stdout once more at its end and would complain about the closed pipe then.
    if sys.__stdout__ is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
    return NOBODY_READS
