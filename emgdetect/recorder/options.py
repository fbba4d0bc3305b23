"""What is recorded, how, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from emgdetect.recorder.host import RealHost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from emgdetect.config import Profile
    from emgdetect.recorder.host import Host
    from firmware_interface.device import Device
    from firmware_interface.link import Transport

Reason = Literal["request", "duration", "time", "ended", "disk"]
"""Why a recording stopped: somebody asked, it was long enough, it was late enough, no sensor was left, the
disk was full."""


@dataclass(frozen=True, slots=True)
class Source:
    """One sensor.

    Parameters
    ----------
    name : str
        What it is called on screens and in notes, such as "left leg"; one of a kind in a recording.
    device : Device
        What it is.
    transport : Transport
        The way to it, not opened yet.
    options : mapping
        The device's own options.
    """

    name: str
    device: Device
    transport: Transport
    options: Mapping[str, str] = field(default_factory=dict)


class Control:
    """The wishes of somebody who may sit in another thread; the recorder heeds them at once."""

    def __init__(self) -> None:
        self.stopping = False
        self.pausing = False

    def stop(self) -> None:
        """End the recording in good order."""
        self.stopping = True

    def pause(self) -> None:
        """Leave out what comes from now on; sensors stay connected."""
        self.pausing = True

    def go_on(self) -> None:
        """End the pause."""
        self.pausing = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for while recording, and after how many seconds of new samples each time."""

    profile: Profile
    every: float = 0.1


@dataclass(frozen=True, slots=True)
class Options:
    """How to record.

    Parameters
    ----------
    search : Search
        What is looked for while recording.
    duration : float, optional
        Seconds to record, from the moment the sensors are looked for.
    start, stop : datetime, optional
        When to begin and when to end, with a UTC offset.
    awake : bool
        Whether to keep the computer from falling asleep.
    control : Control
        To stop and pause it.
    host : Host
        The computer.
    """

    search: Search
    duration: float | None = None
    start: datetime | None = None
    stop: datetime | None = None
    awake: bool = True
    control: Control = field(default_factory=Control)
    host: Host = field(default_factory=RealHost)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a recording.

    ``message`` is one sentence for people, empty when all went as wished. ``runs`` are the numbers of
    the runs in the session, ``samples`` and ``events`` were stored by this recording.
    """

    path: Path
    reason: Reason
    message: str = ""
    runs: tuple[int, ...] = ()
    samples: int = 0
    events: int = 0
