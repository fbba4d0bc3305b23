"""``emgdetect record``: sensors into a session."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

SENSORS_HELP = (
    "Addresses such as serial:///dev/ttyACM0, ble://MyoW1, virtual://emgdetect, or the name of a sensor in "
    "sight; NAME=ADDRESS calls it by a name of your own."
)


def record(
    sensors: Annotated[list[str], typer.Argument(metavar="SENSOR...", help=SENSORS_HELP, show_default=False)],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="SESSION",
            help="Session file (.emgdb); one that exists is continued. From date and time unless given.",
            readable=False,
        ),
    ] = None,
    device: options.Device = None,
    option: options.DeviceOption = None,
    profile: options.Profile = options.DEFAULT_PROFILE,
    sensitivity: options.Sensitivity = "normal",
    length: Annotated[
        str, typer.Option("--for", metavar="SPAN", help="Stop after 8h, 30min or 90s.", show_default=False)
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Stop at 07:00.", show_default=False)
    ] = "",
    at: Annotated[
        str,
        typer.Option("--at", metavar="TIME", help="Begin at 23:00 and wait until then.", show_default=False),
    ] = "",
    alarm: Annotated[
        list[str] | None,
        typer.Option(
            "--alarm", metavar="RULE:ACTION", help="As in 'spasm>5s:bell', or a TOML file; may be repeated."
        ),
    ] = None,
    no_wake_lock: Annotated[
        bool,
        typer.Option("--no-wake-lock", metavar=options.NO_VALUE, help="Let the computer fall asleep."),
    ] = False,
    quiet: options.Quiet = False,
) -> int:
    """Record sensors into a session and find events while it goes on.

    Press q or Ctrl-C to stop. Whatever happens on the way, what has been received is in the session.
    """
    from emgdetect.cli import recording
    from emgdetect.cli.sensors import Asked, host_of, sources_of

    manner = recording.Manner(profile, sensitivity, tuple(alarm or ()), awake=not no_wake_lock, quiet=quiet)
    wish = recording.wish_of(output, recording.Times(length, until, at), manner)
    asked = Asked(tuple(sensors), device, tuple(option or ()), quiet=quiet)
    sources = sources_of(asked)
    return recording.run(sources, host_of(asked, sources), wish)
