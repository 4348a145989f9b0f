"""The graph's own script in a real browser, on a plain page, fed by the app's own routes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from pages._parts.routes import asset_url, routes
from tests.chromium import arguments, need_chromium
from tests.views import sample_logs
from ttc_core.events import Logged, fold
from ttc_core.views.picture import picture
from ttc_core.views.stream import snapshot

pytestmark = pytest.mark.browser

LOG = sample_logs.tournament()
PAGE = f"""<!doctype html><meta charset="utf-8"><div id="root"></div>
<script src="{asset_url("vis-network.min.js")}"></script>
<style>:root {{ --st-background-color: #ffffff; --st-text-color: #222222 }}
.dark {{ --st-background-color: #101010; --st-text-color: #eeeeee }}</style>
<script type="module">
import {{ mount }} from "./{asset_url("graph.js")}";
window.opened = [];
window.graph = mount(document.getElementById("root"), {{ vis, height: 480, onOpen: (id) => window.opened.push(id) }});
</script>"""


@dataclass
class Feed:
    """A log of which the first `told` events have happened, on a line that breaks where it is told to."""

    log: Sequence[Logged]
    told: int = 0
    broken: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        return self.told >= len(self.log)

    def events_after(self, seq: int) -> Sequence[Logged]:
        if self.broken.is_set():
            raise ConnectionError("the line is broken, as this test wants it")
        return self.log[seq : self.told]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = need_chromium()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=arguments())


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, dict[str, Feed]]]:
    """A page with an empty graph, and streams of the feeds that a test puts up."""
    feeds: dict[str, Feed] = {}
    page = Route("/", lambda request: HTMLResponse(PAGE))
    app = Starlette(routes=[page, *routes(feeds.get)])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        runner = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=runner.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", feeds
        runner.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser, served: tuple[str, dict[str, Feed]]) -> Iterator[Page]:
    """The page with its graph still empty; an error in a script fails the test."""
    errors: list[Any] = []
    page = browser.new_page(viewport={"width": 1000, "height": 600})
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(served[0])
    page.wait_for_function("window.graph !== undefined")
    yield page
    page.close()
    assert errors == []


def show(page: Page, at: int, log: Sequence[Logged] = LOG) -> None:
    page.evaluate("(message) => window.graph.update(message)", snapshot(picture(fold(log[:at]))))
    expect(page.locator("#root")).to_have_attribute("data-seq", str(at))


def test_a_picture_is_drawn_and_drawn_again(page: Page) -> None:
    show(page, 60)
    first = int(page.locator("#root").get_attribute("data-draws") or 0)
    show(page, len(LOG))
    assert int(page.locator("#root").get_attribute("data-draws") or 0) > first
    shown = {option.get_attribute("data-node") for option in page.get_by_role("option").all()}
    assert shown == set(fold(LOG).graph.nodes) - {"problem"}


def test_winding_back_takes_boxes_away(page: Page) -> None:
    show(page, len(LOG))
    show(page, 60)
    assert page.locator("[data-node=answer]").count() == 0


def test_a_click_opens_the_box_under_it(page: Page) -> None:
    show(page, len(LOG))
    for name in ("c05", "m2.3", "answer"):
        spot = page.evaluate("(name) => window.graph.where(name)", name)
        page.mouse.click(spot["x"] + 8, spot["y"] + 8)  # the page's margin is 8 pixels
    page.wait_for_function("window.opened.length === 3")
    assert page.evaluate("window.opened") == ["c05", "m2.3", "answer"]
    expect(page.locator("[data-node=answer]")).to_have_attribute("aria-selected", "true")


def test_pointing_at_a_box_says_what_it_is_and_who_made_it(page: Page) -> None:
    several = LOG[0].event.model_copy(update={"models": ("a", "<b>b</b>")})
    log = [LOG[0].model_copy(update={"event": several}), *LOG[1:]]
    show(page, len(log), log)
    spot = page.evaluate("window.graph.where('c05')")
    page.mouse.move(spot["x"] + 8, spot["y"] + 8)
    expect(page.locator(".canvas")).to_have_attribute("title", re.compile("^candidate c05, done, .* by simulated$"))
    page.mouse.move(spot["x"] + 8, spot["y"] + 3000)
    expect(page.locator(".canvas")).to_have_attribute("title", "")


def test_a_click_beside_every_box_opens_nothing(page: Page) -> None:
    show(page, len(LOG))
    spot = page.evaluate("window.graph.where('answer')")
    page.mouse.click(spot["x"], spot["y"] + 150)
    page.mouse.click(spot["x"] + 8, spot["y"] + 8)
    page.wait_for_function("window.opened.length > 0")
    assert page.evaluate("window.opened") == ["answer"]


def test_the_keyboard_reaches_every_box(page: Page) -> None:
    show(page, len(LOG))
    page.locator(".stage").focus()
    page.keyboard.press("Home")
    first = page.locator("[aria-selected=true]").get_attribute("data-node")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press(" ")
    opened = page.evaluate("window.opened")
    assert opened[0] in {match for match in fold(LOG).graph.nodes if match.startswith("m1.")}
    assert first in fold(LOG).graph.nodes[opened[0]].parents
    assert opened[1] == "answer"


def test_a_screen_reader_hears_what_the_box_shows(page: Page) -> None:
    show(page, len(LOG))
    node = fold(LOG).graph.nodes["m2.2"]
    words = page.locator("[data-node='m2.2']").text_content() or ""
    assert words.startswith("match m2.2, done")
    assert str(node.winner) in words
    assert "answer " in words


def test_the_wheel_scrolls_the_page_and_zooms_with_control(page: Page) -> None:
    show(page, len(LOG))
    before = page.evaluate("window.graph.where('answer')")
    page.mouse.move(300, 200)
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(100)
    assert page.evaluate("window.graph.where('answer')") == before
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_function("(x) => window.graph.where('answer').x !== x", arg=before["x"])
    page.get_by_role("button", name="Fit").click()
    page.wait_for_function("(x) => Math.abs(window.graph.where('answer').x - x) < 1", arg=before["x"])


def test_a_new_theme_is_taken_up_by_itself(page: Page) -> None:
    show(page, 60)
    expect(page.locator("#root")).to_have_attribute("data-theme", "light")
    page.evaluate("document.documentElement.className = 'dark'")
    expect(page.locator("#root")).to_have_attribute("data-theme", "dark")


def test_on_a_telephone_the_graph_is_no_higher_than_it_needs(page: Page) -> None:
    show(page, len(LOG))
    assert page.locator("#root").bounding_box()["height"] == 480  # type: ignore[index]
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("document.getElementById('root').clientHeight < 400")


def test_a_stream_is_followed_to_its_end(page: Page, served: tuple[str, dict[str, Feed]]) -> None:
    feed = served[1]["a"] = Feed(LOG, told=30)
    page.evaluate("window.graph.connect('ttc/stream/a')")
    expect(page.locator("#root")).to_have_attribute("data-seq", "30")
    feed.told = 120
    expect(page.locator("#root")).to_have_attribute("data-seq", "120")
    stale = snapshot(picture(fold(LOG[:40])))
    page.evaluate("(message) => window.graph.update(message)", stale)  # the stream knows better
    feed.told = len(LOG)
    expect(page.locator("#root")).to_have_attribute("data-seq", str(len(LOG)))
    expect(page.locator("#root")).to_have_attribute("data-status", "finished")


def test_a_broken_stream_is_taken_up_again(page: Page, served: tuple[str, dict[str, Feed]]) -> None:
    feed = served[1]["b"] = Feed(LOG, told=30)
    page.evaluate("window.graph.connect('ttc/stream/b')")
    expect(page.locator("#root")).to_have_attribute("data-seq", "30")
    feed.broken.set()
    expect(page.get_by_role("status")).to_have_text("reconnecting…")
    feed.told = 200
    feed.broken.clear()
    expect(page.locator("#root")).to_have_attribute("data-seq", "200", timeout=15000)
    expect(page.locator(".note")).to_be_empty()


def test_a_graph_that_has_left_the_page_lets_go(page: Page, served: tuple[str, dict[str, Feed]]) -> None:
    served[1]["c"] = Feed(LOG, told=30)
    page.evaluate("window.graph.connect('ttc/stream/c')")
    expect(page.locator("#root")).to_have_attribute("data-seq", "30")
    page.evaluate("window.root = document.getElementById('root'); window.root.remove()")
    page.wait_for_function("window.root.childElementCount === 0")
