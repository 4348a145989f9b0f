"""An account on paper."""

from ledger.account import Account


def statement(account: Account) -> str:
    """The account's entries, one a line, and its balance."""
    width = max([len(entry.text) for entry in account.entries] + [len("balance")])
    lines = [
        f"{entry.number:>4}  {entry.text:<{width}} {entry.amount:>+12,}"
        for entry in account.entries
    ]
    last = f"{'':>4}  {'balance':<{width}} {account.balance:>+12,}"
    return "\n".join([f"{account.name} ({account.owner})", *lines, last])
