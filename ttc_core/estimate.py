"""What a run can come to at most, before it starts: tokens and money, from its plan and the lengths allowed."""

from __future__ import annotations

from ttc_core.choice import Price
from ttc_core.operators import critique, score, summarize
from ttc_core.operators.params import Params
from ttc_core.run import Roster
from ttc_core.types import Cost, Estimate, Problem, Range, Role, Usage

INSTRUCTIONS = 220
"""Tokens that our own words take in a prompt, generously."""
LONGEST_CONTEXT = 6000
"""Tokens of drafts that a prompt shows at most: longer ones are cut."""


def at_most(plan: Cost, problem: Problem, params: Params) -> Usage:
    """Tokens if every planned call is made and every reply is as long as it may be. Savings and retries not counted."""
    asked = len(problem.text) // 3 + INSTRUCTIONS
    tokens_in = tokens_out = 0
    for role, calls in plan.calls.items():
        shown, said = _lengths(role, params, plan)
        tokens_in += calls * (asked + min(shown, LONGEST_CONTEXT))
        tokens_out += calls * said
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, estimated=True)


def dollars(usage: Usage, price: Price | None) -> float | None:
    """What those tokens cost; None where no price is known."""
    return price.of(usage) if price else None


SPENT: dict[Role, tuple[float, float]] = {
    "propose": (0.1, 0.6),
    "refine": (0.1, 0.6),
    "summarize": (0.15, 0.6),
    "compare": (0.05, 0.4),
    "distill": (0.15, 0.9),
    "select": (0.03, 0.3),
    "score": (0.05, 0.4),
    "critique": (0.15, 0.9),
}
"""What share of the tokens it may write a call mostly writes."""
MADE: dict[Role, float] = {"compare": 0.25}
"""What share of the planned calls is made where equivalent answers and early decisions save the rest; 1 if not here."""


def expected(plan: Cost, problem: Problem, params: Params, roster: Roster) -> Estimate:
    """What a run will mostly come to: from short replies and many savings, to long replies and every planned call."""
    ends = [_end(plan, problem, params, roster, end) for end in (0, 1)]
    (calls, tokens, dollars), (most_calls, most_tokens, most_dollars) = ends
    money = None if dollars is None or most_dollars is None else Range(low=dollars, high=most_dollars)
    return Estimate(calls=Range(low=calls, high=most_calls), tokens=Range(low=tokens, high=most_tokens), dollars=money)


def _end(plan: Cost, problem: Problem, params: Params, roster: Roster, end: int) -> tuple[float, float, float | None]:
    """Calls, tokens and dollars at the low (0) or the high (1) end."""
    calls_in_all = tokens = 0.0
    dollars: float | None = 0.0
    for role, planned in plan.calls.items():
        shown, may_say = _lengths(role, params, plan)
        says = may_say * SPENT[role][end]
        reads = len(problem.text) / 4 + INSTRUCTIONS * (0.6, 1.0)[end] + min(shown, LONGEST_CONTEXT) * (0.2, 0.7)[end]
        calls = planned if end else planned * MADE.get(role, 1.0)
        usage = Usage(tokens_in=round(calls * reads), tokens_out=round(calls * says))
        price = roster.seat(role, 1).model.price
        calls_in_all, tokens = calls_in_all + calls, tokens + usage.total
        dollars = None if dollars is None or price is None else dollars + price.of(usage)
    return calls_in_all, tokens, dollars


def _lengths(role: Role, params: Params, plan: Cost) -> tuple[int, int]:
    """Tokens of material that a call of this role is shown, and that it may write."""
    attempt = params.max_tokens
    group = int(getattr(params, "group_size", 2))
    drafts = plan.calls.get("propose", 1)
    match role:
        case "propose":
            return 0, attempt
        case "refine":
            context = getattr(params, "workspace_tokens", getattr(params, "survivors", 2) * summarize.MAX_TOKENS)
            return max(int(context), 2 * attempt), attempt
        case "summarize":
            return attempt, summarize.MAX_TOKENS
        case "compare":
            summaries = getattr(params, "judge_sees", "") == "summaries"
            seen = summarize.MAX_TOKENS if summaries else attempt
            return group * seen, int(getattr(params, "judge_max_tokens", 512))
        case "distill":
            return drafts * attempt, int(getattr(params, "workspace_tokens", 1024))
        case "select":
            return drafts * attempt, 1024
        case "score":
            return attempt, score.MAX_TOKENS
        case "critique":
            return attempt, critique.MAX_TOKENS
