"""``emgdetect replay``: a recording through the live path."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options


def replay(
    source: options.Source,
    *,
    speed: Annotated[
        float, typer.Option("--speed", metavar="X", help="How many times real time; 0 is as fast as can be.")
    ] = 1.0,
    kept: Annotated[
        Path | None,
        typer.Option("--record", metavar="SESSION", help="Keep what comes of it.", readable=False),
    ] = None,
    port: Annotated[
        bool,
        typer.Option("--port", metavar=options.NO_VALUE, help="Be a board on a virtual serial port instead."),
    ] = False,
    lsl: Annotated[
        bool, typer.Option("--lsl", metavar=options.NO_VALUE, help="Be a Lab Streaming Layer outlet instead.")
    ] = False,
    profile: options.Profile = options.DEFAULT_PROFILE,
    sensitivity: options.Sensitivity = "normal",
    channel: options.Channels = None,
    alarm: Annotated[
        list[str] | None,
        typer.Option("--alarm", metavar="RULE:ACTION", help="As in 'spasm>5s:bell'; may be repeated."),
    ] = None,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    quiet: options.Quiet = False,
) -> int:
    """Play a recording as if its sensor were there: screen, detection and alarms of a live night."""
    from emgdetect.cli.inputs import open_input, read_options, streams_to_search
    from emgdetect.cli.recording import Manner
    from emgdetect.cli.replaying import Way, play

    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    recording = open_input(source, given, quiet=quiet)
    streams = [part for _, part in streams_to_search(recording, tuple(channel or ())).parts]
    manner = Manner(profile, sensitivity, tuple(alarm or ()), awake=False, quiet=quiet)
    return play(recording, streams, manner, Way(speed, kept, port=port, lsl=lsl))
