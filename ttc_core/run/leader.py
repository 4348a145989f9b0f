"""Who leads while a run goes on: pure bookkeeping of candidates and decisions, so that a cut always has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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
    """The best candidate so far: the most frequent answer among those still standing in the newest population.

    Whoever lost a match or a vote stands no longer. Equal frequencies go to the one with more wins, then to the
    lower id, so that the same facts give the same leader in whatever order they came.
    """

    def __init__(self) -> None:
        self.candidate: Candidate | None = None
        self._made: dict[int, dict[str, Candidate]] = {}
        self._out: set[str] = set()
        self._wins: Counter[str] = Counter()

    def made(self, candidate: Candidate) -> bool:
        """Take in a new candidate; True if the lead changed."""
        self._made.setdefault(candidate.round, {})[candidate.id] = candidate
        return self._elect()

    def decided(self, winner: Candidate, entrants: Iterable[str]) -> bool:
        """Take in who came out of these entrants; True if the lead changed."""
        self._out |= set(entrants) - {winner.id}
        self._wins[winner.id] += 1
        return self._elect()

    def support(self) -> tuple[int, int]:
        """How many of the leader's population agree with it, and how many there are."""
        if self.candidate is None:
            return 0, 0
        peers = list(self._made[self.candidate.round].values())
        return agreeing(self.candidate, peers), len(peers)

    def _elect(self) -> bool:
        newest = self._made[max(self._made)] if self._made else {}
        standing = [newest[name] for name in sorted(newest) if name not in self._out]
        by_wins = sorted(standing, key=lambda candidate: -self._wins[candidate.id])
        front = max(plurality(by_wins), key=lambda candidate: self._wins[candidate.id], default=None)
        changed = front is not None and (self.candidate is None or self.candidate.id != front.id)
        self.candidate = front or self.candidate
        return changed
