"""Everything a link brought, kept in a file and played back: the bug report that repeats itself.

The file is one line of JSON (what it is, device, options) and then one record for each arrival: a letter, the
time as a little-endian double, the length of the rest as a 32-bit number, the rest. It is written as it
comes, so a log that was cut off is whole up to its last record.
"""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, get_args
from urllib.parse import parse_qsl

from emgdetect.errors import FormatError, OutputError, UsageError
from firmware_interface.link import Battery, Down, LinkDown, LinkUp, Overflow, Received
from firmware_interface.transports import clock as host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from firmware_interface.link import Arrival, Transport

KIND = "emgdetect wire log"
VERSION = 1

_HEAD = struct.Struct("<cdI")
_MOST = 1 << 24
_LONGEST_HEAD = 1 << 16
_BITE = 256
_SLACK = 1e-4


def encode(arrival: Arrival) -> bytes:
    """Return the record of one arrival."""
    if isinstance(arrival, Received):
        letter, rest = b"R", arrival.source.encode() + b"\0" + arrival.data
    elif isinstance(arrival, LinkUp):
        letter, rest = b"U", arrival.detail.encode()
    elif isinstance(arrival, LinkDown):
        letter, rest = b"D", f"{arrival.cause}\0{arrival.detail}".encode()
    elif isinstance(arrival, Overflow):
        letter, rest = b"O", str(arrival.n_bytes).encode()
    else:
        letter, rest = b"B", repr(arrival.percent).encode()
    return _HEAD.pack(letter, arrival.time, len(rest)) + rest


def decode(letter: bytes, moment: float, rest: bytes) -> Arrival:
    """Return the arrival of one record.

    Raises
    ------
    ValueError
        It is no record of ours.
    """
    first, _, second = rest.partition(b"\0")
    if letter == b"R":
        return Received(moment, second, first.decode())
    if letter == b"U":
        return LinkUp(moment, rest.decode())
    if letter == b"D":
        causes: dict[str, Down] = {cause: cause for cause in get_args(Down)}
        return LinkDown(moment, causes.get(first.decode(), "disconnect"), second.decode())
    if letter == b"O":
        return Overflow(moment, int(rest))
    if letter == b"B":
        return Battery(moment, float(rest))
    raise ValueError(f"unknown record {letter!r}")


class WireLog:
    """A transport that writes down everything another one hands over.

    Parameters
    ----------
    inner : Transport
        The link itself.
    path : Path
        A new file.
    device : str
        The device's key, for playing it back.
    options : mapping, optional
        The device's options.
    """

    def __init__(
        self, inner: Transport, path: Path, device: str, options: Mapping[str, str] | None = None
    ) -> None:
        self._inner = inner
        self._path = path
        self._head = {"kind": KIND, "version": VERSION, "device": device, "options": dict(options or {})}
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Begin the file, then the link.

        Raises
        ------
        OutputError
            The file exists or cannot be written.
        """
        try:
            self._file = self._path.open("xb")
            self._file.write(json.dumps(self._head).encode() + b"\n")
        except FileExistsError as error:
            raise OutputError(
                "the file exists already", where=self._path, hint="give another name"
            ) from error
        except OSError as error:
            raise OutputError(f"the log cannot be written: {error}", where=self._path) from error
        self._inner.open()

    def read(self, timeout: float) -> list[Arrival]:
        """Return what has arrived, after it was written down."""
        arrivals = self._inner.read(timeout)
        if self._file is not None and arrivals:
            try:
                self._file.write(b"".join(encode(arrival) for arrival in arrivals))
                self._file.flush()
            except OSError as error:
                raise OutputError(f"the log cannot be written: {error}", where=self._path) from error
        return arrivals

    def now(self) -> float:
        """Return the time on the clock of the arrivals."""
        return self._inner.now()

    def close(self) -> None:
        """Close the link and the file; further calls do nothing."""
        self._inner.close()
        if self._file is not None:
            self._file.close()
            self._file = None


class Playback:
    """A wire log as a transport; ends with a ``LinkDown`` "closed".

    Parameters
    ----------
    path : Path
        The log.
    speed : float
        How many seconds of the log pass in a real one; 0 for as many as are read.
    clock, sleep : callable, optional
        The real clock, and how to wait on it.

    Raises
    ------
    FormatError
        It is no wire log.
    """

    def __init__(
        self,
        path: Path,
        *,
        speed: float = 0.0,
        clock: Callable[[], float] = host.now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = path
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._file, head = _open(path)
        self.device = str(head.get("device", ""))
        options = head.get("options")
        self.options: dict[str, str] = options if isinstance(options, dict) else {}
        self._records = self._arrivals()
        self._next = next(self._records, None)
        self._first = self._time = 0.0 if self._next is None else self._next.time
        self._began = 0.0

    def open(self) -> None:
        """Begin."""
        self._began = self._clock()

    def now(self) -> float:
        """Return the time of the log."""
        return max(self._time, self._due()) if self._speed and self._next is not None else self._time

    def read(self, timeout: float) -> list[Arrival]:
        """Return the next arrivals; at speed 0 without waiting, some hundred at a time."""
        if self._speed and self._next is not None:
            ahead = (self._next.time - self._due()) / self._speed
            if ahead > 0:
                self._sleep(min(ahead + _SLACK, timeout))
        until = self._due() if self._speed else float("inf")
        taken: list[Arrival] = []
        while self._next is not None and self._next.time <= until and len(taken) < _BITE:
            taken.append(self._next)
            self._time = max(self._time, self._next.time)
            self._next = next(self._records, None)
        return taken

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _due(self) -> float:
        return self._first + (self._clock() - self._began) * self._speed

    def _arrivals(self) -> Iterator[Arrival]:
        last: Arrival | None = None
        while (record := self._record()) is not None:
            last = record
            yield record
        if not (isinstance(last, LinkDown) and last.cause == "closed"):
            yield LinkDown(0.0 if last is None else last.time, "closed", "the log ends here")

    def _record(self) -> Arrival | None:
        """Return the next whole record; ``None`` at the end, also where the log was cut off."""
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        letter, moment, length = _HEAD.unpack(head)
        rest = self._file.read(min(length, _MOST))
        if len(rest) < length <= _MOST:
            return None
        if length > _MOST:
            raise FormatError(f"the wire log is damaged: a record of {length} bytes", where=self._path)
        try:
            return decode(letter, moment, rest)
        except ValueError as error:
            raise FormatError(f"the wire log is damaged: {error}", where=self._path) from error


def read_playback(text: str) -> Playback:
    """Return the playback of ``/path/to/file?speed=1``; speed 0 if none is given."""
    path, _, query = text.partition("?")
    try:
        speed = float(dict(parse_qsl(query)).get("speed", "0"))
    except ValueError as error:
        raise UsageError("the speed of a playback is a number", where=text) from error
    return Playback(Path(path), speed=speed)


def _open(path: Path) -> tuple[BinaryIO, dict[str, object]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise FormatError("the wire log cannot be opened", where=path) from error
    try:
        head = json.loads(file.readline(_LONGEST_HEAD))
    except (ValueError, RecursionError):
        head = None
    if isinstance(head, dict) and head.get("kind") == KIND and head.get("version") == VERSION:
        return file, head
    file.close()
    raise FormatError("this is no wire log", where=path)
