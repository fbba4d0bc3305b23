"""What ``export`` is asked for, and the forms it knows besides those of :mod:`emgdetect.cli.converting`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from emgdetect.cli.console import say, waiting
from emgdetect.cli.converting import check_suffix, convert
from emgdetect.cli.hiding import hidden
from emgdetect.cli.outputs import check_targets, event_targets, numbered
from emgdetect.cli.searching import look_up
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emgdetect.cli.searching import Found, Request
    from emgdetect.exports import BidsName
    from emgdetect.privacy import Disguise

SUFFIXES = {
    "tsv": ".tsv", "csv": ".csv", "json": ".json", "luna": ".annot", "nsrr": ".xml", "edf": ".edf",
    "bdf": ".bdf", "session": ".emgdb",
}  # fmt: skip
"""Forms that a suffix can ask for, too."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to write where; ``to`` is ``None`` where the suffix of ``output`` says it.

    ``labels`` are those of BIDS: subject, session, task, run; empty or ``None`` where not given.
    """

    request: Request
    output: Path
    to: str | None
    labels: Mapping[str, Any]
    disguise: Disguise | None = None
    artefacts: bool = False
    force: bool = False

    @property
    def form(self) -> str:
        """The form; a suffix that says nothing is left to those who know suffixes."""
        by_suffix = {suffix: form for form, suffix in SUFFIXES.items()}
        return self.to or by_suffix.get(self.output.suffix.lower(), "tsv" if not self.output.suffix else "")

    def check(self) -> None:
        """Refuse, before the work begins, what does not go together or could not be written.

        Raises
        ------
        EmgError
            Which, depends on what is wrong.
        """
        given = [name for name, value in self.labels.items() if value]
        if given and self.form != "bids":
            raise UsageError(f"--{given[0].replace('run', 'bids-run')} goes with --to bids")
        if self.form == "bids":
            _bids_name(self.labels)
            return
        wanted = SUFFIXES.get(self.form)
        suffix = self.output.suffix.lower()
        if self.to is not None and wanted is not None and suffix not in {"", wanted}:
            raise UsageError(f"a name for --to {self.to} ends in {wanted}", where=self.output)
        if self.form not in {"session", "fhir"}:
            check_suffix(self.target, signals=True)
        targets = (self.target,) if self.form == "fhir" else event_targets(self.target)
        check_targets(targets, force=self.force, sources=[self.request.source])

    @property
    def target(self) -> Path:
        """Where it goes: a name without a suffix gets that of its form."""
        wanted = SUFFIXES.get(self.to or "")
        return self.output.with_suffix(wanted) if wanted and not self.output.suffix else self.output


def write_export(wanted: Export) -> None:
    """Write what was asked for and say where it is.

    Raises
    ------
    EmgError
        When it cannot be read, searched or written.
    """
    wanted.check()
    if wanted.form == "session":
        _write_session(wanted)
        return
    found = look_up(wanted.request)
    if wanted.disguise is not None:
        found = hidden(found, wanted.disguise)
    if wanted.form == "bids":
        _write_bids(found, wanted)
    elif wanted.form == "fhir":
        _write_fhir(found, wanted)
    else:
        target, quiet = wanted.target, wanted.request.quiet
        convert(found, target, artefacts=wanted.artefacts, force=wanted.force, quiet=quiet)


def _write_session(wanted: Export) -> None:
    from emgdetect.formats.opening import read_head
    from emgdetect.session import write_disguised
    from emgdetect.session.format import sniff

    source = wanted.request.source
    if not sniff(read_head(source)):
        hint = "emgdetect detect FILE --session OUT makes one; export it with --anonymise"
        raise UsageError("this is no session", where=source, hint=hint)
    if wanted.disguise is None:
        hint = "with --anonymise it is changed"
        raise UsageError("a session is copied like any file", where=source, hint=hint)
    if wanted.request.run is not None or wanted.request.profile or wanted.request.channels:
        raise UsageError("a session is copied whole", hint="leave --run, --profile and --channel out")
    with waiting(f"Writing {wanted.output.name}", quiet=wanted.request.quiet):
        write_disguised(source, wanted.output, wanted.disguise, force=wanted.force)
    _tell(wanted, wanted.output)


def _write_fhir(found: Found, wanted: Export) -> None:
    from emgdetect.exports import write_fhir
    from emgdetect.summary import summarise

    for path, detection in zip(numbered(wanted.output, len(found.searched)), found.detections, strict=False):
        write_fhir(detection, summarise(detection), path, force=wanted.force)
        _tell(wanted, path)


def _write_bids(found: Found, wanted: Export) -> None:
    from emgdetect.context import placement_of
    from emgdetect.exports import BidsPart, write_bids

    parts = []
    for one in found.searched:
        # Channels that were not searched belong to the recording all the same, unless some were named.
        stream = one.stream if found.by_name else found.recording.streams[one.index]
        muscles = {name: str(placement_of(name)) for name in stream.info.ch_names}
        parts.append(BidsPart(replace(found.recording, streams=(stream,)), one.detection, muscles))
    with waiting(f"Writing {wanted.output.name}", quiet=wanted.request.quiet):
        written = write_bids(
            parts,
            wanted.output,
            _bids_name(wanted.labels),
            artefacts=wanted.artefacts,
            force=wanted.force,
        )
    _tell(wanted, *written)


def _bids_name(labels: Mapping[str, Any]) -> BidsName:
    from emgdetect.exports import BidsName

    if not labels["subject"]:
        raise UsageError("a dataset needs a label for whose it is", hint="--subject 01")
    return BidsName(labels["subject"], labels["session"], labels["task"] or "sleep", labels["run"])


def _tell(wanted: Export, *paths: Path) -> None:
    if not wanted.request.quiet:
        say("\n".join(map(str, paths)))
