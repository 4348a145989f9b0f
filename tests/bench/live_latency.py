"""How long after an event a person sees it: from the engine to the pixel, in Chromium, through the whole app.

    python -m tests.bench.live_latency                       # about a minute

A tournament of 200 candidates (399 matches and candidates, and the grounds behind them) is under way. Its session page
is open, with graph, strip, inspector and charts all live. From its middle on, 300 events come at 10 a second, as the
engine would append them. For each of them:

  latency   from the time in the event's stamp to the beginning of the animation frame after the one that drew it,
            or, where it changes nothing that can be seen (such as more text of a reply), after it was taken in

p50, p95 and max are over all events, and once more over those alone that drew something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Page

from tests.bench.browser import app_running, chromium
from tests.bench.long_session import long_session
from tests.bench.printing import Row, machine, percentile, table
from ttc_core.store.store import Store

CANDIDATES = 200
WATCH = """root => {
  window.seen = [];
  let draws = Number(root.dataset.draws);
  const look = () => {
    const [seq, drawn] = [Number(root.dataset.seq), Number(root.dataset.draws)];
    const entry = [seq, 0, drawn > draws];
    draws = drawn;
    requestAnimationFrame(() => { entry[1] = Date.now() / 1000; window.seen.push(entry); });
  };
  new MutationObserver(look).observe(root, { attributes: true, attributeFilter: ["data-seq", "data-draws"] });
}"""
"""Notes event number, time, and whether it drew, whenever the graph says that it has taken something in."""

Seen = list[tuple[int, float, bool]]


def latencies(log: list[tuple[int, float]], seen: Seen) -> tuple[list[float], list[float]]:
    """Seconds of each event until it was taken in; and of those that drew something."""
    everything, drawn = [], []
    for seq, at in log:
        first = next((entry for entry in seen if entry[0] >= seq), None)
        if first is None:
            raise SystemExit(f"Event {seq} was never shown.")
        everything.append(first[1] - at)
        if first[2]:
            drawn.append(first[1] - at)
    return everything, drawn


def watch(page: Page, address: str, session: str, run: str, start: int, rate: float, count: int) -> list[Row]:
    """Open the page on the run as it stands, let it go on, and compare clocks."""
    _ask(f"{address}/bench/begin", run=run, session=session, **{"from": start})
    page.goto(f"{address}/?session={session}", wait_until="commit")
    graph = page.locator(f'.ttc-graph[data-seq="{start}"]')
    graph.wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(3000)  # charts and inspector have come, too
    graph.evaluate(WATCH)
    nodes = graph.get_attribute("data-nodes")
    _ask(f"{address}/bench/go", rate=rate, count=count)
    page.locator(f'.ttc-graph[data-seq="{start + count}"]').wait_for(
        state="attached", timeout=(count / rate + 60) * 1000
    )
    page.wait_for_timeout(500)
    log = json.loads(_ask(f"{address}/bench/log"))
    everything, drawn = latencies(log, page.evaluate("window.seen"))
    return [_row(name, nodes, values) for name, values in (("all", everything), ("that drew", drawn))]


def _row(name: str, nodes: str | None, seconds: list[float]) -> Row:
    figures = {"p50 s": percentile(seconds, 50), "p95 s": percentile(seconds, 95), "max s": max(seconds)}
    return {"events": name, "count": len(seconds), "nodes": nodes} | {k: f"{v:.3f}" for k, v in figures.items()}


def _ask(url: str, **query: object) -> str:
    with urlopen(f"{url}?{urlencode(query)}", timeout=30) as answer:
        return str(answer.read().decode())


def main() -> None:
    """Make a long run, show it, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=10, help="events a second")
    parser.add_argument("--count", type=int, default=300, help="events")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        with Store(url) as store:
            session, run = asyncio.run(long_session(store, candidates=CANDIDATES))
            middle = len(store.events(run)) // 2
        script = Path(__file__).parent / "live_app.py"
        with app_running(url, script) as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            start = time.monotonic()
            rows = watch(page, address, session, run, middle, options.rate, options.count)
            print(f"{options.count} events from event {middle} on, {time.monotonic() - start:.0f} s in all")
    print(table(rows))


if __name__ == "__main__":
    main()
