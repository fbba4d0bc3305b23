"""From sessions and folders of them to trends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from emgdetect.cli.console import bar
from emgdetect.errors import UsageError
from emgdetect.summary import ALL_KINDS, COUNTED_KINDS
from emgdetect.trends import Night, Trends, Wish, read_night, trends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KINDS = (ALL_KINDS, *COUNTED_KINDS)
SUFFIX = ".emgdb"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says beside the nights."""

    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: str = ""
    min_hours: float = 4.0
    min_share: float = 0.7
    profile: str | None = None


def look_back(paths: Sequence[Path], asked: Asked, *, quiet: bool = False) -> Trends:
    """Read the nights and lay them side by side.

    Raises
    ------
    UsageError
        If there is no session among the paths, or an option is out of range.
    SessionError
        If a file is no session, or damaged.
    """
    wish = _wish(asked)
    sessions = list(dict.fromkeys(_sessions(paths)))
    nights: list[Night] = []
    with bar("Reading nights", len(sessions), quiet=quiet) as progress:
        for place, path in enumerate(sessions):
            nights.append(read_night(path, asked.profile))
            if progress is not None:
                progress(place + 1)
    known = {channel.name.casefold(): channel.name for night in nights for channel in night.channels}
    for name in wish.channels:
        if name.casefold() not in known:
            there = ", ".join(known.values()) or "none"
            raise UsageError(f"there is no channel {name!r} in any night", hint=f"there are: {there}")
    return trends(nights, wish)


def _wish(asked: Asked) -> Wish:
    if not asked.min_hours >= 0:
        raise UsageError(f"{asked.min_hours:g} h of valid time make no sense")
    if not 0 <= asked.min_share <= 1:
        raise UsageError(f"a share lies between 0 and 1, not at {asked.min_share:g}")
    wrong = sorted(set(asked.kinds) - set(KINDS))
    if wrong:
        raise UsageError(
            f"{wrong[0]!r} is no kind of event that is counted", hint=f"there are: {', '.join(KINDS)}"
        )
    return Wish(asked.channels, asked.kinds, _moment(asked.since), asked.min_hours, asked.min_share)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "write 2026-11-20, 2026-11-20 22:00 or 2026-11-20 22:00+01:00"
        raise UsageError(f"{text!r:.40} is no date", hint=hint) from None
    return moment if moment.tzinfo is not None else moment.astimezone()


def _sessions(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.iterdir() if one.suffix.lower() == SUFFIX)
            if not found:
                raise UsageError(
                    "there is no session in this folder", where=path, hint=f"they end in {SUFFIX}"
                )
            yield from (one.resolve() for one in found)
        else:
            yield path.resolve()
