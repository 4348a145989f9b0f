"""The problem library: every shelf by its name, and the one door to a problem by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ttc_core.errors import NotFound
from ttc_core.problems import shelf as built_in
from ttc_core.problems.shelf import ShelfEntry


@dataclass(frozen=True)
class Shelf:
    """A part of the library, as a picker shows it."""

    name: str
    title: str
    sentence: str
    size: int | None
    """How many problems; None where they are made without end."""
    prefix: str
    """What the ids of its problems start with; empty for the built-in ones."""


def shelves() -> tuple[Shelf, ...]:
    """What there is to choose from. Loads no problem."""
    return tuple(shelf for shelf, _ in _SHELVES.values())


def entries(name: str) -> Sequence[ShelfEntry]:
    """The problems of a shelf that holds a certain number of them, to choose from: `find` gives the chosen one whole.

    Raises:
        NotFound: no shelf has that name, or it makes problems without end; the message says what to ask for.
    """
    if name not in _SHELVES:
        raise NotFound(f"There is no shelf “{name[:60]}”; there are {', '.join(_SHELVES)}.")
    shelf, load = _SHELVES[name]
    if load is None:
        raise NotFound(f"The shelf {name} makes problems without end; ask for one, such as {shelf.prefix}gcd/7.")
    return load()


def find(problem_id: str) -> ShelfEntry:
    """The problem with this id, whichever shelf it stands on.

    Raises:
        NotFound: there is none; the message names those that come close.
    """
    wanted = problem_id.strip()
    for shelf, load in _SHELVES.values():
        if not shelf.prefix or not wanted.casefold().startswith(shelf.prefix):
            continue
        if load is None:
            from ttc_core.problems import gym

            return gym.find(wanted)
        return _whole(_among(load(), wanted))
    prefix, _, rest = wanted.casefold()[:100].partition("/")
    meant = get_close_matches(f"{prefix}/", [shelf.prefix for shelf in shelves() if shelf.prefix], n=1, cutoff=0.7)
    if meant and rest:
        raise NotFound(f"There is no problem “{wanted[:100]}”; did you mean {meant[0]}{rest}?")
    return built_in.find(wanted)


def _among(known: Sequence[ShelfEntry], wanted: str) -> ShelfEntry:
    by_id = {entry.problem.id: entry for entry in known}
    if wanted.casefold() in by_id:
        return by_id[wanted.casefold()]
    close = get_close_matches(wanted.casefold()[:100], by_id, n=3, cutoff=0.4) or list(by_id)[:1]
    raise NotFound(f"There is no problem “{wanted[:100]}”; did you mean {' or '.join(close)}?")


def _whole(entry: ShelfEntry) -> ShelfEntry:
    """With the wrong programs that a problem of HumanEval is listed without."""
    if not entry.problem.id.startswith("humaneval/"):
        return entry
    from ttc_core.problems import humaneval

    return humaneval.whole(entry)


def _humaneval() -> Sequence[ShelfEntry]:
    from ttc_core.problems import humaneval

    return humaneval.listed()


def _tasks() -> Sequence[ShelfEntry]:
    from ttc_core.problems import repositories

    return repositories.entries()


def _reading() -> Sequence[ShelfEntry]:
    from ttc_core.problems import reading

    return reading.entries()


_SHELVES: dict[str, tuple[Shelf, Callable[[], Sequence[ShelfEntry]] | None]] = {
    shelf.name: (shelf, load)
    for shelf, load in (
        (
            Shelf("built-in", "First problems", "Short problems written for this project, from easy to hard.", 20, ""),
            built_in.shelf,
        ),
        (
            Shelf(
                "humaneval",
                "HumanEval",
                "Python functions to write, checked by hidden tests (Chen et al., arXiv 2107.03374).",
                164,
                "humaneval/",
            ),
            _humaneval,
        ),
        (
            Shelf(
                "gym",
                "Reasoning gym",
                "Generated problems of some hundred families: choose the family, how hard, and the seed.",
                None,
                "gym/",
            ),
            None,
        ),
        (
            Shelf("task", "Repositories", "Small repositories to change, checked by hidden tests.", 13, "task/"),
            _tasks,
        ),
        (
            Shelf("reading", "Reading", "Questions whose answers are spread over documents.", 20, "reading/"),
            _reading,
        ),
        (
            Shelf(
                "open",
                "Open questions",
                "Decisions and questions without a right answer, judged by a rubric.",
                6,
                "open/",
            ),
            built_in.open_questions,
        ),
    )
}
