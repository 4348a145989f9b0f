"""A program of its own: rules on formulas and on answers to generated problems, one line of JSON for each; stays alive.

It stands alone (it imports nothing of this project), so that what an answer does to a library - a power tower, a
parser that never ends, an expression that is evaluated - happens in a process that can be killed. The first argument
says what it knows: ``math`` or ``gym``. It writes ``{}`` when it is ready; every further line answers one line read.

Some scorers evaluate the answer as Python. Those are only given answers in which nothing can be called but the
functions of mathematics, and files, processes and the network are out of reach of this process anyway.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import isclose
from typing import Any

EVALUATED = (
    *("binary_matrix", "countdown", "intermediate_integration", "n_queens", "polynomial_multiplication", "puzzle24"),
    *("simple_integration", "spiral_matrix", "string_insertion"),
)
"""Families whose scorer evaluates the answer."""
FUNCTIONS = (
    *("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "acot", "asinh", "acosh", "atanh"),
    *("sinh", "cosh", "tanh", "exp", "log", "ln", "sqrt", "Abs", "abs"),
)
STRICTER: dict[str, Callable[[str, Any], bool]] = {
    "coin_flip": lambda answer, entry: isclose(Fraction(answer), Fraction(entry["answer"]), rel_tol=1e-6),
    "complex_arithmetic": lambda answer, entry: "nan" not in answer.lower(),
    "game_of_life_halting": lambda answer, entry: answer.strip().lower() == entry["answer"].lower(),
    "puzzle24": lambda answer, entry: (
        sorted(map(int, re.findall(r"[0-9]+", answer))) == sorted(entry["metadata"]["numbers"])
    ),
}
"""What must hold besides, where a family's scorer lets through what is wrong: a prefix, any word, other numbers."""
MEMORY = 3 * 2**30
"""Bytes of address space."""


def harmless(answer: str) -> bool:
    """Whether evaluating this could call nothing but functions of mathematics."""
    called = re.findall(r"(\w+)\s*\(", answer)
    return (
        len(answer) <= 2000
        and all(name in FUNCTIONS or name.isdecimal() for name in called)
        and not re.search(r"[)\]}'\"]\s*\(|[^\W\d]\s*\.|\.\s*[^\W\d]|[#\\:;@{}]|__", answer)
    )


def same_formula(job: dict[str, Any]) -> bool:
    """Whether the answer says what one of the right ones says, by the math-verify library."""
    from math_verify import parse, verify

    answer = parse(_marked(job["answer"]), fallback_mode="no_fallback", parsing_timeout=None)
    return bool(answer) and any(
        verify(parse(_marked(right), fallback_mode="no_fallback", parsing_timeout=None), answer, timeout_seconds=None)
        for right in job["right"]
    )


def _marked(formula: str) -> str:
    """As LaTeX, so that all of it is read."""
    return formula if "$" in formula or "\\[" in formula or "\\(" in formula else f"${formula}$"


def score(job: dict[str, Any]) -> float:
    """What the family's scorer gives. Entries that came through JSON have lists where the family made tuples."""
    import reasoning_gym

    family, entry = job["family"], job["entry"]
    answers = {job["answer"], job["answer"].rstrip().removesuffix(".")}  # a sentence's period is no part of it
    if family in EVALUATED and not (answers := set(filter(harmless, answers))):
        raise ValueError("It is not an expression of the kind that is asked for.")
    scorer = reasoning_gym.get_score_answer_fn(family)
    stricter = STRICTER.get(family, lambda answer, entry: True)
    return max(_points(scorer, stricter, *pair) for pair in product(answers, (entry, _tuples(entry))))


def _points(scorer: Any, stricter: Callable[[str, Any], bool], answer: str, entry: dict[str, Any]) -> float:
    try:
        return float(scorer(answer=answer, entry=entry)) if stricter(answer, entry) else 0.0
    except Exception:  # scorers raise whatever the answer makes them raise
        return 0.0


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def families(job: dict[str, Any]) -> list[str]:
    """The names of all families."""
    from reasoning_gym.factory import DATASETS

    return sorted(DATASETS)


def settings(job: dict[str, Any]) -> list[list[Any]]:
    """The family's settings that a form can show: name, type and default of numbers, switches and optional numbers."""
    import dataclasses

    from reasoning_gym.factory import DATASETS

    plain = {int: "int", float: "float", bool: "bool"}
    fields = dataclasses.fields(DATASETS[job["family"]][1])
    return [
        [field.name, plain[type(field.default)], field.default]
        for field in fields
        if type(field.default) in plain and field.name not in ("seed", "size")
    ]


def make(job: dict[str, Any]) -> dict[str, Any]:
    """One problem of a family: question, answer where the family knows a right one, and what its scorer needs."""
    import reasoning_gym

    data = reasoning_gym.create_dataset(job["family"], size=1, seed=job["seed"], **job["settings"])
    entry = json.loads(json.dumps(data[0], allow_nan=False))
    known = [entry["answer"], *(entry.get("metadata") or {}).values()]
    texts = (one if isinstance(one, str) else json.dumps(one) for one in known if isinstance(one, str | dict))
    right = next((text for text in texts if text and _right(job["family"], entry, text)), None)
    return {"entry": entry, "answer": right}


def _right(family: str, entry: dict[str, Any], answer: str) -> bool:
    return score({"family": family, "entry": entry, "answer": answer}) >= 1 - 1e-9


JOBS = {"same_formula": same_formula, "score": score, "families": families, "settings": settings, "make": make}


def confine() -> None:
    """Put files, processes and the network out of reach, and bound memory. What was imported stays readable."""
    places = tuple({*sys.path, sys.prefix, sys.base_prefix} - {""})

    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = given
            reads = not flags & 3 and (mode is None or not set(mode) & set("wax+"))
            if not (reads and str(path).startswith(places)):
                raise PermissionError("No file may be opened here.")
        elif event.startswith(FORBIDDEN):
            raise PermissionError("That may not be done here.")

    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    except (ImportError, ValueError, OSError):  # not every system has or lowers them
        pass
    sys.addaudithook(refuse)


FORBIDDEN = (
    *(f"os.{what}" for what in ("system", "exec", "posix_spawn", "spawn", "fork", "kill", "remove", "rename", "rmdir")),
    *(f"os.{what}" for what in ("mkdir", "link", "symlink", "truncate", "chmod", "chown", "putenv", "startfile")),
    *("socket.", "subprocess.", "shutil.", "ctypes.", "pty.", "sqlite3.", "tempfile.", "mmap."),
)
"""Events of Python's audit hooks by their beginnings."""


def main() -> None:
    """Answer until there is nothing more to read."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    if sys.argv[1] == "math":
        import math_verify  # noqa: F401
    else:
        import reasoning_gym  # noqa: F401
    confine()
    print("{}", file=answers, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            ruling: dict[str, Any] = {"value": JOBS[job["job"]](job)}
        except Exception as error:  # whatever a library raises on what a model wrote is a ruling too
            ruling = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(ruling), file=answers, flush=True)


if __name__ == "__main__":
    main()
