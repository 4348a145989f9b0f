"""Tables for wiki pages."""


def markdown_report(rows, columns):
    """A Markdown table in which columns of numbers are set to the right."""
    rows = list(rows)
    marks = []
    for key in columns:
        values = [row.get(key) for row in rows if row.get(key) is not None]
        right = bool(values) and all(_is_number(value) for value in values)
        marks.append("---:" if right else "---")
    lines = [list(columns.values()), marks]
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("")
            elif isinstance(value, bool):
                line.append("yes" if value else "no")
            elif isinstance(value, float):
                line.append(f"{value:.2f}")
            else:
                line.append(str(value).replace("|", "\\|"))
        lines.append(line)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def markdown_report_with_totals(rows, totals, columns):
    """A Markdown table in which columns of numbers are set to the right, with sums in bold.

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
    marks = []
    for key in columns:
        values = [row.get(key) for row in rows if row.get(key) is not None]
        right = bool(values) and all(_is_number(value) for value in values)
        marks.append("---:" if right or key in totals else "---")
    lines = [list(columns.values()), marks]
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("")
            elif isinstance(value, bool):
                line.append("yes" if value else "no")
            elif isinstance(value, float):
                line.append(f"{value:.2f}")
            else:
                line.append(str(value).replace("|", "\\|"))
        lines.append(line)
    last = []
    labelled = False
    for key in columns:
        if key in totals:
            value = sum(row[key] for row in rows if row.get(key) is not None)
            last.append(f"**{value:.2f}**" if isinstance(value, float) else f"**{value}**")
        elif not labelled:
            last.append("**Total**")
            labelled = True
        else:
            last.append("")
    lines.append(last)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
