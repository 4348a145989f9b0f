"""Tables for spreadsheets."""

import csv
import io


def csv_report(rows, columns, delimiter=";"):
    """A CSV table with a line of titles."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns.values())
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("")
            elif isinstance(value, bool):
                line.append("true" if value else "false")
            else:
                line.append(str(value))
        writer.writerow(line)
    return out.getvalue().removesuffix("\n")


def csv_report_with_totals(rows, columns, totals, delimiter=";"):
    """A CSV table with a line of titles and a line of sums.

    Raises:
        ValueError: A column is to be summed that is not there, or that holds something else than
            numbers.
    """
    rows = list(rows)
    for key in totals:
        if key not in columns:
            raise ValueError(f"there is no column {key!r} to sum")
        for row in rows:
            value = row.get(key)
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int | float)
            ):
                raise ValueError(f"{value!r} in column {key!r} cannot be summed")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns.values())
    for row in rows:
        line = []
        for key in columns:
            value = row.get(key)
            if value is None:
                line.append("")
            elif isinstance(value, bool):
                line.append("true" if value else "false")
            else:
                line.append(str(value))
        writer.writerow(line)
    last = []
    labelled = False
    for key in columns:
        if key in totals:
            value = sum(row[key] for row in rows if row.get(key) is not None)
            last.append(str(value))
        elif not labelled:
            last.append("total")
            labelled = True
        else:
            last.append("")
    writer.writerow(last)
    return out.getvalue().removesuffix("\n")
