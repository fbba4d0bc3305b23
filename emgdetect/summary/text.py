"""A summary as plain text for a terminal of 80 columns and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.summary.types import Summary


def to_text(summary: Summary) -> str:
    """Return the summary as lines of plain text, ending with a line feed."""
    return f"{summary.source}\n"
