import unittest

from spans import gaps, intersect, merge, minutes, parse, show, subtract
from spans.span import Span


class MergeTest(unittest.TestCase):
    def test_overlapping_spans_become_one(self):
        self.assertEqual(show(merge(parse("9:00-10:00, 9:30-11:00"))), "9:00-11:00")

    def test_touching_spans_become_one(self):
        self.assertEqual(show(merge(parse("9:00-10:00, 10:00-10:15"))), "9:00-10:15")

    def test_separate_spans_stay_and_are_put_in_order(self):
        self.assertEqual(show(merge(parse("14:00-15:00, 8:00-9:00"))), "8:00-9:00, 14:00-15:00")

    def test_nothing_merges_to_nothing(self):
        self.assertEqual(merge([]), [])


class SetTest(unittest.TestCase):
    def test_minutes_in_two_spans_count_once(self):
        self.assertEqual(minutes(parse("9:00-10:00, 9:30-10:30")), 90)

    def test_gaps_lie_between_the_spans_and_at_both_ends(self):
        found = gaps(parse("9:00-10:00, 11:00-12:00"), within=Span(8 * 60, 13 * 60))
        self.assertEqual(show(found), "8:00-9:00, 10:00-11:00, 12:00-13:00")

    def test_a_full_span_has_no_gaps(self):
        self.assertEqual(gaps(parse("8:00-18:00"), within=Span(9 * 60, 17 * 60)), [])

    def test_intersect(self):
        found = intersect(parse("9:00-11:00, 12:00-14:00"), parse("10:00-13:00"))
        self.assertEqual(show(found), "10:00-11:00, 12:00-13:00")

    def test_subtract(self):
        found = subtract(parse("9:00-12:00"), parse("8:00-9:30, 10:00-10:30"))
        self.assertEqual(show(found), "9:30-10:00, 10:30-12:00")


if __name__ == "__main__":
    unittest.main()
