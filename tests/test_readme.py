"""What the README says is so: its tree, its tables, its example and its commands."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ttc_core.cli.arguments import parser
from ttc_core.cli.runs import result
from ttc_core.events import Fold
from ttc_core.strategies import strategies

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def tree() -> set[str]:
    """The paths that the README's tree names."""
    lines = README.partition("### Files\n\n```\n")[2].partition("\n```")[0].splitlines()
    named: set[str] = set()
    folders: list[str] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 2
        names = [name.strip() for name in line.strip().split("  ")[0].split(", ")]
        named |= {"".join(folders[:depth]) + name for name in names}
        folders[depth:] = [names[0]] if names[0].endswith("/") else []
    return named


def test_the_tree_names_every_file_of_the_app_and_no_other() -> None:
    files = {str(path.relative_to(ROOT)) for room in ("ttc_core", "pages") for path in (ROOT / room).rglob("*.py")}
    files = {file for file in files if "problems/tasks/" not in file}  # repositories that are problems
    files = {"app.py", *(path for path in files if not path.endswith("__init__.py"))}
    named = {path for path in tree() if path.endswith(".py") and not path.startswith("tests/")}
    assert files - named == set(), "not in the README's tree"
    assert named - files == set(), "only in the README's tree"


def test_the_tree_names_every_folder_of_tests() -> None:
    folders = {f"{path.parent.relative_to(ROOT)}/" for path in (ROOT / "tests").rglob("*.py")}
    assert folders <= tree()


def test_every_strategy_has_its_row_with_its_planned_calls_and_settings() -> None:
    for strategy in strategies().values():
        row = next((line for line in README.splitlines() if line.startswith(f"| `{strategy.name}` |")), "")
        plans = [strategy.plan(strategy.settings(preset)) for preset in ("quick", "paper")]
        assert " | ".join(f"{plan.total} ({plan.depth})" for plan in plans) in row
        for name in strategy.params.model_fields:
            assert f"`{name}`" in README


def commands() -> dict[str, argparse.ArgumentParser]:
    return next(a.choices for a in parser()._actions if isinstance(a, argparse._SubParsersAction))


def test_every_command_and_option_is_described() -> None:
    for name, command in commands().items():
        assert re.search(rf"^\| `{name}\b", README, re.MULTILINE), name
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or re.search(rf"`{option}\b", README), f"{name} {option}"


def test_every_field_of_a_result_is_described() -> None:
    rows = "\n".join(line.split(" | ")[0] for line in README.splitlines() if line.startswith("| `"))
    assert {field for field in result("s", "r", Fold()) if f"`{field}`" not in rows} == set()


def test_the_checks_of_a_submission_are_the_command_of_the_readme() -> None:
    pattern = re.search(r"grep -m 1 -E '(.*)' README.md", (ROOT / ".ci" / "run").read_text())
    assert pattern
    lines = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert len(lines) == 1
    assert lines[0].endswith(".venv/bin/python -m tests")


def test_the_strategy_shown_is_complete(tmp_path: Path) -> None:
    name = "until_two_agree"
    code = README.partition(f"`{name}.py`")[2].partition("```python\n")[2].partition("```")[0]
    shutil.copytree(ROOT / "ttc_core", tmp_path / "ttc_core", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "ttc_core" / "strategies" / f"{name}.py").write_text(code)
    command = (
        "run --problem-id word/sheep --model simulated:speed=0,accuracy=1,spread=0 --set limit=5 --json --strategy"
    )
    done = subprocess.run(
        [sys.executable, "-m", "ttc_core", *command.split(), name, "--db", f"sqlite:///{tmp_path}/test.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert (outcome["status"], outcome["verdict"], outcome["calls"]) == ("finished", "correct", 2)
