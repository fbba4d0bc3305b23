"""What comes out of acquisition, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.types import Chunk, Gap
from firmware_interface.decoder import Notice
from firmware_interface.link import Battery, LinkDown, LinkUp, Overflow

if TYPE_CHECKING:
    from emgdetect.types import StreamInfo


@dataclass(frozen=True, slots=True)
class Begin:
    """A new stream: the chunks and gaps that follow belong to it and are counted from 0.

    ``info`` is what the device says; its rate may be unknown (not a number).
    """

    info: StreamInfo


Item = Begin | Chunk | Gap | Notice | LinkUp | LinkDown | Overflow | Battery
"""A piece of a stream, or something that happened between two of them."""
