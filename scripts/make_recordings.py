"""Make the recordings in ``recordings/``: simulated, small, each with its truth, all in a manifest.

Run it from a checkout: ``python3 scripts/make_recordings.py [FOLDER]``. The same simulator gives the same
recordings; a changed one gives others, and then manifest and files are committed together.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from _environment import ROOT, enter

LICENCE = "CC0-1.0"
NO_GAPS = {"lost_packets": 0.0, "disconnect": 0.0}


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recording: its file name, what it is, the preset it comes from, and what differs from that."""

    file: str
    about: str
    preset: str
    changes: dict[str, Any]
    rates: dict[str, float]
    traps: dict[str, float]

    def scenario(self) -> Any:  # noqa: ANN401 - a Scenario, which can be imported only inside the environment
        """Return the scenario to simulate."""
        from emgdetect.sources.simulate import scenario_named

        base = scenario_named(self.preset)
        rates, traps = replace(base.rates, **self.rates), replace(base.traps, **self.traps)
        return replace(base, rates=rates, traps=traps, **self.changes)


RECIPES = (
    Recipe(
        "twitches_5min.npz",
        "Single discharges and doublets of motor units in a quiet muscle: the smallest events there are.",
        "twitch-night",
        {"duration": 300.0, "seed": 21, "snr_db": (10.0, 28.0)},
        {"twitch": 300.0},
        {"motion": 24.0, "pop": 12.0, "glitch": 12.0, "lost_packets": 12.0},
    ),
    Recipe(
        "spasms_10min.edf",
        "Sustained spasms with ramps, clonus, jerks and ordinary movement, with cable motion and pops.",
        "spasm-day",
        {"duration": 600.0, "seed": 22},
        {"spasm": 42.0, "clonus": 18.0, "movement": 18.0, "jerk": 30.0, "twitch": 30.0, "cramp": 0.0},
        {**NO_GAPS, "lead_off": 0.0},
    ),
    Recipe(
        "arduino_10bit_5min.npz",
        "A MyoWare's raw output on a 10-bit Arduino, 24 uV per count: weak events drown in the steps.",
        "arduino-10bit",
        {"duration": 300.0, "seed": 28},
        {},
        {},
    ),
    Recipe(
        "envelope_10min.npz",
        "A MyoWare's envelope output at 200 Hz: smoothed by the sensor, in counts without a calibration.",
        "envelope",
        {"duration": 600.0, "seed": 24},
        {},
        {"lost_packets": 12.0},
    ),
    Recipe(
        "busy_30s.npz",
        "Half a minute of dense activity from the start: no quiet stretch to learn from.",
        "busy",
        {"duration": 30.0, "seed": 3},
        {},
        {},
    ),
    Recipe(
        "plm_1h.npz",
        "An hour of two legs at a sleep laboratory's rate: leg movements in series, some on both sides.",
        "plm-night",
        {"duration": 3600.0, "seed": 32},
        {},
        {"disconnect": 1.0},
    ),
)


def make(recipe: Recipe, folder: Path) -> dict[str, Any]:
    """Write one recording and its truth, and return its entry in the manifest."""
    from emgdetect.sources.simulate import Simulation, write_simulation

    simulation = Simulation(recipe.scenario())
    path, events, artefacts = write_simulation(simulation, folder / recipe.file, force=True)
    return {
        "file": path.name,
        "events_file": events.name,
        "artefacts_file": artefacts.name,
        "about": recipe.about,
        "scenario": recipe.preset,
        "differences": {**recipe.changes, "rates": recipe.rates, "traps": recipe.traps},
        "seed": simulation.scenario.seed,
        "sampling_rate": float(simulation.info.sampling_rate),
        "duration": simulation.scenario.duration,
        "channels": list(simulation.info.ch_names),
        "sensor": simulation.scenario.sensor.name,
        "events": dict(sorted(Counter(event.trial_type for event in simulation.events).items())),
        "sha256": {one.name: digest(one) for one in (path, events, artefacts)},
        "licence": LICENCE,
    }


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: list[str]) -> int:
    """Make all recordings and the manifest."""
    enter("report")
    folder = Path(arguments[0]) if arguments else ROOT / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for recipe in RECIPES:
        entries.append(make(recipe, folder))
        size = (folder / recipe.file).stat().st_size
        print(f"{recipe.file}: {size / 1e6:.2f} MB, {sum(entries[-1]['events'].values())} events")
    text = json.dumps({"recordings": entries}, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
