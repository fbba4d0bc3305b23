"""``emgdetect export``: events, or the recording with its events, in another format."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options


def export(
    source: options.Source,
    output: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="Its suffix says what: .tsv, .csv, .json (events), .edf, .bdf (recording and events).",
            readable=False,
        ),
    ],
    *,
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the events of a session, or of a recording searched now, in another format.

    EDF+ and BDF+ files hold the signal too, with the events as annotations of their channels.
    """
    from emgdetect.cli.converting import check_suffix, convert
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.outputs import check_targets, event_targets
    from emgdetect.cli.searching import Request, look_up

    check_suffix(output, signals=True)
    check_targets(event_targets(output), force=force, sources=[source])
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    found = look_up(Request(source, given, profile, tuple(channel or ()), run=run, quiet=quiet))
    convert(found, output, artefacts=artefacts, force=force, quiet=quiet)
