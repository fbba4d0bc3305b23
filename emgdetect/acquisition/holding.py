"""Samples after a gap of unknown length, held until the clock can tell where they belong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from firmware_interface.decoder import Loss, Samples

HOLD_S = 0.5
"""Samples are held so long; with the commits of a recorder that is less than a second until they are safe."""

MOST_HOLD_S = 5.0
"""While a backlog is still coming in, its end is waited for, but no longer than this."""

_BETTER_S = 0.02
_STILL_S = 0.25
_MOST_PACKETS = 100_000


@dataclass(slots=True)
class Hold:
    """A gap and what came after it.

    Parameters
    ----------
    n_samples, modulus : int or None
        What the counter says: ``n_samples`` and some multiple of ``modulus``, or nothing.
    cause : str
        Of the gap.
    rate : float or None
        In Hz, ``None`` if unknown.
    least : float
        Fewer samples than this are taken for a delay and no loss.
    doubtful : bool
        Whether samples after the gap need not be in step with those before it.
    suspected : bool
        Whether nobody said that anything was lost; a backlog still coming in then proves that nothing was.
    """

    n_samples: int | None
    modulus: int | None
    cause: str
    rate: float | None
    least: float = 0.5
    doubtful: bool = False
    suspected: bool = False
    missing: float = math.inf
    packets: list[tuple[Samples | Loss, float]] = field(default_factory=list)
    _count: int = 0
    _since: float | None = None
    _improved: float = -math.inf
    _latest: float = -math.inf

    def add(self, packet: Samples | Loss, time: float, due: float | None) -> None:
        """Hold a packet; ``due`` is how many samples the clock expected after the gap's start by ``time``."""
        self.packets.append((packet, time))
        self._latest = time
        if isinstance(packet, Loss):
            self._count += packet.n_samples or 0
            return
        if self._since is None:
            self._since = time
        self._count += packet.data.shape[1]
        if due is None:
            return
        missing = due - self._count
        if missing < self.missing - _BETTER_S * (self.rate or 0.0):
            self._improved = time
        self.missing = min(self.missing, missing)

    def is_over(self, now: float) -> bool:
        """Tell whether waiting longer would not help."""
        if self._since is None:
            return False
        if now - self._since >= MOST_HOLD_S or len(self.packets) >= _MOST_PACKETS:
            return True
        # Silence tells nothing: the backlog may go on after it.
        return self._latest - self._since >= HOLD_S and self._latest - self._improved >= _STILL_S

    @property
    def is_empty(self) -> bool:
        """Whether no sample has come since the gap began."""
        return self._since is None

    def by_counter(self, tolerance: float) -> int | None:
        """Return the missing samples by the counter, turned as often as the clock says.

        Returns
        -------
        int or None
            ``None`` if the counter says nothing, or what it says is off the clock by more than
            ``tolerance`` samples, as after a reset.
        """
        if self.n_samples is None or not math.isfinite(self.missing):
            return None
        if self.suspected:
            return self._whole_turns()
        total = self.n_samples
        if self.modulus is not None:
            turns = round((self.missing - total) / self.modulus)
            total += max(turns, -(total // self.modulus)) * self.modulus
        return total if total >= 0 and abs(total - self.missing) <= tolerance else None

    def _whole_turns(self) -> int:
        turn = self.modulus or 1
        turns = max(0, round(self.missing / turn))
        is_steady = self._latest - self._improved >= _STILL_S
        return turns * turn if is_steady and abs(self.missing - turns * turn) < turn / 4 else 0

    def by_clock(self) -> int:
        """Return the missing samples by the clock alone, 0 when they are too few to be a loss."""
        if not math.isfinite(self.missing) or self.missing < self.least:
            return 0
        if self.suspected and self._latest - self._improved < _STILL_S:
            return 0
        return round(self.missing)
