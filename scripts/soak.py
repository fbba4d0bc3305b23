"""A night of faults in minutes: record a virtual sensor while everything goes wrong, and check the file.

    python3 scripts/soak.py night               # 8 h of 4 channels at 1 kHz (about 10 minutes)
    python3 scripts/soak.py night --hours 0.5   # a shorter one
    python3 scripts/soak.py night --damage frames    # of which more is left to search for events
    python3 scripts/soak.py kills               # SIGKILL of a recorder at 200 random moments
    python3 scripts/soak.py load                # share of a core for 6 channels at 10 kHz

Prints its figures and fails if a sample is false, a gap is wrong, or an event differs from `detect`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _environment import ROOT, enter

KILLS = 200


def night(folder: Path, given: argparse.Namespace) -> None:
    """Record a night and print what came of it."""
    from soaking import check, record_night

    recorded = record_night(folder / "night.emgdb", given.hours, given.seed, given.damage)
    for name, value in check(recorded):
        print(f"| {name} | {value} |")


def kills(folder: Path, seed: int) -> None:
    """Kill recorders."""
    driver = ROOT / "tests" / "recorder" / "killed_recorder.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, driver, folder, str(KILLS), str(seed)], check=True, env=environment)


def load(folder: Path) -> None:
    """Measure the work."""
    from soak_load import share_of_a_core

    share = share_of_a_core(folder / "load.emgdb")
    print(f"6 channels at 10 kHz, decoded, stored and searched: {100 * share:.1f} % of one core")


def main() -> None:
    """Run what was asked for."""
    enter("dev")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("night", "kills", "load"))
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--damage", choices=("bytes", "frames"), default="bytes", help="one in a hundred of which"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.what == "night":
            night(Path(folder), given)
        elif given.what == "load":
            load(Path(folder))
        else:
            kills(Path(folder), given.seed)


if __name__ == "__main__":
    main()
