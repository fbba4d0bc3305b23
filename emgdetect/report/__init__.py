"""Reports that a person likes to read: one recording or many, as self-contained HTML or as PDF, offline.

What is said is a :class:`~emgdetect.report.document.Document`; HTML and PDF are two renderings of it.
"""

from emgdetect.report.document import Document
from emgdetect.report.html import to_html
from emgdetect.report.options import ReportOptions
from emgdetect.report.page import build_report, night_document, nights_document, write_document, write_report
from emgdetect.report.pdf import to_pdf

__all__ = [
    "Document",
    "ReportOptions",
    "build_report",
    "night_document",
    "nights_document",
    "to_html",
    "to_pdf",
    "write_document",
    "write_report",
]
