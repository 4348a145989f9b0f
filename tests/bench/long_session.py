"""A saved session of 10,000 events and more, as a long tournament leaves it behind. Knows no page."""

from __future__ import annotations

from ttc_core.choice import ModelChoice, Team
from ttc_core.conduct import begin, conduct
from ttc_core.engine import Spec
from ttc_core.store.store import Store
from ttc_core.strategies import find
from ttc_core.types import Problem, Reference

PROBLEM = Problem(
    id="bench/long",
    title="A long session",
    text="A warehouse receives 14 pallets of 36 boxes on Monday and sends out 6 boxes less than half of them on "
    "Tuesday. On Wednesday a third of what is left is found to be damaged and is returned, and 48 new boxes arrive. "
    "How many boxes are in the warehouse on Wednesday evening?",
    kind="number",
)
REFERENCE = Reference(answer="220", aliases=("220 boxes",), misconceptions=("172", "216", "134", "224"))


async def long_session(store: Store, candidates: int = 232, votes: int = 8) -> tuple[str, str]:
    """Run a large tournament with the simulated model, waiting for nothing; the ids of its session and run.

    The defaults give a little more than 10,000 events and a graph of 463 nodes.
    """
    values = {"candidates": candidates, "votes": votes, "stop_early": False, "skip_equivalent": False}
    spec = Spec(PROBLEM, "tournament", find("tournament").settings("paper", values), REFERENCE, concurrency=64)
    ready = await begin(store, spec, Team(proposers=(ModelChoice(name="simulated:speed=0"),)))
    await conduct(store, ready)
    return ready.session_id, ready.run_id
