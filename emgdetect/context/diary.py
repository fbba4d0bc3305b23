"""What a person says about a night: symptoms, waking, triggers, medication, anything else, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

EntryKind = Literal["symptom", "woke up", "trigger", "medication", "intervention", "note"]
"""Words of the diary; they are also the kinds of the notes a session keeps them as."""

KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
TAGS: frozenset[EntryKind] = frozenset({"symptom", "trigger", "medication", "intervention"})
"""Kinds whose words are compared over nights."""

PAIN_UNIT = "pain 0-10"
"""Unit of a symptom's number: the numeric rating scale, 0 no pain, 10 the worst imaginable."""

MOST_PAIN = 10.0

When = Literal["before", "during", "after", ""]


class Noted(Protocol):
    """A note as a session keeps it."""

    @property
    def kind(self) -> str:
        """A word of the diary, or another."""

    @property
    def text(self) -> str:
        """What it says."""

    @property
    def time(self) -> datetime | None:
        """Time of day, if it has one."""

    @property
    def value(self) -> float | None:
        """A number that goes with it."""

    @property
    def unit(self) -> str | None:
        """What the number counts."""

    @property
    def id(self) -> int | None:
        """Its number in the session."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said.

    ``value`` with ``unit`` is a dose, or the pain of a symptom; both are ``None`` and "" where nothing was
    said. ``time`` has an offset from UTC unless the recorder's clock had none. ``number`` is that of the
    note.
    """

    kind: EntryKind
    text: str
    time: datetime
    value: float | None = None
    unit: str = ""
    number: int | None = None

    @property
    def tag(self) -> str:
        """What nights are compared by: the words in lower case; empty for kinds that are not."""
        return " ".join(self.text.casefold().split()) if self.kind in TAGS else ""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry beside its night: seconds from sample 0, ``None`` without a start, and the side of it."""

    entry: Entry
    onset: float | None
    when: When


def entries_of(notes: Iterable[Noted]) -> tuple[Entry, ...]:
    """Return the entries among a session's notes, in their order; what has no time of day is none."""
    kinds: dict[str, EntryKind] = {kind: kind for kind in KINDS}
    return tuple(
        Entry(kinds[one.kind], one.text, one.time, one.value, one.unit or "", one.id)
        for one in notes
        if one.kind in kinds and one.time is not None
    )


def checked_pain(value: float) -> float:
    """Return a rating of pain from 0 to 10.

    Raises
    ------
    UsageError
        If it is outside.
    """
    if not (math.isfinite(value) and 0 <= value <= MOST_PAIN):
        raise UsageError(f"pain is rated from 0 to 10, not {value:g}")
    return value


def parse_dose(text: str) -> tuple[float, str]:
    """Return number and unit of a dose such as ``10 mg``, ``0.5ml`` or ``2 tablets``.

    Raises
    ------
    UsageError
        If it does not begin with a number above 0, or names no unit.
    """
    bare = text.strip()
    digits = len(bare) - len(bare.lstrip("0123456789.,"))
    try:
        number = float(bare[:digits].replace(",", "."))
    except ValueError:
        number = math.nan
    unit = bare[digits:].strip()
    if not number > 0 or not unit:
        raise UsageError(f"{text!r:.40} is no dose", hint="a number and a unit, as in --dose '10 mg'")
    return number, unit


def placed(entries: Iterable[Entry], start: datetime | None, duration: float) -> tuple[Placed, ...]:
    """Lay entries beside a recording, by time.

    Parameters
    ----------
    entries : iterable of Entry
        In any order.
    start : datetime or None
        Of sample 0.
    duration : float
        Length of the recording in s.
    """
    found = [_placed(entry, start, duration) for entry in entries]
    return tuple(sorted(found, key=lambda one: _instant(one.entry.time)))


def seconds_after(start: datetime, time: datetime) -> float:
    """Return how long after ``start`` a time is, in s; clocks without offsets hung in one room."""
    if start.tzinfo is None or time.tzinfo is None:
        start, time = start.replace(tzinfo=UTC), time.replace(tzinfo=UTC)
    return (time - start).total_seconds()


def _placed(entry: Entry, start: datetime | None, duration: float) -> Placed:
    if start is None:
        return Placed(entry, None, "")
    onset = seconds_after(start, entry.time)
    if onset < 0:
        return Placed(entry, onset, "before")
    return Placed(entry, onset, "during" if onset < duration else "after")


def _instant(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


@dataclass(frozen=True, slots=True)
class Around:
    """What a time of day without a date is understood by: the night's start and length, and the time now."""

    start: datetime | None
    duration: float
    now: datetime


def moment_of(text: str, around: Around) -> tuple[datetime, str]:
    """Understand a time as people write it.

    Parameters
    ----------
    text : str
        ``03:20``, ``2026-11-20 22:00``, ``2026-11-20 22:00+01:00``; empty for now.
    around : Around
        The night it belongs to.

    Returns
    -------
    datetime
        With an offset from UTC, unless the recorder's clock has none and the text neither.
    str
        A sentence about what had to be assumed, or empty.

    Raises
    ------
    UsageError
        If it is no time, or one that the change of the clocks left out.

    Notes
    -----
    A time without a date is the one within the recording, else the one nearest to it; without a recording's
    start it is the last one that was. A time without an offset is of this computer's zone, if that is where
    the recording was made; otherwise it has the recording's offset.
    """
    bare = text.strip()
    if not bare:
        return around.now, ""
    try:
        given = datetime.fromisoformat(bare)
    except ValueError:
        given = None
    if given is None or len(bare) <= len("00:00:00"):
        return _dated(bare, around)
    if given.tzinfo is not None:
        return given, ""
    return _zoned(given, around)


def _dated(text: str, around: Around) -> tuple[datetime, str]:
    try:
        clock = datetime.strptime(text, "%H:%M:%S" if text.count(":") > 1 else "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        hint = "write 03:20, 2026-11-20 22:00 or 2026-11-20 22:00+01:00"
        raise UsageError(f"{text!r:.40} is no time", hint=hint) from None
    middle = around.now - timedelta(hours=12)
    if around.start is not None:
        middle = around.start + timedelta(seconds=around.duration / 2)
    days = (middle.date() + timedelta(days=step) for step in (-1, 0, 1))
    candidates = [datetime.combine(day, clock) for day in days]
    if around.start is None:
        past = [one for one in candidates if one <= around.now.replace(tzinfo=None)]
        return _zoned(max(past), around)
    start = around.start.replace(tzinfo=None)
    return _zoned(min(candidates, key=lambda one: _distance(one, start, around.duration)), around)


def _distance(one: datetime, start: datetime, duration: float) -> float:
    onset = (one - start).total_seconds()
    return max(-onset, onset - duration, 0.0)


def _zoned(naive: datetime, around: Around) -> tuple[datetime, str]:
    if around.start is not None and around.start.tzinfo is None:
        return naive, ""
    here = naive.astimezone()
    if around.start is not None and around.start.astimezone().utcoffset() != around.start.utcoffset():
        zone = around.start.tzinfo
        return naive.replace(tzinfo=zone), f"taken in the recording's zone, {naive.replace(tzinfo=zone):%z}"
    if here.replace(tzinfo=None) != naive:
        raise UsageError(
            f"{naive:%H:%M} did not exist on {naive:%Y-%m-%d}: the clocks were put forward",
            hint="give it with its offset, as in 03:30+02:00 after the date",
        )
    again = naive.replace(fold=1).astimezone()
    if again != here:
        return here, f"{naive:%H:%M} came twice that night; the first is taken, {here:%H:%M%z}"
    return here, ""
