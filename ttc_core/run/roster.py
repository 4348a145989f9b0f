"""The models of one run, ready to answer, each with the queue before it: who makes candidates, and who judges them."""

from __future__ import annotations

from dataclasses import dataclass

from ttc_core.choice import JUDGES, in_few_words
from ttc_core.models.base import Model
from ttc_core.run.limiter import Limiter
from ttc_core.types import Role


@dataclass(frozen=True)
class Seat:
    """A model and the queue before it."""

    model: Model
    limiter: Limiter


@dataclass(frozen=True)
class Roster:
    """Proposers take turns by sample number; the first of them also summarizes and distills."""

    proposers: tuple[Seat, ...]
    judge: Seat

    @classmethod
    def of(cls, model: Model, at_once: int = 64) -> Roster:
        """One model for everything."""
        seat = Seat(model, Limiter(at_once))
        return cls((seat,), seat)

    def seat(self, role: Role, sample: int) -> Seat:
        """Who answers a call of that role."""
        return self.judge if role in JUDGES else self.proposers[(sample - 1) % len(self.proposers)]

    @property
    def models(self) -> tuple[Model, ...]:
        """Everybody once, the first proposer first."""
        return tuple({id(seat): seat.model for seat in (*self.proposers, self.judge)}.values())

    @property
    def name(self) -> str:
        """Everybody in few words."""
        return in_few_words([seat.model.name for seat in self.proposers], self.judge.model.name)

    @property
    def simulated(self) -> bool:
        """Whether anybody makes answers up."""
        return any(model.simulated for model in self.models)
