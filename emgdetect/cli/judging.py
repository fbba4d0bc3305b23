"""From two files, or two folders of them, to a comparison: which belong together, and what in them does."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from emgdetect.cli.marking import SUFFIXES, Marked, read_marked
from emgdetect.cli.words import duration, plural
from emgdetect.context import same_place
from emgdetect.context.clock import DAY_S
from emgdetect.context.diary import seconds_after
from emgdetect.errors import UsageError
from emgdetect.evaluate import Comparison, Mark, Pair, Rules, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ENDINGS = ("_events", "_marks", "_emg", "_annotations", "_scoring", "_hypnogram")
"""Left off when files of two folders are paired by name."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says beside the files."""

    rules: Rules = field(default_factory=Rules)
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    hours: float | None = None
    shift: float = 0.0
    run: int | None = None


def judge(detected: Path, reference: Path, wish: Wish) -> Comparison:
    """Compare a file with a file, or a folder's files with those of the same names in another.

    Raises
    ------
    UsageError
        If nothing belongs together, or the two sides have no channel or no time in common.
    EmgError
        If a file cannot be read.
    """
    if wish.hours is not None and not (math.isfinite(wish.hours) and wish.hours > 0):
        raise UsageError(f"{wish.hours:g} hours cannot be judged")
    if not math.isfinite(wish.shift):
        raise UsageError("a shift is a number of seconds")
    files, notices = _paired_files(detected, reference)
    told: list[str] = list(notices)
    pairs = []
    for one, other in files:
        pair, remarks = _pair(read_marked(one, wish.run), read_marked(other, wish.run), wish)
        prefix = f"{pair.name}: " if len(files) > 1 else ""
        told += [f"{prefix}{remark}" for remark in remarks]
        pairs.append(pair)
    return replace(compare(pairs, wish.rules), notices=tuple(dict.fromkeys(told)))


def _paired_files(detected: Path, reference: Path) -> tuple[list[tuple[Path, Path]], list[str]]:
    if detected.is_dir() != reference.is_dir():
        raise UsageError("a folder is compared with a folder, a file with a file", where=detected)
    if not detected.is_dir():
        return [(detected, reference)], []
    mine, theirs = _by_name(detected), _by_name(reference)
    common = sorted(set(mine) & set(theirs))
    if not common:
        hint = "files belong together when their names are the same but for the suffix"
        raise UsageError("the two folders have no file in common", where=detected, hint=hint)
    alone = sorted(set(mine) ^ set(theirs))
    notices = [f"{plural(len(alone), 'file')} without a counterpart: {', '.join(alone[:8])}"] if alone else []
    return [(mine[name], theirs[name]) for name in common], notices


def _by_name(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            name = path.stem
            for ending in ENDINGS:
                name = name.removesuffix(ending)
            if name in found:
                hint = f"the other is {found[name].name}"
                raise UsageError(f"two files are called {name}", where=path, hint=hint)
            found[name] = path
    return found


def _pair(detected: Marked, reference: Marked, wish: Wish) -> tuple[Pair, list[str]]:
    told = [f"{one.path.name}: {notice}" for one in (detected, reference) for notice in one.notices]
    moved, remark = _moved(detected, reference, wish.shift)
    told += remark
    renamed, remark = _renamed(moved, detected, wish.same)
    told += remark
    mine, theirs, remark = _comparable(detected, renamed, wish)
    told += remark
    span, remark = _span(detected, mine, theirs, wish)
    inside = tuple(mark for mark in theirs if mark.onset + mark.duration >= span[0] and mark.onset <= span[1])
    if theirs and not inside:
        length = duration(span[1] - span[0])
        raise UsageError(
            f"the marks of {reference.path.name} all lie outside the {length} of {detected.path.name}",
            hint="--shift SECONDS moves them; is it of the same night?",
        )
    outside = len(theirs) - len(inside)
    if outside:
        told.append(f"{outside} of {len(theirs)} marks lie outside the recording and are left out")
    hours = wish.hours or detected.hours or (span[1] - span[0]) / 3600
    return Pair(detected.path.stem, inside, mine, span, hours), [*told, *remark]


def _moved(detected: Marked, reference: Marked, shift: float) -> tuple[tuple[Mark, ...], list[str]]:
    """Bring the reference's marks to the time of the detected ones, by their clocks."""
    by, told = shift, []
    if detected.start is not None and reference.start is not None:
        offset = seconds_after(detected.start, reference.start)
        if not (detected.dated and reference.dated):
            offset -= DAY_S * round(offset / DAY_S)
        by += offset
        if offset:
            told.append(f"the reference is moved by {offset:g} s, by the clocks of both")
    moved = (replace(mark, onset=mark.onset + by) for mark in reference.marks)
    return tuple(moved) if by else reference.marks, told


def _renamed(
    marks: Sequence[Mark], detected: Marked, same: Iterable[str]
) -> tuple[tuple[Mark, ...], list[str]]:
    """Give the reference's channels the detected side's names, as told or where only one can be meant."""
    known = _names(detected.marks, detected.channels)
    theirs = _names(marks, ())
    given = dict(_told(same, known, theirs))
    told = []
    for name in theirs:
        if name in given:
            continue
        if name in known:
            given[name] = name
            continue
        fitting = [one for one in known if same_place(one, name)]
        rivals = [one for one in theirs if any(same_place(fit, one) for fit in fitting)]
        if len(fitting) == 1 and len(rivals) == 1:
            given[name] = fitting[0]
            if fitting[0] != name:
                told.append(f"{name} of the reference is compared with {fitting[0]}")
    renamed = (replace(mark, channel=given.get(mark.channel, mark.channel)) for mark in marks)
    return tuple(renamed), told


def _told(same: Iterable[str], known: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for words in same:
        mine, equal, other = words.partition("=")
        hint = f"detected: {', '.join(known) or 'none'}; reference: {', '.join(theirs) or 'none'}"
        if not equal or mine not in known or other not in theirs:
            raise UsageError(f"--map {words} does not name a channel of each side", hint=hint)
        yield other, mine


def _names(marks: Iterable[Mark], channels: Iterable[str]) -> list[str]:
    return sorted({name for name in chain((mark.channel for mark in marks), channels) if name})


def _comparable(
    detected: Marked, reference: tuple[Mark, ...], wish: Wish
) -> tuple[tuple[Mark, ...], tuple[Mark, ...], list[str]]:
    """Leave out kinds that were not asked for, and channels that only one side looked at."""
    mine, theirs = (_of_kinds(marks, wish.kinds) for marks in (detected.marks, reference))
    known, there = _names(detected.marks, detected.channels), _names(reference, ())
    if wish.channels:
        folded = {name.casefold() for name in wish.channels}
        lacking = sorted(folded - {name.casefold() for name in (*known, *there)})
        if lacking:
            every = ", ".join(sorted({*known, *there}))
            raise UsageError(f"there is no channel {lacking[0]!r}", hint=f"there are: {every}")
        kept = [name for name in {*known, *there} if name.casefold() in folded]
    elif not (known and there):
        return mine, theirs, []
    elif detected.channels:
        kept = [name for name in known if name in there]
    else:
        # Two lists of marks: a channel without any may well have been looked at.
        kept = [*known, *there]
    if not set(kept) & set(known) or not (wish.channels or set(kept) & set(there)):
        both = f"detected: {', '.join(known)}; reference: {', '.join(there)}"
        hint = "--map DETECTED=REFERENCE says which are"
        raise UsageError(f"no channel is the same on both sides ({both})", hint=hint)
    left = sorted({*known, *there} - set(kept))
    told = []
    if left and not wish.channels:
        told.append(f"looked at by one side only, and left out: {', '.join(left)}")
    return _of_channels(mine, kept), _of_channels(theirs, kept), told


def _of_kinds(marks: Iterable[Mark], kinds: Sequence[str]) -> tuple[Mark, ...]:
    folded = {kind.casefold() for kind in kinds}
    return tuple(mark for mark in marks if not folded or mark.kind.casefold() in folded)


def _of_channels(marks: Iterable[Mark], channels: Iterable[str]) -> tuple[Mark, ...]:
    kept = set(channels)
    return tuple(mark for mark in marks if mark.channel in kept)


def _span(
    detected: Marked, mine: Sequence[Mark], theirs: Sequence[Mark], wish: Wish
) -> tuple[tuple[float, float], list[str]]:
    """Return the stretch that was judged, and what had to be assumed for it."""
    if detected.duration is not None:
        return (0.0, detected.duration), []
    both = (*mine, *theirs)
    if not both:
        raise UsageError("there is no mark on either side", where=detected.path)
    first = min(mark.onset for mark in both)
    last = max(mark.onset + mark.duration for mark in both)
    if last <= first:
        last = first + wish.rules.grid
    if wish.hours is not None:
        return (first, last), []
    length = duration(last - first)
    return (first, last), [
        f"judged time is the {length} from the first mark to the last; --hours says better"
    ]
