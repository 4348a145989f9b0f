"""The endless shelf: problems that `reasoning-gym` generates (arXiv 2505.24760), by family, seed and settings.

An id says all that a problem is made from: ``gym/gcd/7``, or with settings ``gym/gcd/7?max_numbers=4``. The library
is never imported here: it takes seconds, and lives in the referee's process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ttc_core.errors import BadInput, NotFound
from ttc_core.problems.numerals import exact_number
from ttc_core.problems.referee import NoRuling, referee
from ttc_core.problems.shelf import Difficulty, ShelfEntry
from ttc_core.types import Problem, Reference, Scorer, Value

MAKING_S = 20.0
LARGEST = 2**31 - 1
"""Of a seed or a setting, either way."""

LEFT_OUT = frozenset({"composite", "boxnet", "rush_hour"})
"""Families that need others to be named, or know no right answer to their problems."""

_ID = re.compile(r"gym/(?P<family>[a-z0-9_]+)/(?P<seed>[0-9]{1,10})(?:\?(?P<settings>.*))?")
_NAME = re.compile(r"^DATASET_NAME\s*=\s*[\"'](\w+)[\"']", re.MULTILINE)

Settings = Mapping[str, int | float | bool]


class Setting(Value):
    """One number or switch by which a family makes its problems harder or easier."""

    name: str
    kind: str
    """``int``, ``float`` or ``bool``."""
    default: int | float | bool


@cache
def families() -> tuple[str, ...]:
    """The names of the families, in order. Read from the library's source in a few milliseconds, without importing it.

    Raises:
        NotFound: the library is not installed.
    """
    spec = find_spec("reasoning_gym")
    if spec is None or not spec.submodule_search_locations:
        raise NotFound("Generated problems come with the package reasoning-gym; install requirements.txt.")
    sources = Path(spec.submodule_search_locations[0]).rglob("*.py")
    names = {name for path in sources for name in _NAME.findall(path.read_text(encoding="utf-8"))}
    return tuple(sorted(names - LEFT_OUT))


@cache
def settings(family: str) -> tuple[Setting, ...]:
    """What can be set of a family. Waits for the library the first time.

    Raises:
        NotFound: there is no such family.
    """
    _known(family)
    return tuple(
        Setting(name=name, kind=kind, default=default)
        for name, kind, default in _asked("settings", family, "its settings cannot be read")
    )


def make(family: str, seed: int, chosen: Settings | None = None) -> ShelfEntry:
    """The problem of a family with this seed: the same ones always give the same problem. Takes up to seconds.

    Args:
        family: One of `families`.
        seed: A whole number from 0.
        chosen: Settings that differ from their defaults.

    Raises:
        NotFound: there is no such family.
        BadInput: seed or settings do not go with it.
    """
    if not 0 <= seed <= LARGEST:
        raise BadInput(f"A seed is a whole number from 0 to {LARGEST:,}; got {seed}.")
    _known(family)
    given = _checked(family, chosen or {})
    made = _asked("make", family, "no problem could be made with these settings", seed=seed, settings=given)
    entry, answer = made["entry"], made["answer"]
    if answer is None:
        raise BadInput(f"{family}: with seed {seed} it made a problem without a known answer; try another seed.")
    query = f"?{urlencode({name: _written(given[name]) for name in sorted(given)})}" if given else ""
    problem = Problem(
        id=f"gym/{family}/{seed}{query}",
        title=f"{family.replace('_', ' ').capitalize()} {seed}",
        text=entry["question"],
        kind="text" if exact_number(answer) is None else "number",
        topic="generated",
    )
    reference = Reference(answer=answer, scorer=Scorer(family=family, entry=entry))
    return ShelfEntry(problem=problem, reference=reference, difficulty=_difficulty(family, given))


def find(problem_id: str) -> ShelfEntry:
    """The problem that an id describes.

    Raises:
        NotFound: it describes none, or there is no such family.
        BadInput: its settings do not go with the family.
    """
    found = _ID.fullmatch(problem_id.strip())
    if not found:
        family = problem_id.strip().casefold().removeprefix("gym/").partition("/")[0]
        example = f"gym/{family if family in families() else 'gcd'}/7"
        raise NotFound(f"A generated problem is named gym/FAMILY/SEED, such as {example}; got {problem_id[:100]!r}.")
    chosen = {name: _read(value, name) for name, value in parse_qsl(found["settings"] or "", keep_blank_values=True)}
    return make(found["family"], int(found["seed"]), chosen)


def _known(family: str) -> None:
    if family not in families():
        close = get_close_matches(family[:60], families(), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {len(families())}, such as gcd."
        raise NotFound(f"There is no family “{family[:60]}” of generated problems; {hint}")


def _checked(family: str, chosen: Settings) -> dict[str, int | float | bool]:
    """The settings that differ from their defaults. Raises BadInput for what the family does not have."""
    known = {setting.name: setting for setting in settings(family)} if chosen else {}
    for name, value in chosen.items():
        if name not in known:
            has = ", ".join(known) or "none"
            raise BadInput(f"{family} has no setting “{name[:60]}”; it has {has}.")
        if not abs(value) <= LARGEST:
            raise BadInput(f"{name} is to be at most {LARGEST:,}.")
        if known[name].kind != "float" and isinstance(value, float):
            raise BadInput(f"{name} is to be a whole number.")
    typed = {name: bool(value) if known[name].kind == "bool" else value for name, value in chosen.items()}
    return {name: value for name, value in typed.items() if value != known[name].default}


def _asked(job: str, family: str, trouble: str, **details: object) -> Any:
    try:
        return referee("gym").ask(job, MAKING_S, family=family, **details)
    except NoRuling as error:
        raise BadInput(f"{family}: {trouble}. {error}") from error


def _difficulty(family: str, given: Settings) -> Difficulty:
    """Nobody has measured it: settings above their defaults are taken to be harder, those below easier."""
    defaults = {setting.name: setting.default for setting in settings(family)} if given else {}
    sign = sum((value > defaults[name]) - (value < defaults[name]) for name, value in given.items())
    return "hard" if sign > 0 else "easy" if sign < 0 else "medium"


def _written(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(text: str, name: str) -> int | float | bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,10}", text) else float(text[:30])
    except ValueError:
        raise BadInput(f"{name[:60]} is to be a number; got {text[:40]!r}.") from None
