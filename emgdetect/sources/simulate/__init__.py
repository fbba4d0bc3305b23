"""Simulated recordings with exact truth: motor units, background, artefacts and sensors.

``simulate("night")`` plans a recording; its samples are made when they are asked for, are the same however
they are cut into chunks, and need constant memory for any length.
"""

from emgdetect.sources.simulate.activity import Rendered
from emgdetect.sources.simulate.presets import SCENARIOS, scenario_named
from emgdetect.sources.simulate.scenario import (
    Background,
    Dense,
    Kind,
    Rates,
    Scenario,
    Series,
    Traps,
)
from emgdetect.sources.simulate.sensor import SENSORS, Sensor
from emgdetect.sources.simulate.simulation import Simulation, simulate
from emgdetect.sources.simulate.truth import TrueArtefact, TrueEvent
from emgdetect.sources.simulate.writing import artefacts_tsv, events_tsv, truth_paths, write_simulation

__all__ = [
    "SCENARIOS",
    "SENSORS",
    "Background",
    "Dense",
    "Kind",
    "Rates",
    "Rendered",
    "Scenario",
    "Sensor",
    "Series",
    "Simulation",
    "Traps",
    "TrueArtefact",
    "TrueEvent",
    "artefacts_tsv",
    "events_tsv",
    "scenario_named",
    "simulate",
    "truth_paths",
    "write_simulation",
]
