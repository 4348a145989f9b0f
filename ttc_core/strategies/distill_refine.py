"""Write drafts in parallel, distill them into a small workspace, write better drafts from it, and repeat.

Parallel-Distill-Refine (PDR), arXiv 2510.01123. The workspace is bounded and rebuilt every round. The bound, the
prompts, and how drafts are graded for top-k are not published; here they are ours. Where the last round has several
drafts, their most frequent answer is taken.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field, field_validator

from ttc_core.errors import CallFailed
from ttc_core.operators.distill import Distiller, Workspace, distill, draw, select
from ttc_core.operators.keep import KeepParams, keep
from ttc_core.operators.propose import propose, refine
from ttc_core.operators.rules import ahead
from ttc_core.operators.tally import tally
from ttc_core.run import Run
from ttc_core.types import Candidate, Cost, Problem, Role

TITLE = "Parallel-distill-refine"
LAYOUT = "rounds"
SHARED = ("global", "shared_top_k")
"""Distillers that make one workspace for all drafts of a round; the others make one for each."""


class Params(KeepParams):
    """Settings of parallel-distill-refine."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {
        "quick": {"drafts": "4,2", "distiller": "global", "keep": 2},
        "paper": {"drafts": "16,8,4", "distiller": "per_sample_top_k", "keep": 2, "evidence": "none"},
    }

    drafts: str = Field("4,2", description="Drafts in each round, separated by commas, such as 16,8,4.")
    distiller: Distiller = Field(
        "global",
        description="What makes the workspace: one summary of all drafts; the best k for everyone; the best k chosen "
        "anew for each next draft; or k drawn at random.",
    )
    keep: int = Field(2, ge=1, le=16, description="How many drafts (k) a top-k or random workspace holds.")
    workspace_tokens: int = Field(1024, ge=64, le=16384, description="The most tokens a workspace may have.")

    @field_validator("drafts")
    @classmethod
    def _readable(cls, value: str) -> str:
        counts = [part.strip() for part in value.split(",")]
        if not all(part.isdecimal() and 1 <= int(part) <= 256 for part in counts) or not 1 <= len(counts) <= 12:
            raise ValueError("drafts must be 1 to 12 numbers from 1 to 256 separated by commas, such as 16,8,4")
        return ",".join(str(int(part)) for part in counts)

    @property
    def counts(self) -> list[int]:
        """Drafts in each round."""
        return [int(part) for part in self.drafts.split(",")]


def plan(params: Params) -> Cost:
    """Drafts of each round, and between rounds the calls that make workspaces."""
    first, *later = params.counts
    calls: dict[Role, int] = {"propose": first}
    match params.distiller:
        case "global":
            calls["distill"] = len(later)
        case "shared_top_k":
            calls["select"] = len(later)
        case "per_sample_top_k":
            calls["select"] = sum(later)
    calls["refine"] = sum(later)
    steps = 1 if params.distiller == "random_k" else 2
    return Cost(
        calls={role: count for role, count in calls.items() if count},
        depth=1 + steps * len(later),
        attempts=1 + len(later),
    )


async def solve(problem: Problem, run: Run, params: Params) -> Candidate:
    """The most frequent answer of the last round, among those that pass the most tests where programs are run."""
    first, *later = params.counts
    _lay_out(run, params)
    field = await run.together(
        propose(run, problem, f"d1.{i}", params, sample=i, stage="round 1") for i in range(1, first + 1)
    )
    earlier: list[Candidate] = []
    for round, count in enumerate(later, 2):
        refined = await _next_round(run, problem, params, field, round, count) if field else []
        earlier, field = ([*earlier, *field], refined) if refined else (earlier, field)
    if params.evidence == "none":
        return tally(run, field)
    return keep(run, tally(run, ahead(field)), earlier)


def _lay_out(run: Run, params: Params) -> None:
    """Open every node in advance: the whole shape is known before the first call."""
    for round, count in enumerate(params.counts, 1):
        if round > 1:
            for node in dict.fromkeys(_workspace_node(params, round, i) for i in range(1, count + 1)):
                run.open(node, "workspace", stage="workspaces", round=round - 1)
        for i in range(1, count + 1):
            parents = [_workspace_node(params, round, i)] if round > 1 else []
            run.open(f"d{round}.{i}", "candidate", stage=f"round {round}", round=round - 1, parents=parents)


def _workspace_node(params: Params, round: int, place: int) -> str:
    return f"w{round}.1" if params.distiller in SHARED else f"w{round}.{place}"


async def _next_round(
    run: Run, problem: Problem, params: Params, field: list[Candidate], round: int, count: int
) -> list[Candidate]:
    """The next population, refined from workspaces over this one."""

    async def draft(place: int, workspace: Workspace) -> Candidate:
        return await refine(
            run,
            problem,
            f"d{round}.{place}",
            params,
            context=f"Working notes from earlier attempts:\n{workspace.text}",
            rests_on=workspace.sources,
            after=workspace.ready,
            parents=[workspace.node],
            round=round - 1,
            sample=place,
        )

    async def own(place: int) -> Candidate:
        return await draft(place, await _workspace(run, problem, params, field, round, place))

    places = range(1, count + 1)
    if params.distiller not in SHARED:
        return await run.together(own(place) for place in places)
    shared = await _workspace(run, problem, params, field, round, 1)
    return await run.together(draft(place, shared) for place in places)


async def _workspace(
    run: Run, problem: Problem, params: Params, field: list[Candidate], round: int, place: int
) -> Workspace:
    """One workspace; where its call fails, chance picks its drafts and its note says so."""
    node, bound, keep = _workspace_node(params, round, place), params.workspace_tokens, min(params.keep, len(field))
    try:
        match params.distiller:
            case "global":
                return await distill(run, problem, node, field, bound)
            case "shared_top_k" | "per_sample_top_k":
                return await select(run, problem, node, field, keep, bound, sample=place)
            case "random_k":
                return draw(run, node, field, keep, bound)
    except CallFailed:
        return draw(run, node, field, keep, bound, note="the call that should choose failed; drawn by seed")
