"""Ten seconds of live sensors: a stretch of rest, and one in which somebody tenses the muscle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from emgdetect.acquisition import Assembler, Begin
from emgdetect.checking.checking import check_arrays, with_measured_rate
from emgdetect.checking.findings import StreamFacts
from emgdetect.errors import DeviceError
from emgdetect.types import Chunk, Gap
from firmware_interface.decoder import Notice
from firmware_interface.link import LinkDown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from emgdetect.acquisition import Item
    from emgdetect.checking.findings import StreamCheck
    from emgdetect.types import FloatArray, StreamInfo
    from firmware_interface.device import Device
    from firmware_interface.link import Transport

Phase = Literal["rest", "tense"]
"""What the person at the electrodes is to do."""


class Guide(Protocol):
    """Whoever leads the person at the electrodes through a check."""

    def begin(self, phase: Phase, seconds: float) -> None:
        """Say what to do now, and for how long."""

    def news(self, sensor: str, text: str) -> None:
        """Say what goes wrong on the way to a sensor."""


LEAD_OFF = "lead-off"
"""Name of the notice in which devices tell which channels' electrodes are off, with commas between."""

_POLL_S = 0.1
_LEAD_S = 1.0


class Sensor(Protocol):
    """What is asked of a sensor; that of the recorder has it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def device(self) -> Device:
        """What it is."""

    @property
    def transport(self) -> Transport:
        """The way to it, not opened yet."""

    @property
    def options(self) -> Mapping[str, str]:
        """The device's own options."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds of rest, of tensing (0: nobody is asked), and how long to wait for the first samples."""

    rest: float = 5.0
    tense: float = 5.0
    patience: float = 45.0


def check_sensors(
    sensors: Sequence[Sensor],
    plan: Plan,
    guide: Guide,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[StreamCheck, ...]:
    """Look at sensors, all at the same time, and judge each.

    Parameters
    ----------
    sensors : sequence of Sensor
        Not opened yet; they are closed afterwards.
    plan : Plan
        How long.
    guide : Guide
        Told what comes next when it begins.
    now : callable, optional
        The time of day, with a UTC offset.

    Raises
    ------
    DeviceError
        A sensor cannot be reached, or sends no samples.
    """
    looks = [_Look(sensor, guide) for sensor in sensors]
    try:
        for look in looks:
            look.open()
        _read(looks, lambda look: look.has_begun(plan.patience))
        _read(looks, lambda look: look.has_passed(_LEAD_S))
        phases: tuple[tuple[Phase, float], ...] = (("rest", plan.rest), ("tense", plan.tense))
        for phase, seconds in phases:
            if seconds:
                guide.begin(phase, seconds)
                for look in looks:
                    look.begin()
                _read(looks, partial(_Look.has_passed, seconds=seconds))
        time = now()
        return tuple(look.judged(time) for look in looks)
    finally:
        for look in looks:
            look.sensor.transport.close()


def _read(looks: Sequence[_Look], is_enough: Callable[[_Look], bool]) -> None:
    """Read all sensors until each has had enough: one that has is read on, or its queue would run over."""
    while not all(is_enough(look) for look in looks):
        for look in looks:
            look.read(_POLL_S / len(looks))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What arrived in one phase, which begins at sample ``start``."""

    start: int
    chunks: list[Chunk]

    def values(self, info: StreamInfo) -> FloatArray:
        """Return values of shape (n_channels, n_samples), NaN where nothing arrived."""
        stop = max((chunk.stop for chunk in self.chunks), default=self.start)
        values = np.full((len(info.channels), stop - self.start), np.nan)
        gain = np.array([[channel.gain] for channel in info.channels])
        offset = np.array([[channel.offset] for channel in info.channels])
        for chunk in self.chunks:
            values[:, chunk.start - self.start : chunk.stop - self.start] = chunk.data * gain + offset
        return values


class _Look:
    """One sensor while it is looked at."""

    def __init__(self, sensor: Sensor, guide: Guide) -> None:
        self.sensor = sensor
        self._guide = guide
        self._assembler = Assembler(
            sensor.device.decoder(sensor.options), losses_seen=sensor.device.losses_seen
        )
        self._info: StreamInfo | None = None
        self._stretches: list[_Stretch] = []
        self._lost = self._drops = 0
        self._loose: set[str] = set()
        self._opened = self._since = 0.0
        self._detail = ""

    def open(self) -> None:
        self.sensor.transport.open()
        self._opened = self.sensor.transport.now()

    def has_begun(self, patience: float) -> bool:
        """Tell whether samples come; raise when that has taken too long."""
        if self._info is None and self.sensor.transport.now() - self._opened > patience:
            hint = self._detail or "switch it on and off again, and look with emgdetect scan"
            raise DeviceError(f"no samples came in {patience:.0f} s", where=self.sensor.name, hint=hint)
        return self._info is not None

    def has_passed(self, seconds: float) -> bool:
        """Tell whether the phase has lasted so long."""
        return self.sensor.transport.now() - self._since >= seconds

    def begin(self) -> None:
        """Begin a phase."""
        self._since = self.sensor.transport.now()
        self._stretches.append(_Stretch(self._assembler.position, []))

    def read(self, timeout: float) -> None:
        transport = self.sensor.transport
        for arrival in transport.read(timeout):
            for item in self._assembler.take(arrival):
                self._take(item)
        for item in self._assembler.tick(transport.now()):
            self._take(item)

    def judged(self, time: datetime) -> StreamCheck:
        """Judge what has arrived."""
        for item in self._assembler.finish(self.sensor.transport.now()):
            self._take(item)
        if self._info is None:
            raise DeviceError("no samples came", where=self.sensor.name)
        estimate = self._assembler.clock.estimate
        facts = StreamFacts(
            claimed_rate=self._info.sampling_rate if self._info.sampling_rate > 0 else math.nan,
            measured_rate=math.nan if estimate is None else estimate.rate,
            n_samples=sum(chunk.data.shape[1] for stretch in self._stretches for chunk in stretch.chunks),
            n_lost=self._lost,
            drops=self._drops,
            losses_seen=self.sensor.device.losses_seen,
            loose=frozenset(self._loose),
            sensor=self.sensor.name,
        )
        info = with_measured_rate(self._info, facts)
        if math.isnan(info.sampling_rate):
            raise DeviceError("too few samples came to tell their rate", where=self.sensor.name)
        rest, *tense = [stretch.values(info) for stretch in self._stretches]
        return check_arrays(info, facts, rest, tense[0] if tense else None, time)

    def _take(self, item: Item) -> None:
        if isinstance(item, Begin):
            # Another stream: what was seen of the one before is not comparable.
            self._info, self._since = item.info, self.sensor.transport.now()
            self._stretches = [_Stretch(0, []) for _ in self._stretches]
            self._lost = 0
        elif isinstance(item, Chunk) and self._stretches:
            self._put(item)
        elif isinstance(item, Gap) and self._stretches:
            self._lost += item.n_samples
        elif isinstance(item, LinkDown):
            self._detail = item.detail
            if item.detail:
                self._guide.news(self.sensor.name, item.detail)
            self._drops += self._info is not None
            if item.cause == "closed":
                raise DeviceError(item.detail or "the sensor is gone", where=self.sensor.name)
        elif isinstance(item, Notice) and item.name == LEAD_OFF:
            self._loose |= {name.strip() for name in str(item.value).split(",") if name.strip()}

    def _put(self, chunk: Chunk) -> None:
        stretch = self._stretches[-1]
        if chunk.start >= stretch.start:
            stretch.chunks.append(chunk)
        else:
            # Samples that were held back belong to the phase before.
            for earlier in reversed(self._stretches[:-1]):
                if chunk.start >= earlier.start:
                    earlier.chunks.append(chunk)
                    return
