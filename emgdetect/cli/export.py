"""``emgdetect export``: events, or the recording with its events, in another format."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from emgdetect.cli import options

FormName = Literal["tsv", "csv", "json", "luna", "nsrr", "fhir", "edf", "bdf", "bids", "session"]


Output = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        help="Its suffix says what, unless --to does: .tsv, .csv, .json, .annot, .xml (events), "
        ".edf, .bdf (recording and events), .emgdb (session).",
        readable=False,
    ),
]
To = Annotated[FormName | None, typer.Option("--to", help="The form, where the suffix does not say it.")]
Subject = Annotated[str, typer.Option("--subject", metavar="LABEL", help="Whose it is, for --to bids: 01.")]
Session = Annotated[
    str, typer.Option("--session", metavar="LABEL", help="Which session, for --to bids: night1.")
]
Task = Annotated[
    str, typer.Option("--task", metavar="LABEL", help="What was done, for --to bids; sleep unless given.")
]
BidsRun = Annotated[
    int | None, typer.Option("--bids-run", metavar="N", help="Which of several in a session, for --to bids.")
]
Anonymise = Annotated[
    bool,
    typer.Option(
        "--anonymise", metavar=options.NO_VALUE, help="Leave out names, devices and files; move dates."
    ),
]
ShiftDays = Annotated[
    int | None,
    typer.Option("--shift-days", metavar="N", help="How far --anonymise moves dates; drawn unless given."),
]
ShiftFile = Annotated[
    Path | None,
    typer.Option(
        "--shift-file",
        metavar="FILE",
        help="Holds how far --anonymise moves dates, the same each time; made if it is not there.",
        readable=False,
    ),
]
KeepNotes = Annotated[
    bool,
    typer.Option(
        "--keep-notes", metavar=options.NO_VALUE, help="Let --anonymise keep texts that people wrote."
    ),
]


def export(
    source: options.Source,
    output: Output,
    *,
    to: To = None,
    subject: Subject = "",
    session: Session = "",
    task: Task = "",
    bids_run: BidsRun = None,
    anonymise: Anonymise = False,
    shift_days: ShiftDays = None,
    shift_file: ShiftFile = None,
    keep_notes: KeepNotes = False,
    run: options.Run = None,
    profile: options.OtherProfile = None,
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the events of a session, or of a recording searched now, in another format.

    EDF+ and BDF+ files hold the signal too, with the events as annotations of their channels. With --to bids
    OUT is a folder: a dataset, which is made or added to.
    """
    from emgdetect.cli.exporting import Export, write_export
    from emgdetect.cli.hiding import disguise
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.searching import Request

    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    wanted = Export(
        request=Request(source, given, profile, tuple(channel or ()), run=run, quiet=quiet),
        output=output,
        to=to,
        labels={"subject": subject, "session": session, "task": task, "run": bids_run},
        disguise=disguise(anonymise, shift_days=shift_days, shift_file=shift_file, keep_notes=keep_notes),
        artefacts=artefacts,
        force=force,
    )
    write_export(wanted)
