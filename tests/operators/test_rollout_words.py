from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.operators.small_task import RIGHT, TASK
from ttc_core.operators.rollout_words import (
    AGAIN,
    CUT_OFF,
    LONGEST_OUTPUT,
    LONGEST_TRANSCRIPT,
    MISSING,
    SHORT_FILE,
    SILENT,
    UNCHANGED,
    Asked,
    Turn,
    observed,
    read_command,
    remarked,
    steady,
    transcript,
    turn_prompt,
)
from ttc_core.sandbox import Ran
from ttc_core.types import File, Reply

TURNS = [Turn(f"Thought {n}.\n```bash\nls {n}\n```", f"out {n} " * 300) for n in range(1, 6)]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("I look.\n```bash\nls -R\n```", Asked("", "ls -R")),
        (
            "```sh\nls\n```\nthen\n```bash\nrm x\n```",
            Asked("", "ls"),
        ),  # the second was written without seeing the first
        ("The code:\n```python\nprint(1)\n```\nand\n```bash\nls\n```", Asked("", "ls")),
        ("```\nls\n```", Asked("", "ls")),
        ("```python\nprint(1)\n```", Asked("", trouble=MISSING)),
        ("```\nls\n```\n```\npwd\n```", Asked("", trouble=MISSING)),
        ("```bash\n\n```", Asked("", trouble=MISSING)),
        ("I would run ls.", Asked("", trouble=MISSING)),
        ("<think>```bash\nrm -rf /\n```</think>\n```bash\nls\n```", Asked("", "ls")),
        ("```bash\nls", Asked("", "ls")),  # small models forget to close
        ("```bash\ncat > a.py <<'EOF'\nx = 1\nEOF\n```", Asked("", "cat > a.py <<'EOF'\nx = 1\nEOF")),
        ("```bash\r\nls\r\n```", Asked("", "ls")),
        ("```bash\nsubmit\n```", Asked("", submits=True)),
        ("```bash\nmake test\nsubmit\n```", Asked("", "make test", submits=True)),
        ("```bash\necho submit\n```", Asked("", "echo submit")),
        ("```bash title=x\nls\n```", Asked("", "ls")),
    ],
)
def test_the_command_of_a_reply(said: str, asked: Asked) -> None:
    assert replace(read_command(Reply(text=said)), said="") == asked


def test_a_command_that_was_cut_off_is_not_run() -> None:
    assert read_command(Reply(text="```bash\ncat > a.py <<'EOF'\nx", finish="length")).trouble == CUT_OFF
    assert read_command(Reply(text="```bash\nls\n```\nand th", finish="length")).command == "ls"


def test_what_a_reply_makes_up_after_its_command_is_not_remembered() -> None:
    reply = Reply(text="<think>Hm.</think>I look.\n```bash\nls\n```\nOutput:\nall.py\n```bash\nrm all.py\n```")
    assert read_command(reply) == Asked("I look.\n```bash\nls\n```", "ls")


def test_a_command_that_changes_nothing_is_remarked_on() -> None:
    taken = [Turn("", "a.py", "ls")]
    assert remarked("a.py", "ls", ()) == remarked("a.py", "ls -a", taken) == "a.py"
    assert remarked("a.py\nb.py", "ls", taken) == "a.py\nb.py"
    assert remarked(SILENT, "sed -i s/a/b/ a.py", ()) == UNCHANGED
    again = remarked("a.py", "ls", taken)
    assert again == AGAIN.format(turn=1) == remarked("a.py", "ls", [*taken, Turn("", again, "ls")])


def test_what_is_seen_of_a_command() -> None:
    assert observed(Ran(code=0), 5) == "(no output)"
    assert observed(Ran(code=2, output="no\n"), 5) == "no\n[exit code 2]"
    assert observed(Ran(code=124, output="a", errors="b", ended="timeout"), 5) == "ab\n[stopped after 5 s]"
    long = observed(Ran(code=0, output="a" * 9000 + "end"), 5)
    assert len(long) <= LONGEST_OUTPUT
    assert long.endswith("end")


def test_outputs_of_two_days_are_one_output() -> None:
    first = (
        "Ran 3 tests in 0.002s\n2 passed, 1 failed in 1.32s\n<shapes.Box object at 0x7f12aa34bb50>\nreal\t0m0.513s\n"
        "-rw-r--r-- 1 65534 65534 45 Nov 24 01:58 a.py\ndrwxr-xr-x 2 65534 65534 60 Nov  4 01:58 b\n"
    )
    second = (
        "Ran 3 tests in 10.102s\n2 passed, 1 failed in 0.32s\n<shapes.Box object at 0x7f99aa34bb10>\nreal\t1m0.513s\n"
        "-rw-r--r-- 1 65534 65534 45 Jan  2 11:00 a.py\ndrwxr-xr-x 2 65534 65534 60 Jan 12  2027 b\n"
    )
    assert steady(first) == steady(second)
    meant = "AssertionError: '2 h in 3.5s' != '2026-11-24 01:58' at 0x10"
    assert steady(meant) == meant


def test_a_prompt_that_does_not_fit_loses_its_oldest_turns_first() -> None:
    whole = turn_prompt(TASK, "", TURNS, 12, "0123abcd")
    half = turn_prompt(TASK, "", TURNS, 12, "0123abcd", 0.5)
    least = turn_prompt(TASK, "", TURNS, 12, "0123abcd", 1 / 32)
    assert len(whole) > len(half) > len(least)
    assert TURNS[0].output in whole
    assert "Thought 1." not in half
    assert TURNS[4].output in half
    for words in (whole, half, least):
        assert f"\n\nProblem:\n{TASK.text}\n\n" in words
        assert words.endswith("Turn 6 of 12. Write your short thought and your command now.")
        assert "one ```bash block" in words


def test_a_long_reply_without_a_command_is_not_said_again_in_full() -> None:
    said = "python -m unittest -q\n" * 200
    words = turn_prompt(TASK, "", [Turn(said, MISSING)], 12, "0123abcd")
    assert MISSING in words
    assert words.count("python -m unittest -q") < 25
    assert turn_prompt(TASK, "", [Turn(said, "", "ls")], 12, "0123abcd").count("python -m unittest -q") > 100


def test_a_prompt_names_the_files_and_the_tests_and_shows_the_code_there_is_room_for() -> None:
    words = turn_prompt(TASK, "", (), 12, "0123abcd")
    assert "- shapes.py (6 lines)" in words
    assert "python -m unittest -q" in words
    assert "return width + height" in words
    huge = TASK.model_copy(update={"files": (*TASK.files, File(path="huge.py", text="x = 1  # much\n" * 2000))})
    words = turn_prompt(huge, "", (), 12, "0123abcd")
    assert "- huge.py (2000 lines)" in words
    assert "# much" not in words
    assert "return width + height" in words


@pytest.mark.parametrize(
    "text", ['"""\n```bash\nrm a\n```\n"""\n', 'x = """\nEOF\nEOF_\n"""\n', "x = '$HOME'  # `ls`\n", "x = '\\\\n'\n"]
)
def test_a_file_is_shown_as_the_command_that_writes_it(text: str, tmp_path: Path) -> None:
    task = TASK.model_copy(update={"files": (File(path="it's here.py", text=text),)})
    after = turn_prompt(task, "", (), 12, "0123abcd").partition("written by these commands:\n\n")[2]
    fence, command = after.split("bash\n", 1)
    subprocess.run(["bash", "-c", command.split(f"\n{fence}\n")[0]], cwd=tmp_path, check=True)
    assert set(fence) == {"`"}
    assert (tmp_path / "it's here.py").read_text() == text


def test_the_form_of_a_first_reply_stands_in_the_first_turn_only() -> None:
    words = turn_prompt(TASK, "", (), 12, "0123abcd")
    assert "cat > shapes.py <<'EOF'\n" in words
    assert "like those above" in words
    assert "cat shapes.py\n```" in turn_prompt(TASK, "", (), 12, "0123abcd", 1 / 1000), "not shown, so read first"
    assert "like those above" not in turn_prompt(TASK, "", TURNS[:1], 12, "0123abcd")
    long = TASK.model_copy(update={"files": (File(path="long.py", text="x = 1\n" * (SHORT_FILE + 1)),)})
    words = turn_prompt(long, "", (), 12, "0123abcd")
    assert "cat > long.py" in words
    assert "like those above" not in words, "a reply would be cut off before it has written all of it"
    assert "This is the last turn" in turn_prompt(TASK, "", TURNS[:1], 2, "0123abcd")


def test_a_transcript_says_first_how_it_went() -> None:
    text = transcript(TURNS[:1], RIGHT, submitted=False)
    assert text.startswith("1 turn, ended without submitting; changed notes/why.txt (+1 -0), shapes.py (+1 -1).\n")
    assert text.rstrip().endswith(RIGHT.rstrip())
    long = transcript([Turn("a" * 9000, "b" * 9000)] * 50, RIGHT, submitted=True)
    assert len(long) <= LONGEST_TRANSCRIPT
    assert "Turn 1\n" in long
    assert transcript((), "", submitted=True).endswith("There is no patch.")
