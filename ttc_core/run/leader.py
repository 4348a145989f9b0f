"""Who leads while a run goes on: pure bookkeeping of candidates and decisions, so that a cut always has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ttc_core.types import Candidate


def agreeing(candidate: Candidate, field: Sequence[Candidate]) -> int:
    """How many of `field` give an answer equivalent to the candidate's, itself included."""
    if candidate.key is None:
        return 1
    return sum(other.key == candidate.key for other in field)


def plurality(field: Sequence[Candidate]) -> list[Candidate]:
    """The first candidate of each most frequent readable answer; without any readable answer, the first of all."""
    counts = Counter(candidate.key for candidate in field if candidate.key is not None)
    if not counts:
        return list(field[:1])
    most = max(counts.values())
    firsts: dict[str, Candidate] = {}
    for candidate in field:
        if candidate.key is not None and counts[candidate.key] == most:
            firsts.setdefault(candidate.key, candidate)
    return list(firsts.values())


class Leader:
    """The best candidate so far.

    Newer populations outrank older ones, decisions outrank mere existence, later rounds of a tournament outrank
    earlier ones. Among candidates about which nothing was decided, the most frequent answer leads.
    """

    def __init__(self) -> None:
        self.candidate: Candidate | None = None
        self._standing: tuple[int, float] = (-1, 0.0)
        self._made: dict[int, dict[str, Candidate]] = {}

    def made(self, candidate: Candidate) -> bool:
        """Take in a new candidate; True if the lead changed."""
        peers = self._made.setdefault(candidate.round, {})
        peers[candidate.id] = candidate
        if (candidate.round, 0.0) < self._standing:
            return False
        # By id, not by arrival: the same candidates give the same leader.
        front = plurality([peers[name] for name in sorted(peers)])
        return self._take(front[0], 0.0)

    def decided(self, winner: Candidate, weight: float) -> bool:
        """Take in a decision of that weight (a round number, or a score); True if the lead changed."""
        if (winner.round, weight) < self._standing:
            return False
        return self._take(winner, weight)

    def support(self) -> tuple[int, int]:
        """How many of the leader's population agree with it, and how many there are."""
        if self.candidate is None:
            return 0, 0
        peers = list(self._made.get(self.candidate.round, {}).values())
        return agreeing(self.candidate, peers), len(peers)

    def _take(self, candidate: Candidate, weight: float) -> bool:
        changed = self.candidate is None or self.candidate.id != candidate.id
        self.candidate, self._standing = candidate, (candidate.round, weight)
        return changed
