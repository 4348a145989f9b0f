"""What a run can come to at most, before it starts: tokens and money, from its plan and the lengths allowed."""

from __future__ import annotations

from ttc_core.models.base import Price
from ttc_core.operators import critique, score, summarize
from ttc_core.operators.params import Params
from ttc_core.types import Cost, Problem, Role, Usage

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
