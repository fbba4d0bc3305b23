"""How detections are told: the summary of each, and what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emgdetect.cli import sequence_text
from emgdetect.cli.console import say, say_json
from emgdetect.scoring import scores
from emgdetect.summary import summarise, to_json_dict, to_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.cli.searching import Found
    from emgdetect.scoring import Beside


def tell(
    found: Found,
    *,
    kept: tuple[tuple[str, Path], ...] = (),
    artefacts: bool = False,
    known: tuple[Beside, ...] = (),
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    """Print the summaries and the files ``kept`` (what, path), as text or as one JSON document.

    With what is ``known`` beside each detection, the rule sets are told as well.
    """
    if quiet:
        return
    summaries = [summarise(detection, artefacts=artefacts) for detection in found.detections]
    judged = [
        scores(one.detection, beside, one.stream) for one, beside in zip(found.searched, known, strict=False)
    ]
    if as_json:
        content: dict[str, Any] = {
            "source": str(found.recording.path),
            "summaries": [to_json_dict(summary) for summary in summaries],
        }
        for tree, one in zip(content["summaries"], judged, strict=False):
            tree["sequences"] = sequence_text.to_json(one)
        if kept:
            content["written"] = {what: str(path) for what, path in kept}
        say_json(content)
        return
    parts = [to_text(summary).rstrip("\n") for summary in summaries]
    for place, (one, beside) in enumerate(zip(judged, known, strict=True)):
        parts[place] += "\n\n" + sequence_text.to_text(one, beside)
    say("\n\n".join(parts))
    if kept:
        say("")
    for what, path in kept:
        say(f"{what + ':':<9} {path}")
