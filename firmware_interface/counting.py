"""What packet counters say about packets that never came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.decoder import Loss, Samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from emgdetect.types import RawArray


class Counter:
    """Follows a counter that goes up by one with each packet and wraps.

    The same count twice in a row is taken for a whole turn of the counter less one packet, not for a repeat:
    neither a UART nor a notification ever delivers a packet twice.

    Parameters
    ----------
    modulus : int
        How many counts there are, 256 for a byte.
    samples_per_step : int
        Samples of each channel that a packet carries.
    start : int, optional
        The count of the very first packet, if every one should arrive; without it whatever comes first is
        the beginning.
    """

    __slots__ = ("_cause", "_expected", "_modulus", "_samples_per_step")

    def __init__(self, modulus: int, samples_per_step: int, start: int | None = None) -> None:
        self._modulus = modulus
        self._samples_per_step = samples_per_step
        self._expected = start
        self._cause = "lost packets"

    @property
    def expected(self) -> int | None:
        """The count that the next packet has if nothing is lost; ``None`` before the first."""
        return self._expected

    def restart(self) -> None:
        """Note that the device has begun to count anew, so that nothing follows from the next count."""
        if self._expected is not None:
            self._cause = "restart"

    def relink(self) -> None:
        """Note that the link was lost: what is missing at the next packet is put down to that."""
        if self._expected is not None and self._cause != "restart":
            self._cause = "disconnect"

    def step(self, count: int, damaged: float = 0.0) -> Loss | None:
        """Take the count of the next good packet.

        Parameters
        ----------
        count : int
            What the packet says.
        damaged : float
            How many packets the unreadable bytes before it would have been. Of the numbers that fit the
            counter the one nearest to it is taken, so that damage longer than a turn is not one turn short.

        Returns
        -------
        Loss or None
            What was lost just before this packet; ``None`` if it follows on. After :meth:`relink` there is
            always one, if only of 0 samples: whole turns may have gone by, and a clock has to say.
        """
        expected, cause = self._expected, self._cause
        self._expected = (count + 1) % self._modulus
        self._cause = "lost packets"
        if expected is None:
            return None
        if cause == "restart":
            return Loss(None, cause)
        missing = (count - expected) % self._modulus
        missing += self._modulus * max(0, round((damaged - missing) / self._modulus))
        if not missing and cause == "lost packets":
            return None
        n = self._samples_per_step
        return Loss(missing * n, cause, self._modulus * n)

    def steps(self, counts: NDArray[np.integer], damaged: float = 0.0) -> list[tuple[int, Loss]]:
        """Take the counts of many packets at once; ``damaged`` is what came before the first of them.

        Returns
        -------
        list of (int, Loss)
            Each loss and the position of the packet it comes before, as :meth:`step` would give them.
        """
        if not counts.size:
            return []
        wide = counts.astype(np.int64)
        jumps = np.flatnonzero((wide[1:] - wide[:-1] - 1) % self._modulus) + 1
        found = []
        first = self.step(int(wide[0]), damaged)
        if first is not None:
            found.append((0, first))
        for position in jumps.tolist():
            self._expected = (int(wide[position - 1]) + 1) % self._modulus
            loss = self.step(int(wide[position]))
            if loss is not None:
                found.append((position, loss))
        self._expected = (int(wide[-1]) + 1) % self._modulus
        return found


def with_losses(data: RawArray, losses: Sequence[tuple[int, Loss]]) -> list[Samples | Loss]:
    """Cut samples where something is missing.

    Parameters
    ----------
    data : array, shape (n_channels, n_samples)
        The samples that arrived, one after the other.
    losses : sequence of (int, Loss)
        Each loss and the sample it comes before, rising.

    Returns
    -------
    list of Samples or Loss
        In stream order; nothing at all for no samples and no losses.
    """
    packets: list[Samples | Loss] = []
    done = 0
    for position, loss in losses:
        if position > done:
            packets.append(Samples(data[:, done:position]))
        packets.append(loss)
        done = position
    if done < data.shape[1]:
        packets.append(Samples(data[:, done:]))
    return packets
