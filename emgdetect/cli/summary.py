"""``emgdetect summary``: a detection in numbers."""

from emgdetect.cli import options


def summary(
    source: options.Source,
    *,
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show counts, rates, durations and intervals of a session, or of a recording searched now.

    Nothing is written. With --quiet only the exit code tells whether it could be done.
    """
    from emgdetect.cli import console
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.searching import Request, look_up
    from emgdetect.cli.telling import tell

    console.not_both(as_json, quiet)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    found = look_up(Request(source, given, profile, tuple(channel or ()), run=run, quiet=quiet))
    tell(found, artefacts=artefacts, as_json=as_json, quiet=quiet)
