"""The words of the simulated model: what it says once the dice have fallen; knows nothing of the odds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

DRAWN = "[simulated] The working is made up; the answer was drawn with known odds."
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

PASSAGE = re.compile(r"^=== begin [0-9a-f]{8} ===\nPassage (\d+)$", re.MULTILINE)

OPPOSITES = {"yes": "no", "no": "yes", "true": "false", "false": "true", "possible": "impossible", "valid": "invalid"}

PLANS = (
    "I first write down what is given and what is asked.",
    "I take the statement apart and look at one condition at a time.",
    "I start from what is asked and go back to what is given.",
    "I try the most direct way first.",
)
STEPS = (
    "The first condition leaves only a few possibilities.",
    "Putting the second fact into the first removes one unknown.",
    "What remains can be worked out one step after the other.",
    "No other case fits all the conditions.",
    "This agrees with the rest of the statement.",
    "A rough estimate gives a result of the same kind.",
)
CHECKS = (
    "Putting the result back into the problem raises no contradiction.",
    "A second way gives the same result.",
    "I checked the last step once more.",
    "I did not check every step.",
)
EVIDENCE = (
    "uses every condition of the problem",
    "has a step that is claimed but not shown",
    "is short and can be followed",
    "checks its result at the end",
    "leaves one case open",
    "starts well, then becomes vague",
)


def solution(answer: str, problem: str, context: int, rng: Random) -> list[str]:
    """A worked solution; `context` is how many earlier attempts it was shown."""
    numbers = list(dict.fromkeys(NUMBER.findall(problem)))[:6]
    return [
        DRAWN,
        *([f"Of the earlier work I was shown ({context}) I keep what holds up."] if context else []),
        rng.choice(PLANS),
        *([f"The numbers I am given: {', '.join(numbers)}."] if numbers else []),
        *rng.sample(STEPS, rng.randint(2, 3)),
        rng.choice(CHECKS),
        _answer(answer),
    ]


def citation(prompt: str) -> list[str]:
    """Where a prompt shows passages, one of them as the source; none is read."""
    passage = PASSAGE.search(prompt)
    return [f"Passage [{passage[1]}] is named as the source, unread."] if passage else []


def summary(answer: str | None, rng: Random) -> list[str]:
    """The summary of one candidate, with its answer as it gave it."""
    return [
        "[simulated] Summary of one candidate.",
        f"Approach: {rng.choice(PLANS)}",
        f"Shown: {rng.choice(STEPS)}",
        f"Only claimed: {rng.choice(CHECKS)}",
        _answer(answer) if answer else "It gives no final answer that can be read.",
    ]


def comparison(chosen: Sequence[int], answers: Sequence[str | None], rng: Random) -> list[str]:
    """A judge's reasons and verdict; `chosen` counts the candidates shown from 0."""
    names = [f"Solution {position + 1}" for position in range(len(answers))]
    verdict = ", ".join(names[position] for position in chosen)
    return [
        "[simulated] I compare the solutions one by one.",
        *(
            f"{name} ends with {_quoted(answer)} and {rng.choice(EVIDENCE)}."
            for name, answer in zip(names, answers, strict=True)
        ),
        f"What speaks for {verdict} weighs more than what speaks against.",
        f"Final verdict: {verdict}",
    ]


def workspace(answers: Sequence[str | None]) -> list[str]:
    """A digest of several attempts: which answers there are, and where they agree or contradict each other."""
    count = Counter(answers).most_common()
    if not answers:
        return ["[simulated] Workspace.", "There are no attempts yet."]
    agreement = (
        "All attempts agree." if len(count) == 1 else f"The attempts contradict each other: {len(count)} answers."
    )
    return [
        f"[simulated] Workspace made from {len(answers)} attempts.",
        *(f"- {_quoted(answer)}: {times} of {len(answers)}" for answer, times in count[:8]),
        agreement,
        "Still to be done: check the step at which they part." if len(count) > 1 else "Still to be done: a check.",
    ]


def grading(score: float, rng: Random) -> list[str]:
    """A judge's reasons and score, 0 to 10."""
    first, second = rng.sample(EVIDENCE, 2)
    return [
        "[simulated] I grade this solution by itself.",
        f"It {first}.",
        f"It also {second}.",
        f"Score: {score:g}",
    ]


def critique(approves: bool, rng: Random) -> list[str]:
    """Feedback on one candidate, for or against it."""
    opinion = (
        "I find no error: the answer looks right and can be kept."
        if approves
        else "I find an error: the answer looks wrong and the step above has to be done again."
    )
    return ["[simulated] Feedback on this solution.", f"It {rng.choice(EVIDENCE)}.", rng.choice(STEPS), opinion]


def wrong_answers(answer: str, choices: Sequence[str]) -> tuple[str, ...]:
    """Answers near the given one, the most tempting first; some may still be equivalent to it."""
    if choices:
        return tuple(choices)
    if number := NUMBER.search(answer):
        return tuple(answer[: number.start()] + other + answer[number.end() :] for other in _near(number.group()))
    if opposite := OPPOSITES.get(answer.strip().lower()):
        return (opposite,)
    items = [item.strip() for item in answer.split(",")]
    shorter = [", ".join(items[:-1]), ", ".join(items[1:])] if len(items) > 1 else []
    return (*shorter, f"not {answer}", "it cannot be decided")


def _near(number: str) -> list[str]:
    """Slips of a written number, with as many decimals as it has."""
    value, decimals = float(number), len(number.partition(".")[2])
    slips: tuple[Callable[[float], float], ...] = (
        lambda x: x + 1,
        lambda x: x - 1,
        lambda x: 2 * x,
        lambda x: x + 10,
        lambda x: 10 * x + 2,
    )
    return [f"{slip(value):.{decimals}f}" for slip in slips]


def beginning(answer: str | None) -> str | None:
    """The first words of a long answer, without those that say that it is made up."""
    words = " ".join((answer or "").removeprefix(DRAWN).split())
    return (words if len(words) <= 60 else f"{words[:59]}…") or None


def _answer(answer: str) -> str:
    return f"Answer: {' '.join(answer.split())}"


def _quoted(answer: str | None) -> str:
    return f'"{" ".join(answer.split())}"' if answer else "no readable answer"
