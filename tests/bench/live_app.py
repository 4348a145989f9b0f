"""The app with one run that is told again at a steady pace; served for `live_latency`, never imported.

Page, component and stream are the app's own. Only the run is not: its events come from a saved log, stamped anew.

    /bench/begin?run=...&session=...&from=N   the run goes on, so far with its first N events
    /bench/go?rate=10&count=300               that many more events, so many a second
    /bench/log                                number and time of each of those
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from pages._parts.house import worker  # noqa: E402
from pages._parts.routes import routes  # noqa: E402
from ttc_core.events import Logged  # noqa: E402
from ttc_core.worker import Live  # noqa: E402


@dataclass
class Retold:
    """A log in the telling."""

    whole: list[Logged] = field(default_factory=list)
    told: list[Logged] = field(default_factory=list)
    held: int = 0

    def begin(self, request: Request) -> JSONResponse:
        """Put the run where the pages look for runs that go on."""
        run, session = request.query_params["run"], request.query_params["session"]
        self.whole, self.held = worker().store.events(run), int(request.query_params["from"])
        shift = time.time() - self.whole[self.held - 1].at
        self.told += [entry.model_copy(update={"at": entry.at + shift}) for entry in self.whole[: self.held]]
        worker()._live[run] = Live(run, session, self.told)  # no public way: the worker only starts runs of its own
        return JSONResponse({})

    def go(self, request: Request) -> JSONResponse:
        """Tell on, from a thread as the engine does."""
        rate, count = float(request.query_params["rate"]), int(request.query_params["count"])
        threading.Thread(target=self._tell, args=[rate, count], daemon=True).start()
        return JSONResponse({})

    def log(self, _: Request) -> JSONResponse:
        """What was told live, as number and time."""
        return JSONResponse([[entry.seq, entry.at] for entry in self.told[self.held :]])

    def _tell(self, rate: float, count: int) -> None:
        due = time.monotonic()
        for entry in self.whole[self.held : self.held + count]:
            self.told.append(entry.model_copy(update={"at": time.time()}))
            due += 1 / rate
            time.sleep(max(0.0, due - time.monotonic()))


retold = Retold()
ours = [Route("/bench/begin", retold.begin), Route("/bench/go", retold.go), Route("/bench/log", retold.log)]
app = st.App(ROOT / "pages" / "_router.py", routes=[*routes(lambda token: worker().open(token)), *ours])
