"""Tables for terminals."""


def plain_report(rows, columns):
    """A table in which columns of numbers are set to the right."""
    rows = list(rows)
    body = []
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("-")
            elif isinstance(value, bool):
                line.append("yes" if value else "no")
            elif isinstance(value, float):
                line.append(f"{value:.2f}")
            else:
                line.append(str(value))
        body.append(line)
    numeric = []
    for key in columns:
        values = [row.get(key) for row in rows if row.get(key) is not None]
        numeric.append(bool(values) and all(_is_number(value) for value in values))
    head = list(columns.values())
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    lines = []
    for line in [head, ["-" * width for width in widths], *body]:
        cells = []
        for cell, width, right in zip(line, widths, numeric, strict=True):
            cells.append(cell.rjust(width) if right else cell.ljust(width))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def plain_report_with_totals(rows, columns, totals):
    """A table in which columns of numbers are set to the right, with sums below a second rule.

    Raises:
        ValueError: A column is to be summed that is not there, or that holds something else than
            numbers.
    """
    rows = list(rows)
    for key in totals:
        if key not in columns:
            raise ValueError(f"there is no column {key!r} to sum")
        for row in rows:
            if row.get(key) is not None and not _is_number(row.get(key)):
                raise ValueError(f"{row.get(key)!r} in column {key!r} cannot be summed")
    last = []
    labelled = False
    for key in columns:
        if key in totals:
            value = sum(row[key] for row in rows if row.get(key) is not None)
            last.append(f"{value:.2f}" if isinstance(value, float) else str(value))
        elif not labelled:
            last.append("Total")
            labelled = True
        else:
            last.append("")
    body = []
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("-")
            elif isinstance(value, bool):
                line.append("yes" if value else "no")
            elif isinstance(value, float):
                line.append(f"{value:.2f}")
            else:
                line.append(str(value))
        body.append(line)
    numeric = []
    for key in columns:
        values = [row.get(key) for row in rows if row.get(key) is not None]
        right = bool(values) and all(_is_number(value) for value in values)
        numeric.append(right or key in totals)
    head = list(columns.values())
    widths = [max(len(line[i]) for line in [head, *body, last]) for i in range(len(head))]
    rule = ["-" * width for width in widths]
    lines = []
    for line in [head, rule, *body, rule, last]:
        cells = []
        for cell, width, right in zip(line, widths, numeric, strict=True):
            cells.append(cell.rjust(width) if right else cell.ljust(width))
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
