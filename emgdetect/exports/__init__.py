"""Events out: tables, JSON, data frames, and an EDF+ or BDF+ copy of the recording with the events in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.exports.dataframe import to_pandas, to_polars
from emgdetect.exports.edf import EdfCopy, edf_suffix, write_edf
from emgdetect.exports.events_csv import to_csv, write_csv
from emgdetect.exports.events_json import to_json_dict, write_json
from emgdetect.exports.events_tsv import sidecar, to_tsv, write_tsv

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection

EVENT_WRITERS = {".tsv": write_tsv, ".csv": write_csv, ".json": write_json}
"""How events are written, by the suffix of the file."""

__all__ = [
    "EVENT_WRITERS",
    "EdfCopy",
    "edf_suffix",
    "sidecar",
    "to_csv",
    "to_json_dict",
    "to_pandas",
    "to_polars",
    "to_tsv",
    "write_csv",
    "write_edf",
    "write_events",
    "write_json",
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
