"""Realistic logs made without engine or model: a clock, a queue of calls under a limit, and strategies as callbacks."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Sequence
from random import Random

from ttc_core.events import Event, Logged
from ttc_core.events.kinds import (
    CallCancelled,
    CallFailed,
    CallFinished,
    CallRetried,
    CallStarted,
    CandidateMade,
    Decided,
    Layout,
    LeaderChanged,
    NodeOpened,
    RunFinished,
    RunStarted,
    Scored,
    Shape,
    Summarized,
    Voted,
    WorkspaceMade,
)
from ttc_core.types import Candidate, Message, Problem, Role, Status, Usage

MODEL_TEXT = "MODELTEXT <b>bold</b> <script>alert(1)</script>"
"""Stands in every reply and answer, so that a test can look for it where no model text may be."""

PROBLEM = Problem(id="sheep", text="A farmer has 17 sheep and buys 3 pens with 6 sheep each. How many?", title="Sheep")
ANSWERS = ("35", "23", "26", "18", "20", "51", "102", "8", "9")
SECONDS = {"propose": 8.0, "refine": 8.0, "summarize": 2.4, "compare": 1.9, "distill": 3.0, "score": 1.6, "select": 2.0}
TOKENS = {"propose": 180, "refine": 190, "summarize": 60, "compare": 40, "distill": 400, "score": 20, "select": 30}

Then = Callable[[bool], None]


class Stage:
    """A run on a stage: time, calls in flight, and the log. `fail` and `flaky` name calls by a part of their id."""

    def __init__(
        self, strategy: str, layout: Layout, *, seed: int = 7, limit: int = 16, fail: Sequence[str] = (),
        flaky: Sequence[str] = (), abstain: Sequence[str] = (), unreadable: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.random, self.now, self.limit = Random(seed), 0.0, limit
        self.fail, self.flaky, self.abstain, self.unreadable = set(fail), set(flaky), set(abstain), set(unreadable)
        self.log: list[Logged] = []
        self.made: dict[str, Candidate] = {}
        self.ready: dict[str, tuple[str, ...]] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._queue: deque[Callable[[], None]] = deque()
        self._busy = self._ticket = 0
        self.say(
            RunStarted(
                run="r1", problem=PROBLEM, strategy=strategy, params={}, model="simulated", seed=seed,
                simulated=True, layout=layout,
            )
        )  # fmt: skip

    def say(self, event: Event) -> None:
        self.log.append(Logged(seq=len(self.log) + 1, at=1_700_000_000 + self.now, event=event))

    def open(
        self, node: str, shape: Shape, stage: str, parents: Sequence[str] = (), round: int = 0, seats: int = 0
    ) -> None:
        self.say(NodeOpened(node=node, shape=shape, stage=stage, parents=tuple(parents), round=round, seats=seats))

    def call(self, call: str, role: Role, then: Then, after: Sequence[str] = ()) -> None:
        """Ask for a call; `then` hears whether it was answered."""
        self._queue.append(lambda: self._start(call, role, tuple(after), then))
        self._pump()

    def play(self) -> None:
        while self._due:
            self.now, _, act = heapq.heappop(self._due)
            act()

    def _pump(self) -> None:
        while self._queue and self._busy < self.limit:
            self._busy += 1
            self._queue.popleft()()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._ticket += 1
        heapq.heappush(self._due, (self.now + seconds, self._ticket, act))

    def _start(self, call: str, role: Role, after: tuple[str, ...], then: Then) -> None:
        seconds = SECONDS[role] * self.random.uniform(0.6, 1.5)
        self.say(
            CallStarted(
                call=call, node=call.split("/")[0], role=role, model="simulated", key=call, after=after,
                messages=(Message(role="user", content=MODEL_TEXT),),
            )
        )  # fmt: skip
        if call in self.flaky:
            self._later(seconds / 3, lambda: self.say(
                CallRetried(call=call, attempt=1, error="timeout", message="No answer in time.", wait_s=0.5, cost=0.0)
            ))  # fmt: skip
            seconds *= 1.6
        self._later(seconds, lambda: self._end(call, role, then))

    def _end(self, call: str, role: Role, then: Then) -> None:
        self._busy -= 1
        usage = Usage(tokens_in=120, tokens_out=int(TOKENS[role] * self.random.uniform(0.6, 1.4)))
        if call in self.fail:
            self.say(CallFailed(call=call, attempt=3, error="unavailable", message="The server broke off.", cost=0.0))
        else:
            self.say(CallFinished(call=call, text=f"{MODEL_TEXT} of {call}", usage=usage, cost=0.0001, simulated=True))
        then(call not in self.fail)
        self._pump()

    def candidate(
        self, node: str, role: Role, then: Then, parents: Sequence[str] = ("problem",), after: Sequence[str] = ()
    ) -> None:
        """One call that makes a candidate."""

        def made(answered: bool) -> None:
            if answered:
                answer = (
                    None if node in self.unreadable else self.random.choices(ANSWERS, (9, 5, 2, 1, 1, 1, 1, 1, 1))[0]
                )
                one = Candidate(
                    id=node, text=f"{MODEL_TEXT} Answer: {answer}", key=answer, parents=tuple(parents),
                    answer=f"{answer} {MODEL_TEXT}" if answer else None,
                )  # fmt: skip
                self.made[node], self.ready[node] = one, (f"{node}/{role}",)
                self.say(CandidateMade(candidate=one))
                self.lead(node)
            then(answered)

        self.call(f"{node}/{role}", role, made, after)

    def lead(self, node: str) -> None:
        keys = [one.key for one in self.made.values()]
        agree = sum(key is not None and key == self.made[node].key for key in keys)
        self.say(LeaderChanged(node=node, agree=agree, of=len(keys)))

    def finish(self, winner: str | None, node: str | None, status: Status = "finished") -> list[Logged]:
        answer = self.made[winner].answer if winner else None
        self.say(RunFinished(status=status, candidate=winner, answer=answer, node=node))
        return self.log


class Bracket:
    """Recursive tournament voting over named entrants, down to `survivors`."""

    def __init__(
        self, stage: Stage, entrants: Sequence[str], *, group: int = 2, votes: int = 8, survivors: int = 1,
        first: int = 1, equivalent: bool = False,
    ) -> None:  # fmt: skip
        self.stage, self.votes, self.equivalent = stage, votes, equivalent
        self.entrants_of: dict[str, list[str]] = {}
        self.next_of: dict[str, str] = {}
        self.result: dict[str, str | None] = {}
        self.done: Callable[[], None] = lambda: None
        field, round = list(entrants), first
        while len(field) > survivors:
            stage.random.shuffle(field)
            groups = [field[i : i + group] for i in range(0, len(field), group)]
            heading = "final" if len(groups) == 1 else f"round {round}"
            field = []
            for number, members in enumerate(groups, start=1):
                match = f"m{round}.{number}"
                stage.open(match, "match", heading, members, round, votes)
                self.entrants_of[match] = members
                self.next_of.update(dict.fromkeys(members, match))
                field.append(match)
            round += 1
        self.last = field

    def settle(self, node: str, winner: str | None) -> None:
        """`node` is over; go on where all entrants are known."""
        self.result[node] = winner
        match = self.next_of.get(node)
        if match is None:
            if all(last in self.result for last in self.last):
                self.done()
        elif all(entrant in self.result for entrant in self.entrants_of[match]):
            self._meet(match, [w for e in self.entrants_of[match] if (w := self.result[e]) is not None])

    def _meet(self, match: str, entrants: list[str]) -> None:
        made = self.stage.made
        if not entrants:
            return self.settle(match, None)
        if len(entrants) == 1:
            return self._decide(match, entrants[0], "bye", {})
        if self.equivalent and len({made[e].key for e in entrants}) == 1:
            return self._decide(match, entrants[0], "equivalent", {})
        heard: list[str | None] = []
        for number in range(1, self.votes + 1):
            self._ask(match, number, entrants, heard)

    def _ask(self, match: str, number: int, entrants: list[str], heard: list[str | None]) -> None:
        call = f"{match}/vote{number}"
        after = [c for e in entrants for c in self.stage.ready[e]]

        def voted(answered: bool) -> None:
            choice = self.stage.random.choices(entrants, [3 if e == min(entrants) else 1 for e in entrants])[0]
            why = "failed" if not answered else "unreadable" if call in self.stage.abstain else ""
            order = tuple(entrants if number % 2 else entrants[::-1])
            heard.append(None if why else choice)
            self.stage.say(
                Voted(
                    match=match, number=number, call=call, order=order, choice=None if why else choice, why=why,
                    extra=number > self.votes,
                )
            )  # fmt: skip
            if len(heard) >= self.votes and len(heard) >= number:
                self._count(match, entrants, heard)

        self.stage.call(call, "compare", voted, after)

    def _count(self, match: str, entrants: list[str], heard: list[str | None]) -> None:
        tally = Counter(choice for choice in heard if choice)
        top = [e for e in entrants if tally[e] == max(tally.values(), default=0)]
        if len(top) > 1 and len(heard) < self.votes + 2:
            return self._ask(match, len(heard) + 1, entrants, heard)
        how = "tie_draw" if len(top) > 1 else "tie_vote" if len(heard) > self.votes else "majority"
        self._decide(match, top[0], how, {e: tally[e] for e in entrants})

    def _decide(self, match: str, winner: str, how: str, tally: dict[str, float]) -> None:
        calls = [c for c in self.stage.ready[winner] if c.startswith(winner)]
        self.stage.ready[winner] = tuple(
            calls + [c.event.call for c in self.stage.log if isinstance(c.event, Voted) and c.event.match == match]
        )
        self.stage.say(Decided(node=match, winner=winner, how=how, tally=tally))
        self.stage.lead(winner)
        self.settle(match, winner)


def population(
    stage: Stage, bracket: Bracket, nodes: Sequence[str], parents: Sequence[str], after: Sequence[str]
) -> None:
    """Propose, then summarize, then enter the bracket."""
    for node in nodes:

        def made(answered: bool, node: str = node) -> None:
            if not answered:
                return bracket.settle(node, None)
            call = f"{node}/summarize"

            def summarized(said: bool) -> None:
                stage.say(Summarized(node=node, text=MODEL_TEXT, call=call if said else None))
                stage.ready[node] = (call,)
                bracket.settle(node, node)

            stage.call(call, "summarize", summarized, stage.ready[node])

        stage.candidate(node, "refine" if after else "propose", made, parents, after)


def tournament(candidates: int = 16, group: int = 2, votes: int = 8, **settings: object) -> list[Logged]:
    """A bracket opened whole at the start. Also takes the settings of `Stage`."""
    options = {name: settings.pop(name) for name in ("equivalent", "survivors") if name in settings}
    stage = Stage("tournament", "bracket", **settings)  # type: ignore[arg-type]
    nodes = [f"c{i:02d}" for i in range(1, candidates + 1)]
    for node in nodes:
        stage.open(node, "candidate", "candidates")
    bracket = Bracket(stage, nodes, group=group, votes=votes, **options)  # type: ignore[arg-type]
    population(stage, bracket, nodes, ("problem",), ())
    stage.play()
    last = bracket.last[0]
    return stage.finish(bracket.result[last], last)


def tournament_refine(first: int = 16, keep: int = 4, second: int = 16, votes: int = 8) -> list[Logged]:
    """Two populations: survivors of the first bracket are the context of the second."""
    stage = Stage("tournament_refine", "bracket", limit=32)
    nodes = [f"c{i:02d}" for i in range(1, first + 1)]
    for node in nodes:
        stage.open(node, "candidate", "candidates")
    bracket = Bracket(stage, nodes, votes=votes, survivors=keep)
    population(stage, bracket, nodes, ("problem",), ())
    stage.play()
    kept = [w for last in bracket.last if (w := bracket.result[last])]
    stage.open("w2.1", "workspace", "context", (), 2)
    stage.say(WorkspaceMade(node="w2.1", text=MODEL_TEXT, sources=tuple(kept)))
    fresh = [f"d2.{i:02d}" for i in range(1, second + 1)]
    for node in fresh:
        stage.open(node, "candidate", "refined", ("w2.1",), 2)
    final = Bracket(stage, fresh, votes=votes, first=5)
    population(stage, final, fresh, ("w2.1",), [c for w in kept for c in stage.ready[w]])
    stage.play()
    return stage.finish(final.result[final.last[0]], final.last[0])


def distill_refine(
    drafts: Sequence[int] = (8, 4, 2), shared: bool = False, keep: int = 2, **settings: object
) -> list[Logged]:
    """Rounds of drafts, workspaces and refinements; one workspace each, or one for all."""
    stage = Stage("distill_refine", "rounds", **settings)  # type: ignore[arg-type]
    rounds = [_opened(stage, round, count, shared) for round, count in enumerate(drafts, start=1)]
    previous: list[str] = []
    for nodes, spaces in rounds:
        _round(stage, nodes, spaces, previous, keep)
        previous = [node for node in nodes if node in stage.made]
    return stage.finish(previous[0], previous[0])


def _opened(stage: Stage, round: int, count: int, shared: bool) -> tuple[list[str], list[str]]:
    nodes = [f"d{round}.{i}" for i in range(1, count + 1)]
    spaces = [f"w{round}.{i}" for i in range(1, (1 if shared else count) + 1)] if round > 1 else []
    for space in spaces:
        stage.open(space, "workspace", "workspaces", (), round)
    for i, node in enumerate(nodes):
        stage.open(node, "candidate", f"round {round}", (spaces[i % len(spaces)],) if spaces else (), round)
    return nodes, spaces


def _round(stage: Stage, nodes: list[str], spaces: list[str], previous: list[str], keep: int) -> None:
    def draft(node: str, parents: Sequence[str], after: Sequence[str]) -> None:
        stage.candidate(node, "refine" if parents[0] != "problem" else "propose", lambda answered: None, parents, after)

    if not spaces:
        for node in nodes:
            draft(node, ("problem",), ())
    for number, space in enumerate(spaces):
        sources = tuple(sorted(stage.random.sample(previous, min(keep, len(previous)))))
        mine = [node for i, node in enumerate(nodes) if i % len(spaces) == number]

        def made(
            answered: bool, space: str = space, sources: tuple[str, ...] = sources, mine: list[str] = mine
        ) -> None:
            stage.say(WorkspaceMade(node=space, text=MODEL_TEXT, sources=sources, call=f"{space}/distill"))
            for node in mine:
                draft(node, (space,), (f"{space}/distill",))

        stage.call(f"{space}/distill", "distill", made, [c for s in sources for c in stage.ready[s]])
    stage.play()


def majority_vote(candidates: int = 16, **settings: object) -> list[Logged]:
    """Samples and a tally of their answers."""
    stage = Stage("majority_vote", "tree", **settings)  # type: ignore[arg-type]
    nodes = [f"c{i:02d}" for i in range(1, candidates + 1)]
    for node in nodes:
        stage.open(node, "candidate", "candidates")
    stage.open("vote", "tally", "vote", nodes)
    for node in nodes:
        stage.candidate(node, "propose", lambda answered: None)
    stage.play()
    keys = Counter(one.key for one in stage.made.values() if one.key)
    top = keys.most_common(1)[0][0]
    winner = next(node for node in nodes if node in stage.made and stage.made[node].key == top)
    tally = {
        next(n for n in nodes if n in stage.made and stage.made[n].key == key): float(k) for key, k in keys.items()
    }
    stage.say(Decided(node="vote", winner=winner, how="plurality", tally=tally))
    stage.lead(winner)
    return stage.finish(winner, "vote")


def best_of_n(candidates: int = 8, **settings: object) -> list[Logged]:
    """Samples, each scored alone."""
    stage = Stage("best_of_n", "tree", **settings)  # type: ignore[arg-type]
    nodes = [f"c{i:02d}" for i in range(1, candidates + 1)]
    for node in nodes:
        stage.open(node, "candidate", "candidates")
    stage.open("best", "tally", "best score", nodes)
    scores: dict[str, float] = {}

    def score(node: str) -> None:
        def scored(answered: bool) -> None:
            value = round(stage.random.uniform(2, 10), 1) if answered else None
            stage.say(Scored(node=node, score=value, call=f"{node}/score"))
            if value is not None:
                scores[node] = value

        stage.call(f"{node}/score", "score", scored, (f"{node}/propose",))

    for node in nodes:
        stage.candidate(node, "propose", lambda answered, node=node: score(node) if answered else None)
    stage.play()
    winner = max(scores, key=lambda node: scores[node])
    stage.say(Decided(node="best", winner=winner, how="best_score", tally=scores))
    stage.lead(winner)
    return stage.finish(winner, "best")


def sequential_refine(rounds: int = 5, **settings: object) -> list[Logged]:
    """A chain: each answer is made from the one before."""
    stage = Stage("sequential_refine", "tree", **settings)  # type: ignore[arg-type]
    before: tuple[str, ...] = ()
    for number in range(1, rounds + 1):
        node = f"d{number}.1"
        stage.open(node, "candidate", f"round {number}", before, number)
        after = [c for b in before for c in stage.ready[b]]
        stage.candidate(node, "refine" if before else "propose", lambda answered: None, before or ("problem",), after)
        stage.play()
        before = (node,)
    return stage.finish(before[0], before[0])


def stopped(log: list[Logged], at: int) -> list[Logged]:
    """The log as it would read had the user stopped the run after `at` events."""
    head = log[:at]
    ended = {e.event.call for e in head if isinstance(e.event, CallFinished | CallFailed)}
    flying = [e.event.call for e in head if isinstance(e.event, CallStarted) and e.event.call not in ended]
    leaders = [e.event.node for e in head if isinstance(e.event, LeaderChanged)]
    for event in [*(CallCancelled(call=call, why="stopped") for call in flying),
                  RunFinished(status="stopped", candidate=leaders[-1] if leaders else None,
                              node=leaders[-1] if leaders else None)]:  # fmt: skip
        head.append(Logged(seq=len(head) + 1, at=head[-1].at, event=event))
    return head


def samples() -> dict[str, list[Logged]]:
    """One log of every kind, with byes, failures, retries and abstentions among them."""
    return {
        "tournament": tournament(),
        "rough tournament": tournament(
            13, votes=4, equivalent=True, fail=("c03/propose", "m1.1/vote2"), flaky=("c05/propose", "m2.1/vote1"),
            abstain=("m1.2/vote1", "m2.2/vote3"), unreadable=("c07",), limit=6, seed=3,
        ),
        "groups of four": tournament(16, group=4, votes=5),
        "rounds": distill_refine(),
        "rounds, shared": distill_refine((16, 8, 4), shared=True, keep=4),
        "majority": majority_vote(fail=("c05/propose",), unreadable=("c09",)),
        "best of n": best_of_n(fail=("c02/score",)),
        "chain": sequential_refine(),
        "two populations": tournament_refine(),
        "single": sequential_refine(1),
        "stopped": stopped(tournament(), 120),
    }  # fmt: skip
