"""Libraries that end the whole process over some damaged files, run in a process of their own.

scipy's reader of MATLAB files and ezc3d follow lengths in the file without a check. In a child process a
crash is one more way of saying that the file is damaged.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from types import ModuleType

_LEAST_SECONDS, _SECONDS_PER_MB = 30.0, 5.0
_START = (
    "import sys; from importlib import import_module;"
    "sys.path.append(sys.argv[1]); import_module(sys.argv[2]).main(sys.argv[3])"
)


def run(module: str, path: Path, *, what: str) -> tuple[dict[str, Any], BinaryIO, int]:
    """Call ``main(path)`` of a module in another process.

    Parameters
    ----------
    module : str
        Full name of a module of this package. Its ``main`` writes one line of JSON and then bytes to standard
        output.
    path : Path
        The file to read.
    what : str
        What the file is, for the message: ``"C3D file"``.

    Returns
    -------
    dict
        The line of JSON.
    binary file
        A temporary file with the whole answer, which the caller closes.
    int
        Where in it the bytes begin.

    Raises
    ------
    FormatError
        If the process fails, crashes or takes longer than reading such a file can take.
    """
    seconds = _LEAST_SECONDS + _SECONDS_PER_MB * path.stat().st_size / 1e6
    root = str(Path(__file__).parents[2])
    answer = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    try:
        subprocess.run(
            [sys.executable, "-P", "-c", _START, root, module, str(path.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
        )
        answer.seek(0)
        described: dict[str, Any] = json.loads(answer.readline())
        return described, answer, answer.tell()
    except (subprocess.SubprocessError, ValueError) as error:
        answer.close()
        raise FormatError(f"the {what} is damaged or cut off", where=path) from error
    except BaseException:
        answer.close()
        raise


def limit_memory(path: str) -> None:
    """Hold this process to what a file of this size can need, so that a header that lies fails soon."""
    with suppress(ImportError, ValueError, OSError):
        resource: ModuleType | Any = __import__("resource")
        limit = (2 << 30) + 64 * Path(path).stat().st_size
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def answer_with(described: dict[str, Any]) -> BinaryIO:
    """Write the line of JSON and return where the bytes go."""
    out = sys.stdout.buffer
    out.write(json.dumps(described).encode() + b"\n")
    return out
