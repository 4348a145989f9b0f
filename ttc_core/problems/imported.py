"""Problems from JSON Lines, one object a line, in our words or those of common benchmarks. Trusts nothing in them."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from ttc_core.errors import BadInput
from ttc_core.problems.answers import canonical
from ttc_core.problems.own import LONGEST_PROBLEM, problem_from_text
from ttc_core.problems.replies import read_answer
from ttc_core.types import AnswerKind, Case, Problem, Reference

MOST_PROBLEMS = 5_000
MAX_BYTES = 32_000_000
LONGEST_PROGRAM = 100_000
"""Characters of tests and of a right program."""
MOST_CASES = 500

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "problem", "question", "prompt"),
    "answer": ("answer", "reference", "target", "solution", "canonical_solution"),
    "choices": ("choices", "options"),
    "entry": ("entry", "entry_point", "function"),
    "tests": ("tests", "test"),
    "cases": ("cases", "examples"),
    "hidden": ("hidden", "hidden_cases"),
    "title": ("title", "name", "task_id"),
}
"""What a field may be called, ours first."""
KINDS: tuple[str, ...] = tuple(kind for kind in get_args(AnswerKind) if kind != "patch")

Entry = tuple[Problem, Reference | None]


def read_jsonl(data: bytes) -> tuple[list[Entry], list[str]]:
    """The problems of a file, and a sentence for each line that holds none.

    A line is an object with ``text`` (or ``question``, ``problem``, ``prompt``) and, where known, ``answer``; further
    ``kind``, ``choices``, ``title``, ``rubric``, ``aliases``; for code ``entry``, public ``cases`` and ``hidden`` ones
    (each ``{"call": ..., "expected": ...}``), and ``tests`` that define ``check(candidate)``.

    Raises:
        BadInput: The file is too large, or is no text.
    """
    lines = _lines(data)
    found: dict[str, Entry] = {}
    complaints: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(found) == MOST_PROBLEMS:
            complaints.append(f"Line {number} and all after it were left out: the most is {MOST_PROBLEMS:,} problems.")
            break
        try:
            entry = _entry(line)
        except BadInput as error:
            complaints.append(f"Line {number}: {error}")
        else:
            if entry[0].id in found:
                complaints.append(f"Line {number}: it is the same problem as an earlier line.")
            found[entry[0].id] = entry
    return list(found.values()), complaints


def _lines(data: bytes) -> list[str]:
    if len(data) > MAX_BYTES:
        raise BadInput(f"The file has {len(data) / 1e6:.0f} MB; the most is {MAX_BYTES // 10**6} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The file is no text in UTF-8; save it as JSON Lines, one object a line.") from error
    if text.lstrip().startswith("["):
        raise BadInput("The file is one JSON list; save it as JSON Lines, one object a line.")
    return text.split("\n")


def coded(
    text: str, entry: str, cases: str, hidden: str = "", tests: str = "", answer: str = ""
) -> tuple[Problem, Reference]:
    """A problem that asks for a Python function.

    Args:
        text: What is asked.
        entry: The function's name.
        cases: Examples that the problem shows, one a line, such as ``add(1, 2) == 3``.
        hidden: The same, for the check after the run alone.
        tests: Python source that defines ``check(candidate)``, for the check after the run alone.
        answer: A program that is right, where one is known.

    Raises:
        BadInput: The name is none, or a line cannot be read; says which.
    """
    if not entry.isidentifier():
        raise BadInput("The function's name must be a Python name, such as add.")
    shown, kept = read_cases(cases), read_cases(hidden)
    problem, _ = problem_from_text(text, None)
    if tests and "def check(" not in tests:
        raise BadInput("The hidden tests must define check(candidate).")
    if max(len(tests), len(answer)) > LONGEST_PROGRAM:
        raise BadInput(f"Tests and programs may have {LONGEST_PROGRAM:,} characters.")
    problem = problem.model_copy(update={"kind": "code", "entry": entry, "cases": shown})
    reference = Reference(answer=answer, cases=kept, tests=tests)
    return with_id(problem, reference), reference


def read_cases(lines: str) -> tuple[Case, ...]:
    """Cases from lines such as ``add(1, 2) == 3`` or ``parse("x") raises ValueError``. Raises BadInput."""
    cases: list[Case] = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        call, raises, error = line.rpartition(" raises ")
        if raises and error.isidentifier():
            cases.append(_case(call, f"raises {error}"))
            continue
        try:
            compared = ast.parse(line.removeprefix("assert "), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as trouble:
            raise BadInput(f"“{line[:60]}” is no example; write it as add(1, 2) == 3.") from trouble
        if not (isinstance(compared, ast.Compare) and len(compared.ops) == 1 and isinstance(compared.ops[0], ast.Eq)):
            raise BadInput(f"“{line[:60]}” is no example; write it as add(1, 2) == 3.")
        cases.append(_case(ast.unparse(compared.left), ast.unparse(compared.comparators[0])))
    if len(cases) > MOST_CASES:
        raise BadInput(f"There are {len(cases)} examples; the most is {MOST_CASES}.")
    return tuple(cases)


def with_id(problem: Problem, reference: Reference | None) -> Problem:
    """The problem with an id of its own: the same words with other choices, documents or checks are another one."""
    checks: Sequence[str] = (problem.model_dump_json(exclude={"id"}), reference.model_dump_json() if reference else "")
    return problem.model_copy(update={"id": f"own/{hashlib.sha256(chr(0).join(checks).encode()).hexdigest()[:12]}"})


def _entry(line: str) -> Entry:
    try:
        row = json.loads(line, parse_constant=lambda name: None, parse_int=str, parse_float=str)  # numbers as written
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadInput("it contains characters that are not text.") from error
    except (ValueError, RecursionError) as error:
        raise BadInput("it is not JSON.") from error
    if not isinstance(row, dict):
        raise BadInput("it is no object.")
    text, answer, entry = (_words(row, name) for name in ("text", "answer", "entry"))
    title, rubric, tests = _words(row, "title"), _words(row, "rubric"), _words(row, "tests")
    kind = _words(row, "kind") or ("code" if entry else "choice" if _of(row, "choices") else "open" if rubric else "")
    if kind and kind not in KINDS:
        raise BadInput(f"it has the kind {kind[:40]!r}; there are: {', '.join(KINDS)}.")
    if kind == "code":
        problem, reference = _code(row, text, entry, tests, answer)
    else:
        problem, given = problem_from_text(text, _result(answer))
        reference = given or Reference()
        problem = problem.model_copy(update={"kind": kind or problem.kind, "choices": _strings(row, "choices")})
        reference = reference.model_copy(update={"aliases": _strings(row, "aliases")})
        if problem.choices and reference.answer and not canonical(reference.answer, problem).startswith("choice:"):
            raise BadInput("its answer is none of its choices; give the letter or the words of one.")
    problem = problem.model_copy(update={"rubric": rubric[:4000]} | ({"title": title[:80]} if title else {}))
    known = bool(reference.answer or reference.cases or reference.tests)
    return with_id(problem, reference), reference if known else None


def _result(answer: str) -> str:
    """What a worked solution comes to, as GSM8K (after ####) and MATH (in a box) write it; else the answer itself."""
    worked, marked, result = answer.rpartition("\n#### ")
    return result if worked and marked else (read_answer(answer) or answer) if "\\boxed{" in answer else answer


def _code(row: Mapping[str, Any], text: str, entry: str, tests: str, answer: str) -> tuple[Problem, Reference]:
    """HumanEval's rows give the rest of a program as its solution: the prompt comes before it."""
    if answer and f"def {entry}" not in answer:
        answer = text + answer
    problem, reference = coded(text, entry, "", tests=tests, answer=answer)
    try:
        shown, hidden = (tuple(map(Case.model_validate, _of(row, name) or ())) for name in ("cases", "hidden"))
    except (ValidationError, TypeError) as error:
        raise BadInput('its cases are not a list of {"call": ..., "expected": ...}.') from error
    if max(len(shown), len(hidden)) > MOST_CASES:
        raise BadInput(f"it has more than {MOST_CASES} cases.")
    return problem.model_copy(update={"cases": shown}), reference.model_copy(update={"cases": hidden})


def _of(row: Mapping[str, Any], name: str) -> Any:
    return next((row[key] for key in NAMES.get(name, (name,)) if row.get(key) not in (None, "")), None)


def _words(row: Mapping[str, Any], name: str) -> str:
    """A field as text; numbers are written out."""
    value = _of(row, name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput(f"its {name} is neither text nor a number.")
    return str(value)


def _strings(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = _of(row, name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str | int | float) for item in value) or len(value) > 26:
        raise BadInput(f"its {name} are not a list of at most 26 words.")
    return tuple(str(item)[:LONGEST_PROBLEM] for item in value)


def _case(call: str, expected: str) -> Case:
    return Case(call=call.strip(), expected=expected)
