"""Upside Down Labs' boards with the Chords firmware, on USB (wire table 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_interface.device import Device, Pause, Send, SerialLink
from firmware_interface.devices.chords.boards import BOARDS
from firmware_interface.devices.chords.decoder import ChordsDecoder
from firmware_interface.devices.chords.emulator import ChordsEmulator
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firmware_interface.devices.chords.boards import Board

KEY = "chords"
DEFAULT = "UNO-R3"
OPTIONS = {
    "board": f"which board it is (default: what it says itself): {', '.join(BOARDS)}",
    "gain": "amplification before the converter, for µV: 2420 for Muscle BioAmp Candy and BisCute",
}

# An Uno takes what comes within a second for one command, so each has to wait for the last.
START = (Send(b"STOP\n"), Pause(1.5), Send(b"WHORU\n"), Pause(1.5), Send(b"START\n"))


def _board(given: Given) -> Board | None:
    return BOARDS[given.choice("board", DEFAULT, tuple(BOARDS))] if "board" in given else None


def _decoder(options: Mapping[str, str]) -> ChordsDecoder:
    given = Given(KEY, options, tuple(OPTIONS))
    return ChordsDecoder(_board(given), given.number("gain"))


def _emulator(options: Mapping[str, str]) -> ChordsEmulator:
    given = Given(KEY, options, tuple(OPTIONS))
    return ChordsEmulator(_board(given) or BOARDS[DEFAULT], given.number("gain"))


DEVICES = (
    Device(
        KEY,
        "Upside Down Labs BioAmp on a board with Chords firmware",
        (
            SerialLink(
                (230400, 115200),
                ((0x2341, 0x0043), (0x2341, 0x0069), (0x2341, 0x1002), (0x1A86, 0x7523)),
                boot=2.5,
                start=START,
                stop=(Send(b"STOP\n"),),
            ),
        ),
        _decoder,
        _emulator,
        options=OPTIONS,
        remarks=(
            "Without --option gain=... amplitudes are counts of the converter, not µV.",
            "The Muscle BioAmp passes 72 to 720 Hz, so the lower part of the EMG is missing.",
            "The counter turns over every 256 samples: longer gaps are measured with the clock.",
        ),
    ),
)
