"""A run: what a strategy may do. It asks models, opens nodes, states facts, draws seeded chances, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ttc_core.errors import BudgetSpent, CallFailed
from ttc_core.events.kinds import CandidateMade, Decided, Event, How, LeaderChanged, NodeOpened, Shape
from ttc_core.run.caller import Caller, Words
from ttc_core.run.leader import Leader
from ttc_core.run.log import Log
from ttc_core.run.meter import Meter
from ttc_core.run.roster import Roster
from ttc_core.sandbox import Sandbox
from ttc_core.types import Candidate, Message, Problem, Reply, Request, Role

T = TypeVar("T")


class Run:
    """The hands of a strategy. `ask` is the only way to a model; `tell` the only way into the log."""

    def __init__(
        self,
        *,
        problem: Problem,
        roster: Roster,
        log: Log,
        meter: Meter,
        seed: int = 0,
        retries: int = 3,
        known: Mapping[str, tuple[str, Reply | CallFailed]] | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        """
        Args:
            problem: What is asked; what is right is not here.
            roster: Who answers.
            log: Where facts go.
            meter: The budget.
            seed: From which every chance of the run is drawn.
            retries: Attempts after the first, for errors that may pass.
            known: Replies and failures of a former life of this run, by call, each with its request's key.
            sandbox: Where code that a model wrote is run; one of its own if not given.
        """
        self.problem = problem
        self.sandbox = sandbox or Sandbox()
        self._asked = problem.asked
        self.seed = seed
        self.leader = Leader()
        self.decider: dict[str, str] = {}
        """The node that last decided for a candidate."""
        self._opened: set[str] = set()
        self._log = log
        self._roster = roster
        self._caller = Caller(log, meter, retries, known or {})

    async def ask(
        self,
        role: Role,
        node: str,
        prompt: str | Words,
        *,
        name: str = "",
        sample: int = 1,
        shown: Sequence[Candidate] = (),
        take: int = 1,
        turn: int = 0,
        after: Iterable[str] = (),
        temperature: float = 1.0,
        max_tokens: int = 1024,
    ) -> Reply:
        """One model call, whole: queued, budgeted, retried, recorded.

        Args:
            role: What the call is for.
            node: The node of the graph it works for.
            prompt: The words; one user message, because not every model knows another kind. As a function of the share
                of its material to show, it is shortened where it does not fit into the model's context.
            name: Tells the node's calls of one role apart, such as ``vote3``; the role itself if empty.
            sample: Tells calls with equal words apart.
            shown: The candidates in the order in which the prompt shows them.
            take: How many of the shown may be named.
            turn: Of an attempt that takes several turns, which one.
            after: Calls whose replies this one rests on.
            temperature: Of sampling.
            max_tokens: The most the reply may have; models that think out of sight get room for that on top.

        Raises:
            CallFailed: every attempt failed; the run can go on without this call.
            BudgetSpent: it does not fit the budget; no new call starts from here on.
        """
        call, seat = f"{node}/{name or role}", self._roster.seat(role, sample)
        words = None if isinstance(prompt, str) else prompt
        request = Request(
            call=call,
            role=role,
            node=node,
            messages=(Message(role="user", content=words(1.0) if words else str(prompt)),),
            problem=self._asked,
            sample=sample,
            shown=tuple(candidate.shown() for candidate in shown),
            take=take,
            turn=turn,
            after=tuple(dict.fromkeys(after)),
            temperature=temperature,
            max_tokens=max_tokens + seat.model.room,
            seed=self.random(call).getrandbits(31),
        )
        return await self._caller.ask(request, seat, words)

    async def together(self, works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """All works at once; their results in the given order, without those lost to a failed call.

        Raises:
            BudgetSpent: some work could not go on; raised only when the others, already paid for, have ended.
        """
        spent: list[BudgetSpent] = []
        kept: dict[int, T] = {}

        async def keep(index: int, work: Coroutine[Any, Any, T]) -> None:
            try:
                kept[index] = await work
            except CallFailed:
                pass  # its node says so; the run goes on with what it has
            except BudgetSpent as cut:
                spent.append(cut)

        async with asyncio.TaskGroup() as group:
            for index, work in enumerate(works):
                group.create_task(keep(index, work))
        if spent:
            raise spent[0]
        return [kept[index] for index in sorted(kept)]

    def open(
        self, node: str, shape: Shape, *, stage: str = "", round: int = 0, parents: Iterable[str] = (), seats: int = 0
    ) -> None:
        """Give a node its place in the graph, once, before anything is known of it."""
        if node in self._opened:
            return
        self._opened.add(node)
        self.tell(NodeOpened(node=node, shape=shape, stage=stage, round=round, parents=tuple(parents), seats=seats))

    def tell(self, event: Event) -> None:
        """State a fact."""
        self._log.append(event)

    def made(self, candidate: Candidate) -> Candidate:
        """State that a candidate is there; it may take the lead."""
        self.tell(CandidateMade(candidate=candidate))
        if self.leader.made(candidate):
            self._tell_leader("most frequent answer so far")
        return candidate

    def decide(
        self,
        node: str,
        winner: Candidate,
        how: How,
        tally: Mapping[str, float] | None = None,
        *,
        entrants: Iterable[Candidate] = (),
        after: Iterable[str] = (),
    ) -> Candidate:
        """State a decision, and return the winner as it goes on from there.

        Args:
            node: Where it was decided.
            winner: Who goes on.
            how: What decided it.
            tally: Votes, agreeing candidates or scores by candidate id, as `how` says.
            entrants: Among whom; all but the winner stand no longer.
            after: The calls it rests on, and so does whatever the winner does next.
        """
        self.tell(Decided(node=node, winner=winner.id, how=how, tally=dict(tally or {})))
        self.decider[winner.id] = node
        if self.leader.decided(winner, (candidate.id for candidate in entrants)):
            self._tell_leader(f"decided by {node}")
        return winner.model_copy(update={"ready": tuple(dict.fromkeys((*winner.ready, *after)))})

    def random(self, *place: object) -> random.Random:
        """A source of chance that depends on the run's seed and the place it is used at, on nothing else."""
        words = "\x1f".join(map(str, (self.seed, *place)))
        return random.Random(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))

    def _tell_leader(self, why: str) -> None:
        leader = self.leader.candidate
        if leader is not None:
            agree, of = self.leader.support()
            self.tell(LeaderChanged(node=leader.id, agree=agree, of=of, why=why))
