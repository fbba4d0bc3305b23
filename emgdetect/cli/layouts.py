"""Saving how a text table was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import ReadOptions, Recording

TABLE_FORMAT = "table"


def save_layout(recording: Recording, options: ReadOptions, target: Path, *, force: bool = False) -> None:
    """Save the layout ``recording`` was read with.

    Raises
    ------
    UsageError
        When the recording is no text table.
    OutputError
        When the file cannot be written.
    """
    from emgdetect.formats.table import layout_of
    from emgdetect.formats.table_layout import save_layout as write_layout

    if recording.format != TABLE_FORMAT:
        raise UsageError(
            f"only a text table has a layout to save; this is {recording.title}", where=recording.path
        )
    write_layout(target, layout_of(recording.path, options), force=force)
