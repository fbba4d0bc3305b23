"""A stream of a session from some sample on, as it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recording import Stream


def pieces_from(stream: Stream, start: int, most: int) -> Iterator[Chunk | Gap]:
    """Give chunks of at most ``most`` samples, and gaps, from sample ``start`` on.

    A gap that ``start`` lies in is given from there.
    """
    spans = [(first, stop, "") for first, stop in stream.runs()]
    spans += [(gap.start, gap.stop, gap.cause) for gap in stream.gaps]
    for begin, stop, cause in sorted(spans):
        first = max(begin, start)
        if stop <= first:
            continue
        if cause:
            yield Gap(first, stop - first, cause)
            continue
        for position in range(first, stop, most):
            yield Chunk(stream.fetch(position, min(position + most, stop)), position)
