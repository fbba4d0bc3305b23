"""A recording from the command line: how it is to be done, and what is said at its end."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.cli.console import note, say
from emgdetect.cli.words import duration, plural
from emgdetect.errors import DeviceError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.cli.options import SensitivityName
    from emgdetect.config import Profile
    from emgdetect.recorder import Host, Outcome, Source

SUFFIX = ".emgdb"
LOOK_S = 0.1

_WHY = {
    "request": "stopped as asked",
    "duration": "stopped, it was long enough",
    "time": "stopped, it was late enough",
    "ended": "ended, nothing more comes",
    "disk": "stopped by the disk",
}


@dataclass(frozen=True, slots=True)
class Times:
    """How long, until when and from when, as they were typed; empty where nothing was."""

    length: str = ""
    until: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the user wants to record.

    ``alarms`` are as they were typed. ``kept`` is false where the session is thrown away afterwards.
    """

    output: Path
    profile: Profile
    duration: float | None = None
    start: datetime | None = None
    stop: datetime | None = None
    alarms: tuple[str, ...] = ()
    awake: bool = True
    quiet: bool = False
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """What the options of detection and alarms say."""

    profile: str
    sensitivity: SensitivityName = "normal"
    alarms: tuple[str, ...] = ()
    awake: bool = True
    quiet: bool = False


def wish_of(
    output: Path | None, times: Times, manner: Manner, *, now: datetime | None = None, kept: bool = True
) -> Wish:
    """Put together what the command line says.

    Raises
    ------
    EmgError
        A time, a name or a profile that cannot be.
    """
    from emgdetect.cli.when import moment, span
    from emgdetect.config import load_profile

    here = now or datetime.now().astimezone()
    start = moment(times.at, here) if times.at else None
    profile = load_profile(manner.profile)
    if manner.sensitivity != "normal":
        profile = profile.at(manner.sensitivity)
    return Wish(
        session_path(output, start or here),
        profile,
        duration=span(times.length) if times.length else None,
        start=start,
        stop=moment(times.until, start or here) if times.until else None,
        alarms=manner.alarms,
        awake=manner.awake,
        quiet=manner.quiet,
        kept=kept,
    )


def session_path(wanted: Path | None, now: datetime) -> Path:
    """Return the session's name: the wanted one, or a new one from date and time.

    Raises
    ------
    UsageError
        When the wanted name is not that of a session.
    """
    if wanted is not None:
        if wanted.suffix.lower() != SUFFIX:
            raise UsageError(f"a session's name ends in {SUFFIX}", where=wanted)
        return wanted
    path, number = Path(f"{now:%Y-%m-%d_%H%M}{SUFFIX}"), 1
    while path.exists():
        number += 1
        path = Path(f"{now:%Y-%m-%d_%H%M}_{number}{SUFFIX}")
    return path


def run(sources: Sequence[Source], host: Host, wish: Wish) -> int:
    """Record, show it, say what came of it, and return the exit code.

    Raises
    ------
    EmgError
        When it could not begin.
    """
    from emgdetect.alarms import read_alarms
    from emgdetect.cli.alarming import EVERY_S, Alarming
    from emgdetect.cli.showing import Showing
    from emgdetect.recorder import Control, Options, Search, record

    plan = read_alarms(wish.alarms)
    control = Control()
    waiting = "" if wish.start is None else f"waiting until {wish.start:%H:%M}"
    showing = Showing(wish.output, control, waiting=waiting, quiet=wish.quiet)
    listeners = showing.listeners
    alarming = Alarming(plan, wish.output, showing.tell_alarm) if plan.alarms else None
    if alarming is not None:
        listeners.append(alarming)
        showing.heed(alarming)
    options = Options(
        Search(wish.profile, every=_every(host, EVERY_S if plan.alarms else LOOK_S)),
        duration=wish.duration,
        start=wish.start,
        stop=wish.stop,
        awake=wish.awake,
        control=control,
        host=host,
    )
    began = host.read().now
    is_new = not wish.output.exists()
    with showing.shown():
        outcome = record(sources, wish.output, options, listeners)
    if alarming is not None:
        alarming.finish()
    if is_new and outcome.reason == "ended" and outcome.message and not outcome.samples:
        # A sensor that was never there leaves nothing worth keeping.
        outcome.path.unlink(missing_ok=True)
        raise DeviceError(outcome.message)
    return tell(outcome, wish, host.read().now - began)


def _every(host: Host, seconds: float) -> float:
    """Return how often detection looks: rarer where time is in a hurry, or all would go into looking."""
    from emgdetect.cli.pacing import PacedHost

    return max(seconds, host.every) if isinstance(host, PacedHost) else seconds


def tell(outcome: Outcome, wish: Wish, seconds: float) -> int:
    """Say what came of a recording of so many seconds, and return the exit code."""
    if not wish.quiet:
        say(f"session:  {outcome.path if wish.kept else 'not kept'}")
        say(f"          {_WHY[outcome.reason]} after {duration(round(seconds)) or 'no time'}")
        say(f"          {plural(outcome.samples, 'sample')}, {plural(outcome.events, 'event')}")
        if wish.kept and outcome.runs:
            path = shlex.quote(str(outcome.path))
            say(f"next:     emgdetect summary {path}")
            say(f"          emgdetect report {path}")
    if outcome.message:
        note(outcome.message)
    if outcome.reason == "disk":
        return OutputError.exit_code
    if outcome.reason == "ended" and outcome.message:
        return DeviceError.exit_code
    if not outcome.samples:
        note("no sample was received (emgdetect info says what a session holds)")
        return DeviceError.exit_code
    return 0
