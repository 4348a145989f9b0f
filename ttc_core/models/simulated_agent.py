"""What the simulated model says in an attempt of several turns at a repository: which change, and by which commands.

The dice fall once for a whole attempt, so that all its turns make one change: the right one, or a misconception. The
turns then follow a fixed script (look, read, change, test, submit), whose commands are real: what they print, and the
patch that comes of them, is the sandbox's doing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from random import Random
from shlex import quote

from ttc_core.models.simulated_odds import Odds
from ttc_core.types import Request

BARE = "\\ No newline at end of file"

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_OPENINGS = ("I first see what there is.", "Before I change anything I look around.", "I begin with the files.")
_CHANGES = (
    "The cause seems clear. I change it.",
    "This is where it has to be mended.",
    "I make the smallest change that could do it.",
)


@dataclass
class Edit:
    """What a patch does to one file."""

    path: str
    appears: bool = False
    goes: bool = False
    added: int = 0
    removed: int = 0
    ranges: list[tuple[int, int, list[str]]] = field(default_factory=list)
    """Lines that are replaced: the first (from 0), the one after the last, and what comes in their place."""


def lines(request: Request, odds: Odds) -> list[str]:
    """What the agent says in this turn; its last lines are one command in a fenced block."""
    rng = odds.chance("agent", request.problem.id, request.sample, request.turn)
    thought, command = _script(decided(request, odds), request.problem.command, request.turn, rng)
    return [f"[simulated] {thought}", "```bash", *command, "```"]


def decided(request: Request, odds: Odds) -> str:
    """The patch of this attempt: drawn as the answer of a proposal or refinement, and the same in every turn."""
    first = request.model_copy(update={"role": "refine" if request.shown else "propose"})
    shown = [[shown.id, shown.answer] for shown in request.shown]
    return odds.solve(first, odds.chance("rollout", request.problem.id, request.problem.text, request.sample, shown))


def named(patch: str | None) -> str | None:
    """A patch in few words, as judges speak of it."""
    if patch is None:
        return None
    return "a change of " + (", ".join(f"{e.path} (+{e.added} -{e.removed})" for e in edits(patch)) or "nothing")


def edits(patch: str) -> list[Edit]:
    """What a patch, as git writes it, does to each file."""
    made: list[Edit] = []
    rows = patch.split("\n")
    at = 0
    while at < len(rows):
        row = rows[at]
        at += 1
        if row.startswith("diff --git "):
            made.append(Edit(row.rpartition(" b/")[2]))
        elif row.startswith("new file mode"):
            made[-1].appears = True
        elif row.startswith("deleted file mode"):
            made[-1].goes = True
        elif found := _HUNK.match(row):
            at = _read_hunk(int(found[1]), int(found[2] or 1), int(found[4] or 1), rows, at, made[-1])
    return made


def _read_hunk(start: int, old: int, new: int, rows: list[str], at: int, edit: Edit) -> int:
    """Take in the hunk whose first row is at `at`, without the lines around it that stay; the place after it."""
    first = start - (old > 0)
    signed: list[tuple[str, str]] = []
    while old or new:
        sign, text = rows[at][:1], rows[at][1:]
        old, new, at = old - (sign != "+"), new - (sign != "-"), at + 1
        bare = rows[at : at + 1] == [BARE]
        at += bare
        signed.append((sign, text if bare else f"{text}\n"))
    while signed and signed[0][0] == " ":
        del signed[0]
        first += 1
    while signed and signed[-1][0] == " ":
        del signed[-1]
    last = first + sum(sign != "+" for sign, _ in signed)
    edit.added += sum(sign == "+" for sign, _ in signed)
    edit.removed += sum(sign == "-" for sign, _ in signed)
    edit.ranges.append((first, last, [text for sign, text in signed if sign != "-"]))
    return at


def _script(patch: str, tests: str, turn: int, rng: Random) -> tuple[str, list[str]]:
    """The thought and the command of a turn."""
    changes = edits(patch)
    match turn:
        case 1:
            return rng.choice(_OPENINGS), ["ls -R"]
        case 2:
            old = [quote(edit.path) for edit in changes if not edit.appears]
            return "This is what it comes down to.", [f"cat {' '.join(old)}" if old else "pwd"]
        case 3:
            return rng.choice(_CHANGES), [row for edit in changes for row in _command(edit)] or ["true"]
        case 4 if tests:
            return "Now the tests.", [tests]
        case _:
            return "I am done with it.", ["submit"]


def _command(edit: Edit) -> list[str]:
    """The bash command that makes the change of one file: a short Python script that replaces lines."""
    if edit.goes:
        return [f"rm {quote(edit.path)}"]
    folder = str(PurePosixPath(edit.path).parent)
    rows = [f"mkdir -p {quote(folder)}"] if edit.appears and folder != "." else []
    rows += ["python - <<'EOF'", f"path = {edit.path!r}"]
    rows += ["lines = []"] if edit.appears else ['lines = open(path, newline="\\n").readlines()']
    for first, last, becomes in reversed(edit.ranges):  # from the end, so that the numbers of the others still hold
        rows += [f"lines[{first}:{last}] = [", *(f"    {line!r}," for line in becomes), "]"]
    return [*rows, 'open(path, "w", newline="\\n").writelines(lines)', "EOF"]
