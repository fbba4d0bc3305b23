"""The near side of a virtual link: the host's radio or port, and everything that goes wrong on the way."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.device import Pause, Send, SerialLink
from firmware_interface.link import Battery, Received
from firmware_interface.transports.policy import Patience, Reconnect
from firmware_interface.transports.virtual_sensor import Struck

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_interface.device import BleLink, Device, Step
    from firmware_interface.link import Arrival, Down
    from firmware_interface.transports.faults import FaultPlan, Spell
    from firmware_interface.transports.virtual_sensor import Sent, Truth, VirtualSensor

LOOKING = 0.3
CONNECTING = 0.2
DELAY = 0.008
PIECE = 5.0
BATTERY_EVERY = 600.0
BATTERY_HOURS = 20.0


class VirtualLink:
    """Keeps the link up by the same policy as real ones, and hands over what gets through.

    Parameters
    ----------
    device : Device
        Whose steps are said, and whose framing decides how bytes arrive.
    sensor : VirtualSensor
        The far side.
    plan : FaultPlan
        What goes wrong.
    seed : int
        Which messages and bytes the plan's shares fall on.
    truth : callable
        Told what every fault cost.
    """

    def __init__(
        self,
        device: Device,
        sensor: VirtualSensor,
        plan: FaultPlan,
        *,
        seed: int,
        truth: Callable[[Truth], None],
    ) -> None:
        self._link: BleLink | SerialLink | None = device.links[0] if device.links else None
        self._where = f"virtual {device.name}"
        self._whole = device.framing == "message"
        self._sensor = sensor
        self._plan = plan
        self._truth = truth
        self._dropping, self._corrupting, self._arriving, waiting = (
            np.random.default_rng((seed, 3, k)) for k in range(4)
        )
        self._spells = list(plan.spells)
        self._begun = False
        self._just_begun = False
        self._out: list[Arrival] = []
        self._held: list[Received] = []
        self._since = 0.0
        self._steps: list[tuple[float, Step]] = []
        self._ready_at = 0.0
        self._next_battery = 0.0
        self._next_keep_alive = 0.0
        self._last = 0.0
        self.policy = Reconnect(
            Patience(), self._out.append, draw=waiting.random, at_first=_lost_cause(self._link)
        )

    def begin(self) -> None:
        """Start looking for the sensor, at second 0."""
        self.policy.begin(0.0)
        self._ready_at = LOOKING

    def pass_time(self, begin: float, stop: float) -> tuple[float, list[Arrival]]:
        """Let a short time pass; return when it is then, which a sleep of the computer makes later."""
        spell = self._current(begin, stop)
        if spell is not None and spell.fault == "sleep":
            stop = max(stop, spell.stop)
        for moment in _pieces(begin, stop):
            self._deliver(self._sensor.until(moment), begin, moment, spell)
        self._follow(stop, spell)
        out, self._out[:] = self._out.copy(), []
        return stop, out

    def _current(self, begin: float, stop: float) -> Spell | None:
        """Return the fault that is on between ``begin`` and ``stop``, and let it begin."""
        while self._spells and self._spells[0].stop <= begin:
            self._spells.pop(0)
            self._begun = False
        if not self._spells or self._spells[0].start >= stop:
            return None
        spell = self._spells[0]
        if not self._begun and spell.fault == "reset":
            self._sensor.restart(spell.seconds, "reset")
        self._just_begun, self._begun = not self._begun, True
        return spell

    def close(self, time: float) -> list[Arrival]:
        """Say the stop steps and end it."""
        if self.policy.state == "streaming" and self._link is not None:
            for step in self._link.stop:
                if isinstance(step, Send):
                    self._sensor.hear(step.data, step.to)
        self.policy.close(time)
        out, self._out[:] = self._out.copy(), []
        return out

    def _deliver(self, sent: Sequence[Sent], begin: float, stop: float, spell: Spell | None) -> None:
        """Put on the host's side what gets there."""
        if spell is not None and spell.fault != "reset":
            self._lose(sent, spell.fault)
            pulled = spell.fault == "disconnect" and self._just_begun and self.policy.state == "streaming"
            if pulled and sent and not self._whole:
                # Cables are pulled in the middle of a message.
                data = sent[0].message.data
                self._run_on(data[: int(self._arriving.integers(0, len(data)))], begin, stop)
        elif self.policy.state not in {"starting", "streaming"}:
            self._lose(sent, "disconnect")
        elif sent:
            self._arrive(self._damage(self._thin(sent)), begin, stop)

    def _arrive(self, sent: Sequence[Sent], begin: float, stop: float) -> None:
        if not self._whole:
            self._run_on(b"".join(each.message.data for each in sent), begin, stop)
            return
        for each in sent:
            self._receive(min(each.time + self._delay(), stop), each.message.data, each.message.source)

    def _run_on(self, data: bytes, begin: float, stop: float) -> None:
        """Hand over a byte stream cut somewhere, as the wire has no idea of messages."""
        cut = int(self._arriving.integers(0, len(data) + 1))
        share = cut / max(len(data), 1)
        for moment, piece in ((begin + (stop - begin) * share, data[:cut]), (stop, data[cut:])):
            if piece:
                self._receive(min(moment + self._delay(), stop), piece)

    def _receive(self, time: float, data: bytes, source: str = "") -> None:
        self._last = max(self._last, time)
        # As on real links, what comes while the sensor is being started waits until the link is up.
        waiting = self._held if self.policy.state == "starting" else self._out
        waiting.append(Received(self._last, data, source))
        self.policy.received(self._last)

    def _delay(self) -> float:
        return float(self._arriving.random()) * DELAY

    def _thin(self, sent: Sequence[Sent]) -> Sequence[Sent]:
        """Let messages vanish."""
        if not self._plan.drop:
            return sent
        gone = self._dropping.random(len(sent)) < self._plan.drop
        if not gone.any():
            return sent
        self._lose([each for each, lost in zip(sent, gone, strict=True) if lost], "drop")
        return [each for each, lost in zip(sent, gone, strict=True) if not lost]

    def _damage(self, sent: Sequence[Sent]) -> Sequence[Sent]:
        """Change single bytes."""
        if not self._plan.corrupt:
            return sent
        hit = self._corrupting.random(sum(len(each.message.data) for each in sent)) < self._plan.corrupt
        if not hit.any():
            return sent
        damaged = []
        first = 0
        for each in sent:
            stop = first + len(each.message.data)
            damaged.append(self._garble(each, hit[first:stop]) if hit[first:stop].any() else each)
            first = stop
        return damaged

    def _garble(self, sent: Sent, hit: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Sent:
        self._lose([sent], "corrupt")
        data = np.frombuffer(sent.message.data, dtype=np.uint8).copy()
        data[hit] ^= self._corrupting.integers(1, 256, int(hit.sum())).astype(np.uint8)
        return _replaced(sent, data.tobytes())

    def _lose(self, sent: Sequence[Sent], kind: str) -> None:
        for each in sent:
            self._truth(Struck(each.time, kind, each.index, each.message.n_samples))

    def _follow(self, now: float, spell: Spell | None) -> None:
        """Let the policy act on what the host can see."""
        policy = self.policy
        # A sensor on a cable can restart without its port going away; a radio link does not outlive it.
        faults = {"disconnect"} if isinstance(self._link, SerialLink) else {"disconnect", "reset"}
        away = spell is not None and spell.fault in faults
        if spell is not None and spell.fault == "sleep":
            policy.slept(now, spell.seconds)
            self._ready_at = now + LOOKING
        if away and policy.state in {"connecting", "starting", "streaming"}:
            policy.lost(now, _lost_cause(self._link), "the virtual link broke")
        before = policy.state
        policy.tick(now)
        if before == "waiting" and policy.state == "looking":
            self._ready_at = now + LOOKING
        if now >= self._ready_at and not away:
            self._step(now)

    def _step(self, now: float) -> None:
        policy = self.policy
        if policy.state == "looking":
            policy.found(now, self._where)
            self._ready_at = now + CONNECTING
        elif policy.state == "connecting":
            policy.connected(now)
            self._since = now
            self._held.clear()
            self._steps = self._opening(now)
        elif policy.state == "starting":
            self._say(now)
            if not self._steps:
                policy.started(now, since=self._since)
                self._out += self._held
                self._held.clear()
                self._next_keep_alive = now
        elif policy.state == "streaming":
            self._attend(now)

    def _opening(self, now: float) -> list[tuple[float, Step]]:
        """Lay out the start steps in time; opening a port restarts the boards that have a boot time."""
        if self._link is None:
            return []
        at = now
        if isinstance(self._link, SerialLink) and self._link.boot:
            self._sensor.restart(self._link.boot / 2, "boot")
            at += self._link.boot
        steps: list[tuple[float, Step]] = []
        for step in (Pause(0.0), *self._link.start):
            at += step.seconds if isinstance(step, Pause) else 0.0
            steps.append((at, step))
        return steps

    def _say(self, now: float) -> None:
        while self._steps and self._steps[0][0] <= now:
            _, step = self._steps.pop(0)
            if isinstance(step, Send):
                for answer in self._sensor.hear(step.data, step.to):
                    self._receive(now, answer.message.data, answer.message.source)

    def _attend(self, now: float) -> None:
        """Keep the sensor awake and ask for its battery."""
        link = self._link
        if link is None:
            return
        if link.keep_alive_every and now >= self._next_keep_alive:
            self._next_keep_alive = now + link.keep_alive_every
            self._steps = [(now, step) for step in link.keep_alive]
            self._say(now)
        if not isinstance(link, SerialLink) and link.battery and now >= self._next_battery:
            self._next_battery = now + BATTERY_EVERY
            self._out.append(Battery(now, max(1.0, 100.0 - now / 36.0 / BATTERY_HOURS)))


def _pieces(begin: float, stop: float) -> list[float]:
    """Cut a long time into moments that are at most :data:`PIECE` apart, for the sake of memory."""
    n_pieces = max(1, math.ceil((stop - begin) / PIECE))
    return [begin + (stop - begin) * k / n_pieces for k in range(1, n_pieces)] + [stop]


def _replaced(sent: Sent, data: bytes) -> Sent:
    return replace(sent, message=replace(sent.message, data=data))


def _lost_cause(link: BleLink | SerialLink | None) -> Down:
    return "unplugged" if isinstance(link, SerialLink) else "disconnect"
