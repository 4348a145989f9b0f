"""What attempts, judges and note-takers are asked, by kind of problem: the sentences that differ, and nothing else.

The published papers do not disclose their prompts; these are our own, tried on models from half a billion parameters
on. Such models write what they are shown a form of, so a form comes last, and without placeholders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ttc_core.types import Problem

ANSWER_LINE = (
    "End your reply with a line that starts with the word Answer and a colon, then gives only the final answer."
)


@dataclass(frozen=True)
class Asking:
    """The sentences of one kind of problem."""

    solve: str
    """Ends the prompt of a fresh attempt."""
    anew: str
    """Goes on from "Check it, keep what holds, mend what does not, and"."""
    best: str
    """Goes on from "Which of these 2 solutions"."""
    likely: str
    """Asks a judge for one solution's score."""
    scale: tuple[str, str]
    """What the lowest and the highest score mean."""
    errors: str
    """Asks for a critique."""
    outcome: str
    """Ends the prompt of a summary."""
    notes: str
    """What belongs into notes over several drafts; goes on from "for someone who will"."""
    chosen: str
    """Goes on from "Choose the 2 of these 4 solutions that"."""


STEPS = "Think step by step and keep each step short."

PLAIN = Asking(
    solve=f"Solve this problem. {STEPS} {ANSWER_LINE}",
    anew=f"solve the problem anew. {STEPS} {ANSWER_LINE}",
    best="has the right final answer, or is most likely to have it? Check the decisive step yourself; length, style "
    "and order do not count.",
    likely="How likely is the final answer of this solution right? Check the decisive step yourself.",
    scale=("surely wrong", "surely right"),
    errors="Look for errors in this attempt: check each step, and say which hold and which do not, and why. Do not "
    "write a new solution.",
    outcome='Then write one last line: "Answer: " followed by the attempt\'s own final answer, right or wrong.',
    notes="solve the problem anew and will see only your notes: what the drafts agree on, where they contradict each "
    "other and who seems right and why, intermediate results worth keeping, and what is still open. Do not solve the "
    "problem yourself beyond that.",
    chosen="are most likely right and most useful to build on. Check the decisive steps yourself.",
)

CODE = replace(
    PLAIN,
    best="has the program that is right for every input the problem allows, or is most likely to be? Follow the "
    "programs on an input for which they may differ; length, style and order do not count.",
    likely="How likely is the program of this solution right for every input the problem allows? Follow it on an input "
    "for which it may go wrong.",
    errors="Look for errors in this program: follow it on an example and on the inputs for which it may go wrong, and "
    "say what holds and what does not, and why. Do not write a new program.",
    outcome="Do not copy the program: it is shown together with your summary.",
    notes="write the program anew and will see only your notes: what the drafts agree on, where they differ and who "
    "seems right and why, lines of code worth keeping word for word, and what is still open. Do not write the whole "
    "program yourself.",
)
"""What an attempt is asked is missing here: it names the function."""

PATCH = replace(
    PLAIN,
    best="makes the change that does what is asked and breaks nothing, or is most likely to? Check the decisive lines "
    "yourself; length, style and order do not count.",
    likely="How likely does the change of this solution do what is asked and break nothing? Check the decisive lines "
    "yourself.",
)

OPEN = Asking(
    solve="Answer this. Weigh what speaks for and against, decide, give your reasons, and keep to what matters. Your "
    "whole reply is the answer.",
    anew="answer anew. Your whole reply is the answer, so do not speak of the earlier attempts in it.",
    best="serves the one who asks best, judged by {measure}? Check the claims that decide it; length and order do not "
    "count.",
    likely="How well does this solution serve the one who asks, judged by {measure}? Check the claims that decide it.",
    scale=("of no use", "could not be better"),
    errors="Say what is wrong, missing or not backed up in this answer, judged by {measure}, and what holds. Do not "
    "write a new answer.",
    outcome='Then write one last line: "Answer: " followed by what the attempt decides, in few words.',
    notes="answer anew and will see only your notes: what the drafts agree on, where they contradict each other and "
    "who seems right and why, points and facts worth keeping, and what none of them has thought of. Do not write the "
    "answer yourself.",
    chosen="serve the one who asks best, judged by {measure}, and are most useful to build on.",
)


def asking(problem: Problem) -> Asking:
    """The sentences for a problem."""
    match problem.kind:
        case "code":
            form = _program_form(problem.entry)
            solve = f"Solve this problem in Python. {form}"
            return replace(CODE, solve=solve, anew=f"solve the problem anew. {form}")
        case "patch":
            return PATCH
        case "open":
            measure = "the rubric" if problem.rubric else "what was asked"
            fields = ("best", "likely", "errors", "chosen")
            return replace(OPEN, **{name: getattr(OPEN, name).format(measure=measure) for name in fields})
        case _:
            return PLAIN


def _program_form(entry: str) -> str:
    """Asks for a program and nothing else: small models that explain first run out of room for it."""
    defines = f" that defines the function `{entry}` and imports all it needs" if entry else ""
    return (
        f"Write one complete Python program{defines}, in one block that begins with ```python and ends with ```. "
        "Write nothing before or after it."
    )
