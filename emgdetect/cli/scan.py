"""``emgdetect scan``: what there is to record from."""

from typing import Annotated

import typer

from emgdetect.cli import options


def scan(
    *,
    seconds: Annotated[
        float,
        typer.Option(
            "--seconds", metavar="S", min=1, max=60, help="How long to listen for Bluetooth sensors."
        ),
    ] = 5.0,
    everything: Annotated[
        bool,
        typer.Option("--all", metavar=options.NO_VALUE, help="Show what no known sensor looks like, too."),
    ] = False,
    as_json: options.AsJson = False,
) -> int:
    """Look for sensors on Bluetooth and on serial ports, and say how to record from each."""
    from emgdetect.cli import seeing

    return seeing.look_around(seconds, everything=everything, as_json=as_json)
