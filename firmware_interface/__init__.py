"""What sensors put on the wire, and how their bytes become packets; no I/O, no clock, no log."""

from __future__ import annotations

from firmware_interface.decoder import Decoder, Loss, Notice, Packet, Samples

__all__ = ["Decoder", "Loss", "Notice", "Packet", "Samples"]
