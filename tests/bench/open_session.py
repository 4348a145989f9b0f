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

In the browser, until the graph shows the last event, with a very short session for comparison:

  link      in a new tab, from asking for the address; much of it is the start of the app. The first visit finds the
            browser's cache empty, and the server without its libraries.
  library   from a click in the open list of sessions
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from tests.bench.long_session import long_session
from tests.bench.printing import Row, machine, table
from ttc_core.events import fold
from ttc_core.store.store import Store
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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
    return _rows(times)


def in_browser(url: str, sessions: dict[str, tuple[str, int]], repetitions: int) -> list[Row]:
    """Rows with the seconds until the last event is drawn, for sessions with their numbers of events."""
    from tests.bench.browser import app_running, chromium

    times: Times = {}
    with app_running(url) as address, chromium() as browser:
        for name, (session, events) in sessions.items():
            with contextlib.closing(browser.new_context(viewport={"width": 1440, "height": 900})) as context:
                for _ in range(repetitions):
                    with contextlib.closing(context.new_page()) as page:
                        timed(times, f"link, {name}", partial(_by_link, page, f"{address}/?session={session}", events))
                    with contextlib.closing(context.new_page()) as page:
                        page.goto(f"{address}/sessions")
                        entry = page.locator(f'a[href*="{session}"]')
                        entry.wait_for()
                        page.wait_for_timeout(1500)  # a person looks first; by then the page is all there
                        timed(times, f"library, {name}", partial(_by_click, page, entry, events))
    return _rows(times)


def _by_link(page: Page, address: str, events: int) -> None:
    page.goto(address, wait_until="commit")
    _shown(page, events)


def _by_click(page: Page, entry: Locator, events: int) -> None:
    entry.click()
    _shown(page, events)


def _shown(page: Page, events: int) -> None:
    page.wait_for_selector(f'.ttc-graph[data-seq="{events}"]', state="attached", timeout=60_000)


def _rows(times: Times) -> list[Row]:
    return [
        {"step": name, "first s": f"{seconds[0]:.3f}", "median s": f"{median(seconds[1:]):.3f}"}
        for name, seconds in times.items()
    ]


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
            short, short_run = asyncio.run(long_session(store, candidates=4, votes=3))
            log, short_log = store.events(run), store.events(short_run)
        kilobytes = sum(len(entry.event.model_dump_json()) for entry in log) / 1000
        prompts = [len(entry.event.model_dump_json()) for entry in log if entry.event.kind == "call_started"]
        print(f"{len(log):,} events, {kilobytes:,.0f} kB, call_started {median(prompts):,.0f} bytes in the middle")
        rows = steps(url, session, run, options.repetitions)
        if options.browser:
            sessions = {f"{len(short_log):,} events": (short, len(short_log)), "all of it": (session, len(log))}
            rows += in_browser(url, sessions, options.repetitions)
        print(table(rows))


if __name__ == "__main__":
    main()
