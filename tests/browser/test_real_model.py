"""A problem just typed in, answered by a real model on this machine, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app_server import running
from tests.real_weights import MODEL, need_weights
from ttc_core.models.catalogue import entry

pytestmark = pytest.mark.browser
LONG = 300_000


def test_a_problem_just_typed_in_is_answered_by_the_fetched_model(browser: Any, tmp_path: Any) -> None:
    fetched = need_weights() / entry(MODEL).file
    folder = tmp_path / "models"  # this model alone, whatever else the user has fetched
    folder.mkdir()
    (folder / fetched.name).symlink_to(fetched)
    with running(tmp_path, TTC_MODELS_DIR=str(folder)) as url:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(url)
        page.get_by_text("Qwen2.5-Coder 0.5B").first.wait_for(timeout=30_000)  # the default, since it is there
        page.get_by_role("combobox", name="Problems from").click()
        page.get_by_role("option", name="A problem of my own").click()
        page.get_by_role("textbox", name="Your problem").fill("Anna has 12 apples and buys 30 more. How many now?")
        page.get_by_role("textbox", name="Your problem").blur()
        for name, value in (("Candidates", "2"), ("Votes", "1")):
            field = page.get_by_role("spinbutton", name=name, exact=True)
            field.fill(value)
            field.press("Enter")
        page.get_by_role("button", name="Start").click(timeout=LONG)
        page.get_by_role("button", name="New run").wait_for(timeout=LONG)
        assert page.get_by_text("simulated", exact=False).count() == 0
        assert page.get_by_text("tok/s").first.is_visible()
        assert any("answer" in line.lower() for line in page.locator("[role=option]").all_text_contents())
        page.close()
