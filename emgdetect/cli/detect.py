"""``emgdetect detect``: find events in a recording and keep them."""

from pathlib import Path
from typing import Annotated

import typer

from emgdetect.cli import options

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...", help=f"{options.SOURCE_HELP} With --out-dir several, or folders of them.",
        show_default=False, readable=False,
    ),
]  # fmt: skip
Events = Annotated[
    Path | None,
    typer.Option(
        "--events", metavar="TSV", help="Write a BIDS-style table and its JSON sidecar.", readable=False
    ),
]
Session = Annotated[
    Path | None,
    typer.Option(
        "--session", metavar="EMGDB", help="Write recording and events into one session file.", readable=False
    ),
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="HTML", help="Write a report page.", readable=False)
]
OutDir = Annotated[
    Path | None,
    typer.Option("--out-dir", metavar="DIR", help="Write a table for each of many FILEs.", readable=False),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", help="With --out-dir: how many FILEs at the same time.")
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", metavar=options.NO_VALUE, help="With --out-dir: pass over FILEs that have a table."
    ),
]


def detect(
    sources: Sources,
    *,
    events: Events = None,
    session: Session = None,
    report: Report = None,
    out_dir: OutDir = None,
    jobs: Jobs = 1,
    resume: Resume = False,
    profile: options.Profile = options.DEFAULT_PROFILE,
    sensitivity: options.Sensitivity = "normal",
    channel: options.Channels = None,
    artefacts: options.Artefacts = False,
    sampling_rate: options.SamplingRate = None,
    unit: options.Unit = None,
    envelope: options.Envelope = False,
    layout: options.Layout = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Find twitches, bursts and spasms in a recording.

    Without --events, --session or --report it writes FILE's name with .emgdb and .html into the current
    folder. On a session file it adds another detection to those already there. With --out-dir it searches
    many recordings, goes on after one that cannot be searched, and writes a table for each.
    """
    from emgdetect.cli import console
    from emgdetect.cli.cohort import Cohort, only_one, search_all
    from emgdetect.cli.inputs import read_options
    from emgdetect.cli.keeping import Targets, keep
    from emgdetect.cli.searching import Request, search
    from emgdetect.cli.telling import tell

    console.not_both(as_json, quiet)
    given = read_options(sampling_rate=sampling_rate, unit=unit, envelope=envelope, layout=layout)
    if out_dir is not None:
        single = {"--events": events, "--session": session, "--report": report}
        request = Request(out_dir, given, profile, tuple(channel or ()), sensitivity=sensitivity, quiet=True)
        cohort = Cohort(tuple(sources), out_dir, request, jobs, resume, artefacts, force)
        search_all(cohort, refused=single, as_json=as_json, quiet=quiet)
        return
    source = only_one(sources, jobs=jobs, resume=resume)
    targets = Targets(source, events=events, session=session, report=report, artefacts=artefacts, force=force)
    targets.check()
    request = Request(source, given, profile, tuple(channel or ()), sensitivity=sensitivity, quiet=quiet)
    found = search(request)
    kept = keep(found, targets, quiet=quiet)
    tell(found, kept=kept, artefacts=artefacts, as_json=as_json, quiet=quiet)
