"""Detections of several streams as one, for outputs that hold one table."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from emgdetect.cli.words import rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emgdetect.types import Detection


def joined(detections: Sequence[Detection]) -> Detection:
    """Put the events of all detections into the first, by onset; a notice says what rates the others had.

    Onsets and durations are seconds and fit as they are; sample indices count at each channel's own rate.
    """
    main, *others = detections
    if not others:
        return main
    everything = (main, *others)
    events = sorted(chain.from_iterable(one.events for one in everything), key=lambda e: (e.onset, e.channel))
    return replace(
        main,
        info=replace(main.info, channels=tuple(chain.from_iterable(one.info.channels for one in everything))),
        events=tuple(events),
        quality=tuple(chain.from_iterable(one.quality for one in everything)),
        refused=tuple(chain.from_iterable(one.refused for one in everything)),
        notices=(*dict.fromkeys(chain.from_iterable(one.notices for one in everything)), *_rates(others)),
    )


def _rates(others: Sequence[Detection]) -> Iterator[str]:
    for one in others:
        names = ", ".join(one.info.ch_names)
        yield f"sample indices of {names} count at {rate(one.info.sampling_rate)}"
