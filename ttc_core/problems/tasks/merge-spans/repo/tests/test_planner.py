import unittest

from spans import Span, first_free, free_slots, parse, show

OFFICE_HOURS = Span(9 * 60, 17 * 60)


class PlannerTest(unittest.TestCase):
    def test_slots_that_are_too_short_are_left_out(self):
        busy = parse("9:00-10:00, 10:20-12:00")
        self.assertEqual(show(free_slots(busy, OFFICE_HOURS, at_least=30)), "12:00-17:00")

    def test_an_empty_day_is_one_slot(self):
        self.assertEqual(free_slots([], OFFICE_HOURS), [OFFICE_HOURS])

    def test_a_slot_lasts_at_least_a_minute(self):
        with self.assertRaises(ValueError):
            free_slots([], OFFICE_HOURS, at_least=0)

    def test_first_free_takes_only_what_it_needs(self):
        busy = parse("9:00-9:45, 11:00-12:00")
        self.assertEqual(
            first_free(busy, OFFICE_HOURS, lasting=60), Span(9 * 60 + 45, 10 * 60 + 45)
        )

    def test_first_free_on_a_full_day(self):
        self.assertIsNone(first_free(parse("8:00-18:00"), OFFICE_HOURS, lasting=15))


class ClockTest(unittest.TestCase):
    def test_what_is_shown_can_be_read(self):
        self.assertEqual(show(parse(" 8:05 - 9:10,23:00-24:00 ")), "8:05-9:10, 23:00-24:00")

    def test_nonsense_is_refused(self):
        for text in ("9-10", "10:00-9:00", "9:75-10:00", "23:00-25:00"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse(text)


if __name__ == "__main__":
    unittest.main()
