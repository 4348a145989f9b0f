"""Whatever a program tries, it is not counted as right unless it is."""

from __future__ import annotations

import json
import os

import pytest

from tests.sandbox.cheats import CASES, CHEATS, HONEST, TESTS, all_passed, passed
from tests.sandbox.ordinary import as_ordinary_user
from ttc_core.sandbox import Sandbox, evaluate
from ttc_core.types import File

NOTHING = {name: (0, 0) for name in CHEATS}


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
@pytest.mark.usefixtures("boxes")
def test_no_cheat_passes_anything_for_an_ordinary_user():
    ran = as_ordinary_user("-m", "tests.sandbox.cheats")
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = {name: tuple(counts) for name, counts in json.loads(ran.stdout).items()}
    assert told == {"honest": (len(CASES), 1), **NOTHING}
