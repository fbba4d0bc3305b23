"""Measure speed and memory; prints ratios measured in one run, never absolute promises.

    python3 scripts/bench.py speed      # detect against one sosfilt pass; growth with length and channels
    python3 scripts/bench.py memory     # peak memory of 1 h and 24 h, from EDF and from a session file
    python3 scripts/bench.py live       # chunks of 20 samples, four channels, against real time
    python3 scripts/bench.py start      # emgdetect --help against `import numpy`
    python3 scripts/bench.py nights     # trends over 40 nights, and its report, against reading event tables
    python3 scripts/bench.py accuracy   # F1 and false alarms of ours and others: docs/accuracy (20 minutes)
    python3 scripts/bench.py rest       # false alarms where nothing happens: docs/accuracy (8 minutes)
    python3 scripts/bench.py settings   # what each setting does: docs/accuracy (10 minutes)
    python3 scripts/bench.py sets       # short and dense, and every real recording: docs/accuracy
    python3 scripts/bench.py goals      # the tables of these against what is wanted: docs/accuracy (at once)
    python3 scripts/bench.py accuracy --quick     # a short run, printed only; so for rest, settings and sets

Without a name the first four run (about ten minutes). Recordings come from the project's own simulator.
"""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from _environment import enter

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 3
HOUR = 3600.0
RATE = 1000.0
LIVE_CHUNK = 20
LIVE_SECONDS = 300
CHANNELS = ("a", "b", "c", "d")

SOSFILT = """
import time, numpy as np
from scipy import signal
samples = np.random.default_rng(0).standard_normal({samples})
sections = signal.butter(4, [20, 450], "bandpass", fs={rate}, output="sos")
times = []
for _ in range(3):
    start = time.perf_counter(); signal.sosfilt(sections, samples); times.append(time.perf_counter() - start)
print(times[0], min(times))
"""


def emgdetect(*words: str) -> list[str]:
    """Give the command that runs emgdetect in this environment."""
    return [sys.executable, "-m", "emgdetect", *words]


def seconds(command: list[str]) -> float:
    """Run a command several times and return its median wall time."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak_megabytes(command: list[str]) -> float:
    """Run a command in a process of its own and return its peak resident memory."""
    watch = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", watch, *command], check=True, capture_output=True, text=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout) * unit / 1e6


def recording(folder: Path, name: str, hours: float, channels: int, suffix: str = ".edf") -> Path:
    """Simulate a night at 1 kHz, once."""
    from emgdetect.sources.simulate import scenario_named, simulate, write_simulation

    path = folder / f"{name}{suffix}"
    if not path.exists():
        scenario = replace(scenario_named("twitch-night"), channels=CHANNELS[:channels])
        print(f"  (simulating {hours:g} h x {channels} ch at {RATE:g} Hz)", flush=True)
        write_simulation(simulate(scenario, seed=1, duration=hours * HOUR, sampling_rate=RATE), path)
    return path


def detecting(path: Path, out: Path) -> list[str]:
    """Give the command that is timed: read, detect, write the events."""
    return emgdetect("detect", str(path), "--events", str(out), "--quiet", "--force")


def speed(folder: Path) -> None:
    """Compare detection with one filter pass over the same samples in memory."""
    out = folder / "events.tsv"
    start_up = seconds(detecting(recording(folder, "ten_seconds", 10 / HOUR, 1), out))
    print(f"start-up (a 10 s file): {start_up:.2f} s")
    nets: dict[str, float] = {}
    for name, hours, channels in (("8h", 8, 1), ("24h", 24, 1), ("8h_4ch", 8, 4)):
        net = seconds(detecting(recording(folder, name, hours, channels), out)) - start_up
        samples = int(hours * HOUR * RATE)
        script = SOSFILT.format(samples=samples, rate=RATE)
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        first, best = (float(word) * channels for word in done.stdout.split())
        nets[name] = net
        print(
            f"detect {name} from EDF, start-up off: {net:.2f} s = {net / first:.2f} x one sosfilt pass "
            f"({first:.2f} s), {net / best:.2f} x a repeated one ({best:.2f} s)"
        )
    npz = seconds(detecting(recording(folder, "8h_npz", 8, 1, ".npz"), out)) - start_up
    print(f"detect 8h from compressed NPZ, start-up off: {npz:.2f} s = {npz / nets['8h']:.2f} x from EDF")
    print(f"24 h against 3 x 8 h: {nets['24h'] / (3 * nets['8h']):.2f}")
    print(f"four channels against 4 x one: {nets['8h_4ch'] / (4 * nets['8h']):.2f}")


def memory(folder: Path) -> None:
    """Compare the peak memory of a day with that of an hour."""
    for suffix in (".edf", ".emgdb"):
        peaks = {}
        for hours in (1, 24):
            path = recording(folder, f"{hours}h_4ch", hours, 4)
            if suffix == ".emgdb":
                session = path.with_suffix(suffix)
                if not session.exists():
                    into = emgdetect("detect", str(path), "--session", str(session), "--quiet")
                    subprocess.run(into, check=True)
                path = session
            events = str(folder / "memory.tsv")
            peaks[hours] = peak_megabytes(
                emgdetect("detect", str(path), "--events", events, "--quiet", "--force")
            )
        ratio = peaks[24] / peaks[1]
        print(f"{suffix[1:]} x 4 ch: 1 h {peaks[1]:.0f} MB, 24 h {peaks[24]:.0f} MB, ratio {ratio:.3f}")


def live(_: Path) -> None:
    """Feed chunks as a sensor would and compare with real time."""
    import numpy as np

    from emgdetect import Detector

    noise = np.random.default_rng(0).standard_normal((len(CHANNELS), int(LIVE_SECONDS * RATE)))
    for provisional in (False, True):
        detector = Detector(RATE, CHANNELS, provisional=provisional)
        start = time.process_time()
        for first in range(0, noise.shape[1], LIVE_CHUNK):
            detector.push(noise[:, first : first + LIVE_CHUNK])
        detector.finish()
        used = time.process_time() - start
        announced = "with" if provisional else "without"
        pace = f"{LIVE_SECONDS / used:.0f} x real time"
        print(f"4 ch at 1 kHz, chunks of 20, {announced} provisional events: {pace}")


def start(_: Path) -> None:
    """Compare the start of the command line with that of numpy."""
    numpy = seconds([sys.executable, "-c", "import numpy"])
    ours = seconds(emgdetect("--help"))
    print(f"emgdetect --help: {ours:.3f} s = {ours / numpy:.2f} x `import numpy` ({numpy:.3f} s)")


def accuracy(folder: Path) -> None:
    """Compare with other detectors on recordings with known truth."""
    from accuracy.bench import accuracy as run

    run(folder)


def rest(folder: Path) -> None:
    """Count false alarms where nothing happens, per profile and sensitivity."""
    from accuracy.rest_page import run

    run(folder)


def settings(folder: Path) -> None:
    """Move every setting and measure what that does."""
    from accuracy.settings_page import run

    run(folder)


def sets(folder: Path) -> None:
    """Search short dense recordings and every real one."""
    from accuracy.sets_page import run

    run(folder)


def goals(folder: Path) -> None:
    """Hold the written tables against what the project wants to reach."""
    from accuracy.goals import run

    run(folder)


def nights(folder: Path) -> None:
    """Compare trends over many nights, and its report, with reading their event tables."""
    from bench_nights import nights as run

    run(folder)


BENCHES: dict[str, Callable[[Path], None]] = {"speed": speed, "memory": memory, "live": live, "start": start}
ON_DEMAND: dict[str, Callable[[Path], None]] = {
    "accuracy": accuracy,
    "rest": rest,
    "settings": settings,
    "sets": sets,
    "goals": goals,
    "nights": nights,
}


def main() -> None:
    """Run the benchmarks that were named, or all."""
    enter("report")
    import numpy as np
    import scipy

    benches = BENCHES | ON_DEMAND
    chosen = [name for name in sys.argv[1:] if not name.startswith("--")] or list(BENCHES)
    unknown = [name for name in chosen if name not in benches]
    if unknown:
        sys.exit(f"bench.py: no benchmark called {', '.join(unknown)}; there are {', '.join(benches)}")
    print(
        f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            print(f"\n{name}", flush=True)
            benches[name](Path(folder))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n(this script itself peaked at {own:.0f} MB)")


if __name__ == "__main__":
    main()
