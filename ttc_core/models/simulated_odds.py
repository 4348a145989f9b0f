"""The odds of the simulated model and the dice that follow them; knows nothing of words, streams and time.

The formulas and their sources are in the docstring of simulated.py.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from random import Random
from statistics import NormalDist
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError

from ttc_core.errors import BadInput
from ttc_core.models import simulated_words as words
from ttc_core.models.simulated_code import slips
from ttc_core.types import Problem, Reference, Request, Value

RESPONSE = (0.01, 0.32, 0.57, 0.85, 0.98)
"""Refinement's accuracy when 0, 1/4, 1/2, 3/4 and all of its context is right."""

SCORE_DEVIATION = 2.0

NEGLIGIBLE = 1e-6
"""Correlations and chances below this are taken as none, since samplers break down near 0."""

Share = Annotated[float, Field(ge=0, le=1)]
Correlation = Annotated[float, Field(ge=0, le=0.95)]
Variation = Annotated[float, Field(ge=0, le=3)]


class SimulatedSettings(Value):
    """The odds of the simulated model, as its module describes them."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    accuracy: Share = Field(0.5, description="Mean chance that a proposal is right.")
    spread: Correlation = Field(0.2, description="How much problems differ in accuracy; 0: all alike.")
    judge: Share = Field(0.7, description="Mean chance that one vote prefers a right candidate to a wrong one.")
    judge_correlation: Correlation = Field(0.1, description="Correlation between votes of one match; 0: independent.")
    position_bias: Share = Field(0.05, description="Chance that a vote just takes the candidate shown first.")
    refine: Share = Field(
        1.0, description="How far a refinement follows its context (1) rather than starting afresh (0)."
    )
    unreadable: Share = Field(0.01, description="Share of replies that lack the last line, so cannot be read.")
    tokens: int = Field(400, ge=1, le=100_000, description="Mean tokens of a proposal.")
    tokens_spread: Variation = Field(0.35, description="Standard deviation of the tokens over their mean.")
    seconds: float = Field(3.0, ge=0, le=600, description="Mean seconds of a proposal at speed 1.")
    seconds_spread: Variation = Field(0.35, description="Standard deviation of the seconds over their mean.")
    speed: float = Field(1.0, ge=0, le=1000, description="How many times faster than life; 0: no waiting at all.")

    @classmethod
    def parse(cls, text: str) -> SimulatedSettings:
        """Settings from what follows ``simulated:`` in a model's name, such as ``accuracy=0.4,judge=0.7``.

        Raises:
            BadInput: a setting is unknown, given twice, or out of its range.
        """
        given: dict[str, str] = {}
        for part in filter(None, map(str.strip, text.split(","))):
            key, equals, number = (piece.strip() for piece in part.partition("="))
            if key in given or not equals or key not in cls.model_fields:
                raise _unusable(part)
            given[key] = number
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            key = str(first["loc"][0])
            raise _unusable(f"{key}={given[key]}", f" ({first['msg'].lower()})") from error


def _unusable(part: str, why: str = "") -> BadInput:
    allowed = ", ".join(SimulatedSettings.model_fields)
    return BadInput(f'The simulated model cannot use "{part}"{why}: give name=number once for any of {allowed}.')


class Odds:
    """The dice of one simulated model: what is right, how likely, and what a judge makes of it."""

    def __init__(
        self, settings: SimulatedSettings, reference: Reference, seed: int, same: Callable[[str, str], bool]
    ) -> None:
        self._settings, self._reference, self._seed, self._same = settings, reference, seed, same

    def chance(self, *meaning: object) -> Random:
        """Dice that fall the same way for the same meaning, whenever and however often they are asked for."""
        digest = hashlib.blake2b(json.dumps([self._seed, *meaning]).encode(), digest_size=16).digest()
        return Random(int.from_bytes(digest, "big"))

    def right(self, answer: str | None) -> bool:
        """Whether an answer is equivalent to the reference or one of its aliases; an unreadable one is not.

        So is one that ends with it: programs are read with the imports that their problem gave put before them.
        """
        return answer is not None and any(
            self._same(answer, right) or answer.rstrip().endswith(f"\n{right.strip()}")
            for right in (self._reference.answer, *self._reference.aliases)
        )

    def accuracy(self, problem: Problem) -> float:
        """This problem's chance p of a right proposal."""
        rng = self.chance("accuracy", problem.id, problem.text)
        return _beta(rng, self._settings.accuracy, self._settings.spread)

    def judge(self, request: Request) -> float:
        """The chance a that all votes between the candidates shown, in whatever order, have in common."""
        return _beta(self._match("judge", request), self._settings.judge, self._settings.judge_correlation)

    def success(self, request: Request) -> float:
        """The chance that a proposal or refinement is right."""
        fresh = self.accuracy(request.problem)
        if request.role != "refine" or not request.shown:
            return fresh
        share = sum(self.right(shown.answer) for shown in request.shown) / len(request.shown)
        weight = self._settings.refine
        return (1 - weight) * fresh + weight * response(share)

    def solve(self, request: Request, rng: Random) -> str:
        """The answer of a proposal or refinement."""
        if rng.random() < self.success(request):
            return self._reference.answer
        seen = [shown.answer for shown in request.shown if shown.answer and not self.right(shown.answer)]
        if seen and request.role == "refine" and rng.random() < self._settings.refine:
            return rng.choice(seen)
        wrong = [answer for answer in self._wrong(request.problem) if not self.right(answer)] or ["undecided"]
        return rng.choices(wrong, [1 / n for n in range(1, len(wrong) + 1)])[0]

    def choose(self, request: Request, rng: Random) -> list[int]:
        """Which of the candidates shown a judge names, best first: `take` different positions, counted from 0."""
        right = [self.right(shown.answer) for shown in request.shown]
        judge, taste = self.judge(request), self._taste(request)
        left, chosen = list(range(len(right))), []
        for _ in range(min(max(1, request.take), len(right))):
            pick = left[0]
            if rng.random() >= self._settings.position_bias:
                pick = _vote([i for i in left if right[i]], [i for i in left if not right[i]], judge, taste, rng)
            left.remove(pick)
            chosen.append(pick)
        return chosen

    def score(self, request: Request, rng: Random) -> float:
        """A judge's score of the first candidate shown, 0 to 10."""
        judge = min(0.999, max(0.001, self._settings.judge))
        gap = SCORE_DEVIATION * math.sqrt(2) * NormalDist().inv_cdf(judge)
        mean = 5 + (gap if self.right(request.shown[0].answer) else -gap) / 2
        shared = self._settings.judge_correlation
        error = math.sqrt(shared) * self._match("score", request).gauss() + math.sqrt(1 - shared) * rng.gauss()
        return round(min(10.0, max(0.0, mean + SCORE_DEVIATION * error)), 1)

    def approves(self, request: Request, rng: Random) -> bool:
        """Whether a critique calls the first candidate shown right."""
        return self.right(request.shown[0].answer) == (rng.random() < self.judge(request))

    def _wrong(self, problem: Problem) -> tuple[str, ...]:
        right = self._reference.answer
        match problem.kind:
            case "patch":
                return self._reference.misconceptions
            case "code":
                return self._reference.misconceptions or slips(right, problem.entry)
            case _:
                return self._reference.misconceptions or words.wrong_answers(right, problem.choices)

    def _taste(self, request: Request) -> list[float]:
        """What draws this match's votes to one rather than another of equally right candidates, by position."""
        ids, correlation = sorted(shown.id for shown in request.shown), self._settings.judge_correlation
        if correlation < NEGLIGIBLE:
            return [1.0] * len(ids)
        rng, alpha = self._match("taste", request), (1 / correlation - 1) / len(ids)
        weight = {shown: rng.gammavariate(alpha, 1.0) + 1e-300 for shown in ids}  # gamma variates can underflow to 0
        return [weight[shown.id] for shown in request.shown]

    def _match(self, what: str, request: Request) -> Random:
        return self.chance(what, request.problem.id, request.problem.text, sorted(shown.id for shown in request.shown))


def response(share: float) -> float:
    """Refinement's accuracy when this share of its context is right, interpolated in the measured table."""
    place = share * (len(RESPONSE) - 1)
    low = min(int(place), len(RESPONSE) - 2)
    return RESPONSE[low] + (place - low) * (RESPONSE[low + 1] - RESPONSE[low])


def _vote(right: list[int], wrong: list[int], judge: float, taste: list[float], rng: Random) -> int:
    """First whether a right one, then which: so for a pair of one each, `judge` is the chance of the right one."""
    for_right, for_wrong = len(right) * judge, len(wrong) * (1 - judge)
    picks_right = rng.random() * (for_right + for_wrong) < for_right
    among = right if picks_right else wrong or right
    return rng.choices(among, [taste[i] for i in among])[0]


def _beta(rng: Random, mean: float, correlation: float) -> float:
    """A draw from the Beta with alpha + beta = 1/correlation - 1, or the mean itself where nothing varies."""
    if correlation < NEGLIGIBLE or not NEGLIGIBLE < mean < 1 - NEGLIGIBLE:
        return mean
    total = 1 / correlation - 1
    return rng.betavariate(mean * total, (1 - mean) * total)
