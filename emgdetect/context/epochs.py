"""One stage a line and nothing else: the plainest hypnogram (``.eannot``, ``.txt``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.context.lines import EPOCH_S, Line, assemble
from emgdetect.context.stages import stages_of
from emgdetect.context.textfile import read_text
from emgdetect.context.types import Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

_LOOKED_AT = 20


def sniff(text: str) -> bool:
    """Say whether the first lines, but for a head of one word, are stages."""
    lines = _labels(text[:4000])[:_LOOKED_AT]
    if not lines or any("\t" in line or "," in line or ";" in line for line in lines):
        return False
    body = lines[1:] if _is_head(lines) else lines
    return bool(body) and all(line in stages_of(body)[0] for line in body)


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read a list of stages, each ``epoch`` seconds long, 30 unless given.

    Raises
    ------
    FormatError
        If a line is no stage.
    """
    labels = _labels(read_text(path))
    first = 2 if _is_head(labels) else 1
    labels = labels[first - 1 :]
    known, _ = stages_of(labels)
    strange = next((place for place, label in enumerate(labels) if label not in known), None)
    if strange is not None:
        where = f"{path}, epoch {strange + 1}"
        raise FormatError(f"{labels[strange][:40]!r} is no sleep stage", where=where)
    step = epoch or EPOCH_S
    found = assemble(Line(place * step, step, label, stage=True) for place, label in enumerate(labels))
    assumed = () if epoch else (f"epochs are taken as {EPOCH_S:g} s: the file does not say",)
    return Scoring(path, "epochs", None, False, found.stages, found.marks, (*found.oddities, *assumed))


def _labels(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _is_head(lines: list[str]) -> bool:
    return len(lines) > 1 and lines[0] not in stages_of(lines)[0]
