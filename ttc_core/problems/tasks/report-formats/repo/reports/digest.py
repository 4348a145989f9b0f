"""The mail that goes out on Mondays."""

from reports.plain import plain_report, plain_report_with_totals

SALES = {"item": "Item", "sold": "Sold", "income": "Income"}
STOCK = {"item": "Item", "left": "Left", "ordered": "Ordered"}


def weekly_digest(sales, stock):
    """What was sold, with sums, and what is left, as plain text."""
    sold = plain_report_with_totals(sales, SALES, ["sold", "income"])
    left = plain_report(stock, STOCK)
    return f"Sold this week\n\n{sold}\n\nIn stock\n\n{left}\n"
