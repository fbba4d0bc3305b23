"""``virtual://DEVICE``: a sensor that is not there, with all the faults of one that is.

The device's own emulator stands behind the same contract as real links, and the same reconnect policy keeps
the link up. Everything follows from the seed. At speed 0 the virtual clock runs as fast as it is read, at 1
with the real one, at 10 ten times as fast.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from emgdetect.errors import UsageError
from firmware_interface.device import BleLink, SerialLink
from firmware_interface.link import LinkDown
from firmware_interface.transports import clock as host
from firmware_interface.transports.faults import FAULTS, HORIZON, FaultPlan, SensorClock, read_plan
from firmware_interface.transports.signals import make_signal
from firmware_interface.transports.virtual_link import VirtualLink
from firmware_interface.transports.virtual_sensor import Truth, VirtualSensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firmware_interface.device import Device
    from firmware_interface.link import Arrival
    from firmware_interface.transports.signals import Signal

STEP = 0.02
"""Seconds between two deliveries, about those of a Bluetooth connection or a USB port in a busy system."""

FAST_STEP = 0.05
"""The same at speed 0, where every step costs and nobody watches."""

WORDS = frozenset({"signal", "seed", "speed", "hours", "link", "drop", "corrupt", "drift", *FAULTS})
"""What a ``virtual://`` address may say beside the options of its device."""

_LONGEST_READ = 10.0


@dataclass(frozen=True, slots=True)
class VirtualSettings:
    """What a ``virtual://`` address says.

    Parameters
    ----------
    signal : str
        A key of :data:`~firmware_interface.transports.signals.SIGNALS`.
    seed : int
        All of chance follows from it.
    speed : float
        How many virtual seconds pass in a real one; 0 for as many as are read.
    hours : float or None
        When the sensor is switched off for good; never for ``None``.
    link : {"", "ble", "serial"}
        Which of the device's links; the first if it is not said.
    faults : FaultPlan
        What goes wrong.
    options : mapping
        The device's own options.
    """

    signal: str = "bursts"
    seed: int = 0
    speed: float = 1.0
    hours: float | None = None
    link: str = ""
    faults: FaultPlan = field(default_factory=FaultPlan)
    options: Mapping[str, str] = field(default_factory=dict)


def read_virtual(url: str) -> tuple[str, VirtualSettings]:
    """Read ``virtual://DEVICE?signal=…&seed=…&drop=0.005&disconnect=10x20&hours=8``.

    Words that are not known here are options of the device.

    Returns
    -------
    str, VirtualSettings
        The device's key and the rest.

    Raises
    ------
    UsageError
        A value that cannot be read.
    """
    parts = urlsplit(url)
    words = dict(parse_qsl(parts.query, keep_blank_values=True))
    try:
        seed, speed = int(words.get("seed", "0")), float(words.get("speed", "1"))
        hours = float(words["hours"]) if "hours" in words else None
    except ValueError as error:
        raise UsageError("seed, speed and hours of a virtual sensor are numbers", where=url) from error
    if not (seed >= 0 and speed >= 0 and (hours is None or hours > 0)):
        raise UsageError("seed, speed and hours of a virtual sensor are not negative", where=url)
    seconds = HORIZON if hours is None else hours * 3600.0
    return parts.netloc + parts.path.rstrip("/"), VirtualSettings(
        signal=words.get("signal", "bursts"),
        seed=seed,
        speed=speed,
        hours=hours,
        link=words.get("link", ""),
        faults=read_plan(words, seed=seed, seconds=seconds),
        options={word: value for word, value in words.items() if word not in WORDS},
    )


class VirtualTransport:
    """An emulated sensor as a :class:`~firmware_interface.link.Transport`.

    Parameters
    ----------
    device : Device
        What to emulate.
    settings : VirtualSettings, optional
        Faults, speed and signal.
    signal : callable, optional
        ``signal(start, n)`` gives raw integers of shape ``(n_channels, n)``, in place of the named one.
    truth : callable, optional
        Told every sample the sensor took and what every fault cost, in order.
    clock, sleep : callable, optional
        The real clock that speeds above 0 keep to, and how to wait on it.
    """

    def __init__(
        self,
        device: Device,
        settings: VirtualSettings | None = None,
        *,
        signal: Signal | None = None,
        truth: Callable[[Truth], None] | None = None,
        clock: Callable[[], float] = host.now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings or VirtualSettings()
        tell = truth or _nobody
        emulator = device.emulator(self._settings.options)
        info = emulator.info
        sensor = VirtualSensor(
            emulator,
            signal or make_signal(self._settings.signal, info, self._settings.seed),
            SensorClock(info.sampling_rate, self._settings.faults.drift),
            tell,
        )
        chosen = replace(device, links=_links(device, self._settings.link))
        self._link = VirtualLink(chosen, sensor, self._settings.faults, seed=self._settings.seed, truth=tell)
        hours = self._settings.hours
        self._end = float("inf") if hours is None else hours * 3600.0
        self._time = 0.0
        self._clock = clock
        self._sleep = sleep
        self._began = 0.0
        self._ended = False

    def open(self) -> None:
        """Switch the sensor on and begin to look for it."""
        self._began = self._clock()
        self._link.begin()

    def now(self) -> float:
        """Return the virtual time in seconds since the sensor was switched on."""
        if not self._settings.speed or self._ended:
            return self._time
        return max(self._time, self._due())

    def read(self, timeout: float) -> list[Arrival]:
        """Return what has arrived; after the end, which is a ``LinkDown`` "closed", nothing more.

        At speed 0 nothing is waited for: virtual time passes until something arrives, ``timeout`` virtual
        seconds at most.
        """
        if not self._settings.speed:
            return self._pass(self._time + max(timeout, FAST_STEP), FAST_STEP, first_only=True)
        waited = 0.0
        while True:
            until = min(self._due(), self._time + _LONGEST_READ)
            arrivals = self._pass(until, STEP, first_only=False)
            if arrivals or waited >= timeout or self._ended:
                return arrivals
            pause = min(
                timeout - waited, max(self._time + STEP - self._due(), 0.0) / self._settings.speed + 1e-4
            )
            self._sleep(pause)
            waited += pause

    def close(self) -> None:
        """Say the stop steps; further calls do nothing."""
        if not self._ended:
            self._ended = True
            self._link.close(self._time)

    def _due(self) -> float:
        return (self._clock() - self._began) * self._settings.speed

    def _pass(self, until: float, step: float, *, first_only: bool) -> list[Arrival]:
        arrivals: list[Arrival] = []
        while self._time + step <= until and not self._ended and not (first_only and arrivals):
            self._time, new = self._link.pass_time(self._time, self._time + step)
            arrivals += new
            if self._time >= self._end:
                self._ended = True
                arrivals += self._link.close(self._time)
                if not any(isinstance(each, LinkDown) and each.cause == "closed" for each in arrivals):
                    arrivals.append(LinkDown(self._time, "closed", "the virtual sensor was switched off"))
        return arrivals


def _links(device: Device, word: str) -> tuple[BleLink | SerialLink, ...]:
    """Return the links of the kind that was asked for."""
    if not word:
        return device.links
    kind = {"ble": BleLink, "serial": SerialLink}.get(word)
    links = tuple(link for link in device.links if kind is not None and isinstance(link, kind))
    if not links:
        raise UsageError(f"{device.name} has no link called {word!r}", hint="links are ble and serial")
    return links


def _nobody(truth: Truth) -> None:
    """Take the truth to the grave."""
