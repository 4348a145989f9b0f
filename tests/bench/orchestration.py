"""How near runs come to the fastest schedule there is, against a server that takes a known time for every call.

    python -m tests.bench.orchestration                  # 0.2 s and 1.0 s a call, about a minute
    python -m tests.bench.orchestration --seconds 0.2 --only "RTV 16/2/8"
    python -m cProfile -s tottime -m tests.bench.orchestration --seconds 0.2    # where the time goes

The server is tests/fake_server.py in a process of its own; the runs go the whole way, through LiteLLM and over HTTP,
into an SQLite file. The figures:

  wall/critical  wall time over the longest chain of dependent calls, both as the run's log has them. What is above 1
                 is waiting that the calls do not explain.
  wall/ideal     wall time over sequential depth times seconds a call: also holds what makes the calls themselves
                 longer than the server is, such as a loop that hears a reply late.
  calls/s        calls over wall time.
  CPU s          processor seconds of this process, all threads.
  tokens         counted by the run, and served according to the server's books: the two must be equal.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.printing import Row, machine, table
from ttc_core.choice import ModelChoice, Team
from ttc_core.conduct import begin, conduct
from ttc_core.engine import Spec
from ttc_core.events import Fold
from ttc_core.store.store import Store
from ttc_core.strategies import find
from ttc_core.types import Problem, Reference

SERVER = Path(__file__).parent.parent / "fake_server.py"
PROBLEM = Problem(
    id="bench", text="A train leaves at 14:10 and arrives at 14:52. How many minutes is that?", kind="number"
)


@dataclass(frozen=True)
class Case:
    """One strategy with its settings."""

    name: str
    strategy: str
    preset: str
    values: dict[str, Any] = field(default_factory=dict)

    def spec(self, concurrency: int) -> Spec:
        """The run to make."""
        params = find(self.strategy).settings(self.preset, self.values)
        return Spec(PROBLEM, self.strategy, params, reference=Reference(answer="42"), concurrency=concurrency)


CASES = (
    Case("RTV 16/2/8", "tournament", "paper"),
    Case("majority vote 64", "majority_vote", "quick", {"candidates": 64}),
    Case("majority vote 256", "majority_vote", "quick", {"candidates": 256}),
    Case("PDR 16,8,4", "distill_refine", "paper"),
)


class Server:
    """The fake server in a process of its own."""

    def __init__(self, seconds: float) -> None:
        command = [sys.executable, str(SERVER), "--port", "0", "--latency", str(seconds)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().split()[2].rstrip(";")

    def books(self) -> dict[str, Any]:
        """End it; what it served."""
        self._process.send_signal(signal.SIGINT)
        books: dict[str, Any] = json.loads(self._process.communicate(timeout=30)[0])
        return books


@contextlib.contextmanager
def cpu_seconds() -> Iterator[list[float]]:
    """Puts the processor seconds used inside into the list."""
    used: list[float] = []
    start = time.process_time()
    yield used
    used.append(time.process_time() - start)


async def measure(store: Store, case: Case, url: str, concurrency: int) -> tuple[Fold, float]:
    """One run to its end, and the processor seconds it took."""
    team = Team(proposers=(ModelChoice(name="openai/fake-1", api_base=url),))
    ready = await begin(store, case.spec(concurrency), team)
    with cpu_seconds() as used:
        state = await conduct(store, ready)
    return state, used[0]


def row(case: Case, seconds: float, state: Fold, cpu: float, books: dict[str, Any]) -> Row:
    """The figures of one run."""
    wall, critical, depth = state.timeline.wall_s, state.timeline.critical_path_s, _depth(state)
    return {
        "run": case.name if state.status == "finished" else f"{case.name} ({state.status})",
        "s a call": f"{seconds:g}",
        "calls": state.totals.calls,
        "wall s": f"{wall:.2f}",
        "critical s": f"{critical:.2f}",
        "wall/critical": f"{wall / critical:.3f}" if critical else "-",
        "wall/ideal": f"{wall / (depth * seconds):.3f}" if depth else "-",
        "calls/s": f"{state.totals.calls / wall:.0f}" if wall else "-",
        "CPU s": f"{cpu:.2f}",
        "tokens counted": f"{state.totals.tokens:,}",
        "served": f"{books['tokens_in'] + books['tokens_out']:,}",
    }


def _depth(state: Fold) -> int:
    """Calls on the longest chain, by number instead of seconds; extra votes that break ties count as they came."""
    depths: dict[str, int] = {}
    for call in state.timeline.calls.values():
        depths[call.id] = 1 + max((depths.get(before, 0) for before in call.after), default=0)
    return max(depths.values(), default=0)


async def run_all(cases: Sequence[Case], seconds: Sequence[float], concurrency: int, folder: str) -> list[Row]:
    """All cases at all latencies, one after the other; one small run first, which pays for imports."""
    rows: list[Row] = []
    with Store(f"sqlite:///{folder}/bench.db") as store:
        server = Server(0.01)
        await measure(store, Case("warm-up", "majority_vote", "quick"), server.url, concurrency)
        server.books()
        for latency in seconds:
            for case in cases:
                server = Server(latency)
                state, cpu = await measure(store, case, server.url, concurrency)
                rows.append(row(case, latency, state, cpu, server.books()))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[0.2, 1.0], help="what the server takes for a call")
    parser.add_argument("--only", choices=[case.name for case in CASES], help="one of the runs")
    parser.add_argument("--concurrency", type=int, default=512, help="calls in flight; by default no call waits")
    options = parser.parse_args()
    print(f"{machine()}; at most {options.concurrency} calls in flight")
    with tempfile.TemporaryDirectory() as folder:
        cases = [case for case in CASES if options.only in (None, case.name)]
        print(table(asyncio.run(run_all(cases, options.seconds, options.concurrency, folder))))


if __name__ == "__main__":
    main()
