"""``emgdetect summary``: a detection in numbers."""

from typing import Annotated

import typer

from emgdetect.cli import options


def summary(
    source: options.Source,
    *,
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sequences: Annotated[
        bool,
        typer.Option(
            "--sequences",
            metavar=options.NO_VALUE,
            help="Add what each rule set says: leg movements, spasms, twitch trains and more.",
        ),
    ] = False,
    hypnogram: options.Hypnogram = None,
    place: options.Place = None,
    shift: options.Shift = 0.0,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show counts, rates, durations and intervals of a session, or of a recording searched now.

    Nothing is written. With --quiet only the exit code tells whether it could be done. A hypnogram or a
    placement brings the rule sets, as --sequences does.
    """
    from emgdetect.cli import console
    from emgdetect.cli.beside import given as given_beside
    from emgdetect.cli.beside import known_beside
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.searching import Request, look_up
    from emgdetect.cli.telling import tell

    console.not_both(as_json, quiet)
    said = given_beside(hypnogram, place, shift)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    found = look_up(Request(source, given, profile, tuple(channel or ()), run=run, quiet=quiet))
    known = known_beside(found, said, quiet=quiet) if sequences or said.anything else ()
    tell(found, artefacts=artefacts, known=known, as_json=as_json, quiet=quiet)
