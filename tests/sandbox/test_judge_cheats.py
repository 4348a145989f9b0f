"""Whatever a program tries, it is not counted as right unless it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox import cheats
from tests.sandbox.cheats import CASES, CHEATS, HONEST, TESTS, all_passed, passed
from ttc_core.sandbox import Sandbox, evaluate
from ttc_core.types import File

NOTHING = {name: (0, 0) for name in CHEATS}
ROOT = Path(cheats.__file__).parents[2]
NOBODY = 65534


@pytest.fixture
async def sandbox() -> Sandbox:
    made = Sandbox()
    if trouble := await made.ready():
        pytest.skip(trouble)
    return made


async def test_the_honest_solution_passes(sandbox: Sandbox):
    assert await passed(sandbox, HONEST) == (len(CASES), 1)


async def test_no_cheat_passes_anything(sandbox: Sandbox):
    assert await all_passed(CHEATS) == NOTHING


@pytest.mark.parametrize(
    "name", [name for name in CHEATS if name.startswith(("exits", "ends the p", "equals", "lying"))]
)
async def test_it_would_pass_where_tests_and_program_are_one_process(sandbox: Sandbox, name: str):
    """The cheats have teeth: a judge that believes the program's exit code takes these for right."""
    ran = await sandbox.run(["python3", "-c", f"{CHEATS[name]}\n{TESTS}\ncheck(answer)\n"])
    assert ran.code == 0


@pytest.mark.parametrize("name", [name for name in CHEATS if name.startswith("searches memory")])
async def test_a_search_of_memory_would_find_what_is_there(sandbox: Sandbox, name: str):
    checked = await evaluate(sandbox, f"{CHEATS[name]}\nheld = 'kumquat-7193'\n", CASES)
    assert [result.ok for result in checked.results] == [True, True, False, False]


async def test_a_search_of_the_disk_would_find_what_is_there(sandbox: Sandbox):
    checked = await evaluate(sandbox, CHEATS["searches the disk"], CASES, files=[File(path="a.txt", text=TESTS)])
    assert [result.ok for result in checked.results] == [True, True, False, False]


@pytest.mark.skipif(os.geteuid() != 0, reason="this is an ordinary user already")
def test_no_cheat_passes_anything_for_an_ordinary_user():
    packages = str(Path(pytest.__file__).parents[1])
    environment = {"PATH": os.defpath, "PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}

    def as_user(*given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, *given],
            **{"user": NOBODY, "group": NOBODY, "extra_groups": [], "env": environment, "cwd": "/"},
            **{"capture_output": True, "text": True, "check": False},
        )

    python = str(Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"))
    look = "import asyncio, ttc_core.sandbox as box; print(asyncio.run(box.Sandbox().ready()) or 'ready')"
    if not os.path.exists(python) or "ready" not in as_user("-c", look).stdout:
        pytest.skip("an ordinary user can read neither this project nor a Python, or has no sandbox")
    ran = as_user("-m", "tests.sandbox.cheats")
    told = {name: tuple(counts) for name, counts in json.loads(ran.stdout).items()}
    assert told == {"honest": (len(CASES), 1), **NOTHING}
