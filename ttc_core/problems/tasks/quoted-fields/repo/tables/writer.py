"""From a table to text that `read` understands."""

from collections.abc import Sequence

from tables.table import Table, Value


def write(table: Table, separator: str = ",") -> str:
    """The table as text, header first.

    Raises:
        ValueError: A text holds a line break, which the format has no way to write.
    """
    records: list[Sequence[Value]] = [table.names, *table.rows]
    lines = [separator.join(_field(value, separator) for value in record) for record in records]
    return "".join(f"{line}\n" for line in lines)


def _field(value: Value, separator: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    if len(f"{value}.".splitlines()) > 1:
        raise ValueError(f"a line break cannot be written: {value!r}")
    if _needs_quotes(value, separator):
        return '"' + value.replace('"', '""') + '"'
    return value


def _needs_quotes(text: str, separator: str) -> bool:
    """Whether the text, written as it is, would be read as something else."""
    return (
        text != text.strip()
        or text == ""
        or text[0] in '"#'
        or separator in text
        or _looks_like_a_number(text)
    )


def _looks_like_a_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
