import unittest

import reports

COLUMNS = {"item": "Item", "price": "Price", "stocked": "In stock"}
ROWS = [
    {"item": "rope", "price": 12.5, "stocked": True},
    {"item": "pipe | 2 m", "price": 8, "stocked": False},
    {"item": "lamp"},
]


class PlainTest(unittest.TestCase):
    def test_without_totals(self):
        self.assertEqual(
            reports.plain_report(ROWS, COLUMNS),
            "Item        Price  In stock\n"
            "----------  -----  --------\n"
            "rope        12.50  yes\n"
            "pipe | 2 m      8  no\n"
            "lamp            -  -",
        )

    def test_with_totals(self):
        self.assertEqual(
            reports.plain_report_with_totals(ROWS[::2], COLUMNS, ["price"]),
            "Item   Price  In stock\n"
            "-----  -----  --------\n"
            "rope   12.50  yes\n"
            "lamp       -  -\n"
            "-----  -----  --------\n"
            "Total  12.50",
        )


class MarkdownTest(unittest.TestCase):
    def test_without_totals(self):
        self.assertEqual(
            reports.markdown_report(ROWS, COLUMNS),
            "| Item | Price | In stock |\n"
            "| --- | ---: | --- |\n"
            "| rope | 12.50 | yes |\n"
            "| pipe \\| 2 m | 8 | no |\n"
            "| lamp |  |  |",
        )

    def test_with_totals(self):
        table = reports.markdown_report_with_totals(ROWS, ["price"], COLUMNS)
        self.assertEqual(table.splitlines()[-1], "| **Total** | **20.50** |  |")


class CsvTest(unittest.TestCase):
    def test_without_totals(self):
        self.assertEqual(
            reports.csv_report(ROWS, COLUMNS),
            "Item;Price;In stock\nrope;12.5;true\npipe | 2 m;8;false\nlamp;;",
        )

    def test_delimiter(self):
        table = reports.csv_report([{"item": "a,b"}], {"item": "Item"}, delimiter=",")
        self.assertEqual(table, 'Item\n"a,b"')

    def test_with_totals(self):
        table = reports.csv_report_with_totals(ROWS, COLUMNS, ["price"])
        self.assertEqual(table.splitlines()[-1], "total;20.5;")


class TotalsTest(unittest.TestCase):
    def test_only_columns_that_are_there(self):
        with self.assertRaises(ValueError):
            reports.plain_report_with_totals(ROWS, COLUMNS, ["weight"])

    def test_only_numbers(self):
        with self.assertRaises(ValueError):
            reports.csv_report_with_totals(ROWS, COLUMNS, ["stocked"])


class DigestTest(unittest.TestCase):
    def test_digest(self):
        digest = reports.weekly_digest(
            [{"item": "rope", "sold": 2, "income": 25.0}],
            [{"item": "rope", "left": 7, "ordered": None}],
        )
        self.assertIn("Total     2   25.00\n\nIn stock\n", digest)
        self.assertTrue(digest.endswith("rope     7  -\n"), digest)


if __name__ == "__main__":
    unittest.main()
