"""One line of a file, split into its fields."""

from dataclasses import dataclass


class FormatError(ValueError):
    """The text is not a table."""


@dataclass(frozen=True)
class Field:
    """What stands between two separators."""

    text: str
    quoted: bool = False


def split_record(line: str, separator: str = ",") -> list[Field]:
    """The fields of a line, without the blanks around them.

    Raises:
        FormatError: A quote is opened and not closed, or text follows a closing quote.
    """
    return [_field(part.strip()) for part in line.split(separator)]


def _field(part: str) -> Field:
    if not part.startswith('"'):
        return Field(part)
    inner, quote, rest = part[1:].partition('"')
    if not quote:
        raise FormatError("a quote is not closed")
    if rest:
        raise FormatError(f"{rest!r} follows a closing quote")
    return Field(inner, quoted=True)
