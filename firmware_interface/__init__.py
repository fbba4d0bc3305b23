"""What sensors put on the wire, and how their bytes become samples.

``decoder``, ``device`` and ``link`` are the three contracts; ``devices/`` has one product a file,
``transports/`` one kind of link a file. Decoders do no I/O, read no clock and write no log.
"""

from __future__ import annotations

from firmware_interface.decoder import Decoder, Described, Loss, Notice, Packet, Samples
from firmware_interface.device import (
    BleLink,
    Device,
    Emulator,
    Framing,
    LossesSeen,
    Message,
    Pause,
    Send,
    SerialLink,
    Step,
)
from firmware_interface.link import Arrival, Battery, Down, LinkDown, LinkUp, Overflow, Received, Transport

__all__ = [
    "Arrival",
    "Battery",
    "BleLink",
    "Decoder",
    "Described",
    "Device",
    "Down",
    "Emulator",
    "Framing",
    "LinkDown",
    "LinkUp",
    "Loss",
    "LossesSeen",
    "Message",
    "Notice",
    "Overflow",
    "Packet",
    "Pause",
    "Received",
    "Samples",
    "Send",
    "SerialLink",
    "Step",
    "Transport",
]
