from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from pages._parts.routes import ASSETS, asset_url, routes, sent
from tests.views import sample_logs
from ttc_core.events import Logged, fold
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot

LOG = sample_logs.tournament(4)


@dataclass
class Feed:
    """A log of which the first `told` events have happened."""

    log: Sequence[Logged]
    told: int = 0
    asked: int = 0

    @property
    def ended(self) -> bool:
        return self.told >= len(self.log)

    def events_after(self, seq: int) -> Sequence[Logged]:
        self.asked += 1
        return self.log[seq : self.told]


async def got(path: str, feed: Feed | None = None, **headers: str) -> httpx.Response:
    """What our routes answer; the right token opens the feed."""
    app = Starlette(routes=routes(lambda token: feed if token == "right" else None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def parsed(text: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Kind, id and data of every event."""
    events = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        if "event" in lines:
            events.append((lines["event"], int(lines["id"]), json.loads(lines["data"])))
    return events


@pytest.mark.parametrize("name", ASSETS)
async def test_our_scripts_are_served_and_kept_for_as_long_as_they_are_the_same(name: str) -> None:
    answer = await got("/" + asset_url(name))
    assert answer.content == ASSETS[name]()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert (await got(f"/ttc/assets/{name}?v=old")).headers["cache-control"] == "no-cache"


async def test_scripts_travel_compressed_to_whoever_can_read_that() -> None:
    zipped = await got("/ttc/assets/graph.js", accept_encoding="gzip")
    plain = await got("/ttc/assets/graph.js", accept_encoding="identity")
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < len(plain.content) / 2
    assert zipped.content == plain.content == ASSETS["graph.js"]()


@pytest.mark.parametrize("name", ["paint.js", "frame.js", "../graph.py", "..%2fgraph.py", "graph.py", ""])
async def test_nothing_else_is_served(name: str) -> None:
    assert (await got(f"/ttc/assets/{name}")).status_code == 404


async def test_a_wrong_token_opens_nothing() -> None:
    assert (await got("/ttc/stream/wrong", Feed(LOG))).status_code == 404


async def test_a_finished_run_is_one_picture_and_the_end() -> None:
    answer = await got("/ttc/stream/right", Feed(LOG, told=len(LOG)), last_event_id="5")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = parsed(answer.text)
    assert [kind for kind, _, _ in events] == ["snapshot", "end"]
    assert events[0][2] == json.loads(json.dumps(snapshot(picture(fold(LOG)))))
    assert events[0][1] == events[1][1] == len(LOG)


async def test_a_run_that_goes_on_sends_what_changes_in_order() -> None:
    feed = Feed(LOG, told=10)
    texts = []
    async for text in sent(feed, poll_s=0):
        texts.append(text)
        feed.told = min(len(LOG), feed.told + 7)
    kinds = [kind for kind, _, _ in parsed("".join(texts))]
    numbers = [number for _, number, _ in parsed("".join(texts))]
    assert kinds == ["snapshot", *["patch"] * (len(kinds) - 2), "end"]
    assert len(kinds) > 5
    assert numbers == sorted(numbers)
    assert numbers[-1] == len(LOG)


async def test_a_quiet_stream_says_that_it_is_there() -> None:
    stream = sent(Feed(LOG, told=3), poll_s=0.001, heartbeat_s=0.003)
    texts = [await anext(stream) for _ in range(4)]
    await closed(stream)
    assert texts[2:] == [": still here\n\n"] * 2


async def closed(stream: AsyncIterator[str]) -> None:
    await stream.aclose()  # type: ignore[attr-defined]


async def test_a_long_log_does_not_hold_up_others() -> None:
    stream = sent(Feed(sample_logs.tournament(64, votes=4, limit=64), told=2000))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    await anext(stream)
    assert "snapshot" in await anext(stream)
    other.cancel()
    await closed(stream)
    assert turns >= 4


@pytest.fixture
def server() -> Iterator[tuple[str, Feed]]:
    """The routes on a real port, with a run that has only begun."""
    feed = Feed(LOG, told=5)
    app = Starlette(routes=routes(lambda token: feed))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # so that whoever connects before the server runs waits for it
        runner = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=runner.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", feed
        runner.should_exit = True
        thread.join()


def test_a_viewer_who_goes_away_costs_nothing_any_more(server: tuple[str, Feed]) -> None:
    address, feed = server
    with httpx.stream("GET", f"{address}/ttc/stream/any") as answer:
        assert next(answer.iter_lines()) == "retry: 1000"
    until = time.monotonic() + 60
    before = -1
    while feed.asked != before and time.monotonic() < until:
        before = feed.asked
        time.sleep(0.5)
    assert feed.asked == before
