"""What `soak.py load` does: the share of a core that six channels at 10 kHz take, from bytes to events."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.config import load_profile
from emgdetect.recorder import Options, Search, Source, VirtualHost, record
from firmware_interface.devices import load_device
from firmware_interface.transports.virtual import VirtualTransport, read_virtual

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray
    from firmware_interface.link import Arrival

URL = "virtual://emgdetect?channels=RAW,ENV,REF,ADC,ADC,ADC&rate=10000&hours=0.03&speed=0"
CHANNELS = 6


class Played:
    """What arrived of a virtual sensor, over again, so that the sensor's own work is not counted."""

    def __init__(self, sensor: VirtualTransport) -> None:
        sensor.open()
        self._taken: list[tuple[float, list[Arrival]]] = []
        last = -1.0
        while sensor.now() > last:
            last = sensor.now()
            arrivals = sensor.read(0.1)
            self._taken.append((sensor.now(), arrivals))
        self._next = 0

    def open(self) -> None:
        """Do nothing."""

    def read(self, timeout: float) -> list[Arrival]:
        """Return what had arrived then."""
        del timeout
        self._next += 1
        return self._taken[self._next - 1][1] if self._next <= len(self._taken) else []

    def now(self) -> float:
        """Return the time of what was read last."""
        return self._taken[min(max(self._next - 1, 0), len(self._taken) - 1)][0]

    def close(self) -> None:
        """Do nothing."""


def share_of_a_core(path: Path) -> float:
    """Record a board at full speed, and return the processor's time per second of samples."""
    key, settings = read_virtual(URL)
    device = load_device(key)
    noise = np.random.default_rng(0).normal(512.0, 4.0, (CHANNELS, 200_000))
    raw = np.clip(np.rint(noise), 0, 1023).astype(np.int32)

    def signal(start: int, n: int, /) -> RawArray:
        return np.take(raw, range(start, start + n), axis=1, mode="wrap")

    played = Played(VirtualTransport(device, settings, signal=signal))
    options = Options(Search(load_profile("generic")), awake=False, host=VirtualHost([played]))
    before = time.process_time()
    outcome = record([Source("board", device, played, settings.options)], path, options)
    return (time.process_time() - before) / (outcome.samples / 10_000)
