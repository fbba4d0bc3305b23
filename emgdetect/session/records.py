"""What a session keeps besides the shared words: runs of a profile, and notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.types import Refusal

ANNOTATION = "annotation"
"""Kind of the notes that came with an imported recording."""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What is known of a run before its first event: which rules, by which program, from what file.

    ``settings`` must be plain values as in JSON: dictionaries with string keys, lists, strings, numbers.
    """

    profile: str
    version: str
    config_hash: str
    settings: dict[str, Any] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    notices: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One profile on one stream, as stored: ``created`` is the time of storing, in UTC.

    ``n_samples`` is how far the stream was looked at; ``None`` while a live run goes on (or was cut off).
    """

    id: int
    stream_id: int
    created: datetime
    info: RunInfo
    n_samples: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person or a file says about a session.

    ``time`` is a wall-clock time; ``onset`` and ``duration`` are seconds from the start of the first
    stream. A note has a time, an onset or both. ``value`` and ``unit`` are a number that goes with it, such
    as a dose. Kinds in use: "annotation" (came with the imported recording), "note", and the words of the
    diary (``emgdetect.context.diary``). ``id`` is the number a stored note was given.
    """

    kind: str
    text: str
    time: datetime | None = None
    onset: float | None = None
    duration: float | None = None
    channel: str | None = None
    value: float | None = None
    unit: str | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment of a stream: when its sample ``sample`` was taken, and its true rate then, in Hz.

    ``time`` is the time of day as the recorder's clock had it, in UTC.
    """

    sample: int
    time: datetime
    sampling_rate: float
