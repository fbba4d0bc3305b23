"""What a user may say about a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.report.pdf import Paper


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Labels and choices of a report; none of them changes a number.

    Attributes
    ----------
    title : str
        Stands at the top. Empty: the name of the recording.
    subject : str
        Whom or what the recording is of, as the user wants it printed.
    oddities : tuple of str
        What was unusual in the file (``Recording.oddities``).
    made : datetime, optional
        When the report was made. ``None`` prints no date, and the same input gives the same bytes.
    anonymise : bool
        Leave out subject, file name, device, dates and times of day; times count from the start.
    paper : {"a4", "letter"}
        Size of the pages of a PDF.
    narrow : bool
        Draw what needs the room a second time for telephones. A PDF takes no notice of it.
    """

    title: str = ""
    subject: str = ""
    oddities: tuple[str, ...] = ()
    made: datetime | None = None
    anonymise: bool = False
    paper: Paper = "a4"
    narrow: bool = True


DEFAULTS = ReportOptions()
