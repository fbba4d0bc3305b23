"""Which recordings many names stand for, and what the tables made of them are called."""

from __future__ import annotations

from collections import Counter
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.errors import EmgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_PARENTS = 8
TAIL = "_events.tsv"


def recordings_in(sources: Sequence[Path], *, but: Path) -> tuple[Path, ...]:
    """Give the files that are named, and the recordings in the folders that are named, each once.

    Of a folder, at any depth, those files are taken that a reader knows by their content; of those named one
    by one all, so that a bad one is told of. A name with an asterisk that a shell left as it is, is spelled
    out. What stands in the folder ``but``, where results go, is no recording.

    Raises
    ------
    UsageError
        When there is none.
    """
    results = but.resolve()
    found = dict.fromkeys(path for source in sources for path in _spelled_out(source, results))
    if not found:
        raise UsageError("there is no recording among these", where=", ".join(map(str, sources)))
    return tuple(found)


def tables_for(recordings: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Name a table for each recording: its own name, with as many folders before it as tell it apart.

    Of two in one folder that differ by their suffix, the names have the suffix.

    Raises
    ------
    UsageError
        When two recordings would have one table.
    """
    whole = [path.absolute() for path in recordings]
    beside = _twice(str(path.with_suffix("")) for path in whole)
    stems = [
        f"{path.stem}-{path.suffix[1:]}" if str(path.with_suffix("")).casefold() in beside else path.stem
        for path in whole
    ]
    names = stems
    for depth in range(1, MOST_PARENTS):
        twice = _twice(names)
        names = [
            _named(path, stem, depth) if name.casefold() in twice else name
            for path, stem, name in zip(whole, stems, names, strict=True)
        ]
    still = _twice(names)
    for path, name in zip(recordings, names, strict=True):
        if name.casefold() in still:
            raise UsageError("another recording has this name, too", where=path, hint="rename one of them")
    return tuple(folder / f"{name}{TAIL}" for name in names)


def _twice(names: Iterable[str]) -> set[str]:
    # Some disks do not tell A from a.
    return {name for name, count in Counter(name.casefold() for name in names).items() if count > 1}


def _named(path: Path, stem: str, depth: int) -> str:
    above = path.parent.parts[1:]
    return "_".join([*above[max(len(above) - depth, 0) :], stem])


def _spelled_out(source: Path, results: Path) -> Iterator[Path]:
    if source.is_dir():
        inside = (path for path in sorted(source.rglob("*")) if path.is_file())
        yield from (path for path in inside if results != path.parent.resolve() and _is_recording(path))
    elif "*" in str(source) and not source.exists():
        yield from (Path(path) for path in sorted(glob(str(source))))  # noqa: PTH207 - the pattern may be absolute
    else:
        yield source


def _is_recording(path: Path) -> bool:
    from emgdetect.formats.opening import read_head, recognise

    if path.name.startswith("."):
        return False
    try:
        recognise(read_head(path))
    except EmgError:
        return False
    return True
