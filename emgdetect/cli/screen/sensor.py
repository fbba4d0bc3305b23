"""One sensor on the live screen: a box with its channels, or a line where there is no room for one."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from emgdetect.cli.screen import saying
from emgdetect.cli.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

    from emgdetect.cli.screen.drawing import Picture
    from emgdetect.cli.screen.fitting import Place
    from emgdetect.recorder import ChannelStatus, StreamStatus

METER = 20
WIDE_METER = 50
METER_DB = (-6.0, 40.0)
"""From where to where it goes, above the floor: rest has to look other than nothing."""
_BARE_DB = (0.0, 80.0)
_LOUD_DB = 12.0
_WIDE = 110
_EIGHTHS = " ▏▎▍▌▋▊▉"


def draw_sensor(place: Place, picture: Picture, width: int) -> RenderableType:
    """Draw a sensor in its place."""
    stream = place.stream
    status_paused = picture.status is not None and picture.status.paused
    paused = saying.is_paused(stream, paused=status_paused)
    fresh = stream.state == "streaming" and not picture.is_old and not paused
    said = saying.state(stream, paused=status_paused, silent=picture.silent if picture.is_old else 0.0)
    colour = _colour(stream, fresh=fresh, paused=paused and not picture.is_old)
    title = _text((stream.name, "bold"), ("  ", ""), (said, f"bold {colour}"))
    if not place.each:
        return title.append_text(_summed(place, picture, fresh=fresh))
    title.append(f"  {stream.device}", "dim")
    body: list[RenderableType] = []
    for channel in place.channels:
        counts = picture.counts.get((stream.name, channel.name), {})
        row = _row(channel, fresh=fresh, meter=WIDE_METER if width >= _WIDE else METER)
        if place.each == 1:
            body.append(_closely(row, channel, counts, fresh=fresh))
        else:
            body += [_with_floor(row, channel, fresh=fresh), _below(channel, counts, stream)]
    if place.hidden:
        body.append(_more(place.hidden, fresh=fresh))
    if stream.channels:
        body.append(_text(("   ".join(saying.facts(stream)), "" if fresh else "dim")))
        if behind := saying.behind(stream):
            body.append(_text((behind, "yellow")))
    else:
        body.append(_text(("nothing has come of it yet", "dim")))
    return Panel(Group(*body), title=title, title_align="left", border_style=colour, padding=(0, 1))


def _colour(stream: StreamStatus, *, fresh: bool, paused: bool) -> str:
    if paused:
        return "yellow"
    if not fresh:
        return "red"
    return "yellow" if any(channel.trouble for channel in stream.channels) else "green"


def _summed(place: Place, picture: Picture, *, fresh: bool) -> Text:
    """Say of a whole sensor what fits behind its name."""
    total: Counter[str] = Counter()
    for channel in place.hidden:
        total.update(picture.counts.get((place.stream.name, channel.name), {}))
    wrong = [f"{channel.name} {saying.contact(channel)}" for channel in place.hidden if channel.trouble]
    text = _text((f"  {plural(len(place.hidden), 'channel')}", "dim"), (f"  {saying.counts(total)}", ""))
    return text.append(f"  {', '.join(wrong)}", "bold yellow") if fresh and wrong else text


def _row(channel: ChannelStatus, *, fresh: bool, meter: int) -> Text:
    level = channel.level if fresh else math.nan
    row = _text((f"{channel.name:<8.16} ", "bold"))
    row.append_text(_meter(level, channel.floor, meter))
    return row.append(f" {saying.amount(level, channel.unit):>10}")


def _with_floor(row: Text, channel: ChannelStatus, *, fresh: bool) -> Text:
    row.append(f"  floor {saying.amount(channel.floor, channel.unit):<8}", "dim")
    return row.append_text(_contact(channel, fresh=fresh))


def _closely(row: Text, channel: ChannelStatus, counts: Mapping[str, int], *, fresh: bool) -> Text:
    return row.append_text(_contact(channel, fresh=fresh)).append(f"  {saying.counts(counts)}")


def _contact(channel: ChannelStatus, *, fresh: bool) -> Text:
    contact = saying.contact(channel) if fresh else "no data"
    return _text((f"  {contact}", "bold yellow" if channel.trouble or not fresh else "green"))


def _below(channel: ChannelStatus, counts: Mapping[str, int], stream: StreamStatus) -> Text:
    below = _text((" " * 9, ""), (saying.counts(counts), ""))
    last = channel.last
    if last is not None:
        ago = max(0.0, stream.seconds - last.onset - last.duration)
        below.append(f"   last: {saying.event(last, channel.unit)}, {saying.ago(ago)}", "cyan")
    return below


def _more(hidden: Sequence[ChannelStatus], *, fresh: bool) -> Text:
    """Say how many channels there is no room for; with one in trouble it has to be known."""
    wrong = [f"{channel.name} {saying.contact(channel)}" for channel in hidden if channel.trouble and fresh]
    how = ", ".join(wrong) or ("all well" if fresh else "no data")
    return _text((f"+{plural(len(hidden), 'more channel')}: {how}", "bold yellow" if wrong else "dim"))


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


def _text(*parts: tuple[str, str]) -> Text:
    """Join parts to one line that is never two."""
    text = Text(no_wrap=True, overflow="ellipsis")
    for words, style in parts:
        text.append(words, style)
    return text
