"""When a session commits what was written to it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class CommitPolicy:
    """Commit when the oldest uncommitted sample has waited ``seconds``, or ``n_bytes`` are waiting.

    The default of half a second keeps the promise of losing at most one: between two calls of a live
    loop some time passes as well. A commit of half a second of samples takes well under a millisecond.

    Parameters
    ----------
    seconds : float, default 0.5
        Longest wait, as seen at the next call.
    n_bytes : int, default 1 MiB
        Most that may wait in memory.
    clock : callable, default time.monotonic
        Where the time comes from, in seconds.
    """

    def __init__(
        self, *, seconds: float = 0.5, n_bytes: int = 1 << 20, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        self.n_bytes = n_bytes
        self._clock = clock
        self._waiting = 0
        self._since: float | None = None

    def wrote(self, n_bytes: int) -> None:
        """Take note that ``n_bytes`` are waiting to be committed."""
        self._waiting += n_bytes
        if self._since is None:
            self._since = self._clock()

    def due(self) -> bool:
        """Say whether it is time to commit; never when nothing waits."""
        if self._since is None:
            return False
        return self._waiting >= self.n_bytes or self._clock() - self._since >= self.seconds

    def committed(self) -> None:
        """Take note that nothing is waiting any more."""
        self._waiting = 0
        self._since = None
