"""Every preset runs at every rate, and settings that make no sense are refused in plain words."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.errors import UsageError
from emgdetect.sources.simulate import SCENARIOS, Background, Dense, Rates, Scenario, Series, simulate
from emgdetect.types import Chunk

ROOT = Path(__file__).resolve().parents[2]

PROMISED = {
    "clean", "snr15", "snr10", "snr6", "snr3", "artefacts", "plm-night", "twitch-night", "tonic-night",
    "spasm-day", "arduino-10bit", "envelope", "busy", "rest", "tonic-rest", "noise-artefacts", "night",
}  # fmt: skip

MEMORY = """
import resource, sys
from dataclasses import replace
from emgdetect.sources.simulate import SCENARIOS, Simulation, simulate
scenario = replace(SCENARIOS["night"], sampling_rate=200.0, rates=replace(SCENARIOS["night"].rates, cramp=0))
for piece in Simulation(replace(scenario, duration=float(sys.argv[1]))).pieces(2000):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_all_presets_are_there() -> None:
    assert set(SCENARIOS) == PROMISED
    assert all(scenario.name == name for name, scenario in SCENARIOS.items())


@pytest.mark.parametrize("rate", [10.0, 199.7, 200.0, 1000.0, 20000.0])
@pytest.mark.parametrize("name", sorted(PROMISED))
def test_every_preset_runs_at_every_rate(name: str, rate: float) -> None:
    simulation = simulate(name, duration=3.0, sampling_rate=rate)
    pieces = list(simulation.pieces(500))
    assert pieces[-1].stop == simulation.n_samples == round(3 * rate)
    data = np.concatenate([piece.data for piece in pieces if isinstance(piece, Chunk)], axis=1)
    assert data.dtype.kind == "i"
    assert np.all(np.std(data, axis=1) > 0)
    assert simulation.info.sampling_rate == rate


@pytest.mark.parametrize("rate", [199.7, 48.3])
def test_times_of_the_truth_hold_at_odd_rates(rate: float) -> None:
    scenario = replace(SCENARIOS["clean"], rates=Rates(spasm=120), snr_db=(40, 40), duration=120)
    simulation = simulate(scenario, sampling_rate=rate)
    level = np.abs(np.diff(simulation.stream().window(0, simulation.n_samples)[0]))
    for event in simulation.events:
        start, stop = round(event.onset * rate), round((event.onset + event.duration) * rate)
        assert np.mean(level[start:stop]) > 10 * np.mean(level[start - int(0.4 * rate) : start - 1])
        assert np.mean(level[start:stop]) > 10 * np.mean(level[stop + 1 : stop + int(0.4 * rate)])


def test_leg_movements_come_in_series_of_10_to_90_s() -> None:
    events = [e for e in simulate("plm-night", duration=4 * 3600).events if e.trial_type == "leg_movement"]
    left = np.array(sorted(e.onset for e in events if e.channel == "leg left"))
    right = np.array([e.onset for e in events if e.channel == "leg right"])
    intervals = np.diff(left)
    within = (intervals >= 9) & (intervals <= 91)
    assert np.mean(within) > 0.7
    assert 15 < np.median(intervals[within]) < 35
    together = np.mean([np.min(np.abs(right - onset)) < 0.5 for onset in left])
    assert 0.2 < together < 0.7


def test_series_can_be_had_with_other_intervals() -> None:
    series = Series(per_hour=4, movements=(30, 30), interval=60, spread=0.05)
    scenario = Scenario(name="mine", duration=3600, series=series, sampling_rate=100, seed=2)
    onsets = [event.onset for event in simulate(scenario).events]
    assert 40 < np.percentile(np.diff(onsets), 90) < 75


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sampling_rate": 9.9}, "sampling rate in Hz is 9.9 (use 10 to 20000)"),
        ({"sampling_rate": 20001.0}, "use 10 to 20000"),
        ({"sampling_rate": float("nan")}, "sampling rate"),
        ({"duration": 0.0}, "hold no sample"),
        ({"duration": -3.0}, "duration in seconds is -3"),
        ({"duration": 1e9}, "duration"),
        ({"seed": -1}, "the seed is -1"),
        ({"channels": ()}, "channels"),
        ({"channels": ("a", "a")}, "different names"),
        ({"snr_db": (5.0, float("inf"))}, "SNR in dB is inf"),
        ({"rates": Rates(twitch=-1)}, "twitch per hour is -1"),
        ({"background": Background(heart_rate=0)}, "heart_rate is 0"),
        ({"bilateral": 2.0}, "bilateral is 2"),
        ({"snr_db": (9.0, 3.0)}, "SNR"),
        ({"dense": Dense(active=(0.0, 0.5))}, "active"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        simulate(replace(SCENARIOS["busy"], **change))


def test_an_unknown_scenario_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r'no scenario "nihgt".*plm-night'):
        simulate("nihgt")


def test_memory_does_not_grow_with_the_length() -> None:
    def peak(duration: int) -> int:
        command = [sys.executable, "-c", MEMORY, str(duration)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)

    short, long = peak(600), peak(7200)
    assert long < 1.1 * short


def test_importing_the_simulator_loads_no_scipy() -> None:
    code = "import sys, emgdetect.sources.simulate; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
