"""What happens at the bank."""

import unittest
from decimal import Decimal

from ledger import (
    AccountClosed,
    Bank,
    BankError,
    CeilingReached,
    InsufficientFunds,
    LimitExceeded,
    UnknownAccount,
    statement,
)


class BankTest(unittest.TestCase):
    """Cash, transfers and interest."""

    def setUp(self):
        self.bank = Bank()
        self.rent = self.bank.open("rent", "Ada", overdraft="50", daily_limit=400)
        self.jar = self.bank.open("jar", "Ada", ceiling="500")

    def test_cash(self):
        self.bank.deposit("rent", "120.50")
        self.bank.withdraw("rent", 20)
        self.assertEqual(self.rent.balance, Decimal("100.50"))

    def test_only_positive_amounts_move(self):
        for amount in (0, "-5", "0.001"):
            with self.subTest(amount), self.assertRaises(ValueError):
                self.bank.deposit("rent", amount)

    def test_overdraft_daily_limit_and_ceiling(self):
        with self.assertRaises(InsufficientFunds):
            self.bank.withdraw("rent", "50.01")
        with self.assertRaises(CeilingReached):
            self.bank.deposit("jar", "500.01")
        self.bank.deposit("rent", 1000)
        self.bank.withdraw("rent", 400)
        with self.assertRaises(LimitExceeded):
            self.bank.withdraw("rent", "0.01")
        self.bank.next_day()
        self.bank.withdraw("rent", "0.01")

    def test_transfer_with_a_fee(self):
        self.bank.deposit("rent", 100)
        self.bank.transfer("rent", "jar", 80, fee_percent="0.5")
        self.assertEqual(self.rent.balance, Decimal("19.60"))
        self.assertEqual(self.jar.balance, Decimal("80.00"))
        self.assertEqual([entry.number for entry in self.rent.entries], [1, 2, 3])
        self.assertEqual([entry.number for entry in self.jar.entries], [4])

    def test_a_transfer_that_the_sender_cannot_pay(self):
        self.bank.deposit("rent", 10)
        with self.assertRaises(InsufficientFunds):
            self.bank.transfer("rent", "jar", 61)
        self.assertEqual((self.rent.balance, self.jar.balance), (10, 0))

    def test_closing(self):
        self.bank.close("jar")
        with self.assertRaises(AccountClosed):
            self.bank.deposit("jar", 1)
        self.bank.deposit("rent", 1)
        with self.assertRaises(BankError):
            self.bank.close("rent")

    def test_names(self):
        with self.assertRaises(UnknownAccount):
            self.bank.account("loft")
        with self.assertRaises(BankError):
            self.bank.open("jar", "Bo")

    def test_interest_is_paid_on_savings_only(self):
        self.bank.deposit("jar", 365)
        self.bank.pay_interest("jar", 5, days=10)
        self.assertEqual(self.jar.balance, Decimal("365.50"))
        self.bank.withdraw("rent", 30)
        self.bank.pay_interest("rent", 5, days=10)
        self.assertEqual(self.rent.balance, -30)

    def test_statement(self):
        self.bank.deposit("rent", 1200)
        self.bank.transfer("rent", "jar", 300)
        lines = [
            "rent (Ada)",
            "   1  deposit    +1,200.00",
            "   2  to jar       -300.00",
            "      balance      +900.00",
        ]
        self.assertEqual(statement(self.rent), "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
