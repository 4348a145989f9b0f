"""Small tables in text files."""

from tables.reader import read
from tables.records import FormatError
from tables.table import Table
from tables.writer import write

__all__ = ["FormatError", "Table", "read", "write"]
