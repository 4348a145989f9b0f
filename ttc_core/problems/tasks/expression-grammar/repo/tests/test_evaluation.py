import unittest

from reckon import ExpressionError, evaluate, variables


class ArithmeticTest(unittest.TestCase):
    def test_products_come_before_sums(self):
        self.assertEqual(evaluate("2 + 3 * 4 - 6 / 3"), 12)

    def test_differences_and_quotients_go_from_the_left(self):
        self.assertEqual(evaluate("10 - 4 - 3"), 3)
        self.assertEqual(evaluate("60 / 6 / 5 % 3"), 2)

    def test_parentheses_come_first(self):
        self.assertEqual(evaluate("2 * (3 + 4) ** 2"), 98)

    def test_a_minus_may_stand_in_front(self):
        self.assertEqual(evaluate("-3 + 5 * -2"), -13)
        self.assertEqual(evaluate("4 - -x", {"x": 1}), 5)

    def test_functions(self):
        self.assertEqual(evaluate("max(1, abs(-7), 3) + two()", functions={"two": lambda: 2}), 9)


class LogicTest(unittest.TestCase):
    def test_comparisons_come_after_sums_and_before_not(self):
        self.assertIs(evaluate("not 1 + 1 == 3"), True)

    def test_and_comes_before_or(self):
        self.assertIs(evaluate("1 < 2 or 1 < 2 and 2 < 1"), True)

    def test_the_right_side_is_left_alone_where_it_does_not_matter(self):
        self.assertIs(evaluate("1 > 2 and 1 / 0 > 1"), False)
        self.assertIs(evaluate("1 < 2 or nobody"), True)


class VariablesTest(unittest.TestCase):
    def test_variables(self):
        self.assertEqual(variables("a * max(b, 2) - -c < a"), {"a", "b", "c"})


class ErrorTest(unittest.TestCase):
    def test_what_cannot_be_read(self):
        for text in ("", "1 +", "(1", "1)", "1 2", "max(1 2)", "2 $ 3", "a not b", "* 2", "f(,)"):
            with self.subTest(text), self.assertRaises(ExpressionError):
                evaluate(text, {"a": 1, "b": 1})

    def test_what_has_no_value(self):
        for text in ("1 / 0", "nobody", "nothing()", "abs(1, 2)", "(0 - 8) ** 0.5"):
            with self.subTest(text), self.assertRaises(ExpressionError):
                evaluate(text)


if __name__ == "__main__":
    unittest.main()
