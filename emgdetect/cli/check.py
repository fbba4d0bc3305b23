"""``emgdetect check``: whether a sensor, or a recording, is good enough."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

SOURCES_HELP = "Sensors, as for emgdetect record, or recordings."


def check(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help=SOURCES_HELP, show_default=False)],
    *,
    device: options.Device = None,
    option: options.DeviceOption = None,
    seconds: Annotated[
        float,
        typer.Option("--seconds", metavar="S", min=4, max=600, help="Half of it at rest, half tensed."),
    ] = 10.0,
    rest_only: Annotated[
        bool,
        typer.Option("--rest-only", metavar=options.NO_VALUE, help="Do not ask to tense the muscle."),
    ] = False,
    calibration: Annotated[
        Path | None,
        typer.Option(
            "--calibration", metavar="JSON", help="Keep what was measured in this file.", readable=False
        ),
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(
            "--session",
            metavar="SESSION",
            help="Keep it in this session, new or not, that the night goes into.",
            readable=False,
        ),
    ] = None,
    channel: options.Channels = None,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> int:
    """Check sensors before a night, or a recording after it: rate, losses, mains, noise, contact, swing.

    Leads through some seconds at rest and some with the muscle tensed. The exit code is 0 only if all pass.
    """
    from emgdetect.cli import checked, console
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.sensors import Asked

    console.not_both(as_json, quiet)
    kept = checked.Keep(calibration, session, force=force)
    manner = checked.Manner(seconds, rest_only=rest_only, as_json=as_json, quiet=quiet)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    if checked.are_files(sources):
        return checked.check_files(sources, given, tuple(channel or ()), kept, manner)
    asked = Asked(tuple(sources), device, tuple(option or ()), quiet=quiet)
    return checked.check_live(asked, kept, manner)
