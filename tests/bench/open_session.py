"""How long a session of 10,000 events takes to open.

    python -m tests.bench.open_session            # the engine's part
    python -m tests.bench.open_session --browser  # and the whole app in Chromium

The session is a tournament of 232 candidates with 8 votes a match, run by the simulated model into a temporary SQLite
file, so bodies have the size of real ones: prompts hold two summaries. Each step is the median of some repetitions, the
first one apart, since it pays for imports:

  open      the database file, and the session's own row
  read      10,000 events from disk into values
  fold      those into graph, totals and timeline
  picture   from the fold to places, boxes and lines
  message   the picture as the JSON that the browser is sent

In the browser: from asking for the address to the first frame that shows the last event. The first visit makes the
server load its libraries; the next ones are new browser contexts with empty caches.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

from tests.bench.long_session import long_session
from tests.bench.printing import Row, machine, table
from ttc_core.events import fold
from ttc_core.store.store import Store
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot

T = TypeVar("T")
Times = dict[str, list[float]]


def timed(times: Times, name: str, work: Callable[[], T]) -> T:
    """What the work returns; its seconds go to `times`."""
    start = time.perf_counter()
    result = work()
    times.setdefault(name, []).append(time.perf_counter() - start)
    return result


def open_once(url: str, session: str, run: str, times: Times) -> None:
    """From a closed database to what a browser is sent."""
    with timed(times, "open", lambda: Store(url)) as store:
        timed(times, "open session", lambda: store.session(session))
        log = timed(times, "read", lambda: store.events(run))
        state = timed(times, "fold", lambda: fold(log))
        seen = timed(times, "picture", lambda: picture(state))
        timed(times, "message", lambda: json.dumps(snapshot(seen)))


def steps(url: str, session: str, run: str, repetitions: int) -> list[Row]:
    """A row for each step, and their sum."""
    times: Times = {}
    for _ in range(repetitions):
        open_once(url, session, run, times)
    times["together"] = [sum(parts) for parts in zip(*times.values(), strict=True)]
    return [
        {"step": name, "first s": f"{seconds[0]:.3f}", "median s": f"{median(seconds[1:]):.3f}"}
        for name, seconds in times.items()
    ]


def in_browser(url: str, session: str, events: int, repetitions: int) -> list[Row]:
    """A row with the seconds until the last event is drawn."""
    from tests.bench.browser import app_running, chromium

    seconds: list[float] = []
    with app_running(url) as address, chromium() as browser:
        for _ in range(repetitions):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            start = time.perf_counter()
            page.goto(f"{address}/?session={session}", wait_until="commit")
            page.wait_for_selector(f'.ttc-graph[data-seq="{events}"]', state="attached", timeout=60_000)
            seconds.append(time.perf_counter() - start)
            context.close()
    return [{"step": "in Chromium", "first s": f"{seconds[0]:.3f}", "median s": f"{median(seconds[1:]):.3f}"}]


def main() -> None:
    """Make the session, open it, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=6)
    parser.add_argument("--browser", action="store_true", help="also in Chromium, through the whole app")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        with Store(url) as store:
            session, run = asyncio.run(long_session(store))
            log = store.events(run)
        kilobytes = sum(len(entry.event.model_dump_json()) for entry in log) / 1000
        prompts = [len(entry.event.model_dump_json()) for entry in log if entry.event.kind == "call_started"]
        print(f"{len(log):,} events, {kilobytes:,.0f} kB, call_started {median(prompts):,.0f} bytes in the middle")
        rows = steps(url, session, run, options.repetitions)
        if options.browser:
            rows += in_browser(url, session, len(log), options.repetitions)
        print(table(rows))


if __name__ == "__main__":
    main()
