"""One account: what may enter and leave it."""

from dataclasses import dataclass, field
from decimal import Decimal

from ledger.errors import AccountClosed, CeilingReached, InsufficientFunds, LimitExceeded

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Entry:
    """One line of the books; money that left the account is negative."""

    number: int
    amount: Decimal
    text: str


@dataclass
class Account:
    """An account and its entries."""

    name: str
    owner: str
    overdraft: Decimal = ZERO
    daily_limit: Decimal | None = None
    ceiling: Decimal | None = None
    balance: Decimal = ZERO
    spent_today: Decimal = ZERO
    closed: bool = False
    entries: list[Entry] = field(default_factory=list)

    def take(self, amount: Decimal) -> None:
        """Let money leave, or raise BankError and leave the account as it is."""
        self._check_open()
        if amount > self.balance + self.overdraft:
            raise InsufficientFunds(f"{self.name} cannot pay {amount}")
        if self.daily_limit is not None and self.spent_today + amount > self.daily_limit:
            raise LimitExceeded(f"{self.name} cannot pay {amount} today")
        self.balance -= amount
        self.spent_today += amount

    def put(self, amount: Decimal) -> None:
        """Let money enter, or raise BankError and leave the account as it is."""
        self._check_open()
        if self.ceiling is not None and self.balance + amount > self.ceiling:
            raise CeilingReached(f"{self.name} cannot hold {self.balance + amount}")
        self.balance += amount

    def _check_open(self) -> None:
        if self.closed:
            raise AccountClosed(f"{self.name} is closed")
