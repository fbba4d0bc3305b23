"""How detections are told: the summary of each, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emgdetect.cli.console import say, say_json
from emgdetect.summary import summarise, to_json_dict, to_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.cli.searching import Found


def tell(
    found: Found,
    *,
    kept: tuple[tuple[str, Path], ...] = (),
    artefacts: bool = False,
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    """Print the summaries and the files ``kept`` (what, path), as text or as one JSON document."""
    if quiet:
        return
    summaries = [summarise(detection, artefacts=artefacts) for detection in found.detections]
    if as_json:
        content: dict[str, Any] = {
            "source": str(found.recording.path),
            "summaries": [to_json_dict(summary) for summary in summaries],
        }
        if kept:
            content["written"] = {what: str(path) for what, path in kept}
        say_json(content)
        return
    say("\n\n".join(to_text(summary).rstrip("\n") for summary in summaries))
    if kept:
        say("")
    for what, path in kept:
        say(f"{what + ':':<9} {path}")
