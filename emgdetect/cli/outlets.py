"""A recording handed to other programs: as a board on a serial port, or as an LSL outlet."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.cli.console import note, say
from emgdetect.errors import MissingExtraError, UsageError
from emgdetect.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recording import Stream
    from emgdetect.types import FloatArray
    from firmware_interface.device import Message
    from firmware_interface.devices.emgdetect_wire import Description

STEP_S = 0.02
_LOOK_S = 1.0
_BITS = 16
_MIDDLE = 1 << (_BITS - 1)
_VREF = 60_000
_STEPS = 60_000


def to_port(stream: Stream, *, speed: float) -> None:
    """Be a board with our own firmware on a virtual serial port until the recording is over.

    The port's name is printed. The recording begins when somebody says START there, as programs for the board
    do. Values are rounded to the 16 bits that a board can send.

    Raises
    ------
    UsageError
        On systems without such ports, and for recordings that no board could send.
    """
    if os.name == "nt":
        raise UsageError("there are no virtual serial ports on Windows", hint="use --lsl")
    import tty

    board = StoredBoard(stream)
    ours, theirs = os.openpty()
    try:
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        say(f"port:     {os.ttyname(theirs)}")
        say(f"read it:  emgdetect record serial://{os.ttyname(theirs)} --device emgdetect")
        note("waiting until somebody reads the port; Ctrl-C ends it")
        while not _heard(ours, board):
            time.sleep(STEP_S)
        for values, count in _paced(stream, speed):
            _heard(ours, board)
            _send(ours, board.send(values, count))
    finally:
        os.close(ours)
        os.close(theirs)


def to_lsl(stream: Stream, name: str, *, speed: float) -> None:
    """Be an outlet of the Lab Streaming Layer until the recording is over; gaps are not sent.

    The recording begins when somebody reads the outlet.

    Raises
    ------
    MissingExtraError
        Without pylsl.
    """
    try:
        from pylsl import StreamInfo, StreamOutlet

        from firmware_interface.transports.lsl import hush
    except (ImportError, RuntimeError) as error:
        raise MissingExtraError("pylsl", extra="lsl", purpose="an LSL outlet") from error
    hush()
    info = StreamInfo(name, "EMG", len(stream.info.channels), stream.info.sampling_rate, "float32", name)
    channels = info.desc().append_child("channels")
    for channel in stream.info.channels:
        child = channels.append_child("channel")
        child.append_child_value("label", channel.name)
        child.append_child_value("unit", "microvolts" if channel.unit == "uV" else channel.unit)
    outlet = StreamOutlet(info)
    say(f"outlet:   {name}")
    say(f"read it:  emgdetect record lsl://{name}")
    note("waiting until somebody reads the outlet; Ctrl-C ends it")
    while not outlet.wait_for_consumers(_LOOK_S):
        pass
    for values, _ in _paced(stream, speed):
        if values is not None:
            outlet.push_chunk(values.T.astype(np.float32).tolist())
    # What was pushed last is still on its way, and would go with the outlet.
    time.sleep(_LOOK_S)


class StoredBoard:
    """An emulated board whose converter reads a stored stream.

    Raises
    ------
    UsageError
        For more channels, or another rate, than a board can have.
    """

    def __init__(self, stream: Stream) -> None:
        from firmware_interface.devices.emgdetect_emulator import BoardEmulator

        description, self._scales = described(stream)
        self._middles = np.array([[_MIDDLE if scale else 0] for _, scale in description.channels])
        self._board = BoardEmulator(description)

    def hear(self, data: bytes) -> list[Message]:
        """Obey what was said, and answer."""
        return self._board.hear(data)

    def send(self, values: FloatArray | None, count: int) -> list[Message]:
        """Send values of shape ``(n_channels, count)``; for ``None`` count on and send nothing."""
        if values is None:
            stopped = self._board.hear(b"STOP\n")
            self._board.send(np.broadcast_to(np.zeros(1, np.int64), (len(self._scales), count)))
            return [*stopped, *self._board.hear(b"START\n")]
        raw = np.rint(values / self._scales[:, None]).astype(np.int64) + self._middles
        return self._board.send(np.clip(raw, 0, 2 * _MIDDLE - 1))


def described(stream: Stream) -> tuple[Description, FloatArray]:
    """Return what a board would say of itself to send this stream, and the value of one step of each channel.

    Raises
    ------
    UsageError
        For more channels, or a rate, than a board can have.
    """
    from firmware_interface.devices import emgdetect_wire as wire

    rate, count = stream.info.sampling_rate, len(stream.info.channels)
    if count > wire.MAX_CHANNELS or not wire.MIN_RATE <= rate <= wire.MAX_RATE:
        hint = f"a board has up to {wire.MAX_CHANNELS} channels and {wire.MIN_RATE:g} to {wire.MAX_RATE:g} Hz"
        raise UsageError(f"no board could send {count} channels at {rate:g} Hz", hint=hint)
    channels: list[tuple[int, int]] = []
    scales: list[float] = []
    for channel, most in zip(stream.info.channels, _greatest(stream), strict=True):
        if channel.unit != "uV":
            channels.append((wire.ENV if channel.unit == "envelope" else wire.OTHER, 0))
            scales.append(max(1.0, most / _MIDDLE))
            continue
        wanted = max(2 * most / _STEPS, 1e-3)
        gain = min(max(round(_VREF * 1e6 / 2**_BITS / wanted), 1), int(wire.MAX_GAIN * 1000))
        channels.append((wire.RAW, gain))
        scales.append(_VREF * 1e6 / 2**_BITS / gain)
    name = stream.info.device.encode()[: wire.MAX_NAME].decode(errors="ignore")
    description = wire.Description(round(rate * 1000), _BITS, _VREF, tuple(channels), name)
    return description, np.array(scales)


def _greatest(stream: Stream) -> FloatArray:
    """Return the greatest deviation from zero of each channel."""
    size = max(1, int(stream.info.sampling_rate * 60))
    greatest = np.zeros(len(stream.info.channels))
    for first in range(0, stream.n_samples, size):
        values = np.abs(np.nan_to_num(stream.window(first, min(first + size, stream.n_samples))))
        greatest = np.maximum(greatest, values.max(axis=1))
    return greatest


def _paced(stream: Stream, speed: float) -> Iterator[tuple[FloatArray | None, int]]:
    """Give values of shape ``(n_channels, n)`` when they are due, and ``None`` with the length of a gap."""
    size = max(1, int(stream.info.sampling_rate * STEP_S * max(1.0, speed)))
    began = time.monotonic()
    for piece in stream.pieces(size):
        due = piece.stop / stream.info.sampling_rate / speed if speed else 0.0
        time.sleep(max(0.0, due - (time.monotonic() - began)))
        if isinstance(piece, Chunk):
            yield np.nan_to_num(stream.window(piece.start, piece.stop)), piece.data.shape[1]
        else:
            yield None, piece.n_samples


def _heard(port: int, board: StoredBoard) -> list[Message]:
    """Let the board hear what was said on the port, and answer."""
    try:
        said = os.read(port, 256)
    except BlockingIOError:
        return []
    answers = board.hear(said)
    _send(port, answers)
    return answers


def _send(port: int, messages: list[Message]) -> None:
    for message in messages:
        with suppress(BlockingIOError):
            # Nobody reads: a board's bytes are lost then, too.
            os.write(port, message.data)
