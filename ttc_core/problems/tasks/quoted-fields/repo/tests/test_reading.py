"""Reading tables."""

import unittest

from tables import FormatError, read


class ReadingTest(unittest.TestCase):
    """What `read` makes of text."""

    def test_header_and_values(self):
        table = read("item, price\nlamp, 12.50\nchair, 40\nrug,\n")
        self.assertEqual(table.names, ["item", "price"])
        self.assertEqual(table.rows, [["lamp", 12.5], ["chair", 40], ["rug", None]])

    def test_blank_lines_and_comments(self):
        table = read("# stock\n\nitem\n\n# nothing here\nlamp\n")
        self.assertEqual(table.rows, [["lamp"]])

    def test_quoted_fields_are_text(self):
        table = read('code,note\n"007"," two  blanks "\n"",x\n')
        self.assertEqual(table.rows, [["007", " two  blanks "], ["", "x"]])

    def test_another_separator(self):
        self.assertEqual(read("a;b\n1;2,5\n", separator=";").rows, [[1, "2,5"]])

    def test_a_quote_inside_a_field_is_a_character(self):
        self.assertEqual(read('size,count\n27" screen,3\n').rows, [['27" screen', 3]])

    def test_what_is_no_table(self):
        for text in ("", "# only this\n", "a,b\n1\n", 'a\n"open\n', 'a\n"shut" more\n'):
            with self.subTest(text), self.assertRaises(FormatError):
                read(text)

    def test_the_message_names_the_line(self):
        with self.assertRaisesRegex(FormatError, "^line 3: a quote is not closed$"):
            read('name\nx\n"y\n')


if __name__ == "__main__":
    unittest.main()
