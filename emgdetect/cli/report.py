"""``emgdetect report``: a page a person likes to read."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options


def report(
    source: options.Source,
    output: Annotated[
        Path | None,
        typer.Argument(
            metavar="[HTML]",
            help="Where to; unless given, the name of FILE with .html, here.",
            readable=False,
        ),
    ] = None,
    *,
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="Stands at the top; unless given, FILE's name.")
    ] = "",
    subject: Annotated[
        str, typer.Option("--subject", metavar="TEXT", help="Whom or what the recording is of.")
    ] = "",
    anonymise: Annotated[
        bool,
        typer.Option(
            "--anonymise",
            metavar=options.NO_VALUE,
            help="Leave out subject, file name, device, dates and times of day.",
        ),
    ] = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a report page of a session, or of a recording searched now; one file, no network needed."""
    from emgdetect.cli import console
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.outputs import check_page, check_targets
    from emgdetect.cli.reporting import Labels, write_reports
    from emgdetect.cli.searching import Request, look_up

    target = output or Path(f"{source.stem}.html")
    check_page(target, force=force)
    check_targets([target], force=force, sources=[source])
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    found = look_up(Request(source, given, profile, tuple(channel or ()), run=run, quiet=quiet))
    labels = Labels(title, subject, anonymise)
    for path in write_reports(found, target, labels=labels, force=force, quiet=quiet):
        if not quiet:
            console.say(str(path))
