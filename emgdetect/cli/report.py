"""``emgdetect report``: one recording or many nights, as a page or as a PDF."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from emgdetect.cli import options

FILES_HELP = "A recording or session, and where the page goes; with --nights: sessions, or folders of them."
ANONYMISE_HELP = "Leave out subject, file name, device, dates and times of day."

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE [HTML]", help=FILES_HELP, show_default=False, readable=False)
]
Nights = Annotated[
    bool,
    typer.Option("--nights", metavar=options.NO_VALUE, help="FILES are nights: one report over all of them."),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="OUT", help="Write a page there.", readable=False)
]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="OUT", help="Write a PDF there.", readable=False)]
PaperSize = Annotated[Literal["a4", "letter"], typer.Option("--paper", help="Size of a PDF's pages.")]
Since = Annotated[
    str,
    typer.Option("--since", metavar="TIME", help="With --nights: compare those before with those after."),
]
Title = Annotated[
    str, typer.Option("--title", metavar="TEXT", help="Stands at the top; unless given, FILE's name.")
]
Subject = Annotated[str, typer.Option("--subject", metavar="TEXT", help="Whom or what the recording is of.")]
Anonymise = Annotated[bool, typer.Option("--anonymise", metavar=options.NO_VALUE, help=ANONYMISE_HELP)]


def report(
    files: Files,
    *,
    nights: Nights = False,
    html: Html = None,
    pdf: Pdf = None,
    paper: PaperSize = "a4",
    hypnogram: options.Hypnogram = None,
    place: options.Place = None,
    shift: options.Shift = 0.0,
    since: Since = "",
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    title: Title = "",
    subject: Subject = "",
    anonymise: Anonymise = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a report of a session, of a recording searched now, or of many nights; no network needed.

    Without --html or --pdf it is a page by FILE's name in the current folder.
    """
    from emgdetect.cli import console, reporting
    from emgdetect.cli.beside import given as given_beside
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.searching import Request

    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    said = given_beside(hypnogram, place, shift)
    if nights:
        reporting.check_many(said=said.anything, run=run is not None, options=given)
    else:
        reporting.check_one(since=since)
    targets = reporting.wanted(files, html, pdf, nights=nights, paper=paper, force=force)
    labels = reporting.Labels(title, subject, anonymise)
    channels = tuple(channel or ())
    if nights:
        written = reporting.report_nights(files, targets, labels, (channels, since, profile), quiet=quiet)
    else:
        request = Request(files[0], given, profile, channels, run=run, quiet=quiet)
        written = reporting.report_night(request, targets, labels, said)
    for path in () if quiet else written:
        console.say(str(path))
