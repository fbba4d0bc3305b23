"""Refresh what README.md shows: the output of its commands, and its picture.

Every ``console`` block of the README is run as it stands, beside a copy of ``recordings/``, and its output
replaced by what came out. ``--check`` changes nothing and fails when a block is out of date.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _environment import ROOT, enter

README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "events.png"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def refreshed(block: str, folder: Path) -> str:
    """Run the commands of a block and return it with their real output."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines += [line, *output(line[2:], folder)]
    return "\n".join(lines) + "\n"


def output(command: str, folder: Path) -> list[str]:
    """Run one command line (``emgdetect …``, perhaps cut by ``| head -n``) and return what it prints."""
    words, _, cut = command.partition(" | head -n ")
    arguments = [sys.executable, "-m", "emgdetect", *shlex.split(words)[1:]]
    environment = dict(os.environ, COLUMNS="100", NO_COLOR="1")
    done = subprocess.run(
        arguments, cwd=folder, env=environment, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    return lines[: int(cut)] if cut else lines


def main() -> None:
    """Refresh the README, or check it."""
    enter("report")
    check = "--check" in sys.argv[1:]
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "recordings", folder / "recordings")
        fresh = BLOCK.sub(lambda match: f"```console\n{refreshed(match[1], folder)}```", text)
    if check:
        sys.exit(0 if fresh == text else "README.md is out of date: run python3 scripts/make_readme.py")
    README.write_text(fresh, encoding="utf-8")
    draw()


def draw() -> None:
    """Draw what detection finds in a bundled recording beside the truth of its simulation."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    import emgdetect

    recording = emgdetect.read(ROOT / "recordings" / "spasms_10min.edf")
    stream = recording.streams[0]
    detection = emgdetect.detect(recording)
    rate = stream.info.sampling_rate
    first, last = 0, round(240 * rate)
    values = stream.window(first, last)[0]
    colours = {"twitch": "#E69F00", "burst": "#0072B2", "spasm": "#009E73"}
    figure, axis = plt.subplots(figsize=(10, 2.6), layout="constrained")
    axis.plot(np.arange(first, last) / rate, values - np.nanmedian(values), lw=0.3, color="0.25")
    for event in detection.events:
        if event.onset * rate < last and event.kind in colours:
            axis.axvspan(
                event.onset,
                event.onset + max(event.duration, 0.5),
                color=colours[event.kind],
                alpha=0.45,
                lw=0,
            )
    truth = emgdetect.read_events(ROOT / "recordings" / "spasms_10min_events.tsv")
    for mark in truth:
        if mark.onset * rate < last:
            axis.plot(
                [mark.onset, mark.onset + max(mark.duration, 0.5)],
                [-950, -950],
                lw=4,
                color="black",
                solid_capstyle="butt",
            )
    axis.set(
        xlim=(first / rate, last / rate),
        ylim=(-1000, 1000),
        xlabel="seconds",
        ylabel=stream.info.channels[0].name + " (µV)",
    )
    for kind, colour in colours.items():
        axis.bar(0, 0, color=colour, alpha=0.45, label=kind)
    axis.plot([], [], lw=4, color="black", label="truth of the simulation")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncols=4, frameon=False)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
