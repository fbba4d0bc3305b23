"""``emgdetect trends``: many nights side by side."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

NIGHTS_HELP = "Session files (.emgdb), or folders of them."


def trends(
    nights: Annotated[
        list[Path], typer.Argument(metavar="NIGHTS...", help=NIGHTS_HELP, show_default=False, readable=False)
    ],
    *,
    channel: Annotated[
        list[str] | None,
        typer.Option("--channel", "-c", metavar="NAME", help="This channel only; may be repeated."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="NAME", help="all, twitch, burst or spasm only; may be repeated."),
    ] = None,
    since: Annotated[
        str,
        typer.Option("--since", metavar="TIME", help="Compare the nights before with those after it."),
    ] = "",
    min_hours: Annotated[
        float, typer.Option("--min-hours", metavar="H", help="Leave out nights with less valid time.")
    ] = 4.0,
    min_share: Annotated[
        float, typer.Option("--min-share", metavar="0-1", help="Leave out nights of which less is valid.")
    ] = 0.7,
    profile: Annotated[
        str | None,
        typer.Option("--profile", "-p", metavar="NAME", help="Take the newest detection with this profile."),
    ] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Lay nights side by side: rates and their spread, time of night, before and after, with and without.

    Takes what is stored in the sessions: detections and diaries. Nothing is searched and nothing written.
    """
    from emgdetect.cli import console
    from emgdetect.cli.nightly import Asked, look_back
    from emgdetect.cli.nightly_text import to_json, to_text

    console.not_both(as_json, quiet)
    asked = Asked(
        channels=tuple(channel or ()),
        kinds=tuple(kind or ()),
        since=since,
        min_hours=min_hours,
        min_share=min_share,
        profile=profile,
    )
    found = look_back(nights, asked, quiet=quiet)
    if as_json:
        console.say_json(to_json(found))
    elif not quiet:
        console.say(to_text(found))
