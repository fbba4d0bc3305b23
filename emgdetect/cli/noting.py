"""The diary of a session: entries in, entries out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from emgdetect.cli.console import note, say, say_json
from emgdetect.cli.words import duration as in_words
from emgdetect.context.diary import (
    PAIN_UNIT,
    Around,
    Entry,
    EntryKind,
    Placed,
    checked_pain,
    entries_of,
    moment_of,
    parse_dose,
    placed,
)
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from emgdetect.session import Note, SessionReader

FAR_S = 36 * 3600.0
"""Further from the recording than this an entry may well be of another night."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the command line holds; empty where nothing was said."""

    note: str = ""
    symptom: str = ""
    pain: float | None = None
    woke: bool = False
    trigger: str = ""
    medication: str = ""
    dose: str = ""
    intervention: str = ""
    at: str = ""

    @property
    def anything(self) -> bool:
        """Whether there is something to keep."""
        return self != Said(at=self.at)

    def entries(self, time: datetime) -> Iterator[Entry]:
        """Give an entry for each thing said.

        Raises
        ------
        UsageError
            For pain that is no rating, or a dose of nothing or of two things.
        """
        if self.symptom or self.pain is not None:
            pain = None if self.pain is None else checked_pain(self.pain)
            yield Entry("symptom", self.symptom or "pain", time, pain, "" if pain is None else PAIN_UNIT)
        if self.woke:
            yield Entry("woke up", "", time)
        if self.trigger:
            yield Entry("trigger", self.trigger, time)
        taken: list[tuple[EntryKind, str]] = [
            ("medication", self.medication),
            ("intervention", self.intervention),
        ]
        given = [(kind, words) for kind, words in taken if words]
        if self.dose and len(given) != 1:
            hint = "name it with --medication or --intervention, and one of them at a time"
            raise UsageError("--dose says how much of something", hint=hint)
        amount, unit = parse_dose(self.dose) if self.dose else (None, "")
        for kind, words in given:
            yield Entry(kind, words, time, amount, unit)
        if self.note:
            yield Entry("note", self.note, time)


def keep_diary(path: Path, said: Said, *, remove: int | None = None, list_all: bool = False) -> None:
    """Store what was said, or take an entry back.

    Raises
    ------
    UsageError
        If nothing was said, or too much at once.
    SessionError
        If it is no session.
    """
    from emgdetect.session import SessionReader, SessionWriter

    if sum((said.anything, remove is not None, list_all)) != 1:
        hint = "give a text or an option such as --symptom; or --list; or --remove N"
        raise UsageError("one thing at a time: something to note, --list or --remove", hint=hint)
    with SessionReader(path) as session:
        around = _around(session)
        known = {entry.number for entry in entries_of(session.notes())}
    if remove is not None:
        if remove not in known:
            there = ", ".join(map(str, sorted(number for number in known if number is not None))) or "none"
            raise UsageError(f"there is no entry {remove}", where=path, hint=f"there are: {there}")
        with SessionWriter.open(path, recording=False) as writer:
            writer.remove_note(remove)
    elif said.anything:
        time, assumed = moment_of(said.at, around)
        keep(path, said.entries(time))
        for remark in _remarks(time, assumed, around):
            note(remark)


def tell_diary(path: Path, said: Said, *, list_all: bool, as_json: bool, quiet: bool) -> None:
    """Print the diary, or what was just added to it."""
    from emgdetect.session import SessionReader

    if quiet or not (said.anything or list_all):
        return
    with SessionReader(path) as session:
        around = _around(session)
        diary = placed(entries_of(session.notes()), around.start, around.duration)
    if not list_all:
        count = len(tuple(said.entries(around.now)))
        newest = sorted(diary, key=lambda one: one.entry.number or 0)[-count:]
        diary = tuple(newest)
    if as_json:
        say_json({"source": str(path), "start": around.start, "entries": [_as_dict(one) for one in diary]})
        return
    for line in _lines(diary):
        say(line)


def keep(path: Path, entries: Iterable[Entry]) -> None:
    """Store entries in a session, which may be being recorded.

    Raises
    ------
    UsageError
        For an entry that cannot be; then nothing is stored.
    SessionError
        If it is no session.
    OutputError
        If it cannot be written.
    """
    from emgdetect.session import SessionWriter

    notes = [_as_note(entry) for entry in entries]
    with SessionWriter.open(path, recording=False) as writer:
        writer.add_notes(notes)


def jot(path: Path, kind: str, text: str, time: datetime) -> None:
    """Keep one note of a session that may be being recorded.

    Raises
    ------
    SessionError
        If it is no session.
    OutputError
        If it cannot be written.
    """
    from emgdetect.session import Note, SessionWriter

    with SessionWriter.open(path, recording=False) as writer:
        writer.add_notes([Note(kind, text, time)])


def _around(session: SessionReader) -> Around:
    streams = session.streams()
    now = datetime.now().astimezone().replace(microsecond=0)
    if not streams:
        return Around(None, 0.0, now)
    info = streams[0].info
    return Around(info.start, streams[0].n_samples / info.sampling_rate, now)


def _as_note(entry: Entry) -> Note:
    from emgdetect.session import Note

    return Note(entry.kind, entry.text, entry.time, value=entry.value, unit=entry.unit or None)


def _remarks(time: datetime, assumed: str, around: Around) -> Iterator[str]:
    if assumed:
        yield assumed
    (one,) = placed([Entry("note", "", time)], around.start, around.duration)
    if one.onset is not None and not -FAR_S <= one.onset <= around.duration + FAR_S:
        yield f"this is {_where(one)}"
    if time.tzinfo is not None and time > around.now:
        yield "this is in the future"


def _lines(diary: tuple[Placed, ...]) -> Iterator[str]:
    if not diary:
        yield "nothing noted"
        return
    rows = [
        (str(one.entry.number), _clock(one.entry.time), in_short(one.entry), _where(one)) for one in diary
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for number, clock, what, where in rows:
        yield f"{number:>{widths[0]}}  {clock:<{widths[1]}}  {what:<{widths[2]}}  {where}".rstrip()


def _clock(time: datetime) -> str:
    return time.isoformat(sep=" ", timespec="minutes")


def in_short(entry: Entry) -> str:
    """Say what an entry says: ``symptom: cramp, pain 4 of 10``."""
    words = entry.kind if not entry.text else f"{entry.kind}: {entry.text}"
    if entry.value is None:
        return words
    return (
        f"{words}, pain {entry.value:g} of 10"
        if entry.unit == PAIN_UNIT
        else f"{words}, {entry.value:g} {entry.unit}"
    )


def _where(one: Placed) -> str:
    if one.onset is None or not one.when:
        return ""
    if one.when == "during":
        return f"{in_words(one.onset)} into the recording"
    return f"{in_words(abs(one.onset))} before it began" if one.when == "before" else "after it ended"


def _as_dict(one: Placed) -> dict[str, Any]:
    entry = one.entry
    return {
        "number": entry.number,
        "kind": entry.kind,
        "text": entry.text,
        "time": entry.time,
        "value": entry.value,
        "unit": entry.unit or None,
        "onset": one.onset,
        "when": one.when or None,
    }
