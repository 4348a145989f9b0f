"""The server's own routes: the browser's scripts, and the live picture of a run as server-sent events.

Knows feeds of events and nothing of who makes them.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache
from typing import Protocol

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from streamlit import config

from ttc_core.events import Fold, Logged
from ttc_core.views.assets import chart_js, graph_js, plotly_js, vis_network_js
from ttc_core.views.stream import Message, PictureStream

POLL_S = 0.03
HEARTBEAT_S = 10.0
STEP = 400
"""Events folded at a stretch, so that a long log does not hold up the other viewers."""

ASSETS: dict[str, Callable[[], bytes]] = {
    "graph.js": graph_js,
    "chart.js": chart_js,
    "vis-network.min.js": vis_network_js,
    "plotly.min.js": plotly_js,
}


class Feed(Protocol):
    """A run's log, from memory: neither of these may wait."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        ...

    def events_after(self, seq: int) -> Sequence[Logged]:
        """What happened after event `seq`."""
        ...


def routes(open_feed: Callable[[str], Feed | None]) -> list[Route]:
    """Routes for `st.App`.

    Args:
        open_feed: The feed that a token stands for, or None. A token is all that guards a stream, so it must be long
            and random.
    """

    async def stream(request: Request) -> Response:
        feed = open_feed(request.path_params["token"])
        if feed is None:
            return PlainTextResponse("There is no such run.", status_code=404)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(sent(feed), media_type="text/event-stream", headers=headers)

    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}/ttc" if base else "/ttc"
    return [Route(f"{prefix}/assets/{{name}}", asset), Route(f"{prefix}/stream/{{token}}", stream)]


def asset_url(name: str) -> str:
    """Where the page finds a script, relative to its own address; a new version has a new address."""
    return f"ttc/assets/{name}?v={_version(name)}"


def asset(request: Request) -> Response:
    """One of our scripts, and nothing else. Plain, not async: compressing the first time takes a while."""
    name = request.path_params["name"]
    if name not in ASSETS:
        return PlainTextResponse("There is no such file.", status_code=404)
    known = request.query_params.get("v") == _version(name)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if known else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(ASSETS[name](), media_type="text/javascript", headers=headers)
    return Response(_zipped(name), media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})


async def sent(feed: Feed, poll_s: float = POLL_S, heartbeat_s: float = HEARTBEAT_S) -> AsyncIterator[str]:
    """A feed as server-sent events: the whole picture first, then what changes, then the end.

    Whoever connects again, at whatever event they left, gets a whole picture: that is always right, and small enough.
    """
    state, pictures = Fold(), PictureStream()
    quiet = 0.0
    yield "retry: 1000\n\n"
    while True:
        ended = feed.ended  # asked before the events, or the last ones could be missed
        await _take_in(feed, state)
        message = pictures.advance(state)
        if message is not None:
            quiet = 0.0
            yield as_event(message)
        elif ended:
            yield f"event: end\nid: {state.seq}\ndata: {{}}\n\n"
            return
        elif quiet >= heartbeat_s:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(poll_s)
        quiet += poll_s


def as_event(message: Message) -> str:
    """A message in the form of server-sent events."""
    kind = "snapshot" if message["full"] else "patch"
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return f"event: {kind}\nid: {message['seq']}\ndata: {data}\n\n"


async def _take_in(feed: Feed, state: Fold) -> None:
    """Fold all that has happened, letting others go on in between."""
    events = feed.events_after(state.seq)
    for start in range(0, len(events), STEP):
        for logged in events[start : start + STEP]:
            state.apply(logged)
        await asyncio.sleep(0)


def warm() -> None:
    """Compress every asset, so that the first browser need not wait for it; takes most of a second."""
    for name in ASSETS:
        _zipped(name)


@cache
def _version(name: str) -> str:
    return hashlib.sha256(ASSETS[name]()).hexdigest()[:12]


@cache
def _zipped(name: str) -> bytes:
    return gzip.compress(ASSETS[name](), compresslevel=6, mtime=0)
