from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from ttc_core.errors import BadInput
from ttc_core.problems.patch_reader import LONGEST
from ttc_core.problems.patches import Touched, applied, difference, patch_key, touched
from ttc_core.types import File

TEXT = some.one_of(
    some.text(some.characters(exclude_categories=["Cs"])),
    some.lists(some.sampled_from(["a", "b", "", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "\\ No newline", "c\r"])).map(
        "\n".join
    ),
)
NAME = some.one_of(
    some.sampled_from(["a", "b", "x.py", "with blank", "ünïcode.txt", 'quo"te', "tab\tbed", "back\\slash"]),
    some.text(some.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(
        lambda name: name not in (".", "..")
    ),
)
REPOSITORY = some.dictionaries(NAME.map(lambda name: f"pkg/{name}"), TEXT, max_size=4)


def files(texts: dict[str, str]) -> tuple[File, ...]:
    return tuple(File(path=path, text=texts[path]) for path in sorted(texts))


@given(REPOSITORY, REPOSITORY)
@example({"pkg/a": ""}, {"pkg/b": ""})
@example({"pkg/a": "x"}, {"pkg/a": "x\n"})
@example({"pkg/a": "x\ny"}, {"pkg/a": "x\ny\nz"})
def test_a_difference_applies_to_what_it_was_made_from(before: dict[str, str], after: dict[str, str]) -> None:
    patch = difference(files(before), files(after))
    assert applied(files(before), patch) == files(after)
    assert (patch == "") == (before == after)


def test_a_difference_reads_as_git_writes_it() -> None:
    before = files({"b.py": "one\ntwo\n", "gone.py": "x\n"})
    after = files({"a.py": "new", "b.py": "one\n2\n"})
    assert difference(before, after) == (
        "diff --git a/a.py b/a.py\nnew file mode 100644\n--- /dev/null\n+++ b/a.py\n"
        "@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n"
        "diff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
        "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )


OLD = {
    "same.txt": "stays\n",
    "dir/long.py": "".join(f"line {n}\n" for n in range(60)),
    "dir/gone.py": "gone\n",
    "empty gone.txt": "",
    "moved.py": "".join(f"def f{n}(): ...\n" for n in range(30)),
    "end.txt": "no newline",
}
NEW = {
    "same.txt": "stays\n",
    "dir/long.py": "".join(f"line {n}\n" for n in range(60) if n not in (3, 40)).replace("line 20\n", "line 20\nadd\n"),
    "dir/ünï cöde.py": "print('new')\n",
    "empty new.txt": "",
    "renamed.py": "".join(f"def f{n}(): ...\n" for n in range(30)) + "end\n",
    "end.txt": "now with\n",
}


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for folder, texts in (("old", OLD), ("new", NEW)):
        for path, text in texts.items():
            place = tmp_path / folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
    return tmp_path


def output(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    "command",
    [
        "git -c core.quotepath=on diff --no-index -M old new",
        "git -c core.quotepath=off diff --no-index --no-renames old new",
        "git diff --no-index --no-prefix -U0 old new",
        "diff -ruN old new",
    ],
)
def test_what_git_and_diff_write_applies(folders: Path, command: str) -> None:
    patch = output(folders, *command.split())
    for side in ("old", "new"):  # --no-index keeps the folders' names, which a repository's own diff does not have
        patch = patch.replace(f"a/{side}/", "a/").replace(f"b/{side}/", "b/")
        patch = patch.replace(f"rename from {side}/", "rename from ").replace(f"rename to {side}/", "rename to ")
    if command.startswith("diff"):
        becomes = {path: text for path, text in NEW.items() if path != "empty new.txt"} | {"empty gone.txt": ""}
    else:
        becomes = NEW
    assert applied(files(OLD), patch) == files(becomes)  # diff -N says nothing of empty files


def test_two_names_as_they_were_typed(folders: Path) -> None:
    (folders / "old/end.txt.orig").write_text("before\n")
    (folders / "old/end.txt").write_text("after\n")
    patch = output(folders / "old", "diff", "-u", "end.txt.orig", "end.txt")
    assert applied(files({"end.txt": "before\n"}), patch) == files({"end.txt": "after\n"})


GOOD = difference(files({"x.py": "a\nb\nc\n"}), files({"x.py": "a\nB\nc\n"}))


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ("I would change line two.", "no patch"),
        (GOOD.replace("-b", "-z"), "does not apply"),
        (GOOD.replace("-1,3", "-2,3"), "does not apply"),
        (GOOD.replace("-1,3", "-1,9"), "not as long as it says"),
        (GOOD.replace("x.py", "y.py"), "is not there"),
        (
            GOOD.replace("a/x.py", "/dev/null").replace("@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", "@@ -0,0 +1 @@\n+a\n"),
            "already",
        ),
        (GOOD.replace("x.py", "../x.py"), "no path inside"),
        (GOOD.replace("x.py", "/etc/passwd"), "no path inside"),
        (GOOD.replace("a/x.py", "/etc/passwd").replace("b/x.py", "/etc/passwd"), "no path inside"),
        (GOOD.replace("x.py", "p/../../x.py"), "no path inside"),
        ('--- "a/\\056\\056/x"\n+++ "b/\\056\\056/x"\n@@ -0,0 +1 @@\n+x\n', "no path inside"),
        ("--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n", "names no file"),
        ("diff --git a/x b/x\nGIT binary patch\nliteral 3\nabc\n", "binary"),
        ("Binary files a/x and b/x differ\n", "binary"),
        (" " * (LONGEST + 1), "characters"),
        ("--- a/x.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "only a part"),
        (
            "--- a/x.py\n+++ b/x.py\n@@ -3,0 +4 @@\n+d\n\\ No newline at end of file\n@@ -9,0 +9 @@\n+e\n",
            "does not apply",
        ),
        ("--- a/x.py\n+++ b/x.py\n@@ -2 +2 @@\n-b\n+B\n\\ No newline at end of file\n", "line break"),
    ],
)
def test_what_cannot_be_applied_is_told_in_a_sentence(patch: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        applied(files({"x.py": "a\nb\nc\n"}), patch)


def test_the_key_ignores_where_and_when_but_not_what() -> None:
    moved = GOOD.replace("@@ -1,3 +1,3 @@", "@@ -7,3 +8,3 @@ def f():")
    dated = GOOD.replace("--- a/x.py\n", "index 83db48f..bf26fd3 100644\n--- a/x.py\t2026-01-01 10:00:00\n")
    assert patch_key(GOOD) == patch_key(moved) == patch_key(dated)
    assert patch_key(GOOD) != patch_key(GOOD.replace("+B", "+C"))
    assert patch_key(GOOD) != patch_key(GOOD.replace("x.py", "y.py"))
    assert patch_key("no patch at all") == patch_key(" no patch  at all\n") != patch_key("another")


def test_the_lines_of_a_patch_are_counted_by_file() -> None:
    patch = difference(files({"a.py": "1\n2\n", "b": ""}), files({"a.py": "1\n-- x\n3\n", "c": "new"}))
    assert touched(patch) == (Touched("a.py", 2, 1), Touched("b", 0, 0), Touched("c", 1, 0))
