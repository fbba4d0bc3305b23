"""``emgdetect evaluate``: detected events against a reference, or scorer against scorer."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

WHAT = "session, event table, marks of a scoring program, EDF+ with annotations, or a folder of such files"
AGAINST = "What it is held against: the same kinds of file."

Detected = Annotated[
    Path, typer.Argument(metavar="DETECTED", help=f"A {WHAT}.", show_default=False, readable=False)
]
Reference = Annotated[
    Path, typer.Argument(metavar="REFERENCE", help=AGAINST, show_default=False, readable=False)
]
MinOverlap = Annotated[
    float, typer.Option("--min-overlap", metavar="0-1", help="Least intersection over union of a pair.")
]
OnsetTolerance = Annotated[
    float | None,
    typer.Option("--onset-tolerance", metavar="SECONDS", help="Onsets that near make a pair, too."),
]
ByKind = Annotated[
    bool, typer.Option("--by-kind", metavar=options.NO_VALUE, help="Only events of one kind can be a pair.")
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="NAME", help="Compare this kind only; may be repeated."),
]
Channels = Annotated[
    list[str] | None,
    typer.Option("--channel", "-c", metavar="NAME", help="Compare this channel only; may be repeated."),
]
Same = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="DETECTED=REFERENCE", help="Two names of one channel; may be repeated."),
]
Hours = Annotated[
    float | None,
    typer.Option("--hours", metavar="H", help="Hours judged in each recording, where no file says."),
]
Shift = Annotated[
    float, typer.Option("--shift", metavar="SECONDS", help="Add this to the times of REFERENCE.")
]
Grid = Annotated[float, typer.Option("--grid", metavar="SECONDS", help="How fine the grid of the kappa is.")]


def evaluate(
    detected: Detected,
    reference: Reference,
    *,
    min_overlap: MinOverlap = 0.2,
    onset_tolerance: OnsetTolerance = None,
    by_kind: ByKind = False,
    kind: Kinds = None,
    channel: Channels = None,
    same: Same = None,
    hours: Hours = None,
    shift: Shift = 0.0,
    grid: Grid = 1.0,
    run: options.Run = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare detected events with a reference, or one scorer's marks with another's.

    Of two folders, files of the same name are compared, whatever their suffix. Nothing is written.
    """
    from emgdetect.cli import console, judging
    from emgdetect.cli.agreeing import to_json, to_text
    from emgdetect.evaluate import Rules

    console.not_both(as_json, quiet)
    wish = judging.Wish(
        rules=Rules(min_overlap, onset_tolerance, by_kind, grid),
        kinds=tuple(kind or ()),
        channels=tuple(channel or ()),
        same=tuple(same or ()),
        hours=hours,
        shift=shift,
        run=run,
    )
    comparison = judging.judge(detected, reference, wish)
    if as_json:
        console.say_json(to_json(comparison, detected, reference))
    elif not quiet:
        console.say(to_text(comparison, detected.name, reference.name))
