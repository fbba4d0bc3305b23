"""What is shown: one event, right or wrong, with everything around it that a picture needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accuracy.piece import Span
    from emgdetect.types import Event

Group = Literal["hit", "miss", "false alarm"]
GROUPS: tuple[Group, ...] = ("hit", "miss", "false alarm")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One event of one recording.

    ``span`` is the true event of a hit or a miss and the detected one of a false alarm, in seconds, and
    ``sample`` its first sample. ``true``, ``detected`` and ``artefacts`` are what else lies in sight, with
    their names. ``cause`` is what could be told without looking.
    """

    group: Group
    suite: str
    seed: int
    sample: int
    channel: str
    span: Span
    cause: str
    event: Event | None = None
    kind: str = ""
    snr_db: float = float("nan")
    true: tuple[tuple[str, Span], ...] = ()
    detected: tuple[tuple[str, Span], ...] = ()
    artefacts: tuple[tuple[str, Span], ...] = ()

    @property
    def key(self) -> str:
        """Name under which a comment is kept: it holds for this event of this recording alone."""
        return f"{self.suite}/{self.seed}/{self.channel}/{self.sample}"

    @property
    def sight(self) -> Span:
        """Seconds the picture shows: the event and what overlaps it, with a third more on either side."""
        first, last = self.span
        for _, (start, stop) in (*self.true, *self.detected):
            if start < self.span[1] and stop > self.span[0]:
                first, last = min(first, start), max(last, stop)
        pad = max(LEAST_PAD_S, PAD_SHARE * (last - first))
        return first - pad, last + pad

    def because(self, cause: str) -> Exhibit:
        """Return the same with another cause."""
        return replace(self, cause=cause)


LEAST_PAD_S, PAD_SHARE = 0.4, 0.35


def drawn(exhibits: Iterable[Exhibit], count: int, seed: int) -> list[Exhibit]:
    """Draw so many by lot, the suites taking turns.

    The lot of an event depends on its key and the seed alone: where the detector changes, the events that
    were shown before and are still there are drawn again.
    """
    waiting: dict[str, list[Exhibit]] = {}
    for exhibit in sorted(exhibits, key=lambda one: _lot(one, seed)):
        waiting.setdefault(exhibit.suite, []).append(exhibit)
    chosen: list[Exhibit] = []
    while len(chosen) < count and any(waiting.values()):
        for suite in sorted(waiting):
            if waiting[suite] and len(chosen) < count:
                chosen.append(waiting[suite].pop(0))
    return sorted(chosen, key=lambda one: (one.suite, one.seed, one.sample))


def _lot(exhibit: Exhibit, seed: int) -> str:
    return sha256(f"{seed}/{exhibit.group}/{exhibit.key}".encode()).hexdigest()
