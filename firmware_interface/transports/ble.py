"""A sensor on Bluetooth Low Energy, kept up for nights.

Systems lose Bluetooth devices in many ways, and all of them end in the same cure: a fresh look, a fresh
record of the device, a fresh client. Nothing of an old connection is used again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from firmware_interface.device import Pause
from firmware_interface.link import Battery, Received
from firmware_interface.transports import air
from firmware_interface.transports import clock as host
from firmware_interface.transports.keeping import TICK, KeptLink
from firmware_interface.transports.policy import Patience, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bleak import BleakClient

    from firmware_interface.device import BleLink, Step
    from firmware_interface.link import Arrival
    from firmware_interface.transports.policy import Reconnect

PATIENCE = Patience(look=8.0)
BATTERY_EVERY = 600.0

_GOODBYE = 10.0
_BATTERY_READ = 5.0


class BleTransport(KeptLink):
    """A :class:`~firmware_interface.link.Transport` over bleak, in a thread with an event loop of its own.

    Parameters
    ----------
    wanted : str
        Name, beginning of a name, or address of the sensor; empty for the only one of its kind.
    link : BleLink
        How the product is found and spoken to.
    patience : Patience, optional
        How long each thing may take.
    radio : Radio, optional
        Backends other than the system's.
    clock : callable, optional
        The clock of the arrivals.
    settle : float, optional
        How long the first look goes on for a second sensor of the same name.
    """

    GOODBYE = 30.0

    def __init__(
        self,
        wanted: str,
        link: BleLink,
        *,
        patience: Patience = PATIENCE,
        radio: air.Radio | None = None,
        clock: Callable[[], float] = host.now,
        settle: float = air.SETTLE,
    ) -> None:
        super().__init__(f"ble {wanted}", patience, clock=clock)
        self._wanted = air.Wanted(wanted, link)
        self._link = link
        self._radio = radio or air.Radio()
        self._settle = settle
        self._known: str | None = None

    def _require(self) -> None:
        air.require_bleak()

    def _serve(self) -> None:
        asyncio.run(self._keep_up())

    async def _keep_up(self) -> None:
        while not self._over:
            self._check_sleep()
            if self._policy.state == "looking":
                await self._unless_closed(self._attempt())
            else:
                await asyncio.sleep(self._pause)
                self._policy.tick(self.now())

    async def _unless_closed(self, attempt: Coroutine[None, None, None]) -> None:
        """Break off looking and connecting when it is to be closed; a link that is up ends by itself."""
        task = asyncio.create_task(attempt)
        cancelled = False
        while not task.done():
            await asyncio.wait({task}, timeout=TICK)
            if self._closing.is_set() and not cancelled and self._policy.state != "streaming":
                cancelled = task.cancel()

    async def _attempt(self) -> None:
        """Look for the sensor, and stay with it for as long as it lasts."""
        from bleak import BleakClient

        client: BleakClient | None = None
        try:
            async with air.one_at_a_time():
                found = await self._look()
                if isinstance(found, Trouble):
                    self._policy.failed(self.now(), found)
                    return
                self._policy.found(self.now(), found.label)
                session = _Session(self._queue.put, self._policy, self.now)
                client = BleakClient(
                    found.device,
                    session.disconnected,
                    timeout=self._policy.patience.connect,
                    backend=self._radio.client,
                )
                async with asyncio.timeout(self._policy.patience.connect):
                    await client.connect()
            self._policy.connected(self.now())
            await self._start(client, session)
            self._known = found.address
            await self._stay(client, session)
        except Exception as error:  # noqa: BLE001  the systems raise many kinds, and the night goes on
            self._policy.failed(self.now(), air.explain(error))
        finally:
            if client is not None:
                await _let_go(client)

    async def _look(self) -> air.Sighting | Trouble:
        patience = self._policy.patience
        return await air.look(
            self._radio, self._wanted, known=self._known, seconds=patience.look, settle=self._settle
        )

    async def _start(self, client: BleakClient, session: _Session) -> None:
        since = self.now()
        async with asyncio.timeout(self._policy.patience.start):
            for uuid in self._link.notify:
                await client.start_notify(uuid, partial(session.notified, uuid))
            await _say(client, self._link.start)
        self._started(since)
        session.release()

    async def _stay(self, client: BleakClient, session: _Session) -> None:
        """Watch over a link that is up, until it is not or it is to be closed."""
        silent, link = self._policy.patience.silent, self._link
        battery_at, keep_alive_at = self.now(), self.now() + link.keep_alive_every
        while self._is_up:
            if await session.is_gone(TICK):
                self._policy.lost(self.now(), "disconnect", "the sensor or the adapter broke the connection")
                return
            if link.keep_alive_every and self.now() >= keep_alive_at:
                keep_alive_at = self.now() + link.keep_alive_every
                async with asyncio.timeout(silent):
                    await _say(client, link.keep_alive)
            if link.battery and self.now() >= battery_at:
                battery_at = self.now() + BATTERY_EVERY
                await self._ask_battery(client)
        if self._closing.is_set():
            with suppress(Exception):
                async with asyncio.timeout(_GOODBYE):
                    await _say(client, link.stop)

    async def _ask_battery(self, client: BleakClient) -> None:
        # A level that cannot be read is no reason to lose the samples.
        with suppress(Exception):
            async with asyncio.timeout(_BATTERY_READ):
                level = await client.read_gatt_char(self._link.battery)
            self._queue.put(Battery(self.now(), float(level[0])))


class _Session:
    """What one connection reports from bleak's callbacks; it is deaf once the link is given up."""

    def __init__(self, put: Callable[[Arrival], None], policy: Reconnect, clock: Callable[[], float]) -> None:
        self._put = put
        self._policy = policy
        self._clock = clock
        self._gone = asyncio.Event()
        self._held: list[Received] | None = []

    def disconnected(self, _client: BleakClient) -> None:
        """Take bleak's word that the connection is over."""
        self._gone.set()

    def notified(self, uuid: str, _characteristic: object, data: bytearray) -> None:
        """Queue a copy of what came; bleak may use the buffer again."""
        received = Received(self._clock(), bytes(data), uuid)
        if self._held is not None:
            self._held.append(received)
        elif self._policy.state == "streaming" and not self._gone.is_set():
            self._put(received)
            self._policy.received(received.time)

    def release(self) -> None:
        """Hand over what came while the sensor was being started, now that the link is said to be up."""
        held, self._held = self._held or [], None
        for received in held:
            self._put(received)

    async def is_gone(self, seconds: float) -> bool:
        """Wait so long for the end of the connection, and say whether it came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._gone.wait()
        return self._gone.is_set()


async def _say(client: BleakClient, steps: tuple[Step, ...]) -> None:
    for step in steps:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
        else:
            await client.write_gatt_char(step.to, step.data)


async def _let_go(client: BleakClient) -> None:
    """Disconnect; some systems take a minute over it, which nobody has to wait for."""
    with suppress(Exception):
        async with asyncio.timeout(_GOODBYE):
            await client.disconnect()
