"""Events out: tables, JSON, data frames, annotations for other programs, EDF+ and BDF+ copies, BIDS, FHIR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.exports.bids import BidsName, BidsPart, write_bids
from emgdetect.exports.dataframe import to_pandas, to_polars
from emgdetect.exports.edf import EdfCopy, edf_suffix, write_edf
from emgdetect.exports.events_csv import to_csv, write_csv
from emgdetect.exports.events_json import to_json_dict, write_json
from emgdetect.exports.events_tsv import sidecar, to_tsv, write_tsv
from emgdetect.exports.fhir import to_fhir, write_fhir
from emgdetect.exports.luna import to_luna, write_luna
from emgdetect.exports.mne_annotations import from_mne, to_mne
from emgdetect.exports.nsrr import to_nsrr, write_nsrr

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection

EVENT_WRITERS = {
    ".tsv": write_tsv,
    ".csv": write_csv,
    ".json": write_json,
    ".annot": write_luna,
    ".xml": write_nsrr,
}
"""How events are written, by the suffix of the file."""

__all__ = [
    "EVENT_WRITERS",
    "BidsName",
    "BidsPart",
    "EdfCopy",
    "edf_suffix",
    "from_mne",
    "sidecar",
    "to_csv",
    "to_fhir",
    "to_json_dict",
    "to_luna",
    "to_mne",
    "to_nsrr",
    "to_pandas",
    "to_polars",
    "to_tsv",
    "write_bids",
    "write_csv",
    "write_edf",
    "write_events",
    "write_fhir",
    "write_json",
    "write_luna",
    "write_nsrr",
    "write_tsv",
]


def write_events(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the events in the form the suffix of ``path`` names; anything without a suffix is a TSV.

    Raises
    ------
    UsageError
        If the suffix is none of :data:`EVENT_WRITERS`.
    OutputError
        If a file exists already (without ``force``) or cannot be written.
    """
    writer = EVENT_WRITERS.get(path.suffix.lower() or ".tsv")
    if writer is None:
        known = ", ".join(EVENT_WRITERS)
        raise UsageError(f"events cannot be written as {path.suffix}", where=path, hint=f"use one of {known}")
    writer(detection, path, artefacts=artefacts, force=force)
