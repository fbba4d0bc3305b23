from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.types import Event

if TYPE_CHECKING:
    from emgdetect.types import Kind, Status


def activity(
    start: float,
    seconds: float,
    *,
    status: Status = "provisional",
    channel: str = "RAW",
    rate: float = 1000.0,
) -> Event:
    """An event as it is announced, named by its length as the generic profile does."""
    kind: Kind = "twitch" if seconds <= 0.5 else "burst" if seconds <= 2.0 else "spasm"
    sample, count = round(start * rate), round(seconds * rate)
    return Event(channel, sample, count, start, seconds, kind, 100.0, 40.0, 20.0, status=status)
