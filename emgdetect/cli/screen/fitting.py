"""What of the sensors there is room for on a screen: all of it, less of it, or those in trouble first.

Nothing that is left out is passed over in silence: it is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.cli.screen import saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.recorder import ChannelStatus, StreamStatus

_FRAME = 3
"""Lines of a box that are no channel's: two of its frame, and what is known of the sensor."""


@dataclass(frozen=True, slots=True)
class Place:
    """How a sensor is shown.

    Parameters
    ----------
    stream : StreamStatus
        The sensor.
    channels : tuple of ChannelStatus
        Those that are shown.
    hidden : tuple of ChannelStatus
        Those that are only counted.
    each : int
        Lines of each channel, 2 or 1; 0 if the sensor is one line, without a box.
    """

    stream: StreamStatus
    channels: tuple[ChannelStatus, ...]
    hidden: tuple[ChannelStatus, ...] = ()
    each: int = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The sensors that are shown, and those that are only counted."""

    places: tuple[Place, ...]
    hidden: tuple[StreamStatus, ...] = ()


def fit(streams: Sequence[StreamStatus], room: int) -> Layout:
    """Lay sensors out on ``room`` lines, as fully as it goes."""
    for each in (2, 1):
        if sum(_frame(one) + each * max(1, len(one.channels)) for one in streams) <= room:
            return Layout(tuple(Place(one, one.channels, each=each) for one in streams))
    spare = room - sum(map(_frame, streams))
    if spare >= sum(min(2, max(1, len(one.channels))) for one in streams):
        return Layout(
            tuple(_cut(one, lines) for one, lines in zip(streams, _shares(streams, spare), strict=True))
        )
    if len(streams) <= room:
        return Layout(tuple(Place(one, (), one.channels, each=0) for one in streams))
    first = _in_trouble_first(streams)
    shown = max(1, room - 1)
    return Layout(tuple(Place(one, (), one.channels, each=0) for one in first[:shown]), tuple(first[shown:]))


def is_troubled(stream: StreamStatus) -> bool:
    """Return whether anything is wrong with a sensor."""
    return not stream.is_healthy


def _frame(stream: StreamStatus) -> int:
    return _FRAME - (not stream.channels) + bool(saying.behind(stream))


def _shares(streams: Sequence[StreamStatus], spare: int) -> list[int]:
    """Share lines out among the channels of sensors, one after the other, two or the only one at least."""
    wanted = [max(1, len(one.channels)) for one in streams]
    shares = [min(2, number) for number in wanted]
    left = spare - sum(shares)
    while left > 0:
        for place, number in enumerate(wanted):
            if left > 0 and shares[place] < number:
                shares[place] += 1
                left -= 1
    return shares


def _cut(stream: StreamStatus, lines: int) -> Place:
    if lines >= len(stream.channels):
        return Place(stream, stream.channels, each=1)
    first = sorted(stream.channels, key=lambda one: not one.trouble)
    # A line says how many more there are.
    return Place(stream, tuple(first[: lines - 1]), tuple(first[lines - 1 :]), each=1)


def _in_trouble_first(streams: Sequence[StreamStatus]) -> list[StreamStatus]:
    return sorted(streams, key=lambda one: not is_troubled(one))
