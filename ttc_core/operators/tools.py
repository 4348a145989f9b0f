"""An attempt with tools: it may search the problem's documents and run Python before it answers."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from time import monotonic
from typing import Literal

from ttc_core.events.kinds import PassageFound, StepTaken
from ttc_core.operators.execute import made
from ttc_core.operators.params import Params
from ttc_core.operators.tool_words import Call, Tools, cited, prompt, tool_call, with_evidence
from ttc_core.operators.turns import Beginning
from ttc_core.operators.words import cut
from ttc_core.problems import canonical, read_answer_of
from ttc_core.problems.passages import Passage, index_of
from ttc_core.run import Run
from ttc_core.sandbox import Limits, NoSandbox, Ran
from ttc_core.types import Candidate, Problem, Reply

FOUND = 4
"""Passages that one search brings up."""
LONGEST_OUTPUT = 2000
"""Characters that are kept of what a program printed."""
LONGEST_NOTES = 1200
"""Characters of a reply that its attempt sees again at its next turn."""

PYTHON = (
    "import ast, sys; "
    "exec(compile(ast.Interactive(ast.parse(sys.stdin.read()).body), 'program', 'single'), {'__name__': '__main__'})"
)
"""Runs a program as it would run if it were typed in: a value that nobody prints is shown, too."""
PYTHON_LIMITS = Limits(wall_s=10.0, cpu_s=10, memory_mb=512)

STOPPED = {
    "timeout": "It was stopped: it took too long.",
    "output": "It was stopped: it printed too much.",
    "killed": "It was stopped: it used too much memory or time.",
}

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


async def with_tools(run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> Candidate:
    """One attempt: turns in which it searches or calculates, until it answers or has had all of its turns.

    Where there are documents, a first search with the problem's own words is made for it. A reply that neither asks for
    a tool nor answers ends the attempt, unreadable. Raises CallFailed, BudgetSpent.
    """
    attempt = _Attempt(run, problem, node, params, begun)
    if problem.documents:
        await attempt.use(Call("search", problem.text), "", "")
    for turn in range(1, params.turns + 1):
        tools = Tools(search=bool(problem.documents), python=params.python)
        tools = tools if turn < params.turns else Tools(search=False, python=False)
        reply = await attempt.ask(turn, tools)
        call = tool_call(reply.text, problem, tools)
        if call is None:
            break
        await attempt.use(call, f"{node}/turn{turn}", reply.text)
    return await made(run, problem, attempt.candidate(reply, f"{node}/turn{turn}"))


class _Attempt:
    """What one attempt has found and done so far."""

    def __init__(self, run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> None:
        self._run, self._problem, self._node, self._params, self._begun = run, problem, node, params, begun
        self._found: dict[Passage, str] = {}
        """The node of each passage, in the order of their numbers."""
        self._steps = 0
        self._told: list[str] = []
        """The steps that the model asked for, as it is shown them."""

    async def ask(self, turn: int, tools: Tools) -> Reply:
        """The next turn of the model."""
        begun, node = self._begun, self._node
        material = (begun.context, [_shown(passage) for passage in self._found], list(self._told))

        def words(share: float) -> str:
            return prompt(self._problem, tools, *material, self._run.random(node, "delimiter"), share)

        return await self._run.ask(
            "act" if turn > 1 else "refine" if begun.context else "propose",
            node,
            words,
            name=f"turn{turn}",
            sample=begun.sample,
            shown=begun.rests_on,
            turn=turn,
            after=(*begun.after, *([f"{node}/turn{turn - 1}"] if turn > 1 else [])),
            temperature=self._params.temperature,
            max_tokens=self._params.max_tokens,
        )

    async def use(self, call: Call, asked_by: str, reply: str) -> None:
        """Take the step that a reply asked for, and tell of it."""
        self._steps += 1
        node = f"{self._node}.s{self._steps:02}"
        before = f"{self._node}.s{self._steps - 1:02}" if self._steps > 1 else self._node
        self._run.open(node, "step", stage="steps", round=self._begun.round, parents=[before])
        told = partial(
            StepTaken, node=node, of=self._node, number=self._steps, tool=call.tool, input=call.input, call=asked_by
        )
        step = await (self._search(node, call.input, told) if call.tool == "search" else self._python(call.input, told))
        if asked_by:
            self._told.append(f"{cut(reply, LONGEST_NOTES)}\n\nWhat came of it:\n{step.output}")

    async def _search(self, node: str, query: str, told: partial[StepTaken]) -> StepTaken:
        """Passages for some words: new ones get the next numbers, known ones keep theirs."""
        began = monotonic()
        index = index_of(self._problem.documents)
        hits = await asyncio.to_thread(index.search, query, FOUND)
        new = [(passage, score) for passage, score in hits if passage not in self._found]
        known = len(self._found)
        self._found |= {passage: f"{node}.p{number}" for number, (passage, _) in enumerate(new, known + 1)}
        numbers = list(self._found)
        words = " ".join(f"[{numbers.index(passage) + 1}]" for passage, _ in hits)
        output = f"Found {words}." if hits else "Nothing was found: other words may help."
        output += " All of them were known." if hits and not new else ""
        step = told(output=output, seconds=monotonic() - began)
        self._run.tell(step)
        for number, (passage, score) in enumerate(new, known + 1):
            self._tell_found(node, number, passage, score)
        return step

    def _tell_found(self, step: str, number: int, passage: Passage, score: float) -> None:
        node = self._found[passage]
        self._run.open(node, "passage", stage="steps", round=self._begun.round, parents=[step])
        self._run.tell(PassageFound(node=node, step=step, number=number, score=score, **passage.model_dump()))

    async def _python(self, code: str, told: partial[StepTaken]) -> StepTaken:
        """What a program printed, or why it was not run."""
        try:
            ran = await self._run.sandbox.run(["python3", "-c", PYTHON], given=code, limits=PYTHON_LIMITS)
        except NoSandbox as none:
            step = told(output=f"Python was not run: {none}", status="refused")
        else:
            step = told(output=_printed(ran), status=_status(ran), seconds=ran.seconds)
        self._run.tell(step)
        return step

    def candidate(self, reply: Reply, call: str) -> Candidate:
        """What the attempt came to. The words of cited passages go with its text, for judges to read."""
        answer = read_answer_of(reply.text, self._problem)
        numbers = cited(reply.text, len(self._found))
        nodes = list(self._found.values())
        return Candidate(
            id=self._node,
            text=with_evidence(reply.text, numbers, [_shown(passage) for passage in self._found]),
            answer=answer,
            key=canonical(answer, self._problem) if answer is not None else None,
            round=self._begun.round,
            parents=self._begun.parents,
            ready=(call,),
            cites=tuple(nodes[number - 1] for number in numbers),
        )


def _shown(passage: Passage) -> str:
    """A passage under the name of where it stands."""
    return f"From {passage.document}, page {passage.page}:\n{passage.text}"


def _printed(ran: Ran) -> str:
    """What a program printed, cut, and how it ended; without addresses, which differ each time."""
    words = _ADDRESS.sub("0x...", f"{ran.output}\n{ran.errors}".strip())
    said = [cut(words, LONGEST_OUTPUT), STOPPED.get(ran.ended, "")]
    return "\n".join(filter(None, said)) or "It printed nothing."


def _status(ran: Ran) -> Literal["ok", "failed", "timeout"]:
    if ran.ended == "timeout":
        return "timeout"
    return "ok" if ran.code == 0 and ran.ended == "exited" else "failed"
