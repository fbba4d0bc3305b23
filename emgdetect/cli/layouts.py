"""Saving how a text table was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import ReadOptions, Recording


def save_layout(recording: Recording, options: ReadOptions, target: Path, *, force: bool = False) -> None:
    """Save the layout ``recording`` was read with.

    Raises
    ------
    UsageError
        When the recording is no text table.
    OutputError
        When the file cannot be written.
    """
    raise NotImplementedError
