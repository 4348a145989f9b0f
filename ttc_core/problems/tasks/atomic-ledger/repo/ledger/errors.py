"""What can be refused."""


class BankError(Exception):
    """Base of everything that the bank refuses."""


class UnknownAccount(BankError):
    """There is no account of this name."""


class AccountClosed(BankError):
    """The account takes part in nothing any more."""


class InsufficientFunds(BankError):
    """The balance, overdraft included, does not suffice."""


class LimitExceeded(BankError):
    """More would leave the account today than its daily limit allows."""


class CeilingReached(BankError):
    """The account may not hold that much."""
