"""When, with what and on what a run was made; nothing that names the machine or its folders."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime

from accuracy import environments
from accuracy.detectors import LIBEMG, OURS, PEERS

OWN = ("numpy", "scipy")
PEER_NAMES = ("neurokit2", "biosppy", "psgscoring", "myonset")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader needs to repeat or doubt a run."""

    date: str
    command: str
    machine: str
    versions: dict[str, str]
    quick: bool


def facts(words: tuple[str, ...], *, quick: bool) -> Facts:
    """Look at this machine and the environments."""
    from emgdetect import __version__

    versions = {"emgdetect": __version__, "Python": platform.python_version()}
    for home, names in ((OURS, OWN), (PEERS, PEER_NAMES), (LIBEMG, ("libemg",))):
        program, _ = environments.python(home)
        if program is not None:
            versions |= environments.versions(program, names)
    command = " ".join(("python3 scripts/bench.py accuracy", *words))
    about = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Facts(datetime.now(UTC).date().isoformat(), command, about, versions, quick)


def own_facts(command: str) -> str:
    """Return one line for pages that no peer is on: when, with what, by which command."""
    import numpy as np
    import scipy

    from emgdetect import __version__

    versions = f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    return f"{datetime.now(UTC).date().isoformat()}, by `{command}`; emgdetect {__version__}, {versions}."
