"""Losses seen by the clock a sketch prints beside its values."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from firmware_interface.decoder import Loss

if TYPE_CHECKING:
    from collections.abc import Sequence

WRAP = 2**32
"""``micros()`` and ``millis()`` are 32-bit numbers."""

LONGEST_WRAP = 60.0
"""Seconds over a wrap that are believed; any longer way back is a restart."""

FAR = 1.5
"""Usual steps from which a line is missing; a tick is added where stamps are rounded to whole ones."""

PAUSE = 1.0
"""Seconds after which a line is missing where the sketch is not paced."""

_FORGET_AT = 4096


class StampClock:
    """Follows the stamps of a stream and says what is missing between two of them.

    The usual step is the mean of all that were no jumps. Where the steps swing from the beginning, because
    the sketch is not paced, only pauses longer than :data:`PAUSE` are told, and of no known length. With
    stamps in ms at a rate near 1 kHz a single missing line hides in the rounding.

    Parameters
    ----------
    tick : float
        Unit of the stamps in seconds; whole seconds have decimals, all others are whole ticks.
    stamps : sequence of float
        Those from which the usual step is learned, at least one.
    step : float
        The usual step in ticks, for a single stamp.
    """

    __slots__ = ("_cause", "_count", "_last", "_paced", "_rounding", "_sum", "_tick", "_turns")

    def __init__(self, tick: float, stamps: Sequence[float], step: float) -> None:
        steps = [later - earlier for earlier, later in pairwise(stamps)]
        self._tick = tick
        self._rounding = 1.0 if tick < 1 else 0.0
        self._sum = sum(steps) if steps else step
        self._count = float(len(steps) or 1)
        self._paced = all(0 <= each <= FAR * self._usual + self._rounding for each in steps)
        self._turns = 0
        self._last: float | None = None
        self._cause = "lost packets"

    @property
    def seconds(self) -> float:
        """The last stamp that was taken, in seconds; it goes on rising where stamps wrap."""
        return ((self._last or 0.0) + self._turns * WRAP) * self._tick

    def follows(self, stamp: float, before: float | None = None) -> bool:
        """Say whether ``stamp`` comes right after another one, or after the last that was taken."""
        before = self._last if before is None else before
        return before is None or 0 <= self._step(before, stamp) <= self._longest

    def bears_out(self, stamp: float, doubtful: float) -> bool:
        """Say whether ``stamp`` shows that a doubtful one before it was right: it goes on from there."""
        in_order = self._last is not None and self._last < doubtful < stamp
        return in_order or self.follows(stamp, doubtful)

    def relink(self) -> None:
        """Note that the link was lost: what is missing before the next stamp is put down to that."""
        self._cause = "disconnect"

    def take(self, stamp: float) -> Loss | None:
        """Go on to a stamp that is to be believed; return what is missing before it."""
        before, self._last = self._last, stamp
        cause, self._cause = self._cause, "lost packets"
        if before is None:
            return None
        step = self._step(before, stamp)
        if step < 0:
            self._turns = 0
            return Loss(None, "restart")
        self._turns += stamp < before
        if step > self._longest:
            return Loss(max(1, round(step / self._usual) - 1) if self._paced else None, cause)
        self._remember(step)
        return Loss(None, cause) if cause == "disconnect" and not self._paced else None

    @property
    def _usual(self) -> float:
        return self._sum / self._count

    @property
    def _longest(self) -> float:
        if self._paced:
            return FAR * self._usual + self._rounding
        return max(PAUSE / self._tick, 10 * self._usual)

    def _step(self, before: float, stamp: float) -> float:
        step = stamp - before
        wrapped = step + WRAP
        return wrapped if step < 0 <= wrapped <= LONGEST_WRAP / self._tick else step

    def _remember(self, step: float) -> None:
        self._sum += step
        self._count += 1
        if self._count >= _FORGET_AT:
            self._sum /= 2
            self._count /= 2
