"""Distill: turn a round's drafts into a bounded workspace that the next round is refined from.

Parallel-Distill-Refine, arXiv 2510.01123. A workspace is rebuilt from scratch every round and never appended to.
The paper's bound on its size and its way of grading drafts are not disclosed; here they are visible settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ttc_core.events.kinds import WorkspaceMade
from ttc_core.operators.asking import asking
from ttc_core.operators.reading import read_choices
from ttc_core.operators.words import attempted, cut, fenced, material, problem_words, shortened
from ttc_core.run import Run
from ttc_core.types import Candidate, Problem

Distiller = Literal["global", "shared_top_k", "per_sample_top_k", "random_k"]

SELECT_TOKENS = 512
CHARACTERS_PER_TOKEN = 4
"""A rough measure of text against a bound in tokens, good enough without a tokenizer."""


@dataclass(frozen=True)
class Workspace:
    """What the next round is given: its words, what they were drawn from, and the calls they rest on."""

    node: str
    text: str
    sources: tuple[Candidate, ...]
    ready: tuple[str, ...]


def distill_prompt(problem: Problem, drafts: str, bound: int, share: float = 1.0) -> str:
    """Asks for one workspace over all drafts."""
    return (
        f"{problem_words(problem)}\n\n{shortened(drafts, share)}\n\n"
        f"Distill these drafts into working notes of at most {bound * 3 // 4} words for someone who will "
        f"{asking(problem).notes}"
    )


def select_prompt(problem: Problem, drafts: str, count: int, keep: int, share: float = 1.0) -> str:
    """Asks for the `keep` best drafts of `count`."""
    names = ", ".join(f"Solution {n}" for n in range(1, count + 1))
    return (
        f"{problem_words(problem)}\n\n{shortened(drafts, share)}\n\n"
        f"Choose the {keep} of these {count} solutions that {asking(problem).chosen} "
        "First say in one or two sentences what decides it. Then write one last line: "
        f'"Final verdict: " followed by the names of exactly {keep} of them, separated by commas. '
        f"Their names are: {names}."
    )


async def distill(run: Run, problem: Problem, node: str, drafts: Sequence[Candidate], bound: int) -> Workspace:
    """One call that writes a workspace over all drafts. Raises CallFailed, BudgetSpent.

    Args:
        run: The run.
        problem: What is asked.
        node: The workspace's node, already open.
        drafts: What to distill.
        bound: The most tokens the workspace may have.
    """
    share = 24000 // len(drafts)
    texts = fenced([attempted(draft, share) for draft in drafts], run.random(node, "delimiter"), "Draft")
    after = [call for draft in drafts for call in draft.ready]
    reply = await run.ask(
        "distill",
        node,
        partial(distill_prompt, problem, texts, bound),
        shown=drafts,
        after=after,
        temperature=0.3,
        max_tokens=bound,
    )
    longest = bound * CHARACTERS_PER_TOKEN  # models that think may write more than they were asked to
    note = "cut off at its bound" if reply.finish == "length" or len(reply.text) > longest else ""
    return _made(run, node, cut(reply.text, longest), drafts, (f"{node}/distill",), call=f"{node}/distill", note=note)


async def select(
    run: Run, problem: Problem, node: str, drafts: Sequence[Candidate], keep: int, bound: int, *, sample: int = 1
) -> Workspace:
    """One call that picks the drafts a workspace is made of; unreadable twice, chance picks, and the note says so.

    Raises:
        CallFailed, BudgetSpent: as `Run.ask`.
    """
    after = tuple(call for draft in drafts for call in draft.ready)
    order = list(drafts)
    run.random(node, "display order").shuffle(order)
    for again in ("", "b"):
        name = f"select{again}"
        texts = [attempted(draft, 24000 // len(order)) for draft in order]
        solutions = fenced(texts, run.random(node, name, "delimiter"))
        reply = await run.ask(
            "select",
            node,
            partial(select_prompt, problem, solutions, len(order), keep),
            name=name,
            sample=sample,
            shown=order,
            take=keep,
            after=after,
            max_tokens=SELECT_TOKENS,
        )
        choice = read_choices(reply.text, len(order), keep)
        if choice is not None:
            picked = [order[index] for index in choice]
            return extract(run, node, picked, bound, call=f"{node}/{name}")
        after = (*after, f"{node}/{name}")
    note = "the selection was unreadable twice; drawn by seed"
    return draw(run, node, drafts, keep, bound, note=note, call=f"{node}/{name}")


def draw(
    run: Run,
    node: str,
    drafts: Sequence[Candidate],
    keep: int,
    bound: int,
    *,
    note: str = "drawn by seed",
    call: str | None = None,
) -> Workspace:
    """A workspace of `keep` drafts drawn uniformly, without any call."""
    picked = run.random(node, "draw").sample(list(drafts), min(keep, len(drafts)))
    return extract(run, node, picked, bound, call=call, note=note)


def extract(
    run: Run, node: str, picked: Sequence[Candidate], bound: int, *, call: str | None = None, note: str = ""
) -> Workspace:
    """A workspace that quotes the picked drafts, each cut to its share of the bound."""
    share = bound * CHARACTERS_PER_TOKEN // max(1, len(picked))
    texts = [cut(attempted(draft, share), share) for draft in picked]
    if any(len(draft.text) > share for draft in picked):
        note = f"{note}; drafts cut to the bound" if note else "drafts cut to the bound"
    ready = (call,) if call else tuple(name for draft in picked for name in draft.ready)
    text = fenced(texts, run.random(node, "quotes"), "Draft")
    return _made(run, node, text, picked, ready, call=call, note=note)


def freeze(run: Run, node: str, survivors: Sequence[Candidate]) -> Workspace:
    """A workspace of the survivors' summaries, unchanged (agentic PDR, arXiv 2604.16529); it costs no call."""
    text = fenced([material(candidate, run.problem) for candidate in survivors], run.random(node, "quotes"), "Summary")
    nodes = tuple(run.decider.get(candidate.id, candidate.id) for candidate in survivors)
    run.tell(WorkspaceMade(node=node, text=text, sources=nodes))
    return Workspace(node, text, tuple(survivors), tuple(call for c in survivors for call in c.ready))


def _made(
    run: Run, node: str, text: str, sources: Sequence[Candidate], ready: tuple[str, ...], *, call: str | None, note: str
) -> Workspace:
    ids = tuple(source.id for source in sources)
    run.tell(WorkspaceMade(node=node, text=text, sources=ids, call=call, note=note))
    return Workspace(node, text, tuple(sources), ready)
