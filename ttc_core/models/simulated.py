"""A model that needs no key and no network: it rolls dice with known odds, and says so; it knows nothing of runs.

It answers problems that carry a reference, from these odds (names in quotes are settings):

- **Accuracy.** Each problem has its own chance p of a right proposal, drawn once from a Beta with mean "accuracy" and
  alpha + beta = 1/"spread" - 1, so that "spread" is the correlation of two attempts at one problem. Coverage after k
  attempts is then 1 - B(alpha, beta + k)/B(alpha, beta), not 1 - (1 - accuracy)^k.
- **Wrong answers** come from the reference's misconceptions, the n-th with weight 1/n, so that errors can agree.
- **Votes.** A vote takes the first one shown with chance "position_bias". Otherwise it picks a right one of r right and
  w wrong candidates with chance r*a/(r*a + w*(1 - a)): for a pair, a. All votes of one match share a, drawn from a
  Beta with mean "judge" and alpha + beta = 1/"judge_correlation" - 1. So V votes act like V/(1 + (V - 1)*correlation),
  and the majority's accuracy tends to P(a > 1/2), not to 1. With first places balanced, one vote is right with chance
  (1 - bias)*judge + bias/2. Among equally right candidates a match has a taste of its own, from a symmetric Dirichlet
  with the same correlation (for a pair: a Beta with mean 1/2). A critique is right with chance a.
- **Scores** are normal with deviation 2 around 5 + d/2 (right) or 5 - d/2 (wrong), rounded to 0.1 and cut to 0..10,
  with d = 2*sqrt(2)*Phi^-1(judge): before rounding, a right one outscores a wrong one with chance "judge". Scores of
  one candidate have correlation "judge_correlation".
- **Refinement** succeeds with chance (1 - refine)*p + refine*T(s), where s is the share of right candidates in the
  context and T is interpolated from what was measured with coding agents (arXiv 2604.16529: 8 pairs of model and
  benchmark, weighted by tasks): T(0, 1/4, 1/2, 3/4, 1) = 0.01, 0.32, 0.57, 0.85, 0.98. Those tasks were not equally
  hard, so part of what T gives to the context is due to easy tasks. A failed refinement repeats a wrong answer of its
  context with chance "refine" (anchoring). With nothing in the context it is a proposal.
- **Repositories.** In an attempt of several turns the dice fall once: it makes the reference's patch, or that of a
  misconception, by real commands in a fixed script (simulated_agent.py); what they print is not made up.
- **Programs and answers to open questions** are drawn whole; without misconceptions, wrong programs are right ones with
  a slip of the pen. A judge takes for right what ends with the reference's answer. Tests it is asked to write are the
  problem's own examples; calls that may tell programs apart are these with other numbers (simulated_code.py).
- **Tokens** (of the reply) and **seconds** are lognormal with the given means and coefficients of variation, times a
  fixed share for each role. Tokens stop at the request's limit without cutting the text; prompt tokens are a quarter
  of the characters.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from random import Random

from ttc_core.choice import Price
from ttc_core.errors import BadRequest
from ttc_core.models import simulated_agent as agent
from ttc_core.models import simulated_code as code
from ttc_core.models import simulated_words as words
from ttc_core.models.base import Hear
from ttc_core.models.simulated_odds import Odds, SimulatedSettings
from ttc_core.types import Reference, Reply, Request, Role, Usage

__all__ = ["SimulatedModel", "SimulatedSettings"]

SIZE: dict[Role, float] = {
    "propose": 1.0,
    "act": 0.3,
    "refine": 1.0,
    "distill": 0.7,
    "summarize": 0.6,
    "critique": 0.6,
    "compare": 0.6,
    "select": 0.6,
    "score": 0.4,
    "write_tests": 0.5,
    "distinguish": 0.3,
}
"""How long a reply is and takes, as a share of a proposal."""

SHOWN_NOBODY: frozenset[Role] = frozenset({"propose", "act", "refine", "distill", "write_tests"})
"""The roles that may be asked for without any candidate."""
ENDS_WITH_A_VERDICT: frozenset[Role] = frozenset({"propose", "refine", "compare", "select", "score"})
"""The roles whose last line is read by a strategy, and is missing from an unreadable reply."""


class SimulatedModel:
    """Answers as the odds have it. Every reply is a function of the request and the seed, and of nothing else."""

    price: Price | None = Price(input=0, output=0)
    simulated = True
    room = 0
    context: int | None = None

    def __init__(
        self,
        settings: SimulatedSettings,
        reference: Reference | None,
        seed: int,
        *,
        same: Callable[[str, str], bool],
        name: str = "simulated",
    ) -> None:
        """
        Args:
            settings: The odds.
            reference: What is right; without it every request is refused.
            seed: Fixes which problems are hard, which matches mislead the judge, and every reply.
            same: Whether two answers to the problem are equivalent.
            name: The model as the user wrote it.
        """
        self.name = name
        self._settings = settings
        self._odds = Odds(settings, reference, seed, same) if reference and reference.answer else None

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """The reply, heard piece by piece over the seconds it takes.

        Raises:
            BadRequest: the problem has no reference answer, or a judge was shown nothing.
        """
        reply, seconds = self.answer(request)
        speed = self._settings.speed
        await _speak(reply.text, seconds / speed if speed else 0.0, hear)
        return reply

    def answer(self, request: Request) -> tuple[Reply, float]:
        """The reply, and the seconds it takes at speed 1; raises as `complete` does, and waits for nothing."""
        odds, settings = self._odds, self._settings
        if odds is None:
            raise BadRequest(
                "The simulated model can only answer problems that carry a reference answer: "
                "give one, pick a problem from the shelf, or choose a real model."
            )
        if not request.shown and request.role not in SHOWN_NOBODY:
            raise BadRequest(f"A request to {request.role} must show at least one candidate.")
        rng = odds.chance("reply", _meaning(request))
        lines = _lines(request, odds, rng)
        if request.role in ENDS_WITH_A_VERDICT and rng.random() < settings.unreadable:
            del lines[-1]
        text = "\n".join(lines)
        reply = Reply(text=text, usage=self._usage(request, rng), cost=0.0, model=self.name, simulated=True)
        return reply, _lognormal(rng, settings.seconds * SIZE[request.role], settings.seconds_spread)

    def _usage(self, request: Request, rng: Random) -> Usage:
        drawn = _lognormal(rng, self._settings.tokens * SIZE[request.role], self._settings.tokens_spread)
        return Usage(
            tokens_in=max(1, sum(len(message.content) for message in request.messages) // 4),
            tokens_out=max(1, min(round(drawn), request.max_tokens)),
        )


def _meaning(request: Request) -> dict[str, object]:
    """What a reply depends on. The turn is named only where there is one, so that dice fall as they always did."""
    later = {"entry", "cases", "files", "command", "documents", "rubric"}
    fields = request.model_dump(exclude={"call": True, "node": True, "after": True, "turn": True, "problem": later})
    return fields | ({"turn": request.turn} if request.turn else {})


def _lognormal(rng: Random, mean: float, variation: float) -> float:
    """A draw from the lognormal with that mean and coefficient of variation."""
    variance = math.log(1 + variation**2)
    return mean * rng.lognormvariate(-variance / 2, math.sqrt(variance))


def _lines(request: Request, odds: Odds, rng: Random) -> list[str]:
    """What the reply says, line by line; where a role has a line that is read, it is the last."""
    answers = [_named(shown.answer, request) for shown in request.shown]
    match request.role:
        case "propose" | "refine" | "act":
            return _attempt(request, odds, rng)
        case "write_tests":
            return code.tests(request.problem.cases)
        case "distinguish":
            return code.calls(request.problem.cases, rng)
        case "summarize":
            return words.summary(answers[0], rng)
        case "compare" | "select":
            return words.comparison(odds.choose(request, rng), answers, rng)
        case "distill":
            return words.workspace(answers)
        case "score":
            return words.grading(odds.score(request, rng), rng)
        case "critique":
            return words.critique(odds.approves(request, rng), rng)


def _attempt(request: Request, odds: Odds, rng: Random) -> list[str]:
    """What an attempt says: at a repository its next turn, else all of it; what may be unreadable comes last."""
    problem, context = request.problem, len(request.shown)
    match problem.kind:
        case "patch":
            return agent.lines(request, odds)
        case "code":
            return code.solution(odds.solve(request, rng), context, rng)
        case "open":
            return [words.DRAWN, odds.solve(request, rng)]
        case _:
            said = words.solution(odds.solve(request, rng), problem.text, context, rng)
            return [*said[:-1], *words.citation(request.messages[-1].content), said[-1]]


def _named(answer: str | None, request: Request) -> str | None:
    """A candidate's answer as the simulated model speaks of it: long ones in few words."""
    match request.problem.kind:
        case "code":
            return code.named(answer)
        case "patch":
            return agent.named(answer)
        case "open":
            return words.beginning(answer)
        case _:
            return answer


async def _speak(text: str, seconds: float, hear: Hear) -> None:
    """Let the text be heard over so many seconds, in few enough pieces that hundreds may speak at once."""
    pieces = min(20, max(4, math.ceil(seconds * 4))) if seconds else 1
    size = math.ceil(len(text) / pieces)
    starts = range(0, len(text), size)
    for start in starts:
        await asyncio.sleep(seconds / len(starts))
        hear(text[start : start + size])
