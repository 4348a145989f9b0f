"""The books of a small bank."""

from ledger.account import Account, Entry
from ledger.bank import Bank
from ledger.errors import (
    AccountClosed,
    BankError,
    CeilingReached,
    InsufficientFunds,
    LimitExceeded,
    UnknownAccount,
)
from ledger.money import cents, interest, percent_of
from ledger.report import statement

__all__ = [
    "Account",
    "AccountClosed",
    "Bank",
    "BankError",
    "CeilingReached",
    "Entry",
    "InsufficientFunds",
    "LimitExceeded",
    "UnknownAccount",
    "cents",
    "interest",
    "percent_of",
    "statement",
]
