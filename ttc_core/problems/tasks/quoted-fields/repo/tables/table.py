"""A table in memory: names of columns, and rows of values."""

from dataclasses import dataclass, field

Value = str | int | float | None


@dataclass
class Table:
    """Rows under names; every row has as many values as there are names."""

    names: list[str]
    rows: list[list[Value]] = field(default_factory=list)

    def column(self, name: str) -> list[Value]:
        """All values under a name. Raises KeyError where there is no such column."""
        index = self._index(name)
        return [row[index] for row in self.rows]

    def where(self, **wanted: Value) -> "Table":
        """The table with only those rows that have these values under these names."""
        tests = [(self._index(name), value) for name, value in wanted.items()]
        kept = [row for row in self.rows if all(row[index] == value for index, value in tests)]
        return Table(self.names, kept)

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise KeyError(name)
        return self.names.index(name)
