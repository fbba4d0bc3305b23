"""``emgdetect simulate``: a recording whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

DEFAULT_SCENARIO = "clean"


def simulate(
    output: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT",
            help="Recording to write: .npz, .csv, .edf or .bdf.",
            show_default=False,
            readable=False,
        ),
    ] = None,
    *,
    scenario: Annotated[
        str, typer.Option("--scenario", "-s", metavar="NAME", help="What is simulated; --list names them.")
    ] = DEFAULT_SCENARIO,
    duration: Annotated[
        float | None,
        typer.Option("--duration", metavar="SECONDS", help="Length, in place of the scenario's."),
    ] = None,
    sampling_rate: Annotated[
        float | None, typer.Option("--sampling-rate", metavar="HZ", help="Rate, in place of the scenario's.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Another number, another recording.")
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", metavar=options.NO_VALUE, help="List the scenarios and write nothing.")
    ] = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Make a recording of simulated muscle, with its exact truth in tables beside it."""
    from emgdetect.cli import making

    if list_all:
        making.list_scenarios()
        return
    wish = making.Wish(scenario, seed=seed, duration=duration, sampling_rate=sampling_rate)
    making.make(output, wish, force=force, quiet=quiet)
