"""``detect`` over many recordings: a table for each, one list of all, and no stop at one that is bad."""

from __future__ import annotations

import csv
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from emgdetect.cli.cohort_files import recordings_in, tables_for
from emgdetect.cli.console import bar, note, say, say_json
from emgdetect.cli.failures import verdict
from emgdetect.cli.searching import Request, search
from emgdetect.cli.words import plural
from emgdetect.errors import EmgError, FormatError, OutputError, UsageError
from emgdetect.writing import output_errors, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LIST = "recordings.tsv"
COLUMNS = (
    "recording", "table", "channel", "events", "valid_hours", "per_valid_hour", "low", "high", "problem",
)  # fmt: skip
MISSING = "n/a"
Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Many recordings and how they are searched; ``request`` says all but the recording."""

    sources: tuple[Path, ...]
    folder: Path
    request: Request
    jobs: int = 1
    resume: bool = False
    artefacts: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to search, and where its table goes."""

    request: Request
    table: Path
    artefacts: bool
    force: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a recording: lines of the list, or why there is no table."""

    recording: str
    table: str
    lines: tuple[Line, ...] = field(default=())
    problem: str = ""


def only_one(sources: Sequence[Path], *, jobs: int, resume: bool) -> Path:
    """Return the one recording of a command without ``--out-dir``.

    Raises
    ------
    UsageError
        When there are several, or an option that goes with ``--out-dir``.
    FormatError
        When it is a folder.
    """
    if len(sources) == 1 and sources[0].is_dir():
        hint = "--out-dir DIR searches all recordings in it; or name one of them"
        raise FormatError("this is a folder, not a file", where=sources[0], hint=hint)
    if len(sources) != 1:
        raise UsageError("several recordings need a folder for their tables", hint="add --out-dir DIR")
    if jobs != 1 or resume:
        raise UsageError("--jobs and --resume go with --out-dir", hint="add --out-dir DIR")
    return sources[0]


def search_all(
    cohort: Cohort, *, refused: Mapping[str, object], as_json: bool = False, quiet: bool = False
) -> None:
    """Search every recording and write its table and the list of all.

    Parameters
    ----------
    cohort : Cohort
        What to search.
    refused : mapping
        Options that do not go with many recordings, by name, and whether they were given.
    as_json, quiet : bool
        How it is told.

    Raises
    ------
    UsageError
        For options that do not go together, or when there is no recording.
    OutputError
        When the folder cannot be written to, or a table is there already (without ``force`` or ``resume``).
    EmgError
        At the end, when one or more could not be searched.
    """
    for name, given in refused.items():
        if given:
            raise UsageError(
                f"{name} goes with one FILE", hint="with --out-dir each FILE has its table there"
            )
    if cohort.jobs < 1:
        raise UsageError(f"{cohort.jobs} jobs are none", hint="--jobs 2 searches two FILEs at a time")
    tasks, before = _plan(cohort)
    outcomes: list[Outcome] = []
    with bar("Searching recordings", len(tasks), quiet=quiet) as progress:
        for outcome in _outcomes(tasks, cohort.jobs):
            outcomes.append(outcome)
            if outcome.problem:
                note(outcome.problem)
            if progress is not None:
                progress(len(outcomes))
    outcomes.sort(key=lambda one: one.recording)
    _write_list(cohort.folder / LIST, before, outcomes)
    _tell(cohort, outcomes, as_json=as_json, quiet=quiet)
    bad = sum(bool(one.problem) for one in outcomes)
    if bad:
        told = f"{bad} of {plural(len(tasks), 'recording')} could not be searched"
        raise EmgError(told, hint=f"why stands above and in {cohort.folder / LIST}")


def search_one(task: Task) -> Outcome:
    """Search a recording and write its table; whatever goes wrong becomes a line."""
    source, table = str(task.request.source), task.table.name
    try:
        return Outcome(source, table, tuple(_searched(task)))
    except Exception as error:  # noqa: BLE001 - the others shall be searched all the same
        told = " ".join(verdict(error)[0].split())
        return Outcome(source, table, problem=told if source in told else f"{source}: {told}")


def _plan(cohort: Cohort) -> tuple[list[Task], list[Line]]:
    """Name what is to be done, and the lines of the list that stay."""
    from emgdetect.config import load_profile

    # A profile that does not exist is told once, and not for every recording.
    load_profile(cohort.request.profile or "generic")
    recordings = recordings_in(cohort.sources, but=cohort.folder)
    with output_errors(cohort.folder):
        cohort.folder.mkdir(parents=True, exist_ok=True)
    named = list(zip(recordings, tables_for(recordings, cohort.folder), strict=True))
    there = {table for _, table in named if table.exists()}
    if there and not (cohort.resume or cohort.force):
        hint = "--resume searches the others only, --force all again"
        raise OutputError(f"{plural(len(there), 'table')} exist already", where=cohort.folder, hint=hint)
    wanted = [(path, table) for path, table in named if cohort.force or table not in there]
    again = {str(path) for path, _ in wanted}
    before = [line for line in _read_list(cohort.folder / LIST) if line["recording"] not in again]
    tasks = [
        Task(replace(cohort.request, source=path), table, cohort.artefacts, cohort.force)
        for path, table in wanted
    ]
    return tasks, before


def _outcomes(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    if jobs == 1 or len(tasks) == 1:
        yield from map(search_one, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    # Processes that begin afresh are the same on every system, and share no open file.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_prepare) as pool:
        waiting = {pool.submit(search_one, task): task for task in tasks}
        try:
            for done in as_completed(waiting):
                task = waiting[done]
                try:
                    yield done.result()
                except BrokenProcessPool:
                    source = str(task.request.source)
                    told = f"{source}: a process ended before it was searched; try --resume with --jobs 1"
                    yield Outcome(source, task.table.name, problem=told)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _prepare() -> None:
    """Make a new process as quiet as the first: no warnings, and no traceback at Ctrl-C."""
    import signal
    import warnings

    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _searched(task: Task) -> Iterator[Line]:
    from emgdetect.cli.joining import joined
    from emgdetect.exports import write_events
    from emgdetect.summary import ALL_KINDS, summarise

    found = search(task.request)
    write_events(joined(found.detections), task.table, artefacts=task.artefacts, force=task.force)
    for detection in found.detections:
        summary = summarise(detection)
        for covered in summary.coverage:
            row = summary.row(covered.channel, ALL_KINDS)
            rate = None if row.rate is None else asdict(row.rate)
            numbers = {name: f"{value:.6g}" for name, value in (rate or {}).items()}
            yield {
                "recording": str(task.request.source),
                "table": task.table.name,
                "channel": " ".join(covered.channel.split()),
                "events": str(row.count),
                "valid_hours": f"{row.valid_hours:.6g}",
            } | numbers


def _read_list(path: Path) -> list[Line]:
    if not path.is_file():
        return []
    with output_errors(path), path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if any("recording" not in row or None in row for row in rows):
        raise OutputError("this is no list of recordings", where=path, hint="choose another folder")
    return [{name: cell or MISSING for name, cell in row.items()} for row in rows]


def _write_list(path: Path, before: Sequence[Line], outcomes: Sequence[Outcome]) -> None:
    lines = list(before)
    for one in outcomes:
        failed = {"recording": one.recording, "problem": one.problem.replace("\t", " ")}
        lines += [failed] if one.problem else one.lines
    lines.sort(key=lambda line: line["recording"])
    rows = ["\t".join(COLUMNS), *("\t".join(line.get(name, MISSING) for name in COLUMNS) for line in lines)]
    write_text(path, "\n".join(rows) + "\n", force=True)


def _tell(cohort: Cohort, outcomes: Sequence[Outcome], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        listed = [
            {"source": one.recording, "events": None if one.problem else str(cohort.folder / one.table),
             "problem": one.problem or None}
            for one in outcomes
        ]  # fmt: skip
        say_json({"list": str(cohort.folder / LIST), "recordings": listed})
    elif not quiet:
        good = sum(not one.problem for one in outcomes)
        say(f"{plural(good, 'table')} and {LIST} in {cohort.folder}")
