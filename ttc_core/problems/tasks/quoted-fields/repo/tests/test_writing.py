"""Tables in memory, and writing them."""

import unittest

from tables import Table, read, write


class TableTest(unittest.TestCase):
    """Choosing columns and rows."""

    def setUp(self):
        self.table = Table(["item", "price"], [["lamp", 12.5], ["chair", 40]])

    def test_column(self):
        self.assertEqual(self.table.column("price"), [12.5, 40])
        with self.assertRaises(KeyError):
            self.table.column("colour")

    def test_where(self):
        self.assertEqual(self.table.where(item="chair").rows, [["chair", 40]])
        self.assertEqual(self.table.where(item="chair", price=1).rows, [])


class WritingTest(unittest.TestCase):
    """What `write` makes of tables."""

    def test_there_and_back(self):
        rows = [["lamp", 1, None], ["12", 2.5, " wide "], ["", -3, "# no comment"]]
        table = Table(["item", "count", "note"], rows)
        self.assertEqual(read(write(table)), table)

    def test_quotes_only_where_they_are_needed(self):
        text = write(Table(["a", "b"], [["x y", "1,2"], ['say "hi"', "7"]]))
        self.assertEqual(text, 'a,b\nx y,"1,2"\nsay "hi","7"\n')

    def test_line_breaks_are_refused(self):
        with self.assertRaises(ValueError):
            write(Table(["a"], [["one\ntwo"]]))


if __name__ == "__main__":
    unittest.main()
