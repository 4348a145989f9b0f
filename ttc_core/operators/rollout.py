"""A rollout: an attempt that works in a copy of a repository, one bash command a turn, and ends in a patch.

The loop has the simplicity of mini-SWE-agent, whose package brings a terminal interface and a data-set library along;
this one has a single door to the model and a single door to the sandbox. A rollout leaves nothing behind but its patch
and its transcript: each begins in a fresh copy of the repository, also a refinement (arXiv 2604.16529).
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Literal

from ttc_core.errors import BudgetSpent, CallFailed
from ttc_core.events.kinds import StepTaken
from ttc_core.operators.params import Params
from ttc_core.operators.rollout_words import Asked, Turn, observed, read_command, remarked, transcript, turn_prompt
from ttc_core.operators.turns import Beginning
from ttc_core.operators.words import cut
from ttc_core.problems import canonical
from ttc_core.problems.patches import difference
from ttc_core.run import Run
from ttc_core.sandbox import Box, Limits, NoSandbox, Ran
from ttc_core.sandbox.box import GONE
from ttc_core.types import Candidate, File, Problem, Reply, Tested

COMMAND_S = 20.0
TESTS_S = 60.0
"""Seconds that one command, and the repository's tests after the last edit, may take."""
LONGEST_PATCH = 100_000
LONGEST_STEP = 20_000
"""Characters of a patch that counts as an answer, and of one step's change as it is told."""
IN_ORDER = "exec 2>&1;"
"""Begins every command, so that errors come where they belong in the output."""

Status = Literal["ok", "failed", "timeout", "refused"]


async def rollout(run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> Candidate:
    """One attempt in a box of its own; its answer is the patch of all it changed, None where it changed nothing.

    Where a later call fails, the attempt ends with what its files hold by then.

    Raises:
        CallFailed: the first call failed.
        BudgetSpent: after stating the candidate as it stands, if any turn was taken.
        NoSandbox: nothing can be run here; a step says so.
    """
    work = _Rollout(run, problem, node, params, begun)
    if reason := await run.sandbox.ready():
        work.tell("none", "", f"Not run: {reason}", "refused")
        raise NoSandbox(f"Not run: {reason}")
    async with run.sandbox.open(problem.files) as box:
        try:
            await work.turns(box)
        except BudgetSpent:
            if work.taken:
                await work.made(None)
            raise
    return await work.made(await work.tested())


class _Rollout:
    """One rollout on its way: what was said and done, and what the files hold by now."""

    def __init__(self, run: Run, problem: Problem, node: str, params: Params, begun: Beginning) -> None:
        self.taken: list[Turn] = []
        self._run, self._problem, self._node, self._params, self._begun = run, problem, node, params, begun
        self._files = self._start = _by_path(problem.files)
        self._steps = 0
        self._after = begun.after
        """The calls that the next one rests on."""
        self._submitted = self._ended = False
        self._mark = f"{run.random(node, 'delimiter').getrandbits(32):08x}"

    async def turns(self, box: Box) -> None:
        """Turn after turn, until the work is submitted, turns are used up, a later call fails or the box breaks."""
        while not self._ended and len(self.taken) < self._params.turns:
            try:
                reply = await self._ask(len(self.taken) + 1)
            except CallFailed:
                if not self.taken:
                    raise
                return
            await self._take(box, read_command(reply))

    async def tested(self) -> Tested | None:
        """What the repository's own tests say, in a fresh box, of the files as they are now; None where it has none."""
        command = self._problem.command
        if not command:
            return None
        limits = Limits(wall_s=TESTS_S, cpu_s=int(TESTS_S))
        ran = await self._run.sandbox.run(["bash", "-c", f"{IN_ORDER} {command}"], files=self._files, limits=limits)
        words = observed(ran, TESTS_S)
        self.tell("tests", command, words, _status(ran), seconds=ran.seconds)
        outcome = "they pass" if ran.code == 0 else "they do not pass"
        said = f"The repository's own tests ({command}), run by the app after the last edit: {outcome}.\n"
        # An attempt may have changed the tests: what they say is for a judge to weigh, and decides nothing by itself.
        return Tested(passed=0, total=0, words=said + cut(words, 1000))

    async def made(self, tested: Tested | None) -> Candidate:
        """State the candidate as it stands."""
        patch = await asyncio.to_thread(difference, self._start, self._files)
        answer = patch if 0 < len(patch) <= LONGEST_PATCH else None
        candidate = Candidate(
            id=self._node,
            text=transcript(self.taken, patch if answer else "", submitted=self._submitted),
            answer=answer,
            key=canonical(answer, self._problem) if answer else None,
            round=self._begun.round,
            parents=self._begun.parents,
            ready=self._after,
            tested=tested if answer else None,
        )
        return self._run.made(candidate)

    def tell(
        self,
        tool: str,
        input: str,
        output: str,
        status: Status = "ok",
        *,
        diff: str = "",
        call: str = "",
        seconds: float = 0.0,
    ) -> None:
        """Tell a step, as a node that hangs on the step before."""
        before = f"{self._node}.s{self._steps:02}" if self._steps else self._node
        self._steps += 1
        node = f"{self._node}.s{self._steps:02}"
        self._run.open(node, "step", stage="steps", round=self._begun.round, parents=[before])
        self._run.tell(
            StepTaken(
                node=node,
                of=self._node,
                number=self._steps,
                tool=tool,
                input=input,
                output=output,
                status=status,
                diff=diff,
                call=call,
                seconds=seconds,
            )
        )

    async def _ask(self, number: int) -> Reply:
        begun = self._begun
        first: Literal["refine", "propose"] = "refine" if begun.context else "propose"
        name = first if number == 1 else f"turn{number}"
        words = partial(turn_prompt, self._problem, begun.context, tuple(self.taken), self._params.turns, self._mark)
        reply = await self._run.ask(
            first if number == 1 else "act",
            self._node,
            words,
            name=name,
            sample=begun.sample,
            shown=begun.rests_on,
            turn=number,
            after=self._after,
            temperature=self._params.temperature,
            max_tokens=self._params.max_tokens,
        )
        self._after = (f"{self._node}/{name}",)
        return reply

    async def _take(self, box: Box, asked: Asked) -> None:
        """Do what the reply asks for, and tell it as a step."""
        call = self._after[0]
        self._submitted = self._ended = asked.submits
        if not asked.command:
            self.taken.append(Turn(asked.said, asked.trouble))
            self.tell("none" if asked.trouble else "submit", "", asked.trouble, _refused(asked), call=call)
            return
        ran = await box.run(f"{IN_ORDER} {asked.command}", timeout_s=COMMAND_S)
        output, before = observed(ran, COMMAND_S), self._files
        await self._look(box)
        if self._files == before:
            output = remarked(output, asked.command, self.taken)
        diff = cut(await asyncio.to_thread(difference, before, self._files), LONGEST_STEP)
        self.taken.append(Turn(asked.said, output, asked.command))
        self.tell("bash", asked.command, output, _status(ran), diff=diff, call=call, seconds=ran.seconds)

    async def _look(self, box: Box) -> None:
        """See what the files are now; those of a box that has ended are as they were last seen."""
        files = await box.files()
        if files or await box.run("true") != GONE:
            self._files = _by_path(files)
        else:
            self._ended = True


def _by_path(files: tuple[File, ...]) -> tuple[File, ...]:
    return tuple(sorted(files, key=lambda file: file.path))


def _refused(asked: Asked) -> Status:
    return "refused" if asked.trouble else "ok"


def _status(ran: Ran) -> Status:
    return "timeout" if ran.ended == "timeout" else "failed" if ran.code or ran.ended != "exited" else "ok"
