"""How fast local models answer here, alone and together: python -m tests.bench.local_speed [MODEL ...]

Of several trials the fastest counts, as other work on the machine only slows an answer down.
"""

from __future__ import annotations

import asyncio
import platform
import secrets
import sys
import time
from pathlib import Path

from tests.bench.printing import machine
from ttc_core.choice import ModelChoice
from ttc_core.models.catalogue import catalogue
from ttc_core.models.llama import usable_cores
from ttc_core.models.local import LocalModel, open_local
from ttc_core.models.local_server import local_servers
from ttc_core.operators.propose import propose_prompt
from ttc_core.problems.shelf import shelf
from ttc_core.types import Message, Request, Usage

TRIALS = 3
TOKENS = 200


def candidates(count: int) -> list[Request]:
    """Calls of equal words. No other trial has these words, so that the server has not read them before."""
    problem = shelf()[0].problem
    words = (Message(role="user", content=f"Trial {secrets.token_hex(4)}.\n{propose_prompt(problem)}"),)
    return [
        Request(
            call=f"c{i}", role="propose", node=f"c{i}", messages=words, problem=problem, sample=i, max_tokens=TOKENS
        )
        for i in range(1, count + 1)
    ]


async def trial(model: LocalModel, count: int) -> tuple[float, Usage]:
    """Tokens a second of so many candidates together, and what they used in all."""
    start = time.perf_counter()
    replies = await asyncio.gather(*(model.complete(request, len) for request in candidates(count)))
    seconds = time.perf_counter() - start
    used = [reply.usage for reply in replies]
    total = Usage(
        tokens_in=sum(usage.tokens_in for usage in used),
        tokens_out=sum(usage.tokens_out for usage in used),
        cached_in=sum(usage.cached_in for usage in used),
    )
    return total.tokens_out / seconds, total


async def row(name: str) -> str:
    """A model's line of the table."""
    model = await open_local(ModelChoice(name=name))
    await model.complete(candidates(1)[0].model_copy(update={"max_tokens": 2}), len)
    cells = [name]
    for count in (1, 8):
        speed, usage = max([await trial(model, count) for _ in range(TRIALS)], key=lambda result: result[0])
        cells.append(f"{speed:.0f}")
    cells.append(f"{usage.cached_in} of {usage.tokens_in}")
    local_servers().stop(name)
    return f"| {' | '.join(cells)} |"


def hardware() -> str:
    """Processor, cores in use and memory."""
    processor, memory = platform.processor() or platform.machine(), ""
    if Path("/proc/cpuinfo").exists():
        lines = [*Path("/proc/cpuinfo").read_text().splitlines(), *Path("/proc/meminfo").read_text().splitlines()]
        facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        processor = facts.get("model name", processor)
        memory = f", {int(facts['MemTotal'].split()[0]) / 1e6:.0f} GB memory"
    return f"{processor}, {usable_cores()} cores in use{memory}; {machine()}"


async def main(names: list[str]) -> None:
    """Print the table."""
    print(f"{hardware()}\n\n| model | tokens/s, 1 candidate | tokens/s, 8 candidates | of 8 prompts, shared tokens |")
    print("|---|---:|---:|---:|")
    for name in names:
        print(await row(name), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or [weights.name for weights in catalogue()]))
