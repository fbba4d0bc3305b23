"""Numbers come out as the sensor would send them, artefacts and gaps among them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from emgdetect.sources.simulate import SCENARIOS, SENSORS, Scenario, Simulation, Traps
from emgdetect.sources.simulate.heart import wave

Values = Callable[[Simulation], NDArray[np.float64]]


@pytest.mark.parametrize(
    ("name", "gain", "rails", "dtype"),
    [
        ("arduino-10bit", 24.4379, (0.0, 1023.0), "int16"),
        ("wearable-16bit", 0.25, (-32768.0, 32767.0), "int16"),
        ("amplifier-24bit", 0.0223517, (-8388608.0, 8388607.0), "int32"),
    ],
)
def test_counts_times_gain_are_microvolts(
    plain: Scenario, name: str, gain: float, rails: tuple[float, float], dtype: str
) -> None:
    simulation = Simulation(
        replace(plain, sensor=SENSORS[name], background=replace(plain.background, noise_uv=80))
    )
    channel = simulation.info.channels[0]
    counts = simulation.fetch(0, 60000)
    assert counts.dtype.name == dtype
    assert channel.gain == pytest.approx(gain, rel=1e-5)
    assert (channel.raw_low, channel.raw_high) == rails
    fine = (
        Simulation(replace(plain, background=replace(plain.background, noise_uv=80)))
        .stream()
        .window(0, 60000)
    )
    error = simulation.stream().window(0, 60000) - fine
    assert np.max(np.abs(error)) < 0.51 * gain + 0.012


def test_saturation_lies_on_a_rail_and_lead_off_leaves_no_muscle(plain: Scenario) -> None:
    traps = Traps(saturation=240, lead_off=60)
    simulation = Simulation(replace(plain, traps=traps, duration=300, sensor=SENSORS["wearable-16bit"]))
    kinds = [artefact.trial_type for artefact in simulation.artefacts]
    assert set(kinds) == {"saturation", "lead_off", "pop"}
    # An electrode that is put back on settles with a pop.
    assert kinds.count("pop") == kinds.count("lead_off")
    for artefact in simulation.artefacts:
        if artefact.trial_type == "pop":
            continue
        start, stop = round(artefact.onset * 1000), round((artefact.onset + artefact.duration) * 1000)
        here = simulation.fetch(start, stop)[0]
        at_rails = np.mean((here == -32768) | (here == 32767))
        if artefact.trial_type == "saturation":
            assert at_rails > 0.2
        else:
            assert at_rails == 1.0 or np.std(here * 0.25) > 100


def test_a_glitch_is_one_or_two_samples(plain: Scenario) -> None:
    touched = Simulation(replace(plain, traps=Traps(glitch=1200)))
    whole = Simulation(plain).fetch(0, 60000)[0]
    places = np.flatnonzero(touched.fetch(0, 60000)[0] != whole)
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    starts = {round(artefact.onset * 1000) for artefact in touched.artefacts}
    assert {int(run[0]) for run in runs} == starts
    assert {run.size for run in runs} == {1, 2}


def test_motion_swings_slowly_and_pops_jump(plain: Scenario, values: Values) -> None:
    simulation = Simulation(replace(plain, duration=600, traps=Traps(motion=120, pop=120)))
    difference = values(simulation) - values(Simulation(replace(plain, duration=600)))
    steepness: dict[str, list[float]] = {"motion": [], "pop": []}
    for artefact in simulation.artefacts:
        start, stop = round(artefact.onset * 1000), round((artefact.onset + artefact.duration) * 1000)
        here = difference[start - 5 : stop]
        steepness[artefact.trial_type].append(float(np.max(np.abs(np.diff(here))) / np.ptp(here)))
    assert np.median(steepness["motion"]) < 0.05
    assert np.median(steepness["pop"]) > 0.3
    inside = np.zeros(difference.size, bool)
    for artefact in simulation.artefacts:
        inside[round(artefact.onset * 1000) - 1 : round((artefact.onset + artefact.duration) * 1000) + 1] = (
            True
        )
    assert np.max(np.abs(difference[~inside])) < 0.05


def test_gaps_are_apart_inside_and_told_as_artefacts(crowded: Scenario) -> None:
    simulation = Simulation(replace(crowded, duration=1200.0))
    gaps = simulation.gaps
    assert {gap.cause for gap in gaps} == {"lost packets", "disconnect"}
    assert gaps[0].start > 0
    assert gaps[-1].stop < simulation.n_samples
    assert all(after.start > before.stop for before, after in itertools.pairwise(gaps))
    told = [a for a in simulation.artefacts if a.trial_type in ("lost_packets", "disconnect")]
    assert [(round(a.onset * 250), round(a.duration * 250)) for a in told] == [
        (gap.start, gap.n_samples) for gap in gaps
    ]
    assert {a.channel for a in told} == {"n/a"}


def test_nothing_hides_an_event(crowded: Scenario) -> None:
    simulation = Simulation(replace(crowded, duration=1200.0))
    hiding = [
        a
        for a in simulation.artefacts
        if a.trial_type in ("lost_packets", "disconnect", "lead_off", "saturation")
    ]
    assert hiding
    for event in simulation.events:
        for artefact in hiding:
            if artefact.channel in (event.channel, "n/a"):
                assert (
                    artefact.onset > event.onset + event.duration
                    or artefact.onset + artefact.duration < event.onset
                )


def test_the_envelope_is_smooth_never_negative_and_rises_with_activity(values: Values) -> None:
    simulation = Simulation(replace(SCENARIOS["envelope"], duration=300, traps=Traps()))
    level = values(simulation)
    assert simulation.info.channels[0].unit == "envelope"
    assert np.min(level) >= 0
    assert np.max(np.abs(np.diff(level))) < 0.35 * np.max(level)
    active = np.zeros(level.size, bool)
    for event in simulation.events:
        if event.duration > 1:
            active[int(event.onset * 200) : int((event.onset + event.duration) * 200)] = True
    assert np.median(level[active]) > 3 * np.median(level[~active])


def test_an_envelope_at_20_hz_still_shows_long_events(values: Values) -> None:
    scenario = replace(
        SCENARIOS["envelope"], duration=120, sampling_rate=20.0, traps=Traps(), snr_db=(25, 25)
    )
    simulation = Simulation(scenario)
    level = values(simulation)
    assert level.size == 2400
    rest = np.median(level)
    long = [event for event in simulation.events if event.duration > 1]
    assert long
    for event in long:
        assert np.max(level[int(event.onset * 20) : int((event.onset + event.duration) * 20)]) > 5 * rest


def test_the_heart_wave_has_its_peak_at_the_r_wave() -> None:
    times = np.linspace(-0.3, 0.5, 801)
    assert times[np.argmax(wave(times))] == pytest.approx(0, abs=0.003)
    assert np.max(wave(times)) == pytest.approx(1, abs=0.05)


def test_a_glitch_near_a_rail_stays_within_the_rails(plain: Scenario) -> None:
    background = replace(plain.background, baseline_uv=13000.0)
    scenario = replace(
        plain, background=background, traps=Traps(glitch=3600), sensor=SENSORS["wearable-16bit"]
    )
    counts = Simulation(scenario).fetch(0, 60000)
    # The electrode's offset is positive: no sample may have come round to the other end.
    assert counts.min() > 0
    assert counts.max() == 32767
