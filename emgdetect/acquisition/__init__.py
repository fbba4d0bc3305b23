"""From what arrives of a sensor to samples in their places: clock, losses, gaps.

::

    assembler = Assembler(device.decoder({}), losses_seen=device.losses_seen)
    for arrival in transport.read(0.1):
        for item in assembler.take(arrival):        # Begin, Chunk, Gap, and what happened between them
            ...
"""

from emgdetect.acquisition.assembler import Assembler
from emgdetect.acquisition.clock import Estimate, StreamClock
from emgdetect.acquisition.host import HostClock, HostFact, Reading, Slept, WallClockSet
from emgdetect.acquisition.items import Begin, Item
from emgdetect.acquisition.measuring import rate_to_use

__all__ = [
    "Assembler",
    "Begin",
    "Estimate",
    "HostClock",
    "HostFact",
    "Item",
    "Reading",
    "Slept",
    "StreamClock",
    "WallClockSet",
    "rate_to_use",
]
