"""The budget of a run: the worst case is reserved before a call and settled after it, so no side is ever exceeded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ttc_core.choice import Price
from ttc_core.errors import BudgetSpent
from ttc_core.types import Budget, Request, Usage


@dataclass(frozen=True)
class Reservation:
    """What one attempt may use at most."""

    tokens: int
    dollars: float


class Meter:
    """Spending against a `Budget`, in calls, tokens and dollars; seconds are the engine's.

    A call that does not fit waits while others are in flight, because they will mostly settle below their worst case.
    If it does not fit with nothing in flight, the budget is spent, and stays so.
    """

    def __init__(self, budget: Budget, *, calls: int = 0, tokens: int = 0, dollars: float = 0.0):
        self.budget = budget
        self.calls, self.tokens, self.dollars = calls, tokens, dollars
        self._held: list[Reservation] = []
        self._settled = asyncio.Condition()
        self._spent: BudgetSpent | None = None

    async def reserve(self, request: Request, price: Price | None = None) -> Reservation:
        """Set the worst case of one attempt aside, at that price where one is known.

        Raises:
            BudgetSpent: it does not fit, and nothing in flight could make room. From then on always.
        """
        worst = _worst(request, price)
        async with self._settled:
            while True:
                if self._spent:
                    raise self._spent
                lack = self._lack(worst)
                if lack is None:
                    self._held.append(worst)
                    self.calls += 1
                    return worst
                if not self._held or lack.axis == "calls":  # a call once made is never given back
                    self._spent = lack
                    self._settled.notify_all()
                    raise lack
                await self._settled.wait()

    async def settle(self, reservation: Reservation, usage: Usage, cost: float | None) -> None:
        """Replace what was set aside by what was used."""
        async with self._settled:
            self._held.remove(reservation)
            self.tokens += usage.total
            self.dollars += cost or 0.0
            self._settled.notify_all()

    def _lack(self, worst: Reservation) -> BudgetSpent | None:
        """The side on which `worst` does not fit, if any."""
        budget = self.budget
        if budget.calls is not None and self.calls + 1 > budget.calls:
            return BudgetSpent("calls", budget.calls, self.calls)
        tokens = self.tokens + sum(held.tokens for held in self._held) + worst.tokens
        if budget.tokens is not None and tokens > budget.tokens:
            return BudgetSpent("tokens", budget.tokens, self.tokens)
        dollars = self.dollars + sum(held.dollars for held in self._held) + worst.dollars
        if budget.dollars is not None and dollars > budget.dollars:
            return BudgetSpent("dollars", budget.dollars, self.dollars)
        return None


def _worst(request: Request, price: Price | None) -> Reservation:
    # No tokenizer makes more tokens than there are bytes, and a few more frame each message.
    tokens_in = sum(len(message.content.encode()) + 16 for message in request.messages)
    dollars = tokens_in * price.input + request.max_tokens * price.output if price else 0.0
    return Reservation(tokens_in + request.max_tokens, dollars)
