"""``emgdetect evaluate``: detected events against a reference, or scorer against scorer."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

WHAT = "session, event table, marks of a scoring program, EDF+ with annotations, or a folder of such files"


def evaluate(
    detected: Annotated[
        Path,
        typer.Argument(metavar="DETECTED", help=f"A {WHAT}.", show_default=False, readable=False),
    ],
    reference: Annotated[
        Path,
        typer.Argument(
            metavar="REFERENCE",
            help="What it is held against: the same kinds of file.",
            show_default=False,
            readable=False,
        ),
    ],
    *,
    min_overlap: Annotated[
        float,
        typer.Option("--min-overlap", metavar="0-1", help="Least intersection over union of a pair."),
    ] = 0.2,
    onset_tolerance: Annotated[
        float | None,
        typer.Option(
            "--onset-tolerance", metavar="SECONDS", help="Onsets that near make a pair, too, however short."
        ),
    ] = None,
    by_kind: Annotated[
        bool,
        typer.Option("--by-kind", metavar=options.NO_VALUE, help="Only events of one kind can be a pair."),
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="NAME", help="Compare this kind only; may be repeated."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", "-c", metavar="NAME", help="Compare this channel only; may be repeated."),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="DETECTED=REFERENCE", help="Two names of one channel; may be repeated."
        ),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option("--hours", metavar="H", help="Hours judged in each recording, where no file says."),
    ] = None,
    shift: Annotated[
        float, typer.Option("--shift", metavar="SECONDS", help="Add this to the times of REFERENCE.")
    ] = 0.0,
    grid: Annotated[
        float, typer.Option("--grid", metavar="SECONDS", help="How fine the grid of the kappa is.")
    ] = 1.0,
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
