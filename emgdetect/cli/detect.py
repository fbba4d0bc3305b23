"""``emgdetect detect``: find events in a recording and keep them."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options


def detect(
    source: options.Source,
    *,
    events: Annotated[
        Path | None,
        typer.Option(
            "--events", metavar="TSV", help="Write a BIDS-style table and its JSON sidecar.", readable=False
        ),
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(
            "--session",
            metavar="EMGDB",
            help="Write recording and events into one session file.",
            readable=False,
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="HTML", help="Write a report page.", readable=False)
    ] = None,
    profile: options.Profile = options.DEFAULT_PROFILE,
    sensitivity: options.Sensitivity = "normal",
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Find twitches, bursts and spasms in a recording.

    Without --events, --session or --report it writes FILE's name with .emgdb and .html into the current
    folder. On a session file it adds another detection to those already there.
    """
    from emgdetect.cli import console
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.keeping import Targets, keep
    from emgdetect.cli.searching import Request, search
    from emgdetect.cli.telling import tell

    console.not_both(as_json, quiet)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    targets = Targets(source, events=events, session=session, report=report, artefacts=artefacts, force=force)
    targets.check()
    request = Request(source, given, profile, tuple(channel or ()), sensitivity=sensitivity, quiet=quiet)
    found = search(request)
    kept = keep(found, targets, quiet=quiet)
    tell(found, kept=kept, artefacts=artefacts, as_json=as_json, quiet=quiet)
