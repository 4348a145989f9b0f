"""The accounts, and what happens between them."""

from decimal import Decimal

from ledger.account import Account, Entry
from ledger.errors import BankError, UnknownAccount
from ledger.money import Amount, cents, interest, percent_of


class Bank:
    """All accounts by name. What is refused raises a BankError."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._entries_made = 0

    def open(
        self,
        name: str,
        owner: str,
        *,
        overdraft: Amount = 0,
        daily_limit: Amount | None = None,
        ceiling: Amount | None = None,
    ) -> Account:
        """A new, empty account."""
        if name in self._accounts:
            raise BankError(f"there is an account {name} already")
        account = Account(name, owner, cents(overdraft))
        account.daily_limit = None if daily_limit is None else cents(daily_limit)
        account.ceiling = None if ceiling is None else cents(ceiling)
        self._accounts[name] = account
        return account

    def account(self, name: str) -> Account:
        """The account of this name."""
        if name not in self._accounts:
            raise UnknownAccount(f"there is no account {name}")
        return self._accounts[name]

    def close(self, name: str) -> None:
        """Close an account, which must be empty."""
        account = self.account(name)
        if account.balance:
            raise BankError(f"{name} still holds {account.balance}")
        account.closed = True

    def deposit(self, name: str, amount: Amount) -> None:
        """Cash is paid in."""
        account, money = self.account(name), _positive(amount)
        account.put(money)
        self._record(account, money, "deposit")

    def withdraw(self, name: str, amount: Amount) -> None:
        """Cash is paid out."""
        account, money = self.account(name), _positive(amount)
        account.take(money)
        self._record(account, -money, "withdrawal")

    def transfer(self, source: str, target: str, amount: Amount, fee_percent: Amount = 0) -> None:
        """Move money; the fee, so many percent of the amount, is paid by the source on top."""
        sender, money = self.account(source), _positive(amount)
        sender.take(money)
        self._record(sender, -money, f"to {target}")
        fee = percent_of(money, fee_percent)
        if fee:
            sender.take(fee)
            self._record(sender, -fee, "fee")
        receiver = self.account(target)
        receiver.put(money)
        self._record(receiver, money, f"from {source}")

    def pay_interest(self, name: str, percent: Amount, days: int) -> None:
        """Pay what the balance earned in some days at a yearly rate; nothing on a debt."""
        account = self.account(name)
        earned = interest(account.balance, percent, days)
        if earned > 0:
            account.put(earned)
            self._record(account, earned, "interest")

    def next_day(self) -> None:
        """Daily limits begin anew."""
        for account in self._accounts.values():
            account.spent_today = cents(0)

    def _record(self, account: Account, amount: Decimal, text: str) -> None:
        self._entries_made += 1
        account.entries.append(Entry(self._entries_made, amount, text))


def _positive(amount: Amount) -> Decimal:
    money = cents(amount)
    if money <= 0:
        raise ValueError(f"not an amount to move: {amount}")
    return money
