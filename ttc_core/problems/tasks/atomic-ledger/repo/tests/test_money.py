"""Whole cents."""

import unittest
from decimal import Decimal

from ledger import cents, interest, percent_of


class MoneyTest(unittest.TestCase):
    """Rounding."""

    def test_amounts_of_any_kind(self):
        for amount in ("12.5", 12.5, Decimal("12.50"), "12.499", "12.501"):
            self.assertEqual(str(cents(amount)), "12.50")
        self.assertEqual(str(cents(3)), "3.00")

    def test_half_a_cent_above_an_odd_one(self):
        self.assertEqual(str(cents("0.015")), "0.02")

    def test_percentages(self):
        self.assertEqual(percent_of(Decimal("80.00"), "0.5"), Decimal("0.40"))

    def test_interest(self):
        self.assertEqual(interest(Decimal("730.00"), 5, days=3), Decimal("0.30"))


if __name__ == "__main__":
    unittest.main()
