"""A sensor on a serial port, kept up through resets, unplugging and replugging."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emgdetect.errors import DeviceError
from firmware_interface.device import Pause
from firmware_interface.link import Received
from firmware_interface.transports import clock as host
from firmware_interface.transports import ports
from firmware_interface.transports.keeping import BlockingLink
from firmware_interface.transports.policy import Patience, Trouble

if TYPE_CHECKING:
    from firmware_interface.device import SerialLink, Step
    from firmware_interface.link import Down
    from firmware_interface.transports.ports import OpenPort, Port

Judge = Callable[[bytes], bool]
"""Takes the bytes as they come and says whether they make sense by now."""

PATIENCE = Patience(look=1.0, connect=10.0, latest=5.0)
"""Looking at the list of ports disturbs nobody, so a cable that is back is seen within seconds."""

GATHER = 0.004
"""Seconds in which bytes may gather before they are read together."""

_PULSE = 0.1
_TRIAL = 3.0


@dataclass(frozen=True, slots=True)
class SerialSystem:
    """What the computer offers; tests put something else in its place."""

    list_ports: Callable[[], Iterable[Port]] = ports.list_ports
    open_port: Callable[[str, int], OpenPort] = ports.open_port
    clock: Callable[[], float] = host.now
    trial: float = _TRIAL


@dataclass(slots=True)
class _Trial:
    """What came at one baud rate, and whether it made sense."""

    judge: Judge | None
    held: list[Received] = field(default_factory=list)
    good: bool = False

    def take(self, received: Received) -> None:
        if received.data:
            self.held.append(received)
            self.good = self.judge is not None and self.judge(received.data)


class SerialTransport(BlockingLink):
    """A :class:`~firmware_interface.link.Transport` over pyserial.

    The port is read in a thread of its own. While a baud rate is being tried its bytes are held back; they
    are handed over once the judge says that they make sense, so that the decoder never sees the others.

    Parameters
    ----------
    address : str
        The name of a port such as "/dev/ttyACM0" or "COM3", or one of pyserial's URLs.
    link : SerialLink
        Baud rates, boot time and steps of the device.
    make_judge : callable, optional
        Makes a judge for each trial. Without one, the first baud rate is taken as right.
    patience : Patience, optional
        How long each thing may take.
    system : SerialSystem, optional
        The computer's ports.
    """

    def __init__(
        self,
        address: str,
        link: SerialLink,
        *,
        make_judge: Callable[[], Judge] | None = None,
        patience: Patience = PATIENCE,
        system: SerialSystem | None = None,
    ) -> None:
        self._system = system or SerialSystem()
        super().__init__(f"serial {address}", patience, clock=self._system.clock, at_first="unplugged")
        self._address = address
        self._link = link
        self._make_judge = make_judge
        self._finder = ports.PortFinder(address, self._system.list_ports)
        self._rates = list(link.baud_rates)

    def _require(self) -> None:
        ports.require_pyserial()

    def _attempt(self) -> None:
        """Look for the port, and stay with it for as long as it lasts."""
        address = self._finder.find()
        if address is None:
            error = DeviceError("there is no such port", where=self._address, hint=self._finder.there())
            self._policy.failed(self.now(), Trouble(error, mends=False))
            return
        self._policy.found(self.now(), address)
        try:
            port = self._system.open_port(address, self._rates[0])
        except OSError as error:
            self._policy.failed(self.now(), ports.explain(error, address))
            return
        except ValueError as error:
            wrong = DeviceError(f"this is no port: {error}", where=address, hint="see pyserial's URLs")
            self._policy.failed(self.now(), Trouble(wrong, mends=False))
            return
        try:
            self._session(port, address)
        except Exception as error:  # noqa: BLE001  drivers raise what they like when a cable is pulled
            cause: Down = "disconnect" if ports.is_url(address) else "unplugged"
            self._policy.lost(self.now(), cause, f"{address}: {error}")
        finally:
            with suppress(Exception):
                port.close()

    def _session(self, port: OpenPort, address: str) -> None:
        policy = self._policy
        policy.connected(self.now())
        if not self._start(port):
            return
        self._finder.remember(address)
        keep_alive_at = self.now() + self._link.keep_alive_every
        while self._is_up:
            received = self._read(port, address)
            if received.data:
                self._hand_over(received)
            if self._link.keep_alive_every and self.now() >= keep_alive_at:
                keep_alive_at = self.now() + self._link.keep_alive_every
                self._say(port, self._link.keep_alive)
        if self._closing.is_set():
            self._say(port, self._link.stop)

    def _start(self, port: OpenPort) -> bool:
        """Reset the board, try the baud rates, and report how it went."""
        opened = self.now()
        boot = self._link.boot
        if boot:
            self._reset(port)
        n_bytes = 0
        for rate in list(self._rates):
            port.baudrate = rate
            trial = self._try(port, boot)
            if self._closing.is_set() or self._policy.state != "starting":
                return False
            if trial.good:
                self._rates = [rate, *(other for other in self._rates if other != rate)]
                self._started(opened)
                for each in trial.held:
                    self._hand_over(each)
                return True
            boot = 0.0
            n_bytes += sum(len(each.data) for each in trial.held)
        self._policy.failed(self.now(), self._nothing_useful(n_bytes))
        return False

    def _try(self, port: OpenPort, boot: float) -> _Trial:
        """Listen at one baud rate: through the boot time, then after the start steps."""
        trial = _Trial(None if self._make_judge is None else self._make_judge())
        self._listen(port, trial, boot)
        self._say(port, self._link.start)
        if trial.judge is None:
            trial.good = True
        self._listen(port, trial, self._system.trial)
        return trial

    def _listen(self, port: OpenPort, trial: _Trial, seconds: float) -> None:
        until = self.now() + seconds
        while self.now() < until and not trial.good and self._policy.state == "starting":
            if self._closing.is_set():
                return
            trial.take(self._read(port, self._address))
            self._check_sleep()

    def _nothing_useful(self, n_bytes: int) -> Trouble:
        if not n_bytes:
            error = DeviceError(
                "the port is open, but nothing comes",
                where=self._address,
                hint="check that the sensor is switched on and runs the right sketch",
            )
            return Trouble(error)
        rates = ", ".join(str(rate) for rate in self._link.baud_rates)
        error = DeviceError(
            f"bytes come, but none that this device sends (tried {rates} baud)",
            where=self._address,
            hint="check --device, the sketch and its baud rate",
        )
        return Trouble(error, mends=False)

    def _reset(self, port: OpenPort) -> None:
        """Pulse DTR, which restarts the boards that have a boot time, also over links that keep it raised."""
        with suppress(OSError):
            port.dtr = False
            self._closing.wait(_PULSE)
            port.dtr = True
            port.reset_input_buffer()

    def _say(self, port: OpenPort, steps: tuple[Step, ...]) -> None:
        for step in steps:
            if isinstance(step, Pause):
                self._closing.wait(step.seconds)
            else:
                port.write(step.data)

    def _read(self, port: OpenPort, address: str) -> Received:
        data = ports.read_available(
            port, bulk=ports.reads_in_bulk(address), rest=lambda: self._closing.wait(GATHER)
        )
        return Received(self.now(), bytes(data))
