"""Events as comma-separated values, with the columns of the TSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from emgdetect.exports.columns import table
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection


def to_csv(detection: Detection, *, artefacts: bool = False) -> str:
    """Return the table as text (RFC 4180 quoting, line feeds); without events it is the header alone."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(table(detection, artefacts=artefacts))
    return text.getvalue()


def write_csv(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the table.

    Raises
    ------
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    write_text(path, to_csv(detection, artefacts=artefacts), force=force)
