from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import arguments, need_chromium
from tests.views import sample_logs
from ttc_core.events import Logged, fold
from ttc_core.events.kinds import CallFailed, CallFinished, CandidateMade, RunFinished, RunStarted
from ttc_core.share.html_file import embedded, session_html

EVIL = (
    "</script><script>alert(1)</script><img src=http://evil.invalid/x onerror=alert(2)><!-- <b onmouseover=alert(3)>"
    "\u2028{title}{data}&lt;svg onload=alert(4)&gt; javascript:alert(5)"
)


def poisoned(log: list[Logged]) -> list[Logged]:
    """The log of a model that attacks whoever reads it, run by somebody who does as well."""
    evil = []
    for logged in log:
        event = logged.event
        match event:
            case RunStarted():
                problem = event.problem.model_copy(update={"text": EVIL, "title": EVIL})
                event = event.model_copy(update={"model": EVIL, "problem": problem, "params": {EVIL: EVIL}})
            case CandidateMade():
                made = event.candidate.model_copy(update={"text": EVIL, "answer": EVIL})
                event = event.model_copy(update={"candidate": made})
            case CallFinished():
                event = event.model_copy(update={"text": EVIL})
            case RunFinished():
                event = event.model_copy(update={"answer": EVIL, "message": EVIL, "status": "cut_by_budget"})
        evil.append(logged.model_copy(update={"event": event}))
    return evil


def test_embedded_json_reads_back_and_holds_nothing_that_ends_a_script() -> None:
    text = embedded({"words": EVIL})
    assert json.loads(text) == {"words": EVIL}
    assert not set(text) & set("<>&\u2028\u2029")


def test_the_page_allows_its_own_scripts_only_and_loads_nothing() -> None:
    page = session_html("Sheep", [("run", sample_logs.majority_vote(3))])
    policy = page.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "unsafe-eval" not in policy
    assert "src=" not in page.split("<body>")[0]


@pytest.mark.parametrize("log", [[], sample_logs.tournament(4)[:1], sample_logs.tournament(4)[:20]])
def test_a_run_may_have_ended_anywhere(log: list[Logged]) -> None:
    assert "</html>" in session_html("Sheep", [("run", log)])


def test_the_file_stays_small_enough_to_send() -> None:
    assert len(session_html("Sheep", [("run", sample_logs.tournament())]).encode()) < 1_500_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = need_chromium()
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=arguments())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without a network, in which any error, dialog or request is remembered and fails the test."""
    amiss: list[str] = []
    page = browser.new_page()
    page.context.set_offline(True)
    page.on("dialog", lambda dialog: (amiss.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: amiss.append(str(error)))
    page.on("console", lambda said: amiss.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: amiss.append(request.url) if not request.url.startswith("file:") else None)
    yield page
    assert amiss == []


def opened(page: Page, folder: Path, title: str, runs: list[tuple[str, list[Logged]]]) -> None:
    file = folder / "session.html"
    file.write_text(session_html(title, runs), "utf-8")
    page.goto(file.as_uri())
    expect(page.locator("#graph")).to_have_attribute("data-seq", str(len(runs[0][1])))


@pytest.mark.browser
def test_it_opens_from_a_disk_and_shows_what_stands_behind_a_box(page: Page, tmp_path: Path) -> None:
    log = sample_logs.tournament()
    opened(page, tmp_path, "Seventeen sheep", [("tournament", log)])
    expect(page.get_by_role("heading", level=1)).to_have_text("Seventeen sheep")
    match = fold(log).graph.nodes["m1.2"]
    page.locator("[data-node='m1.2']").dispatch_event("click")
    inspector = page.locator("#inspector")
    expect(inspector.get_by_role("heading", level=2)).to_have_text("Match m1.2")
    assert inspector.locator("details").count() == len(match.votes)
    inspector.locator("summary").first.click()
    expect(inspector.locator("details pre").first).to_contain_text("MODELTEXT")
    inspector.get_by_role("button", name=match.parents[0]).click()
    expect(inspector.get_by_role("heading", level=2)).to_have_text(f"Candidate {match.parents[0]}")


@pytest.mark.browser
def test_a_refusal_and_what_was_thought_can_be_read(page: Page, tmp_path: Path) -> None:
    log = []
    for logged in sample_logs.majority_vote(4, fail=("c02/propose",)):
        event = logged.event
        if isinstance(event, CallFailed):
            event = event.model_copy(update={"error": "refused", "message": "The filter declined."})
        if isinstance(event, CallFinished):
            event = event.model_copy(update={"thinking": EVIL})
        log.append(logged.model_copy(update={"event": event}))
    opened(page, tmp_path, "Sheep", [("run", log)])
    inspector = page.locator("#inspector")
    page.locator("[data-node='c02']").dispatch_event("click")
    expect(inspector.locator(".wrong")).to_have_text("The filter declined.")
    expect(inspector).to_contain_text("refused")
    page.locator("[data-node='c01']").dispatch_event("click")
    inspector.get_by_text("What it thought").click()
    expect(inspector.locator("details[open] pre")).to_contain_text("</script><script>alert(1)")


@pytest.mark.browser
def test_it_can_be_wound_back_and_played(page: Page, tmp_path: Path) -> None:
    log = sample_logs.majority_vote(3)
    opened(page, tmp_path, "Sheep", [("run", log)])
    page.locator("#moment").fill("0")
    expect(page.locator("[data-node=answer]")).to_have_count(0)
    page.locator("#play").click()
    expect(page.locator("[data-node=answer]")).to_have_count(1, timeout=30000)
    expect(page.locator("#graph")).to_have_attribute("data-seq", str(len(log)))


@pytest.mark.browser
def test_several_runs_stand_side_by_side(page: Page, tmp_path: Path) -> None:
    one, two = sample_logs.tournament(4), sample_logs.distill_refine()
    opened(page, tmp_path, "Sheep", [("tournament", one), ("rounds", two)])
    page.get_by_role("button", name="rounds").click()
    expect(page.locator("#graph")).to_have_attribute("data-seq", str(len(two)))
    expect(page.locator("[data-node='w2.1']")).to_have_count(1)
    expect(page.locator("[data-node='m1.1']")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_readers_theme(page: Page, tmp_path: Path, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, tmp_path, "Sheep", [("run", sample_logs.tournament(4))])
    expect(page.locator("#graph")).to_have_attribute("data-theme", scheme)


@pytest.mark.browser
def test_nothing_a_model_wrote_is_ever_run_or_loaded(page: Page, tmp_path: Path) -> None:
    log = poisoned(sample_logs.tournament(4))
    opened(page, tmp_path, EVIL, [(EVIL, log), (EVIL, log)])
    scripts = page.evaluate("document.scripts.length")
    for name in fold(log).graph.nodes:
        if name != "problem":
            page.locator(f"[data-node='{name}']").dispatch_event("click")
            for summary in page.locator("#inspector summary").all():
                summary.click()
    page.locator("#runs button").last.click()
    page.wait_for_timeout(300)
    assert page.evaluate("document.scripts.length") == scripts == 3
    assert page.locator("img, svg, iframe, object, embed, link, a, form").count() == 0
    expect(page.get_by_role("heading", level=1)).to_contain_text("</script><script>alert(1)")
