"""What is asked, and how an answer is read and checked; knows nothing of who answers."""

from ttc_core.problems.answers import canonical, check, equivalent, last_line, read_answer, read_code
from ttc_core.problems.own import problem_from_text
from ttc_core.problems.shelf import Difficulty, ShelfEntry, find, shelf

__all__ = [
    "Difficulty",
    "ShelfEntry",
    "canonical",
    "check",
    "equivalent",
    "find",
    "last_line",
    "problem_from_text",
    "read_answer",
    "read_code",
    "shelf",
]
