import unittest
from datetime import date
from itertools import islice

from almanac import Rule


def first(rule, most):
    return [day.isoformat() for day in islice(rule.dates(), most)]


class DatesTest(unittest.TestCase):
    def test_days_and_weeks(self):
        start = date(2024, 2, 27)
        self.assertEqual(first(Rule(start, 2), 3), ["2024-02-27", "2024-02-29", "2024-03-02"])
        self.assertEqual(first(Rule(start, 1, "week"), 2), ["2024-02-27", "2024-03-05"])

    def test_months(self):
        rule = Rule(date(2023, 11, 15), 2, "month")
        self.assertEqual(first(rule, 3), ["2023-11-15", "2024-01-15", "2024-03-15"])

    def test_short_months_do_not_change_the_day(self):
        rule = Rule(date(2024, 1, 31), 1, "month")
        self.assertEqual(first(rule, 4), ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"])

    def test_skipped_dates_count_as_times(self):
        rule = Rule(date(2024, 5, 1), times=4, skipped=frozenset([date(2024, 5, 2)]))
        self.assertEqual(first(rule, 9), ["2024-05-01", "2024-05-03", "2024-05-04"])


class WindowTest(unittest.TestCase):
    def test_both_ends_are_included(self):
        rule = Rule(date(2024, 1, 1), 1, "week")
        found = rule.between(date(2024, 1, 8), date(2024, 1, 22))
        self.assertEqual([day.day for day in found], [8, 15, 22])

    def test_nothing_before_the_start(self):
        rule = Rule(date(2024, 1, 10), 5)
        self.assertEqual(rule.between(date(2023, 1, 1), date(2024, 1, 9)), [])

    def test_months_from_the_middle(self):
        rule = Rule(date(2023, 10, 31), 1, "month")
        found = rule.between(date(2024, 2, 1), date(2024, 3, 31))
        self.assertEqual(found, [date(2024, 2, 29), date(2024, 3, 31)])

    def test_after(self):
        rule = Rule(date(2024, 1, 1), times=2)
        self.assertEqual(rule.after(date(2024, 1, 1)), date(2024, 1, 2))


class RefusalTest(unittest.TestCase):
    def test_rules_that_make_no_sense(self):
        for options in ({"every": 0}, {"times": 0}, {"unit": "year"}):
            with self.subTest(options), self.assertRaises(ValueError):
                Rule(date(2024, 1, 1), **options)


if __name__ == "__main__":
    unittest.main()
