"""Show the main job on a recording that comes with the project.

Sets itself up; needs only Python 3.11 or newer. Everything it makes goes into ``demo_output/``; running it
again makes the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from _environment import ROOT, enter

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = ROOT / "demo_output"
NAME = "plm_1h"


def run(*words: str) -> None:
    """Run a command line of emgdetect in the checkout, shown as one would type it, or end with its code."""
    print(f"\n$ emgdetect {' '.join(words)}", flush=True)
    command = [sys.executable, "-c", "from emgdetect.cli import main; main()", *words]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def find_recording() -> str:
    """Give the recording's path in the checkout, whatever its format."""
    for suffix in (".npz", ".edf", ".bdf"):
        if (ROOT / "recordings" / f"{NAME}{suffix}").is_file():
            return f"recordings/{NAME}{suffix}"
    print(f"demo.py: recordings/{NAME} is missing from this checkout", file=sys.stderr)
    sys.exit(1)


def compare(truth: Path, found: Path) -> None:
    """Print how the events that were found compare with those that were simulated."""
    from emgdetect.evaluate import read_events, score

    result = score(read_events(truth), read_events(found))
    print(f"\nCompared with the truth of the simulation ({truth.relative_to(ROOT).as_posix()}):")
    print(f"  {result.n_truth} true events: {result.matched} found, {result.missed} missed")
    print(f"  {result.false} events found that are none")
    for kind in result.kinds:
        print(f"  {kind.kind.replace('_', ' '):<13} {kind.found:>4} of {kind.n_truth}")
    if result.onset_error is not None:
        middle, worst = (1000 * value for value in (result.onset_error.median, result.onset_error.p95))
        print(f"  onsets: median {middle:+.0f} ms, 95 % within {worst:.0f} ms")


def main() -> None:
    """Look at a recording, detect, summarise, report, compare."""
    enter("report")
    OUTPUT.mkdir(exist_ok=True)
    recording = find_recording()
    session, table, page = (f"{OUTPUT.name}/{NAME}{end}" for end in (".emgdb", "_events.tsv", ".html"))
    run("info", recording)
    run("detect", recording, "--session", session, "--events", table, "--quiet", "--force")
    run("summary", session)
    run("report", session, page, "--force")
    compare(ROOT / "recordings" / f"{NAME}_events.tsv", ROOT / table)
    print(f"\nEverything is in {OUTPUT.name}{os.sep}; the report, to open in a browser:")
    print(f"  {(ROOT / page).as_uri()}")


if __name__ == "__main__":
    main()
