"""A page about one recording that a person likes to read: self-contained HTML, printable, offline."""

from emgdetect.report.options import ReportOptions
from emgdetect.report.page import build_report, write_report

__all__ = ["ReportOptions", "build_report", "write_report"]
