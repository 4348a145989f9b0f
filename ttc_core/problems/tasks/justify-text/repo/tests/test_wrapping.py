import unittest

from typeset import wrap


class WrapTest(unittest.TestCase):
    def test_words_are_kept_whole(self):
        self.assertEqual(wrap("old boats lie here", 11), ["old boats", "lie here"])

    def test_line_breaks_and_runs_of_spaces_are_spaces(self):
        self.assertEqual(wrap("low   tide\nhigh\ttide", 30), ["low tide high tide"])

    def test_long_words_are_cut(self):
        self.assertEqual(wrap("unforgettable", 5), ["unfor", "getta", "ble"])

    def test_first_and_rest(self):
        lines = wrap("rope, a lamp and dry matches", 15, first="- ", rest="  ")
        self.assertEqual(lines, ["- rope, a lamp", "  and dry", "  matches"])

    def test_nothing_has_no_lines(self):
        self.assertEqual(wrap(" \n ", 10), [])

    def test_there_must_be_room(self):
        for width, first in ((0, ""), (-3, ""), (2, "- ")):
            with self.subTest(width=width), self.assertRaises(ValueError):
                wrap("word", width, first=first)


if __name__ == "__main__":
    unittest.main()
