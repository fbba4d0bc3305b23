"""Backyard Brains SpikerShields and SpikerBoxes (wire table 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_interface.device import Device, Send, SerialLink
from firmware_interface.devices.spikerbox import models
from firmware_interface.devices.spikerbox.decoder import SpikerBoxDecoder
from firmware_interface.devices.spikerbox.emulator import Manners, SpikerBoxEmulator
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_interface.devices.spikerbox.models import Model

OPTIONS = {"channels": "how many channels are sent (default: learned from the first frames)"}

ASK_TYPE = Send(b"b:;\n")
ASK_ALL = Send(b"?:;\n")
UNO = (0x2341, 0x0043)
FTDI = (0x0403, 0x6015)
BAUD_RATES = (222222, 230400)
"""What a 16 MHz AVR makes of 230400, and what it means to."""

NO_GAIN = "No gain is published, so amplitudes are counts, not µV."
NO_COUNTER = "Frames have no counter: losses are found by broken frames and by the clock."


def _device(
    key: str, model: Model, manners: Manners, link: SerialLink, n_channels: int | None = None
) -> Device:
    """Make a product; ``n_channels`` where it is told how many to send, and has no option for it."""
    known = {} if n_channels else OPTIONS

    def said(options: Mapping[str, str]) -> int | None:
        return Given(key, options, tuple(known)).count("channels", n_channels, models.MOST_CHANNELS)

    def decoder(options: Mapping[str, str]) -> SpikerBoxDecoder:
        return SpikerBoxDecoder(model, said(options))

    def emulator(options: Mapping[str, str]) -> SpikerBoxEmulator:
        return SpikerBoxEmulator(model, manners, said(options) or model.n_channels)

    name = f"{model.name}, {n_channels} channels" if (n_channels or 1) > 1 else model.name
    remarks = (NO_COUNTER, NO_GAIN)
    return Device(key, name, (link,), decoder, emulator, losses_seen="timing", options=known, remarks=remarks)


def _shield(n_channels: int) -> Device:
    ask = Send(f"conf s:10000;c:{n_channels};\n".encode("ascii"))
    link = SerialLink(BAUD_RATES, (UNO,), boot=2.5, start=(ask,))
    return _device(
        f"spikershield-{n_channels}", models.SHIELD, Manners("MUSCLESS", boots=True), link, n_channels
    )


DEVICES = (
    _device(
        "spikershield",
        models.SHIELD,
        Manners("MUSCLESS", boots=True),
        SerialLink(BAUD_RATES, (UNO,), boot=2.5, start=(ASK_TYPE,)),
        n_channels=1,
    ),
    *(_shield(n) for n in range(2, models.MOST_CHANNELS + 1)),
    _device(
        "spikerbox",
        models.BOX,
        Manners("MUSCUSB1", hears_any_b=True),
        SerialLink((*BAUD_RATES, 500000), (FTDI,), start=(ASK_TYPE,)),
    ),
    _device(
        "spikerbox-pro",
        models.PRO,
        Manners("MSBPCDC", waits=True),
        SerialLink(
            (230400,),
            ((0x2E73, 0x0006), (0x2E73, 0x0007)),
            start=(ASK_ALL, Send(b"start:;\n")),
            stop=(Send(b"h:;\n"),),
        ),
    ),
    _device(
        "human-spikerbox",
        models.HUMAN,
        Manners("HUMANSB"),
        SerialLink((230400,), ((0x2E73, 0x0004),), start=(ASK_ALL,)),
    ),
    _device(
        "spike-station",
        models.STATION,
        Manners("UNIBOX"),
        SerialLink((230400,), ((0x2E73, 0x000D),), start=(ASK_TYPE,)),
    ),
)
