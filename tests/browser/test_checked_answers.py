"""A repository changed in steps that can be opened, and a question over a PDF of one's own, in a real browser."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.problems.pdfs import pdf
from ttc_core.sandbox import Sandbox

pytestmark = pytest.mark.browser
LONG = 60_000
BOX = "[role=option]"
LINES = "The mill at Oster stands on the left bank.\nIt was built in 1874 by Jorun Vale.\nIts wheel is nine feet wide."


@pytest.fixture(scope="module", autouse=True)
def no_sandbox() -> str:
    """Why nothing can be run here. Asked before the browser is there, whose loop would be in the way."""
    return asyncio.run(Sandbox().ready())


@pytest.fixture
def page(browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    exceptions = opened.locator("[data-testid=stException]").count()
    context.close()
    assert not troubles
    assert not exceptions


def settle(page: Any) -> None:
    """Until the page has nothing more to draw."""
    page.wait_for_timeout(300)
    page.locator("[data-testid=stApp][data-test-script-state=running]").wait_for(state="detached", timeout=LONG)


def pick(page: Any, box: str, option: str) -> None:
    page.get_by_role("combobox", name=box, exact=True).click(timeout=LONG)
    page.get_by_role("option", name=option).first.click()
    settle(page)


def write(page: Any, label: str, words: str) -> None:
    field = page.locator(f'input[aria-label="{label}"], textarea[aria-label="{label}"]')
    field.fill(words, timeout=LONG)
    field.press("Tab")
    settle(page)


def run(page: Any) -> None:
    page.get_by_role("button", name="Start").click(timeout=LONG)
    page.get_by_role("button", name="New run").wait_for(timeout=LONG)
    settle(page)


def names(page: Any) -> list[str]:
    return [str(option.get_attribute("data-node")) for option in page.locator(BOX).all()]


def open_box(page: Any, node: str, title: str) -> None:
    page.locator(f'{BOX}[data-node="{node}"]').dispatch_event("click")
    page.get_by_text(title, exact=True).first.wait_for(timeout=LONG)
    settle(page)


def test_the_steps_of_an_attempt_at_a_repository_open_one_by_one(
    page: Any, server: str, browser: Any, no_sandbox: str
) -> None:
    if no_sandbox:
        pytest.skip(no_sandbox)
    page.goto(server)
    pick(page, "Problems from", "Repositories")
    write(page, "Candidates", "2")
    assert page.get_by_text("22 further turns").count() == 1, "the plan does not speak of the turns"
    run(page)
    whole = names(page)
    assert not any(".s" in name for name in whole)

    # in, step by step
    open_box(page, "c01", "Candidate c01")
    page.get_by_role("button", name="Open the steps of c01").click()
    page.locator(f'{BOX}[data-node="c01.s01"]').wait_for(timeout=LONG, state="attached")
    settle(page)
    assert names(page)[-1] == "c01"
    edit = page.locator(BOX, has_text=re.compile(r"\d edit, \d+ lines")).first.get_attribute("data-node")
    number = int(edit.rpartition(".s")[2])
    open_box(page, edit, f"Step {number} of c01")
    page.get_by_text("What it changed", exact=True).wait_for(timeout=LONG)
    assert page.locator(".st-key-inspector code", has_text="@@ -").count() >= 1

    # a link to this step shows this step, to whoever has it
    page.get_by_text("Saved session").click()
    page.get_by_role("button", name="Play").wait_for(timeout=LONG)
    page.locator(f'{BOX}[data-node="{edit}"]').wait_for(timeout=LONG, state="attached")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link to what is shown").click()
    link = page.locator("code", has_text="?session=").inner_text(timeout=LONG)
    stranger = browser.new_context(viewport={"width": 390, "height": 900}).new_page()
    stranger.goto(link)
    stranger.get_by_text(f"Step {number} of c01", exact=True).wait_for(timeout=LONG)
    stranger.locator(f'{BOX}[data-node="{edit}"]').wait_for(timeout=LONG, state="attached")
    stranger.get_by_role("button", name="Back to the whole").click()
    stranger.locator(f'{BOX}[data-node="answer"]').wait_for(timeout=LONG, state="attached")
    stranger.context.close()
    page.keyboard.press("Escape")

    # out, and the patch that came of it
    page.get_by_role("button", name="Back to the whole").click()
    page.locator(f'{BOX}[data-node="answer"]').wait_for(timeout=LONG, state="attached")
    settle(page)
    assert names(page) == whole
    open_box(page, "answer", "Answer")
    page.get_by_text(re.compile("hidden checks passed")).first.wait_for(timeout=LONG)
    assert page.locator(".st-key-inspector code", has_text="@@ -").count() >= 1


def test_a_question_over_a_pdf_is_answered_from_its_passages(page: Any, server: str) -> None:
    page.goto(server)
    pick(page, "Problems from", "A problem of my own")
    page.get_by_text("Documents to search", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "mills.pdf", "mimeType": "application/pdf", "buffer": pdf("Of mills.", LINES)}
    )
    page.get_by_text("mills.pdf · 2 pages").wait_for(timeout=LONG)
    write(page, "Your problem", "Who built the mill at Oster?")
    write(page, "Right answer, if you know it", "Jorun Vale")
    assert page.get_by_text("Documents to search · 1").count() == 1
    write(page, "Candidates", "2")
    run(page)

    open_box(page, "c01", "Candidate c01")
    page.get_by_role("button", name="Open the steps of c01").click()
    page.locator(f'{BOX}[data-node="c01.s01.p1"]').wait_for(timeout=LONG, state="attached")
    settle(page)
    open_box(page, "c01.s01.p1", "Passage")
    assert page.get_by_text("mills.pdf, page 2").first.is_visible()
    assert page.get_by_text("It was built in 1874 by Jorun Vale.").first.is_visible()
    page.get_by_role("button", name="Back to the whole").click()
    page.locator(f'{BOX}[data-node="answer"]').wait_for(timeout=LONG, state="attached")
    settle(page)
    open_box(page, "answer", "Answer")
    assert page.get_by_text("Sources it cites").is_visible()
