"""Stream index to stored position, for files that leave lost samples out.

::

    builder = SegmentBuilder()
    builder.add(1000)                        # a thousand samples are stored
    builder.skip(7, "lost packets")          # seven never arrived
    builder.add(500)
    segments = builder.finish()
    segments.n_samples                       # 1507: the index counts through the gap
    segments.gaps                            # (Gap(1000, 7, "lost packets"),)
    fetch = segments.fetch_from(spool.fetch) # takes stream indices, reads stored positions
    segments.stream(info, spool.fetch)       # the same as a complete Stream
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.recording import Fetch, Stream
from emgdetect.types import Gap

if TYPE_CHECKING:
    from emgdetect.types import RawArray, StreamInfo


@dataclass(frozen=True, slots=True)
class Segments:
    """Which samples of a stream are stored.

    ``n_samples`` counts through the gaps; ``gaps`` are sorted and neither overlap nor touch.
    """

    n_samples: int
    gaps: tuple[Gap, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _lost: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Looked up for every chunk that is fetched, so counted once.
        object.__setattr__(self, "_starts", tuple(gap.start for gap in self.gaps))
        object.__setattr__(self, "_lost", (0, *accumulate(gap.n_samples for gap in self.gaps)))

    @property
    def n_stored(self) -> int:
        """How many samples there are without the gaps."""
        return self.n_samples - self._lost[-1]

    def position(self, index: int) -> int:
        """Return where stream index ``index`` is stored; inside a gap, some place after what precedes it."""
        return index - self._lost[bisect_right(self._starts, index)]

    def index(self, position: int) -> int:
        """Return the stream index of the sample stored at ``position``."""
        which = bisect_right(range(len(self.gaps)), position, key=self._stored_before)
        return position + self._lost[which]

    def fetch_from(self, stored: Fetch) -> Fetch:
        """Turn a fetch of stored positions into one of stream indices.

        The result raises :class:`~emgdetect.errors.FormatError` if a range lies in a gap or spans one.
        """
        if not self.gaps:
            return stored

        def fetch(start: int, stop: int, /) -> RawArray:
            if stop <= start:
                return stored(0, 0)
            which = bisect_right(self._starts, start)
            lost = self._lost[which]
            in_gap = which > 0 and start < self.gaps[which - 1].stop
            if in_gap or bisect_right(self._starts, stop - 1) != which:
                raise FormatError(f"samples {start} to {stop} are not all recorded: a gap lies in between")
            return stored(start - lost, stop - lost)

        return fetch

    def _stored_before(self, which: int) -> int:
        return self._starts[which] - self._lost[which]

    def stream(self, info: StreamInfo, stored: Fetch) -> Stream:
        """Return the stream whose stored samples ``stored`` reads."""
        return Stream(info=info, n_samples=self.n_samples, gaps=self.gaps, fetch=self.fetch_from(stored))


class SegmentBuilder:
    """Collects, in order of time, how many samples are stored and how many are lost."""

    def __init__(self) -> None:
        self.n_samples = 0
        self._gaps: list[Gap] = []

    def add(self, n_samples: int) -> None:
        """Note that ``n_samples`` stored samples follow."""
        self.n_samples += n_samples

    def skip(self, n_samples: int, cause: str) -> None:
        """Note that ``n_samples`` are lost here; gaps that touch become one, with the first's cause."""
        if n_samples <= 0:
            return
        last = self._gaps[-1] if self._gaps else None
        if last is not None and last.stop == self.n_samples:
            self._gaps[-1] = Gap(last.start, last.n_samples + n_samples, last.cause)
        else:
            self._gaps.append(Gap(self.n_samples, n_samples, cause))
        self.n_samples += n_samples

    def finish(self) -> Segments:
        """Return what was collected so far."""
        return Segments(self.n_samples, tuple(self._gaps))
