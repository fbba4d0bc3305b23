"""The way into every scoring file: recognised by content, read by one reader."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from emgdetect import registry
from emgdetect.context.textfile import HEAD_BYTES, decoded
from emgdetect.errors import FormatError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.context.types import Scoring

LONGEST_EPOCH_S = 300.0


def is_scoring(path: Path) -> bool:
    """Say whether one of the readers takes the file for its own; false where it cannot be opened."""
    try:
        return _format_of(path) is not None
    except OSError:
        return False


def read_scoring(path: Path, *, epoch: float | None = None) -> Scoring:
    """Read a file of sleep stages or scored events, in whatever format it is.

    Parameters
    ----------
    path : Path
        The file.
    epoch : float, optional
        Length of an epoch in s, where the file does not say; 30 unless given.

    Returns
    -------
    Scoring
        Times as the file has them. :func:`emgdetect.context.fitted` brings them to a recording's.

    Raises
    ------
    FormatError
        If there is no such file, no reader knows it, or it is damaged.
    UsageError
        If ``epoch`` is no length of an epoch.
    """
    if epoch is not None and not (math.isfinite(epoch) and 0 < epoch <= LONGEST_EPOCH_S):
        raise UsageError(f"an epoch of {epoch:g} s makes no sense", hint="20 and 30 s are usual")
    try:
        name = _format_of(path)
    except OSError as error:
        hint = "check its name and permissions"
        raise FormatError("the file cannot be read", where=path, hint=hint) from error
    if name is None:
        hint = "docs/context.md lists the formats of hypnograms and marks"
        raise FormatError("no known format of sleep stages or scored events", where=path, hint=hint)
    scoring: Scoring = registry.load(registry.SCORINGS[name]).read(path, epoch)
    return scoring


def _format_of(path: Path) -> str | None:
    with path.open("rb") as file:
        head = decoded(file.read(HEAD_BYTES))
    if head is None:
        return None
    return next(
        (name for name, module in registry.SCORINGS.items() if registry.load(module).sniff(head)), None
    )
