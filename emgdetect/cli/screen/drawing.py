"""The live screen as a picture of what is known: no clock, no terminal, nothing but its argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from emgdetect.cli.screen import saying
from emgdetect.cli.screen.fitting import fit, is_troubled
from emgdetect.cli.screen.sensor import draw_sensor
from emgdetect.cli.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import RenderableType

    from emgdetect.cli.screen.prompt import Prompt
    from emgdetect.cli.screen.tally import Line
    from emgdetect.recorder import Status, StreamStatus

OLD_S = 2.5
"""A state of things that is older than this is shown as old; a new one comes twice a second."""

_TALL = 1000
_LEAST_LINES = 2
_HINT = " symptom …, pain 0-10, woke, trigger …, medication …, dose …, or any words"
_TONES = {"event": "cyan", "gap": "yellow", "alarm": "bold red", "remark": ""}


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
    prompt : Prompt or None
        A note that is being typed.
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
    prompt: Prompt | None = None

    @property
    def is_old(self) -> bool:
        """Whether nothing has been heard of the recorder for too long."""
        return self.silent > OLD_S


def draw(picture: Picture, width: int, height: int = _TALL) -> Group:
    """Draw the screen for a terminal of ``width`` by ``height``; its last line is always that of the keys."""
    status = picture.status
    below = _prompt(picture.prompt, width) if picture.prompt is not None else [_keys(picture)]
    parts: list[RenderableType] = [_head(picture)]
    if picture.is_old:
        parts.append(
            Text(
                f" The recorder has not answered for {picture.silent:.0f} s; what is below is old. ",
                "bold white on red",
                no_wrap=True,
                overflow="ellipsis",
            )
        )
    if height - len(parts) - len(below) < _LEAST_LINES:
        del below[1:-1]
    if status is None:
        parts.append(Text(picture.waiting or "looking for the sensors …", "yellow"))
    else:
        layout = fit(status.streams, height - len(parts) - len(below) - _LEAST_LINES)
        parts += [draw_sensor(place, picture, width) for place in layout.places]
        if layout.hidden:
            parts.append(_more_sensors(layout.hidden, is_old=picture.is_old))
    parts += [_line(line) for line in picture.lines[-max(0, picture.n_lines) :] if picture.n_lines > 0]
    return Group(*parts, *below)


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


def _more_sensors(hidden: Sequence[StreamStatus], *, is_old: bool) -> Text:
    troubled = 0 if is_old else sum(map(is_troubled, hidden))
    how = "no data" if is_old else f"{troubled} of them in trouble" if troubled else "all well"
    said = f"+{plural(len(hidden), 'more sensor')}, {how}"
    return Text(said, "bold yellow" if troubled else "dim", no_wrap=True, overflow="ellipsis")


def _line(line: Line) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{line.time.astimezone():%H:%M:%S}  ", "dim")
    text.append(f"{line.source}  " if line.source else "", "bold")
    return text.append(line.text, _TONES[line.tone])


def _prompt(prompt: Prompt, width: int) -> list[Text]:
    """Draw the line that is being typed, its end if it is long, and what can be done with it."""
    label = f" note of {prompt.time.astimezone():%H:%M:%S} "
    room = max(1, width - len(label) - 3)
    typed = Text(no_wrap=True, overflow="crop")
    typed.append(label, "reverse")
    typed.append(f" {prompt.text[-room:]}").append("▏", "blink bold")
    hint = Text(
        prompt.wrong or _HINT, "bold red" if prompt.wrong else "dim", no_wrap=True, overflow="ellipsis"
    )
    keys = Text(no_wrap=True, overflow="ellipsis")
    for key, what in (("Enter", "keep" if prompt.text.strip() else "keep “felt something”"), ("Esc", "drop")):
        keys.append(f" {key} ", "reverse")
        keys.append(f" {what}   ")
    return [typed, hint, keys]


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
