"""A first visitor's way through the app, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.browser
LONG = 60_000
TEXT = "[role=option]"


@pytest.fixture
def page(browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("dialog", lambda dialog: troubles.append("dialog"))
    yield opened
    context.close()
    assert not troubles


def graph(page: Any) -> list[str]:
    """The graph in words: one line per node, as a screen reader gets it."""
    return page.locator(TEXT).all_text_contents()


def wait_for_draw(page: Any, seq: str | int) -> None:
    page.locator(f'[data-seq="{seq}"]').first.wait_for(timeout=LONG, state="attached")


def run_a_tournament(page: Any, server: str) -> None:
    page.goto(server)
    page.get_by_role("button", name="Start").click(timeout=LONG)
    page.locator(TEXT).first.wait_for(timeout=LONG, state="attached")


def test_a_first_visitor_runs_watches_inspects_shares_and_replays(page: Any, server: str, browser: Any) -> None:
    run_a_tournament(page, server)
    early = graph(page)
    assert page.get_by_role("button", name="Stop").is_visible()
    for _ in range(200):
        if graph(page) != early:
            break
        page.wait_for_timeout(100)
    assert page.get_by_role("button", name="Stop").is_visible(), "the bracket does not grow while the run goes on"
    page.get_by_role("button", name="New run").wait_for(timeout=LONG)
    whole = graph(page)
    assert any("answer" in line.lower() for line in whole)
    assert page.get_by_text("simulated").first.is_visible()

    # a match with votes, opened as a keyboard or screen reader user would
    for node in page.locator(f"{TEXT}[data-node^=m]").all():
        node.dispatch_event("click")
        page.get_by_text(f"Match {node.get_attribute('data-node')}", exact=True).wait_for(timeout=LONG)
        if page.get_by_text("shown first").count():
            break
    page.get_by_text("shown first").first.click()
    page.get_by_text("Order shown").first.wait_for(timeout=LONG)
    assert page.get_by_text("Final verdict: Solution").first.is_visible()

    # the saved session is the same picture
    page.get_by_text("Saved session").click()
    page.get_by_role("button", name="Play").wait_for(timeout=LONG)
    page.wait_for_timeout(500)
    assert graph(page) == whole
    seqs = page.get_by_text(re.compile(r"Event \d+ of \d+")).inner_text()
    last = int(re.search(r"of ([\d,]+)", seqs)[1].replace(",", ""))

    # back to the middle
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(last // 2):
        slider.press("ArrowLeft")
    page.get_by_text(re.compile(rf"Event {last - last // 2:,} of")).wait_for(timeout=LONG)
    wait_for_draw(page, last - last // 2)
    middle = graph(page)
    assert middle != whole

    # a link to exactly this, in a browser that has never been here
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link to what is shown").click()
    link = page.locator("code", has_text="?session=").inner_text(timeout=LONG)
    assert "at=" in link
    stranger = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    stranger.goto(link)
    wait_for_draw(stranger, last - last // 2)
    assert graph(stranger) == middle
    assert stranger.get_by_role("link", name="Sessions").count() == 0
    assert stranger.get_by_role("button", name="Make a link").count() == 0
    slider = stranger.get_by_role("slider")
    slider.focus()
    slider.press("End")
    wait_for_draw(stranger, last)
    assert graph(stranger) == whole

    # revoked, it shows nothing
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Revoke").wait_for(state="detached", timeout=LONG)
    stranger.goto(link)
    stranger.get_by_text(re.compile("no session|library|not valid", re.IGNORECASE)).first.wait_for(timeout=LONG)
    assert stranger.locator(TEXT).count() == 0
    stranger.context.close()


def test_stop_keeps_what_is_done(page: Any, server: str) -> None:
    run_a_tournament(page, server)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="New run").wait_for(timeout=15_000)
    assert page.get_by_text("Stopped", exact=True).is_visible()
    assert len(graph(page)) > 8


def test_an_unknown_link_is_a_sentence(page: Any, server: str) -> None:
    page.goto(f"{server}/?session={'x' * 43}")
    page.get_by_text(re.compile("There is no session|not valid")).first.wait_for(timeout=LONG)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(browser: Any, server: str, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    for path in ("", "sessions", "models", "session"):
        page.goto(f"{server}/{path}")
        page.locator("[data-testid=stMain]").wait_for(timeout=LONG)
        page.wait_for_timeout(1500)
        assert page.locator("[data-testid=stException]").count() == 0
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), path
    context.close()
