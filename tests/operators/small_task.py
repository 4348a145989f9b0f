"""A repository small enough to read in a test, with a fault, the patch that mends it, and one that does not."""

from __future__ import annotations

from ttc_core.problems.patches import difference
from ttc_core.types import Case, File, Problem, Reference

SOURCE = (
    "def area(width, height):\n    return width + height\n\n\n"
    "def double(width, height):\n    return 2 * area(width, height)\n"
)
VISIBLE = (
    "import unittest\n\nfrom shapes import area\n\n\nclass AreaTest(unittest.TestCase):\n"
    "    def test_two_by_two(self):\n        self.assertEqual(area(2, 2), 4)\n"
)
FILES = (
    File(path="README.md", text="Areas of rectangles.\n"),
    File(path="shapes.py", text=SOURCE),
    File(path="test_shapes.py", text=VISIBLE),
)


def patched(source: str, *more: File) -> str:
    return difference(FILES, [FILES[0], File(path="shapes.py", text=source), FILES[2], *more])


RIGHT = patched(SOURCE.replace("width + height", "width * height"), File(path="notes/why.txt", text="It was a sum."))
WRONG = patched(SOURCE.replace("width + height", "width * width"))
HIDDEN = (
    Case(call="from shapes import area\narea(1234, 5678)", expected="7006652"),
    Case(call="from shapes import double\ndouble(4321, 8765)", expected="75747130"),
)
TASK = Problem(
    id="test/areas",
    kind="patch",
    title="Areas are sums",
    text="The area of a rectangle is its width times its height, but shapes.area adds them.",
    files=FILES,
    command="python -m unittest -q",
)
REFERENCE = Reference(answer=RIGHT, misconceptions=(WRONG,), cases=HIDDEN)
