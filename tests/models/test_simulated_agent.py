from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as some

from tests.operators.small_task import REFERENCE, RIGHT, TASK, WRONG
from ttc_core.models.simulated import SimulatedModel, SimulatedSettings
from ttc_core.models.simulated_agent import named
from ttc_core.operators.rollout_words import read_command
from ttc_core.problems.patches import applied, difference
from ttc_core.types import File, Message, Reference, Request, Role, Shown


def request(turn: int, *, sample: int = 1, shown: tuple[Shown, ...] = (), **changes: object) -> Request:
    role: Role = "act" if turn > 1 else "refine" if shown else "propose"
    return Request(
        call=f"c/{turn}",
        node="c",
        role=role,
        problem=TASK.asked,
        messages=(Message(role="user", content="Now."),),
        sample=sample,
        shown=shown,
        turn=turn,
        seed=turn,
        **changes,
    )


def model(reference: Reference = REFERENCE, accuracy: float = 0.5) -> SimulatedModel:
    return SimulatedModel(SimulatedSettings(accuracy=accuracy, speed=0, unreadable=0), reference, 1, same=str.__eq__)


def says(turn: int, sample: int = 1, shown: tuple[Shown, ...] = (), **of: object) -> str:
    return model(**of).answer(request(turn, sample=sample, shown=shown))[0].text


def test_one_attempt_makes_one_change_in_all_its_turns() -> None:
    chosen = {sample: "width * height" in says(3, sample) for sample in range(1, 30)}
    assert set(chosen.values()) == {True, False}
    for sample, right in chosen.items():
        assert ("notes" in says(3, sample)) == right  # only the right change has a second file
        assert says(2, sample).count("shapes.py") == 1


def test_each_turn_is_marked_and_asks_for_one_command() -> None:
    commands = [read_command(model().answer(request(turn))[0]) for turn in range(1, 7)]
    assert all(says(turn).startswith("[simulated]") for turn in range(1, 7))
    assert [asked.command.split()[0] for asked in commands[:4]] == [
        "ls",
        "cat",
        commands[2].command.split()[0],
        "python",
    ]
    assert commands[3].command == TASK.command
    assert [asked.submits for asked in commands] == [False] * 4 + [True] * 2


def test_a_refinement_of_right_changes_is_mostly_right() -> None:
    def right(answer: str) -> float:
        shown = (Shown(id="a", answer=answer), Shown(id="b", answer=answer))
        return sum("width * height" in says(3, sample, shown) for sample in range(1, 60)) / 59

    assert right(RIGHT) > 0.9
    assert right(WRONG) < 0.1


def test_judges_speak_of_a_change_in_few_words() -> None:
    assert named(RIGHT) == "a change of notes/why.txt (+1 -0), shapes.py (+1 -1)"
    assert named(None) is None
    shown = (Shown(id="a", answer=RIGHT), Shown(id="b", answer=WRONG))
    vote = model().answer(request(0, shown=shown).model_copy(update={"role": "compare"}))[0].text
    assert "return width" not in vote
    assert "Final verdict: Solution" in vote


def test_the_agent_without_a_known_mistake_changes_nothing_when_it_errs() -> None:
    assert "```bash\ntrue\n```" in says(3, reference=Reference(answer=RIGHT), accuracy=0.0)


TEXT = some.lists(some.sampled_from(["a", "b", "", "-- x", "++ y", "'\"\\", "ü\r", "@@ -1 +1 @@"])).map("\n".join)
FILES = some.dictionaries(some.sampled_from(["x.py", "pkg/y.py", "pkg/deep/z z.txt"]), TEXT)


@given(FILES, FILES)
@settings(max_examples=25, deadline=None)
def test_its_commands_make_exactly_the_change(before: dict[str, str], after: dict[str, str]) -> None:
    old, new = ([File(path=path, text=text) for path, text in sorted(files.items())] for files in (before, after))
    patch = difference(old, new)
    assume(patch)
    command = read_command(model(Reference(answer=patch), accuracy=1.0).answer(request(3))[0]).command
    with tempfile.TemporaryDirectory() as folder:
        for file in old:
            place = Path(folder, file.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.text.encode())
        subprocess.run(["bash", "-c", command], cwd=folder, check=True)
        found = {
            p.relative_to(folder).as_posix(): p.read_bytes().decode() for p in Path(folder).rglob("*") if p.is_file()
        }
    assert found == after == {file.path: file.text for file in applied(old, patch)}
