"""From a sensor's first loud sample to the alarm: by a clock that runs with the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.alarms import Engine, read_alarms
from emgdetect.cli.alarming import EVERY_S
from emgdetect.config import load_profile
from emgdetect.recorder import Options, Search, Silent, Source, VirtualHost, record
from firmware_interface.devices import load_device
from firmware_interface.transports.virtual import VirtualTransport, read_virtual

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.alarms import Raised
    from emgdetect.types import Event, RawArray

RATE, HELD_S, WITHIN_S = 1000, 3.0, 0.1
BLOCK = 1000
REST, MIDDLE = 4.0, 512


class Clock:
    """Real time, as far as the sensors know; it passes while somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0

    def read(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Muscle:
    """Rest in numbers of ten bits, and one activity from sample ``start`` to ``stop``."""

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop

    def __call__(self, start: int, n: int, /) -> RawArray:
        first, last = start // BLOCK, (start + n) // BLOCK
        parts = [
            np.random.default_rng((7, number)).normal(0, REST, BLOCK) for number in range(first, last + 1)
        ]
        values = np.concatenate(parts)[start - first * BLOCK :][:n]
        index = np.arange(start, start + n)
        values[(index >= self.start) & (index < self.stop)] *= 12
        return np.clip(np.rint(MIDDLE + values), 0, 1023).astype(np.int32)[None]


class Ear(Silent):
    """Gives alarms as ``emgdetect record`` does, and notes when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._engine = Engine(read_alarms([f"spasm>{HELD_S}s:bell"]), self._give)
        self.rung: list[tuple[str, float]] = []

    def on_event(self, source: str, event: Event) -> None:
        self._engine.saw(source, event)

    def _give(self, raised: Raised) -> None:
        self.rung.append((raised.sensor, self._clock.read()))


def ring(
    folder: Path, starts: dict[str, float], seconds: float, link: str, silent: str = ""
) -> list[tuple[str, float]]:
    """Record sensors that are tensed from a moment on; return the alarms."""
    clock = Clock()
    sources = []
    for name, start in starts.items():
        fault = "&silent=20@15" if name == silent else ""
        key, settings = read_virtual(f"virtual://emgdetect?speed=1&link={link}{fault}")
        first = round(start * RATE)
        muscle = Muscle(first, first + round(seconds * RATE))
        device = load_device(key)
        transport = VirtualTransport(device, settings, signal=muscle, clock=clock.read, sleep=clock.sleep)
        sources.append(Source(name, device, transport, settings.options))
    ear = Ear(clock)
    options = Options(
        Search(load_profile("generic"), every=EVERY_S),
        duration=max(starts.values()) + seconds + 1.0,
        awake=False,
        host=VirtualHost([source.transport for source in sources]),
    )
    record(sources, folder / "night.emgdb", options, [ear])
    return ear.rung


@pytest.mark.parametrize("link", ["ble", "serial"])
@pytest.mark.parametrize("start", [20.0, 20.033, 20.078])
def test_an_alarm_comes_within_a_tenth_of_a_second(tmp_path: Path, link: str, start: float) -> None:
    ((_, time),) = ring(tmp_path, {"leg": start}, 5.0, link)
    assert HELD_S <= time - start <= HELD_S + WITHIN_S


def test_several_sensors_do_not_wait_for_each_other(tmp_path: Path) -> None:
    starts = {"left": 20.0, "right": 20.29, "jaw": 20.61}
    rung = dict(ring(tmp_path, starts, 5.0, "ble"))
    assert rung.keys() == starts.keys()
    for name, start in starts.items():
        assert HELD_S <= rung[name] - start <= HELD_S + WITHIN_S


def test_a_sensor_that_fell_silent_keeps_none_waiting(tmp_path: Path) -> None:
    starts = {"left": 20.033, "right": 20.0}
    ((name, time),) = ring(tmp_path, starts, 5.0, "ble", silent="right")
    assert name == "left"
    assert HELD_S <= time - starts[name] <= HELD_S + WITHIN_S


@pytest.mark.parametrize("start", [20.0, 20.033, 20.078])
def test_what_ends_a_moment_too_soon_rings_nothing(tmp_path: Path, start: float) -> None:
    assert not ring(tmp_path, {"leg": start}, HELD_S - 0.02, "ble")
