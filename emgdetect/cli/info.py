"""``emgdetect info``: what was understood of a file."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options


def info(
    source: options.Source,
    *,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    save_layout: Annotated[
        Path | None,
        typer.Option(
            "--save-layout", metavar="FILE", help="Save how the text table was read.", readable=False
        ),
    ] = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show what was understood of a file: device, rate, channels, units, start, gaps, oddities."""
    from emgdetect.cli import console
    from emgdetect.cli.inputs import open_input, read_options
    from emgdetect.cli.layouts import save_layout as write_layout
    from emgdetect.cli.outputs import check_targets
    from emgdetect.formats.describing import describe

    console.not_both(as_json, quiet)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    if save_layout is not None:
        check_targets([save_layout], force=force, sources=[source])
    recording = open_input(source, given, quiet=quiet)
    if save_layout is not None:
        write_layout(recording, given, save_layout, force=force)
    if as_json:
        console.say_json(describe(recording))
    elif not quiet:
        from emgdetect.cli.describing import to_text

        console.say(to_text(recording))
