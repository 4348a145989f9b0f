import unittest

from reckon import parse, tidy


class TidyTest(unittest.TestCase):
    def test_parentheses_that_are_not_needed_go(self):
        for text, tidied in {
            "((1))+(2*3)": "1 + 2 * 3",
            "(a-b)-c": "a - b - c",
            "(a<b)and(not(c))": "a < b and not c",
            "f( (x) ,-(y) )": "f(x, -y)",
            "2*(-x)": "2 * -x",
        }.items():
            with self.subTest(text):
                self.assertEqual(tidy(text), tidied)

    def test_parentheses_that_are_needed_stay(self):
        for text in (
            "(1 + 2) * 3",
            "a - (b - c)",
            "a / (b * c)",
            "-(a + b)",
            "(a or b) and c",
            "(not a) + 1",
        ):
            with self.subTest(text):
                self.assertEqual(tidy(text), text)

    def test_the_tree_stays_the_same(self):
        for text in ("1-(2-(3-4))", "not(not a)", "(a*b)%(c*d)", "(a == b) or (c and (d or 1))"):
            with self.subTest(text):
                self.assertEqual(parse(tidy(text)), parse(text))


if __name__ == "__main__":
    unittest.main()
