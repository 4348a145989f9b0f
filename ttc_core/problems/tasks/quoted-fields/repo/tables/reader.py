"""From text to a table."""

from collections.abc import Iterator

from tables.records import Field, FormatError, split_record
from tables.table import Table, Value


def read(text: str, separator: str = ",") -> Table:
    """Read a table; the first record is its header.

    Raises:
        FormatError: There is no header, or a line cannot be read; the message names the line.
    """
    records = list(_records(text, separator))
    if not records:
        raise FormatError("there is no header")
    (_, header), *body = records
    names = [field.text for field in header]
    rows = []
    for number, fields in body:
        if len(fields) != len(names):
            raise FormatError(f"line {number}: {len(fields)} fields, not {len(names)}")
        rows.append([_value(field) for field in fields])
    return Table(names, rows)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[Field]]]:
    """The number and the fields of every line that holds a record."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            yield number, split_record(line, separator)
        except FormatError as error:
            raise FormatError(f"line {number}: {error}") from None


def _value(field: Field) -> Value:
    """What a field means: quoted fields are text, others are numbers where they can be."""
    if field.quoted:
        return field.text
    if not field.text:
        return None
    for kind in (int, float):
        try:
            return kind(field.text)
        except ValueError:
            continue
    return field.text
