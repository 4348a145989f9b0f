"""The owner's own problems: kept, found, replaced and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ttc_core.errors import BadInput, NotFound
from ttc_core.store.store import Store
from ttc_core.types import Case, Document, Problem, Reference

SHEEP = Problem(id="own/sheep", text="How many sheep?", kind="number")
ADD = Problem(id="own/add", text="Write add.", kind="code", entry="add", cases=(Case(call="add(1, 2)", expected="3"),))
HIDDEN = Reference(answer="def add(a, b): return a + b", cases=(Case(call="add(5, 5)", expected="10"),))


def test_problems_are_kept_with_their_checks_the_last_saved_first(path: Path) -> None:
    clock = iter([1.0, 2.0])
    with Store(f"sqlite:///{path}", now=lambda: next(clock)) as store:
        store.problems.save([(SHEEP, Reference(answer="35"))])
        store.problems.save([(ADD, HIDDEN)])
    with Store(f"sqlite:///{path}") as store:
        assert [entry.problem.id for entry in store.problems.all()] == ["own/add", "own/sheep"]
        found = store.problems.find("own/add")
        assert (found.problem, found.reference, found.saved_at) == (ADD, HIDDEN, 2.0)


def test_the_same_id_replaces_and_removing_forgets(path: Path) -> None:
    with Store(f"sqlite:///{path}") as store:
        store.problems.save([(SHEEP, None)])
        store.problems.save([(SHEEP.model_copy(update={"title": "Anew"}), Reference(answer="35"))])
        (entry,) = store.problems.all()
        assert entry.problem.title == "Anew"
        store.problems.remove(SHEEP.id)
        store.problems.remove(SHEEP.id)
        assert store.problems.all() == []
        with pytest.raises(NotFound, match="own/sheep"):
            store.problems.find("own/sheep")


def test_one_that_is_too_large_saves_none(path: Path) -> None:
    large = SHEEP.model_copy(
        update={"id": "own/large", "documents": (Document(name="x", pages=("word " * 2_000_000,)),)}
    )
    with Store(f"sqlite:///{path}") as store:
        with pytest.raises(BadInput, match="too large"):
            store.problems.save([(SHEEP, None), (large, None)])
        assert store.problems.all() == []
