"""The live screen as a picture of what is known: no clock, no terminal, nothing but its argument."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from emgdetect.cli.screen import saying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from emgdetect.cli.screen.tally import Line
    from emgdetect.recorder import ChannelStatus, Status, StreamStatus

OLD_S = 2.5
"""A state of things that is older than this is shown as old; a new one comes twice a second."""

METER = 20
WIDE_METER = 50
METER_DB = (-6.0, 40.0)
"""From where to where it goes, above the floor: rest has to look other than nothing."""
_BARE_DB = (0.0, 80.0)
_LOUD_DB = 12.0
_WIDE = 110
_TONES = {"event": "cyan", "gap": "yellow", "alarm": "bold red", "remark": ""}
_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Picture:
    """What the screen shows.

    Parameters
    ----------
    session : str
        Name of the file.
    status : Status or None
        The newest state of things; ``None`` before the first.
    silent : float
        Seconds since it was told.
    counts : mapping
        Events so far by kind, for each sensor and channel.
    lines : tuple of Line
        The newest things that happened, the last one last.
    alarms : str
        What alarms have to say, such as "2 alarms on".
    waiting : str
        What is waited for before the recording begins.
    stopping : bool
        Whether the recording is coming to its end.
    n_lines : int
        How many of the lines there is room for.
    """

    session: str
    status: Status | None = None
    silent: float = 0.0
    counts: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    alarms: str = ""
    waiting: str = ""
    stopping: bool = False
    n_lines: int = 8

    @property
    def is_old(self) -> bool:
        """Whether nothing has been heard of the recorder for too long."""
        return self.silent > OLD_S


def draw(picture: Picture, width: int) -> Group:
    """Draw the screen for a terminal of ``width`` columns."""
    status = picture.status
    parts: list[RenderableType] = [_head(picture)]
    if picture.is_old:
        parts.append(
            Text(
                f" The recorder has not answered for {picture.silent:.0f} s; what is below is old. ",
                "bold white on red",
            )
        )
    if status is None:
        parts.append(Text(picture.waiting or "looking for the sensors …", "yellow"))
    else:
        parts += [_sensor(stream, status, picture, width) for stream in status.streams]
    parts += [_line(line) for line in picture.lines[-max(0, picture.n_lines) :] if picture.n_lines > 0]
    parts.append(_keys(picture))
    return Group(*parts)


def _head(picture: Picture) -> RenderableType:
    status = picture.status
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column(justify="right", no_wrap=True)
    state = Text("waiting", "yellow")
    if picture.stopping:
        state = Text("stopping", "yellow")
    elif status is not None and picture.is_old:
        state = Text("not answering", "bold red")
    elif status is not None:
        state = Text("paused", "bold yellow") if status.paused else Text("recording", "bold green")
    left = Text.assemble(("emgdetect ", "bold"), state, f"  {picture.session}")
    right = Text()
    if status is not None:
        right.append(saying.clock(status.elapsed), "bold")
        right.append(f"  {saying.disk(status.hours_left)}", "red" if status.hours_left < 1 else "")
        right.append(f"  {status.time.astimezone():%H:%M:%S}")
    table.add_row(left, right)
    return table


def _sensor(stream: StreamStatus, status: Status, picture: Picture, width: int) -> RenderableType:
    paused = saying.is_paused(stream, paused=status.paused)
    fresh = stream.state == "streaming" and not picture.is_old and not paused
    said = saying.state(stream, paused=status.paused, silent=picture.silent if picture.is_old else 0.0)
    colour = _colour(stream, fresh=fresh, paused=paused and not picture.is_old)
    title = Text.assemble(
        (stream.name, "bold"), "  ", (said, f"bold {colour}"), (f"  {stream.device}", "dim")
    )
    body: list[RenderableType] = []
    for channel in stream.channels:
        counts = picture.counts.get((stream.name, channel.name), {})
        body += _channel(channel, counts, stream, fresh=fresh, meter=WIDE_METER if width >= _WIDE else METER)
    if stream.channels:
        body.append(Text("   ".join(saying.facts(stream)), "" if fresh else "dim"))
        if behind := saying.behind(stream):
            body.append(Text(behind, "yellow"))
    else:
        body.append(Text("nothing has come of it yet", "dim"))
    return Panel(Group(*body), title=title, title_align="left", border_style=colour, padding=(0, 1))


def _colour(stream: StreamStatus, *, fresh: bool, paused: bool) -> str:
    if paused:
        return "yellow"
    if not fresh:
        return "red"
    return "yellow" if any(channel.trouble for channel in stream.channels) else "green"


def _channel(
    channel: ChannelStatus, counts: Mapping[str, int], stream: StreamStatus, *, fresh: bool, meter: int
) -> list[RenderableType]:
    level = channel.level if fresh else math.nan
    trouble = bool(channel.trouble) or not fresh
    contact = saying.contact(channel) if fresh else "no data"
    row = Text(no_wrap=True, overflow="ellipsis")
    row.append(f"{channel.name:<8.16} ", "bold")
    row.append_text(_meter(level, channel.floor, meter))
    row.append(f" {saying.amount(level, channel.unit):>10}")
    row.append(f"  floor {saying.amount(channel.floor, channel.unit):<8}", "dim")
    row.append(f"  {contact}", "bold yellow" if trouble else "green")
    below = Text("         ", no_wrap=True, overflow="ellipsis")
    below.append(saying.counts(counts))
    last = channel.last
    if last is not None:
        ago = max(0.0, stream.seconds - last.onset - last.duration)
        below.append(f"   last: {saying.event(last, channel.unit)}, {saying.ago(ago)}", "cyan")
    return [row, below]


def _meter(level: float, floor: float, length: int) -> Text:
    """Draw how far the level is above the floor; where the floor is not known yet, the level alone."""
    if not math.isfinite(level):
        return Text(f"▕{'·' * length}▏", "dim")
    known = math.isfinite(floor) and floor > 0
    decibels = 20 * math.log10(max(level, 1e-9) / (floor if known else 1.0))
    low, high = METER_DB if known else _BARE_DB
    filled = min(max((decibels - low) / (high - low), 0.0), 1.0) * length
    whole = int(filled)
    bar = "█" * whole + (_EIGHTHS[int((filled - whole) * 8)] if whole < length else "")
    colour = "blue" if not known else "magenta" if decibels >= _LOUD_DB else "green"
    return Text.assemble("▕", (f"{bar:<{length}}", colour), "▏")


def _line(line: Line) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{line.time.astimezone():%H:%M:%S}  ", "dim")
    text.append(f"{line.source}  " if line.source else "", "bold")
    return text.append(line.text, _TONES[line.tone])


def _keys(picture: Picture) -> Text:
    paused = picture.status is not None and picture.status.paused
    keys = [("q", "stop"), ("p", "go on" if paused else "pause"), ("n", "note")]
    if picture.alarms:
        keys.append(("z", f"snooze  ({picture.alarms})"))
    text = Text(no_wrap=True, overflow="ellipsis")
    for key, what in keys:
        text.append(f" {key} ", "reverse")
        text.append(f" {what}   ")
    return text
