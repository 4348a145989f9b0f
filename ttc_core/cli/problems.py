"""The commands about problems: the shelves, what stands on them, and one problem as a strategy sees it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ttc_core.errors import BadInput
from ttc_core.problems.imported import read_jsonl
from ttc_core.problems.library import entries, find, shelves
from ttc_core.problems.shelf import ShelfEntry
from ttc_core.store.database import default_url
from ttc_core.store.problems import OwnProblem
from ttc_core.store.store import Store
from ttc_core.types import Reference


def list_shelves(options: argparse.Namespace) -> int:
    """The shelves of the library."""
    known = shelves()
    if options.json:
        rows = [{"name": one.name, "title": one.title, "sentence": one.sentence, "size": one.size} for one in known]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for one in known:
            print(f"{one.name:<12} {'endless' if one.size is None else one.size!s:>7}  {one.sentence}")
    return 0


def list_problems(options: argparse.Namespace) -> int:
    """The problems on a shelf, or the families of generated ones. References are not printed."""
    if options.shelf == "gym":
        return _list_families(options)
    found = _own(options) if options.shelf == "own" else entries(options.shelf)
    rows = [_row(entry) for entry in found]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row['id']:<34} {row['difficulty'] or '':<8} {row['title']}")
    return 0


def import_problems(options: argparse.Namespace) -> int:
    """Keep the problems of a JSON Lines file as one's own. Returns 1, and says why, where a line holds none."""
    try:
        data = Path(options.file).read_bytes()
    except OSError as error:
        raise BadInput(f"The file {options.file} cannot be read: {error.strerror}.") from error
    found, complaints = read_jsonl(data)
    with Store(options.db or default_url()) as store:
        store.problems.save(found)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    ids = [problem.id for problem, _ in found]
    print(json.dumps(ids) if options.json else f"{len(ids)} problems kept; `problems list own` lists them.")
    return int(bool(complaints))


def show_problem(options: argparse.Namespace) -> int:
    """One problem; what is right only where that is asked for."""
    entry = _own(options, options.id)[0] if options.id.startswith("own/") else find(options.id)
    if options.json:
        right = entry.reference.model_dump() if entry.reference else None
        row = _row(entry) | ({"reference": right} if options.reference else {})
        print(json.dumps(row, ensure_ascii=False))
        return 0
    problem, reference = entry.problem, entry.reference
    print(" · ".join(filter(None, (problem.id, problem.title, _difficulty(entry)))) + f"\n\n{problem.text}")
    for name, choice in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", problem.choices, strict=False):
        print(f"{name}) {choice}")
    for case in problem.cases:
        print(f"Example: {case.call} gives {case.expected}")
    for name in (*(file.path for file in problem.files), *(document.name for document in problem.documents)):
        print(f"File: {name}")
    if problem.rubric:
        print(f"\nJudged by:\n{problem.rubric}")
    if options.reference:
        _print_reference(reference)
    return 0


def _print_reference(reference: Reference | None) -> None:
    if reference is None:
        print("\nThere is no reference answer.")
        return
    print(f"\nRight: {reference.answer}")
    for case in reference.cases:
        print(f"Hidden check: {case.call} gives {case.expected}")
    if reference.tests:
        print(f"\nHidden tests:\n{reference.tests}")


def _list_families(options: argparse.Namespace) -> int:
    from ttc_core.problems.gym import families

    if options.json:
        print(json.dumps(families()))
    else:
        print("\n".join(f"gym/{family}/SEED" for family in families()))
    return 0


def _own(options: argparse.Namespace, wanted: str = "") -> list[OwnProblem]:
    with Store(options.db or default_url()) as store:
        return [store.problems.find(wanted)] if wanted else store.problems.all()


def _difficulty(entry: ShelfEntry | OwnProblem) -> str | None:
    return entry.difficulty if isinstance(entry, ShelfEntry) else None


def _row(entry: ShelfEntry | OwnProblem) -> dict[str, Any]:
    """What a solver may see of a problem; of its files and documents only the names."""
    problem = entry.problem
    names = {"files": [file.path for file in problem.files], "documents": [one.name for one in problem.documents]}
    return {**problem.model_dump(), **names, "difficulty": _difficulty(entry)}
