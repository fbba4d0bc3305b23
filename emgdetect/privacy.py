"""Recordings without what tells whose they are: names, devices, files, dates; clock times of day stay.

All dates of a data set move by the same whole number of days, so that nights keep their order and distance.
The number is drawn anew each time, or chosen, and then written nowhere; or it stands in a file that stays
with whoever has the originals, and is drawn when that file is first named.

Names of channels stay, and profiles with their names: whoever put a person's name there has to look.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.writing import output_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Annotation, Detection, Gap, StreamInfo

NAMELESS = "unknown"
"""What a device is called then."""

CAUSES = frozenset({
    "disconnect", "lost packets", "overflow", "restart", "sleep", "pause", "missing values",
})  # fmt: skip
"""Causes of gaps that are words of ours; any other may be somebody's."""

LEAST_DAYS, MOST_DAYS = 366, 3653
"""Between one year and ten back: dates stay what an EDF header can say, and tell nothing of the season."""


SHIFT_HEAD = (
    "# Days by which emgdetect moves dates. Whoever has this file knows the true ones: keep it to yourself."
)
LONGEST = 10_000
"""Bytes that are looked at of such a file."""


def random_days() -> int:
    """Draw how far dates move: a whole number of days back, from the system's source of randomness."""
    return -(LEAST_DAYS + secrets.randbelow(MOST_DAYS - LEAST_DAYS + 1))


def kept_days(path: Path) -> int:
    """Return how far dates move according to a file; one that is not there yet is made, with a new number.

    Raises
    ------
    UsageError
        If it says no such number.
    OutputError
        If it cannot be read or made.
    """
    with output_errors(path):
        try:
            # Nobody else may read it: who has it knows the true dates.
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _days_in(path)
        days = random_days()
        with os.fdopen(file, "w", encoding="utf-8") as kept:
            kept.write(f"{SHIFT_HEAD}\n{days}\n")
    return days


def _days_in(path: Path) -> int:
    lines = path.read_bytes()[:LONGEST].decode(errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(said) != 1 or not re.fullmatch(r"[+-]?\d{1,6}", said[0]):
        hint = "it has one line with a whole number; a name that is new makes one"
        raise UsageError("this file does not say by how many days dates move", where=path, hint=hint)
    return int(said[0])


def _no_word(_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Disguise:
    """What becomes of dates and texts.

    Attributes
    ----------
    days : int
        How far every date moves.
    keep_notes : bool
        Whether texts that people wrote (marks of a recording, notes, the diary) stay as they are.
    word_for : callable
        What stands in the place of a mark's text when they do not: a word of a fixed list, such as
        ``Sleep stage N2``, or "" for none, and then the mark is left out.
    """

    days: int
    keep_notes: bool = False
    word_for: Callable[[str], str] = _no_word

    def moment(self, time: datetime) -> datetime:
        """Return the same time of day, that many days on.

        Raises
        ------
        UsageError
            If there is no such day.
        """
        try:
            return time + timedelta(days=self.days)
        except OverflowError as error:
            raise UsageError(f"dates cannot move by {self.days} days") from error

    def text(self, text: str) -> str:
        """Return what remains of the text of a mark; "" when it is to be left out."""
        return text if self.keep_notes else self.word_for(text)

    def cause(self, cause: str) -> str:
        """Return the cause of a gap if it is a word of ours."""
        return cause if cause in CAUSES else NAMELESS

    def info(self, info: StreamInfo) -> StreamInfo:
        """Return a description without its device, on another day."""
        return replace(info, device=NAMELESS, start=None if info.start is None else self.moment(info.start))

    def recording(self, recording: Recording) -> Recording:
        """Return the recording without path, device, oddities and the texts of people, on another day."""
        return replace(
            recording,
            path=Path(NAMELESS),
            device=NAMELESS,
            start=None if recording.start is None else self.moment(recording.start),
            streams=tuple(self.stream(stream) for stream in recording.streams),
            annotations=tuple(self._annotations(recording.annotations)),
            oddities=(),
        )

    def stream(self, stream: Stream) -> Stream:
        """Return the stream with its description and gaps disguised, and its samples as they are."""
        return replace(stream, info=self.info(stream.info), gaps=self._gaps(stream.gaps))

    def detection(self, detection: Detection) -> Detection:
        """Return the result without source and notices, on another day."""
        return replace(
            detection,
            info=self.info(detection.info),
            gaps=self._gaps(detection.gaps),
            notices=(),
            source="",
        )

    def _gaps(self, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
        return tuple(replace(gap, cause=self.cause(gap.cause)) for gap in gaps)

    def _annotations(self, annotations: Iterable[Annotation]) -> Iterator[Annotation]:
        for one in annotations:
            text = self.text(one.text)
            if text:
                yield replace(one, text=text)
