import unittest
from datetime import date

from almanac import Agenda, describe, read


class WordingTest(unittest.TestCase):
    def test_what_is_described_can_be_read(self):
        for text in (
            "every day from 2024-01-01",
            "every 2 weeks from 2024-01-01, 5 times",
            "every month from 2024-01-31, 1 time, except 2024-02-29",
            "every 3 days from 2024-01-01, except 2024-01-04, 2024-01-10 and 2024-01-13",
        ):
            with self.subTest(text):
                self.assertEqual(describe(read(text)), text)

    def test_what_is_no_rule_is_refused(self):
        for text in ("", "every year from 2024-01-01", "every day", "every day from 2024-02-30"):
            with self.subTest(text), self.assertRaises(ValueError):
                read(text)


class AgendaTest(unittest.TestCase):
    def setUp(self):
        self.agenda = Agenda()
        self.agenda.add("walk", "every day from 2024-01-01, except 2024-01-03")
        self.agenda.add("bake", "every 2 days from 2024-01-02, 2 times")

    def test_between(self):
        found = self.agenda.between(date(2024, 1, 2), date(2024, 1, 4))
        names = [(day.day, name) for day, name in found]
        self.assertEqual(names, [(2, "bake"), (2, "walk"), (4, "bake"), (4, "walk")])

    def test_upcoming(self):
        found = self.agenda.upcoming(date(2023, 12, 24), 2)
        self.assertEqual(found, [(date(2024, 1, 1), "walk"), (date(2024, 1, 2), "bake")])

    def test_removing(self):
        self.agenda.remove("walk")
        self.assertEqual(len(self.agenda.upcoming(date(2024, 1, 1), 9)), 2)
        with self.assertRaises(KeyError):
            self.agenda.remove("walk")


if __name__ == "__main__":
    unittest.main()
