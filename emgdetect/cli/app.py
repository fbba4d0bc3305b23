"""The command tree: one line per command."""

from typing import Annotated

import typer

from emgdetect._version import __version__
from emgdetect.cli.check import check
from emgdetect.cli.detect import detect
from emgdetect.cli.devices import devices
from emgdetect.cli.evaluate import evaluate
from emgdetect.cli.export import export
from emgdetect.cli.info import info
from emgdetect.cli.note import note
from emgdetect.cli.options import NO_VALUE
from emgdetect.cli.profiles import profiles
from emgdetect.cli.record import record
from emgdetect.cli.replay import replay
from emgdetect.cli.report import report
from emgdetect.cli.scan import scan
from emgdetect.cli.simulate import simulate
from emgdetect.cli.summary import summary
from emgdetect.cli.trends import trends

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"emgdetect {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar=NO_VALUE, callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", metavar=NO_VALUE, help="Show the traceback of an unexpected failure.")
    ] = False,
) -> None:
    """Find twitches, bursts and spasms in surface EMG, and keep the record safe.

    Research and education software; not a medical device.
    """


app.command()(scan)
app.command()(devices)
app.command()(check)
app.command()(record)
app.command()(replay)
app.command()(info)
app.command()(detect)
app.command()(summary)
app.command()(report)
app.command()(export)
app.command()(note)
app.command()(trends)
app.command()(evaluate)
app.command()(simulate)
app.add_typer(profiles, name="profiles")
