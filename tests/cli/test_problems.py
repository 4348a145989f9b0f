"""Problems on the command line: shelves, one's own, documents, rubrics; and what is right stays out of sight."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import FAST, call

SINGLE = ["--strategy", "single", "--model", FAST]
Capture = pytest.CaptureFixture[str]

ADD = {
    "text": "Write add(a, b).",
    "entry": "add",
    "cases": [{"call": "add(1, 2)", "expected": "3"}],
    "hidden": [{"call": "add(-1, 41)", "expected": "40"}],
    "answer": "def add(a, b):\n    return a + b",
}


def kept(capsys: Capture, db: str, folder: Path, *rows: object) -> list[str]:
    file = folder / "mine.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    code, out, err = call(capsys, "problems", "import", str(file), "--db", db, "--json")
    assert (code, err) == (0, "")
    ids: list[str] = json.loads(out)
    return ids


def test_every_shelf_is_named_and_lists_what_stands_on_it(capsys: Capture, db: str) -> None:
    _, out, _ = call(capsys, "problems", "shelves", "--json")
    shelves = {row["name"]: row["size"] for row in json.loads(out)}
    assert {"built-in", "humaneval", "gym", "task", "reading", "open"} <= set(shelves)
    for name in ("built-in", "task", "reading", "open"):
        _, out, _ = call(capsys, "problems", "list", name, "--json")
        assert len(json.loads(out)) == shelves[name]


def test_imported_problems_are_listed_shown_and_solved(capsys: Capture, db: str, tmp_path: Path) -> None:
    (own,) = kept(capsys, db, tmp_path, ADD)
    _, listed, _ = call(capsys, "problems", "list", "own", "--db", db)
    assert own in listed
    _, shown, _ = call(capsys, "problems", "show", own, "--db", db)
    assert "add(1, 2) gives 3" in shown
    assert "41" not in shown, "hidden checks are shown only where they are asked for"
    _, whole, _ = call(capsys, "problems", "show", own, "--reference", "--db", db)
    assert "Hidden check: add(-1, 41) gives 40" in whole
    code, out, err = call(capsys, "run", "--problem-id", own, *SINGLE[:-1], f"{FAST},accuracy=1", "--db", db, "--json")
    assert code == 0, err
    outcome = json.loads(out)
    if outcome["verdict"] == "not_run":
        pytest.skip(outcome["verdict_detail"])
    assert (outcome["verdict"], outcome["checks_passed"], outcome["checks"]) == ("correct", 1, 1)


def test_a_bad_line_is_named_and_the_others_are_kept(capsys: Capture, db: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"text": "one?"}\nnonsense\n')
    code, out, err = call(capsys, "problems", "import", str(file), "--db", db)
    assert (code, err) == (1, "Line 2: it is not JSON.\n")
    assert out.startswith("1 problems kept")
    code, _, err = call(capsys, "problems", "import", str(tmp_path / "none"), "--db", db)
    assert (code, err.count("\n")) == (2, 1)


def test_documents_are_searched(capsys: Capture, db: str, tmp_path: Path) -> None:
    note = tmp_path / "ferry.md"
    note.write_text("# Ferry\n\nThe last ferry to Osmer leaves at 21:40 from the north quay.")
    asked = ["--problem", "When does the last ferry to Osmer leave?", "--reference", "21:40"]
    code, out, err = call(capsys, "run", *asked, "--document", str(note), *SINGLE, "--db", db, "--json")
    assert code == 0, err
    session = json.loads(out)["session"]
    _, out, _ = call(capsys, "replay", session, "--db", db, "--json")
    assert "passage" in out
    code, _, err = call(capsys, "run", *asked, "--document", str(tmp_path / "none.pdf"), *SINGLE, "--db", db)
    assert (code, err.count("\n")) == (2, 1)


def test_a_rubric_makes_it_an_open_question(capsys: Capture, db: str) -> None:
    asked = ["--problem", "Which database suits a small shop?", "--rubric", "Names a trade-off."]
    code, out, _ = call(capsys, "run", *asked, *SINGLE, "--db", db, "--json")
    assert code == 1, "the simulated model has no right answer to draw"
    assert "right" in json.loads(out)["message"] or "reference" in json.loads(out)["message"]
