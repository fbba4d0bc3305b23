"""The way into every file: checks, recognition by content, one place where low-level errors become ours."""

from __future__ import annotations

import errno
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect import registry
from emgdetect.errors import EmgError, FormatError
from emgdetect.formats.overrides import checked_rate
from emgdetect.recording import Fetch, Head, ReadOptions, Recording, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from emgdetect.types import RawArray, StreamInfo

HEAD_BYTES = 1 << 16

DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What readers and their libraries raise over a damaged file. UnicodeError is a ValueError."""


def open_recording(path: Path | str, options: ReadOptions | None = None) -> Recording:
    """Read a file in whatever format it is.

    Parameters
    ----------
    path : Path or str
        A file; symbolic links are followed.
    options : ReadOptions, optional
        What the user knows better than the file.

    Returns
    -------
    Recording
        Its streams read on demand; a read that fails later is a :class:`FormatError`, too.

    Raises
    ------
    FormatError
        If the file is missing, empty, not readable, of no known format, or damaged.
    UsageError
        If an option makes no sense for the file.
    """
    path = Path(path)
    options = options or ReadOptions()
    if options.sampling_rate is not None:
        checked_rate(options.sampling_rate, where=path)
    head = read_head(path)
    # A saved layout says that this is a table, whatever it looks like.
    name, module = (
        recognise(head) if options.layout is None else ("table", registry.load(registry.FORMATS["table"]))
    )
    with damage_explained(path, name):
        recording: Recording = module.read(path, options)
    streams = tuple(_guarded(stream, path, name) for stream in recording.streams)
    return replace(recording, streams=streams)


def read_head(path: Path) -> Head:
    """Return the first 64 KiB of a file, after the checks that need no format."""
    try:
        if path.is_dir():
            raise FormatError(
                "this is a folder, not a file", where=path, hint="name one of the recordings in it"
            )
        if path.exists() and not path.is_file():
            raise FormatError("this is a device or a pipe, not a file", where=path)
        with path.open("rb") as file:
            data = file.read(HEAD_BYTES)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise FormatError("there is no such file", where=path, hint="check the name") from error
    except PermissionError as error:
        raise FormatError("no permission to read it", where=path, hint="check who owns the file") from error
    except (OSError, ValueError) as error:
        raise FormatError(f"cannot be opened: {_reason(error)}", where=path) from error
    if not data:
        raise FormatError(
            "the file is empty", where=path, hint="the recorder wrote nothing; is there a copy?"
        )
    return Head(path, size, data)


def recognise(head: Head) -> tuple[str, ModuleType]:
    """Return name and module of the first format that takes a file for its own.

    Raises
    ------
    FormatError
        If none does.
    """
    for name, where in registry.FORMATS.items():
        module = registry.load(where)
        try:
            if module.sniff(head):
                return name, module
        except DAMAGE:
            # A head that confuses one format may still be another's.
            continue
    if _is_event_table(head.data):
        raise FormatError(
            "this is a table of events, not a recording", where=head.path, hint="name the recording itself"
        )
    raise FormatError(
        f"no known format; it begins with {_appearance(head.data)}",
        where=head.path,
        hint="docs/formats.md lists what can be read; a text table may need a layout",
    )


@contextmanager
def damage_explained(path: Path, name: str) -> Iterator[None]:
    """Turn whatever a reader raises over a damaged file into one line; our own errors pass.

    An error of ours that does not say where gets the path.
    """
    try:
        yield
    except EmgError as error:
        # Readers know the name at most; the user has many files of one name.
        if error.where is None or error.where == path.name:
            error.where = path
        raise
    except DAMAGE as error:
        raise _explained(error, path, name) from error


def _explained(error: BaseException, path: Path, name: str) -> FormatError:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FormatError(
            f"no room for the samples in {tempfile.gettempdir()}",
            where=path,
            hint="set TMPDIR to a folder with room for eight bytes a sample",
        )
    if isinstance(error, OSError) and error.errno is not None:
        return FormatError(f"cannot be read: {_reason(error)}", where=path, hint="check the disk it is on")
    return FormatError(
        f"damaged or not quite {name}: {_reason(error)}",
        where=path,
        hint="it may be truncated; compare its size with the original",
    )


def _guarded(stream: Stream, path: Path, name: str) -> Stream:
    inner: Fetch = stream.fetch

    def fetch(start: int, stop: int, /) -> RawArray:
        with damage_explained(path, name):
            return inner(start, stop)

    return replace(stream, info=_told_apart(stream.info), fetch=fetch)


def _told_apart(info: StreamInfo) -> StreamInfo:
    """Give channels of the same name numbers: everything after knows a channel by its name."""
    taken: set[str] = set()
    channels = []
    for channel in info.channels:
        names = (channel.name, *(f"{channel.name} {number}" for number in range(2, len(info.channels) + 2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        channels.append(replace(channel, name=name))
    return replace(info, channels=tuple(channels))


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "its header asks for more memory than there is"
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return " ".join(text.split())[:200]


def _is_event_table(data: bytes) -> bool:
    names = data.split(b"\n")[0]
    return names.startswith(b"onset") and b"trial_type" in names


def _appearance(data: bytes) -> str:
    first = data[:32]
    text = first.split(b"\n")[0].rstrip(b"\r")
    if text and all(32 <= byte < 127 or byte == 9 for byte in text):  # noqa: PLR2004 - printable ASCII
        return f"the text {text.decode('ascii')!r}"
    if not first.strip(b"\0"):
        return "zeros only"
    return f"the bytes {first[:8].hex(' ')}"
