"""Any other table of numbers: CSV, TSV, semicolons, white space; layout guessed, or read from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.formats.table_layout import TableLayout, load_layout
from emgdetect.formats.table_sniff import guess_layout
from emgdetect.formats.tabular import read_by
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording

if TYPE_CHECKING:
    from pathlib import Path


def sniff(head: Head) -> bool:
    """Say whether the lines are a table with a column that can be a channel."""
    return guess_layout(head_lines(head)) is not None


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a table; its layout is the first oddity, so that a wrong guess is seen."""
    layout = layout_of(path, options)
    found = read_by(path, layout, options)
    oddities = (layout.sentence(), *_left_out(path, layout), *found.notes)
    return Recording(
        path, "table", "unknown", found.start, (found.stream,), oddities=oddities, title="text table"
    )


def layout_of(path: Path, options: ReadOptions) -> TableLayout:
    """Return the saved layout the options name, else the one the file's first lines suggest.

    Raises
    ------
    FormatError
        If the file is no table of numbers.
    ConfigError
        If the saved layout is wrong.
    """
    if options.layout is not None:
        return load_layout(options.layout)
    layout = guess_layout(first_lines(path))
    if layout is None:
        raise FormatError(
            "this is not a table of numbers", where=path.name, hint="docs/formats.md shows a layout file"
        )
    return layout


def _left_out(path: Path, layout: TableLayout) -> tuple[str, ...]:
    used = {item.column for item in layout.channels} | {layout.time_column}
    rest = [n + 1 for n in range(layout.n_fields) if n not in used]
    if not rest or path is None:
        return ()
    plural = "column is" if len(rest) == 1 else "columns are"
    shown = ", ".join(map(str, rest[:8])) + (", ..." if len(rest) > 8 else "")  # noqa: PLR2004 - fits a line
    return (f"{plural} not a channel: {shown}".capitalize(),)
