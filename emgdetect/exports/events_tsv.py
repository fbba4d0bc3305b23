"""Events as a BIDS-style table: tab-separated, with a JSON file beside it that says what the columns mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from emgdetect.exports.columns import COLUMNS, chosen, provenance, table
from emgdetect.writing import atomic_target, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection

KIND_LEVELS = {
    "twitch": "Brief: a single discharge up to a jerk.",
    "burst": "Longer than a twitch, shorter than a spasm.",
    "spasm": "The muscle tightens and stays so.",
    "artefact": "Not muscle: electrode, cable, mains, saturation or heart. Never counted.",
}


def to_tsv(detection: Detection, *, artefacts: bool = False) -> str:
    """Return the table as text; without events it is the header alone."""
    return "".join("\t".join(cells) + "\n" for cells in table(detection, artefacts=artefacts))


def sidecar(detection: Detection, *, artefacts: bool = False) -> dict[str, Any]:
    """Return the description of every column, and what made the table, ready for ``json.dumps``."""
    described: dict[str, Any] = {}
    for column in COLUMNS:
        entry: dict[str, Any] = {"Description": column.description}
        if column.units:
            entry["Units"] = column.units
        if column.delimiter:
            entry["Delimiter"] = column.delimiter
        described[column.name] = entry
    kinds = {"twitch", "burst", "spasm"} | {event.kind for event in chosen(detection, artefacts=artefacts)}
    described["trial_type"]["Levels"] = {kind: text for kind, text in KIND_LEVELS.items() if kind in kinds}
    return {**described, **provenance(detection)}


def write_tsv(detection: Detection, path: Path, *, artefacts: bool = False, force: bool = False) -> None:
    """Write the table to ``path`` and its description beside it, with the suffix ``.json``.

    A device or pipe in the place of a file gets the table alone.

    Raises
    ------
    OutputError
        If either file exists already (without ``force``) or cannot be written; then neither is left.
    """
    text = to_tsv(detection, artefacts=artefacts)
    if path.exists() and not path.is_file():
        write_text(path, text, force=force)
        return
    described = json.dumps(sidecar(detection, artefacts=artefacts), indent=2, ensure_ascii=False) + "\n"
    with atomic_target(path, force=force) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
        write_text(path.with_suffix(".json"), described, force=force)
