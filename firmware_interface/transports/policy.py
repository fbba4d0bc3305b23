"""When to look, connect, give up and try again: the reconnect policy of every link, without any I/O.

::

    idle ─► looking ─► connecting ─► starting ─► streaming
               ▲  │         │            │           │
               │  └─────────┴─── trouble ┴───────────┤ silent, disconnected, unplugged
               └────────── waiting (back-off) ◄──────┘

It never gives up: whatever happens ends in a fresh look, as systems forget a Bluetooth device they have lost
and a cable comes back under another port name. The exception is trouble that no waiting mends (no adapter,
no permission, a port that another program holds) before the first link: then someone is there to read it.
Later in the night the same trouble is told and tried again, for an adapter can be plugged back in.

Time comes in with every call, and chance from outside, so that a night passes in a test in no time.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from firmware_interface.link import LinkDown, LinkUp

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.errors import DeviceError
    from firmware_interface.link import Down

State = Literal["idle", "looking", "connecting", "starting", "streaming", "waiting", "closed"]
"""Where a link stands."""

_MOST_DOUBLINGS = 32
_MOST_TOLD = 32


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may take, in seconds.

    Parameters
    ----------
    look : float
        One look for the device.
    connect, start : float
        Connecting to it; waking it up and telling it to start.
    first : float
        From the start until its first bytes.
    silent : float
        A link that brings nothing for so long is dead, whatever the system says: Bluetooth stacks keep
        "connected" links through which nothing comes any more.
    soonest : float
        The first wait; it doubles with every failure.
    latest : float
        No wait is longer. A look costs next to nothing, a lost minute may hold the event of the night: at
        20 s a night spent out of range makes some thousand looks, and a sensor that comes back is missed
        for half a minute at most. Shorter, and looks would fill the air that other sensors on the same
        adapter need.
    jitter : float
        The part of each wait that is left to chance, 0 to 1, so that several sensors that were lost
        together do not look together ever after.
    healthy : float
        A link that was up for so long starts its next series of waits at ``soonest`` again.
    """

    look: float = 10.0
    connect: float = 40.0
    start: float = 30.0
    first: float = 10.0
    silent: float = 5.0
    soonest: float = 0.5
    latest: float = 20.0
    jitter: float = 0.3
    healthy: float = 60.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong on the way to a link, and whether waiting may mend it."""

    error: DeviceError
    mends: bool = True


class Reconnect:
    """The state of one link; whoever does the I/O asks ``state`` and ``deadline`` and reports back.

    Parameters
    ----------
    patience : Patience
        How long each thing may take.
    tell : callable
        Takes every :class:`LinkUp` and :class:`LinkDown`. A :class:`LinkDown` that follows another one is
        news about the same outage, with the same cause; each text is told once an outage.
    draw : callable, optional
        Gives numbers from 0 to 1 for the jitter.
    at_first : str, default "disconnect"
        The cause given while there has not been any link yet.
    """

    def __init__(
        self,
        patience: Patience,
        tell: Callable[[LinkUp | LinkDown], None],
        *,
        draw: Callable[[], float] = random.random,
        at_first: Down = "disconnect",
    ) -> None:
        self.patience = patience
        self.state: State = "idle"
        self.deadline = math.inf
        self.fatal: DeviceError | None = None
        self._tell = tell
        self._draw = draw
        self._cause: Down = at_first
        self._told: set[str] = set()
        self._where = ""
        self._failures = 0
        self._ever_up = False
        self._up_since = 0.0

    @property
    def ever_up(self) -> bool:
        """Whether there has been a link since the beginning."""
        return self._ever_up

    def begin(self, now: float) -> None:
        """Start looking."""
        self._require("idle")
        self._look(now)

    def found(self, now: float, where: str = "") -> None:
        """Take note that the device is there; ``where`` is for people, as in "COM7"."""
        self._require("looking")
        self._where = where
        self._enter("connecting", now + self.patience.connect)

    def connected(self, now: float) -> None:
        """Take note that there is a connection; the device's start steps come next."""
        self._require("connecting")
        self._enter("starting", now + self.patience.start)

    def started(self, now: float, *, since: float | None = None) -> None:
        """Take note that the device was told to start; the link is up, and was so from ``since`` on."""
        self._require("starting")
        self._enter("streaming", now + self.patience.first)
        self._ever_up = True
        self._up_since = now
        self._told.clear()
        self._tell(LinkUp(now if since is None else since, self._where))

    def received(self, now: float) -> None:
        """Take note that bytes came; late ones of a link that was given up change nothing."""
        if self.state == "streaming":
            # Boot text does not end the patience for the samples after it.
            self.deadline = max(self._up_since + self.patience.first, now + self.patience.silent)
            if now - self._up_since >= self.patience.healthy:
                self._failures = 0

    def lost(self, now: float, cause: Down, detail: str = "") -> None:
        """Take note that the link is gone; does nothing if there was none."""
        if self.state == "streaming":
            self._down(now, cause, detail)
        elif self.state in {"connecting", "starting"}:
            self._news(now, detail)
            self._wait(now)

    def failed(self, now: float, trouble: Trouble) -> None:
        """Take note that looking, connecting or starting failed; sets ``fatal`` if that is the end."""
        if self.state in {"idle", "closed", "waiting"}:
            return
        if not trouble.mends and not self._ever_up:
            self.fatal = trouble.error
            self._enter("closed", math.inf)
        elif self.state == "streaming":
            self._down(now, "disconnect", str(trouble.error))
        else:
            self._news(now, str(trouble.error))
            self._wait(now)

    def slept(self, now: float, seconds: float) -> None:
        """Take note that the computer slept: no link is to be trusted, and there is no reason to wait."""
        if self.state in {"idle", "closed"}:
            return
        if self.state == "streaming":
            self._down(now, "sleep", f"the computer slept for {seconds:.0f} s")
        self._failures = 0
        self._look(now)

    def tick(self, now: float) -> None:
        """Let time pass: a wait ends in a look, and whatever takes too long ends in a wait."""
        if now < self.deadline:
            return
        if self.state == "waiting":
            self._look(now)
        elif self.state == "streaming":
            self._down(now, "silent", "connected, but nothing comes")
        elif self.state in {"looking", "connecting", "starting"}:
            self._news(now, _TOO_LONG[self.state])
            self._wait(now)

    def close(self, now: float) -> None:
        """End it all; further calls do nothing."""
        if self.state == "streaming":
            self._tell(LinkDown(now, "closed"))
        self._enter("closed", math.inf)

    def _down(self, now: float, cause: Down, detail: str) -> None:
        self._cause = cause
        self._told = {detail}
        self._tell(LinkDown(now, cause, detail))
        self._wait(now)

    def _news(self, now: float, detail: str) -> None:
        if detail and detail not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(detail)
            self._tell(LinkDown(now, self._cause, detail))

    def _look(self, now: float) -> None:
        self._enter("looking", now + self.patience.look)

    def _wait(self, now: float) -> None:
        doubled = self.patience.soonest * 2.0 ** min(self._failures, _MOST_DOUBLINGS)
        self._failures += 1
        wait = min(self.patience.latest, doubled) * (1.0 - self.patience.jitter * self._draw())
        self._enter("waiting", now + wait)

    def _enter(self, state: State, deadline: float) -> None:
        self.state = state
        self.deadline = deadline

    def _require(self, state: State) -> None:
        if self.state != state:
            raise RuntimeError(f"the link is {self.state}, not {state}")


_TOO_LONG: dict[State, str] = {
    "looking": "nothing to be seen of it",
    "connecting": "it is there, but does not answer",
    "starting": "it is connected, but cannot be started",
}
