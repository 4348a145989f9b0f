"""Amounts of money, and how they are rounded."""

from decimal import Decimal

Amount = Decimal | int | float | str

CENT = Decimal("0.01")
DAYS_OF_A_YEAR = 365


def cents(amount: Amount) -> Decimal:
    """The amount in whole cents."""
    return Decimal(amount).quantize(CENT)


def percent_of(amount: Decimal, percent: Amount) -> Decimal:
    """So many percent of the amount, in whole cents."""
    return cents(amount * Decimal(percent) / 100)


def interest(balance: Decimal, percent: Amount, days: int) -> Decimal:
    """What a balance earns in some days at a yearly rate, in whole cents."""
    daily = cents(balance * Decimal(percent) / 100 / DAYS_OF_A_YEAR)
    return daily * days
