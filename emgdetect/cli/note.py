"""``emgdetect note``: what a person says about a night, kept in its session."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

SESSION_HELP = "A session file (.emgdb); it may be being recorded."


def note(
    session: Annotated[
        Path, typer.Argument(metavar="SESSION", help=SESSION_HELP, show_default=False, readable=False)
    ],
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="Anything, in your own words.", show_default=False)
    ] = "",
    *,
    symptom: Annotated[
        str, typer.Option("--symptom", metavar="WORDS", help="What was felt, as in 'cramp in the left calf'.")
    ] = "",
    pain: Annotated[
        float | None,
        typer.Option("--pain", metavar="0-10", help="How much it hurt: 0 not at all, 10 the worst there is."),
    ] = None,
    woke: Annotated[
        bool,
        typer.Option("--woke", metavar=options.NO_VALUE, help="It woke somebody up, or somebody woke up."),
    ] = False,
    trigger: Annotated[
        str, typer.Option("--trigger", metavar="WORDS", help="What came before, as in 'long walk'.")
    ] = "",
    medication: Annotated[
        str, typer.Option("--medication", metavar="NAME", help="What was taken; --dose says how much.")
    ] = "",
    dose: Annotated[
        str, typer.Option("--dose", metavar="AMOUNT", help="Number and unit, as in '300 mg'.")
    ] = "",
    intervention: Annotated[
        str, typer.Option("--intervention", metavar="WORDS", help="What else was done, as in 'stretching'.")
    ] = "",
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="03:20, or 2026-11-20 22:00+01:00; now unless given."),
    ] = "",
    remove: Annotated[int | None, typer.Option("--remove", metavar="N", help="Take entry N back.")] = None,
    list_all: Annotated[
        bool, typer.Option("--list", metavar=options.NO_VALUE, help="List the diary, adding nothing.")
    ] = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Add to the diary of a session, before, during or after the night, or list it.

    Several options at once are several entries of one time. A time without a date is that of the night;
    one without a zone is this computer's.
    """
    from emgdetect.cli import console, noting

    console.not_both(as_json, quiet)
    said = noting.Said(
        note=text,
        symptom=symptom,
        pain=pain,
        woke=woke,
        trigger=trigger,
        medication=medication,
        dose=dose,
        intervention=intervention,
        at=at,
    )
    noting.keep_diary(session, said, remove=remove, list_all=list_all)
    noting.tell_diary(session, said, list_all=list_all, as_json=as_json, quiet=quiet)
