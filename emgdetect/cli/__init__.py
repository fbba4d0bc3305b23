"""The command line: one file per command, which only wires parts together."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from emgdetect.cli.failures import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "run"]


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line, without the program's name, and return its exit code."""
    from emgdetect.cli.app import app

    words = list(arguments)
    debug = "--debug" in words[: words.index("--") if "--" in words else len(words)]
    if debug:
        # Allowed in any place: it is asked for after something went wrong, at the end of the line.
        words.remove("--debug")
    return answer(lambda: app(words, prog_name="emgdetect", standalone_mode=False), debug=debug)


def main(arguments: Sequence[str] | None = None) -> None:
    """Carry out the command line (of the process, unless given) and end the process with its exit code."""
    if not sys.warnoptions:
        # Warnings speak to programmers; what users should know is among the notices and oddities.
        warnings.simplefilter("ignore")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
