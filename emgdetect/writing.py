"""Writing a file so that it either stands complete under its name or does not stand there at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.errors import EmgError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "free some space or write to another disk"),
    errno.EDQUOT: ("your share of the disk is used up", "free some space or write to another disk"),
    errno.EFBIG: ("the file would be larger than this disk can hold", "write to another disk"),
    errno.EACCES: ("no permission to write here", "choose another folder or change its permissions"),
    errno.EPERM: ("no permission to write here", "choose another folder or change its permissions"),
    errno.EROFS: ("this disk can only be read", "write to another disk"),
    errno.ENOENT: ("the folder does not exist", "create it first"),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "check the path"),
    errno.EISDIR: ("this is a folder", "name a file in it"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
    errno.EINVAL: ("the name cannot be used on this disk", "choose another name"),
    errno.EIO: ("the disk reported an error", "check the disk and write to another one"),
}


@contextmanager
def atomic_target(path: Path | str, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to, and put it in place when all went well.

    Parameters
    ----------
    path : Path or str
        The final name. Its folder must exist.
    force : bool, default False
        Whether a file of that name may be replaced.

    Yields
    ------
    Path
        An empty file in the same folder, with the same suffix. Write it, or write over it.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, if the place cannot be written to, or if the disk
        fills up. Whatever goes wrong, the temporary file is removed and a file that stood there stays.
    """
    named = Path(path)
    with output_errors(named):
        _refuse_to_overwrite(named, force=force)
        # Through a link the file it points to is replaced, not the link.
        target = named.resolve()
        straight = target.exists() and not target.is_file()
    if straight:
        # A terminal, a pipe or a device cannot be replaced, only written to.
        with output_errors(named):
            yield target
        return
    partial = target.with_name(f".{target.stem[:40]}.{secrets.token_hex(4)}{target.suffix}")
    try:
        with output_errors(named):
            partial.open("xb").close()
            yield partial
            _settle(partial, target, force=force)
    finally:
        # The error that brought us here, if any, matters more than one in tidying up after it.
        with suppress(OSError):
            partial.unlink()


@contextmanager
def output_errors(where: Path) -> Iterator[None]:
    """Turn operating-system errors inside the block into :class:`OutputError`, in the user's words.

    Errors of this package pass unchanged.
    """
    try:
        yield
    except EmgError:
        raise
    except OSError as error:
        if error.errno is None:
            raise
        what, hint = _REASONS.get(error.errno, (os.strerror(error.errno).lower(), ""))
        raise OutputError(what, where=where, hint=hint) from error


def write_text(path: Path | str, text: str, *, force: bool = False) -> None:
    """Write text as UTF-8, with line feeds at line ends on every system; see :func:`atomic_target`."""
    with atomic_target(path, force=force) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def _refuse_to_overwrite(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise OutputError("this is a folder", where=target, hint="name a file in it")
    if target.is_file() and not force:
        raise OutputError("the file exists already", where=target, hint="choose another name or use --force")


def _settle(partial: Path, target: Path, *, force: bool) -> None:
    with partial.open("rb+") as file:
        # Without this a power cut after the renaming can leave an empty file under the final name.
        os.fsync(file.fileno())
    # Somebody may have made the file while ours was being written.
    _refuse_to_overwrite(target, force=force)
    partial.replace(target)


def write_bytes(path: Path | str, data: bytes, *, force: bool = False) -> None:
    """Write bytes; see :func:`atomic_target`."""
    with atomic_target(path, force=force) as partial:
        partial.write_bytes(data)
