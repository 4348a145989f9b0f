"""Tables of numbers as plain text, Markdown and CSV."""

from reports.delimited import csv_report, csv_report_with_totals
from reports.digest import weekly_digest
from reports.markdown import markdown_report, markdown_report_with_totals
from reports.plain import plain_report, plain_report_with_totals

__all__ = [
    "csv_report",
    "csv_report_with_totals",
    "markdown_report",
    "markdown_report_with_totals",
    "plain_report",
    "plain_report_with_totals",
    "weekly_digest",
]
