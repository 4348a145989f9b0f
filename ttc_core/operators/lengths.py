"""How many calls are made of those planned, and how long prompts and replies are: measured, by role. Knows no price."""

from __future__ import annotations

from math import sqrt
from random import Random
from typing import Literal

from ttc_core.choice import JUDGES
from ttc_core.operators import compare, critique, distill, distinguish, propose, score, summarize, write_tests
from ttc_core.operators.params import Params
from ttc_core.operators.rollout_words import turn_prompt
from ttc_core.operators.tool_words import Tools
from ttc_core.operators.tool_words import prompt as tool_prompt
from ttc_core.operators.words import fenced
from ttc_core.types import Cost, Problem, Role

End = Literal["low", "high", "most"]
"""The two ends of where a run will mostly lie, and what it cannot exceed but by retries and extra votes."""

SELECT_TOKENS = 1024
"""What a call may write that sets itself no bound."""
LONGEST_CONTEXT = 6000
"""Tokens of drafts that a prompt shows at most: longer ones are cut."""

SAID: dict[Role, tuple[int, int]] = {
    "propose": (110, 450),
    "refine": (110, 450),
    "summarize": (40, 230),
    "compare": (15, 200),
    "distill": (150, 500),
    "select": (20, 230),
    "score": (15, 180),
    "critique": (100, 400),
    "act": (40, 250),
    "write_tests": (80, 350),
    "distinguish": (30, 150),
}
"""Tokens that replies mostly have on average over many calls, whatever more they may have."""
SPREAD = (0.3, 0.6)
"""How far a single reply may be below or above that; the mean of n replies, by the square root of n less."""
OUTPUT: dict[End, int] = {"low": 30, "high": 250, "most": 1400}
"""Tokens that a step of an attempt brings up: what a command printed, or passages."""
RESULTS: dict[End, int] = {"low": 30, "high": 150, "most": 900}
"""Tokens that say what a program gave when it was run."""
AT_A_REPOSITORY: dict[End, float] = {"low": 0.15, "high": 0.9, "most": 1.0}
WITH_TOOLS: dict[End, float] = {"low": 0.0, "high": 0.4, "most": 1.0}
"""What share of its further turns an attempt takes: many answer without any tool."""
ASKED_AGAIN = 1.05
"""Calls to judges are this many times those planned, where some verdicts cannot be read and are asked once more."""
TIES = {"even": 0.4, "odd": 0.1}
"""Extra votes a match where ties can come of the votes themselves, and where only abstentions bring them."""
CHARACTERS: dict[End, float] = {"low": 4.6, "high": 3.4, "most": 3.0}
"""Characters a token of a prompt."""
FRAME: dict[End, int] = {"low": 0, "high": 30, "most": 60}
"""Tokens that a model's own form of a chat takes on top."""


def with_turns(plan: Cost, problem: Problem, params: Params) -> Cost:
    """The plan with every turn that its attempts may take, where they take turns; without summaries of programs."""
    if problem.kind == "code" and "summarize" in plan.calls:
        populations = 2 if "refine" in plan.calls else 1
        others = {role: count for role, count in plan.calls.items() if role != "summarize"}
        plan = plan.model_copy(update={"calls": others, "depth": plan.depth - populations})
    further = params.turns - 1
    if not further or not params.takes_turns(problem):
        return plan
    attempts = plan.calls.get("propose", 0) + plan.calls.get("refine", 0)
    calls = plan.calls | {"act": attempts * further}
    return plan.model_copy(update={"calls": calls, "depth": plan.depth + plan.attempts * further})


def calls(role: Role, planned: int, problem: Problem, params: Params, end: End) -> float:
    """How many of the planned calls are made, or more."""
    if role == "act":
        return planned * _turns_taken(problem, end)
    chosen_by_tests = problem.kind == "code" and getattr(params, "select_by", "judge") != "judge"
    if end == "low" and (role in ("distinguish", "write_tests") or (role == "score" and chosen_by_tests)):
        return 0.0  # where programs are the same, or the examples tell them apart
    if end == "most" or role not in JUDGES or role in ("critique", "distinguish"):
        return planned
    if role != "compare":
        return planned if end == "low" else planned * ASKED_AGAIN + 1
    if end == "low":
        return planned * _least_votes(params)
    votes, group = int(getattr(params, "votes", 1)), _group(params)
    ties = TIES["even" if votes % 2 == 0 or group > 2 else "odd"] if getattr(params, "tie_votes", 0) else 0.0
    return planned * ASKED_AGAIN + planned / votes * ties


def _least_votes(params: Params) -> float:
    """What share of the planned votes is asked where candidates agree."""
    if getattr(params, "skip_equivalent", False):
        return 0.0
    return 0.6 if getattr(params, "stop_early", False) else 0.9


def _may_say(role: Role, params: Params) -> int:
    """The most tokens of a reply, thinking aside."""
    match role:
        case "propose" | "refine" | "act":
            return params.max_tokens
        case "summarize":
            return summarize.MAX_TOKENS
        case "compare":
            return int(getattr(params, "judge_max_tokens", 512))
        case "distill":
            return int(getattr(params, "workspace_tokens", 1024))
        case "select":
            return SELECT_TOKENS
        case "score":
            return score.MAX_TOKENS
        case "critique":
            return critique.MAX_TOKENS
        case "write_tests":
            return write_tests.most_tokens(_written(params))
        case "distinguish":
            return distinguish.MAX_TOKENS


def read(role: Role, problem: Problem, params: Params, plan: Cost, end: End) -> float:
    """Tokens of a prompt."""
    own = len(_instructions(role, problem, params, plan)) / CHARACTERS[end] + FRAME[end]
    shown = min(LONGEST_CONTEXT, _shown(role, problem, params, plan, end))
    return own + shown + (_steps(role, problem, params, plan, end) if params.takes_turns(problem) else 0)


def said(role: Role, params: Params, plan: Cost, end: End) -> float:
    """Tokens of a reply on average over its role's calls, thinking aside."""
    most, few = _may_say(role, params), 1 / sqrt(plan.calls.get(role, 1))
    match end:
        case "most":
            return most
        case "high":
            return min(most, SAID[role][1] * (1 + SPREAD[1] * few))
        case "low":
            return min(most, SAID[role][0] * (1 - SPREAD[0] * few))


def _steps(role: Role, problem: Problem, params: Params, plan: Cost, end: End) -> float:
    """Tokens of what an attempt of several turns has done and found so far, on average over its turns."""
    if role in ("propose", "refine"):
        return OUTPUT[end]
    taken = 1 + (params.turns - 1) * _turns_taken(problem, end) / 2
    return taken * (said("act", params, plan, end) + OUTPUT[end]) if role == "act" else 0


def _turns_taken(problem: Problem, end: End) -> float:
    return (AT_A_REPOSITORY if problem.kind == "patch" else WITH_TOOLS)[end]


def _shown(role: Role, problem: Problem, params: Params, plan: Cost, end: End) -> float:
    """Tokens of earlier work in a prompt."""
    attempt = said("propose", params, plan, end)
    ran = RESULTS[end] if problem.kind == "code" else 0
    drafts = plan.calls.get("propose", 1)
    match role:
        case "propose" | "write_tests":
            return 0
        case "refine" | "act":
            return _context(problem, params, plan, end) + 2 * ran if "refine" in plan.calls else 0
        case "compare":
            summaries = getattr(params, "judge_sees", "") == "summaries" and problem.kind != "code"
            one = said("summarize", params, plan, end) if summaries else attempt
            return _group(params) * (one + 2 * ran)
        case "distill" | "select":
            return drafts * (attempt + ran)
        case "distinguish":
            return _group(params) * attempt
        case "summarize" | "score" | "critique":
            return attempt + ran


def _context(problem: Problem, params: Params, plan: Cost, end: End) -> float:
    """Tokens of what a refinement rests on: a workspace, summaries of survivors, or the last attempt."""
    attempt = said("propose", params, plan, end)
    if "distill" in plan.calls:
        return said("distill", params, plan, end)
    if hasattr(params, "workspace_tokens"):
        return min(float(params.workspace_tokens), int(getattr(params, "keep", 1)) * attempt)
    if hasattr(params, "survivors"):
        one = attempt if problem.kind == "code" else said("summarize", params, plan, end)
        return int(params.survivors) * one
    return attempt + (said("critique", params, plan, end) if "critique" in plan.calls else 0)


def _instructions(role: Role, problem: Problem, params: Params, plan: Cost) -> str:
    """A prompt of that role, with nothing in it but our own words and the problem."""
    drafts = plan.calls.get("propose", 1)
    if role in ("propose", "refine", "act") and params.takes_turns(problem):
        return _turn(problem, params)
    match role:
        case "propose" | "act":
            return propose.propose_prompt(problem)
        case "refine":
            return propose.refine_prompt(problem, _fence(2))
        case "summarize":
            return summarize.summarize_prompt(problem, _fence(1))
        case "compare":
            return compare.compare_prompt(problem, _fence(_group(params)), _group(params))
        case "distill":
            return distill.distill_prompt(problem, _fence(drafts), _may_say(role, params))
        case "select":
            return distill.select_prompt(problem, _fence(drafts), drafts, int(getattr(params, "keep", 1)))
        case "score":
            return score.score_prompt(problem, _fence(1))
        case "critique":
            return critique.critique_prompt(problem, _fence(1))
        case "write_tests":
            return write_tests.write_tests_prompt(problem, _written(params))
        case "distinguish":
            return distinguish.distinguish_prompt(problem, _fence(_group(params)), _group(params))


def _turn(problem: Problem, params: Params) -> str:
    """The prompt of an attempt's first turn."""
    if problem.kind == "patch":
        return turn_prompt(problem, "", (), params.turns, "0" * 8)
    return tool_prompt(problem, Tools(bool(problem.documents), params.python), "", (), (), Random(0))


def _group(params: Params) -> int:
    return int(getattr(params, "group_size", 2))


def _written(params: Params) -> int:
    return int(getattr(params, "written_tests", 1))


def _fence(texts: int) -> str:
    return fenced([""] * texts, Random(0))
