"""What is asked, and how an answer is read and checked; knows nothing of who answers."""

from ttc_core.problems.answers import canonical, check, equivalent
from ttc_core.problems.library import find
from ttc_core.problems.own import problem_from_text
from ttc_core.problems.replies import last_line, read_answer, read_answer_of, read_code
from ttc_core.problems.shelf import Difficulty, ShelfEntry, shelf
from ttc_core.problems.verify import verdict

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
    "read_answer_of",
    "read_code",
    "shelf",
    "verdict",
]
