"""The form that a judge's verdict or a program must have, as a grammar or a JSON schema; knows nothing of who answers.

Both follow from what the request means. Whatever way a reply was bound, it is read from the same plain last line.
"""

from __future__ import annotations

import json
from typing import Any

from ttc_core.types import Request

VERDICT, SCORE = "Final verdict: ", "Score: "
"""How the last line begins that a judge is asked for."""
SCORES = range(11)

LAST_LINE_TOKENS = 16
"""Tokens kept for the last line; each further solution named in it takes half as many."""
CHARACTERS_PER_TOKEN = 1.75
"""Of prose a token holds four or five, of sums and formulas about two."""
MOST_CHARACTERS = 900
"""Of reasoning: seven or eight sentences."""
LINES = 2
"""Of reasoning, in a grammar: each may have its share of the characters."""
PROSE, THOUGHT = "piece*", r'(piece{0,600} "\n")?'
"""What may stand before a program, and before a command: small models that muse for long never come to one."""
TELLING = 4
"""Letters that tell the word of the last line from others."""


def grammar(request: Request) -> str | None:
    """A GBNF grammar for llama.cpp: a line or two of reasoning that leave room for the last line, then that line.

    The reasoning cannot hold the word of the last line, so that a model gives one verdict and not two that differ.
    A program, or a command in a repository, is one fenced block with nothing behind it. None for whoever may answer
    as they like. A list may name a solution twice; whoever reads it will see.
    """
    making = request.role in ("propose", "refine", "act")
    if making and request.problem.kind == "patch":
        return _fenced("bash", THOUGHT)  # whoever makes up what a command prints, and goes on from that, is lost
    if making and request.problem.kind == "code" and not request.turn:
        return _fenced("python")
    if request.role == "score":
        word, ending = "score", f'"{SCORE}" ({_either(SCORES)})'
    elif numbers := _numbers(request):
        word, further = "verdict", ' ", Solution " number' * (_count(request) - 1)
        ending = f'"{VERDICT}Solution " number{further}\nnumber ::= {_either(numbers)}'
    else:
        return None
    line = f'piece{{1,{_room(request) // LINES}}} "\\n"{{1,2}}'
    return f"root ::= line{{1,{LINES}}} {ending}\nline ::= {line}\npiece ::= {_other_than(word[:TELLING])}\n"


def _fenced(language: str, prose: str = PROSE) -> str:
    """Prose of any words without a fence, and one block in that language, which ends the reply.

    Line ends may follow, since to many models the fence and the line ends behind it are one token.
    """
    piece = r'[^`\x00] | "`" [^`\x00] | "``" [^`\x00]'
    return f'root ::= prose "```{language}\\n" piece+ "```" "\\n"{{0,2}}\nprose ::= {prose}\npiece ::= {piece}\n'


def _other_than(word: str) -> str:
    """Characters of a line that do not begin that word, whatever their case: one, or a few up to where they differ."""
    rule = ""
    for letter in reversed(word):
        either = f"{letter.lower()}{letter.upper()}"
        rule = f"[^{either}\\n\\x00]" + (f" | [{either}] ({rule})" if rule else "")
    return rule


def schema(request: Request, *, bounded: bool = False) -> dict[str, Any] | None:
    """A JSON schema for the same: the reason first, then ``verdict`` (a number, or a list) or ``score``.

    None for roles that may answer as they like.

    Args:
        request: What is asked.
        bounded: Whether to bound the length of the reason, which small models need and some providers do not take.
    """
    reason: dict[str, Any] = {"type": "string", "description": "Two or three sentences."}
    if bounded:
        reason["maxLength"] = _room(request)
    if request.role == "score":
        return _object(reason=reason, score={"type": "integer", "enum": list(SCORES)})
    if not (numbers := _numbers(request)):
        return None
    verdict: dict[str, Any] = {"type": "integer", "enum": list(numbers)}
    if request.role == "select" and request.take > 1:
        verdict = {"type": "array", "items": verdict, "minItems": _count(request), "maxItems": _count(request)}
    return _object(reason=reason, verdict=verdict)


def as_text(request: Request, text: str) -> str:
    """A reply of that schema as the plain text that the prompt asks for; anything else as it is."""
    said = _parsed(text)
    if said is None:
        return text
    if request.role == "score":
        score = said.get("score")
        ending = f"{SCORE}{score}" if isinstance(score, int | float) and not isinstance(score, bool) else ""
    else:
        verdict = said.get("verdict")
        named = verdict if isinstance(verdict, list) else [verdict]
        plain = named and all(isinstance(n, int) and not isinstance(n, bool) for n in named)
        ending = VERDICT + ", ".join(f"Solution {n}" for n in named) if plain else ""
    reason = said.get("reason", "")
    if not ending or not isinstance(reason, str):
        return text
    reason = " ".join(reason.replace("<think>", " ").split())  # no line is taken for the last, nor all for thoughts
    return f"{reason}\n{ending}".lstrip("\n")


def _parsed(text: str) -> dict[str, Any] | None:
    """The JSON object that the text is, fenced or not. Numbers too long to print are no numbers."""
    bare = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        said = json.loads(bare, parse_constant=lambda name: None, parse_int=lambda digits: int(digits[:20]))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _numbers(request: Request) -> range:
    """The numbers that a verdict may name; none where it is no verdict that is asked for."""
    return range(1, len(request.shown) + 1) if request.role in ("compare", "select") else range(0)


def _count(request: Request) -> int:
    """How many solutions a verdict names."""
    return max(1, min(request.take, len(request.shown))) if request.role == "select" else 1


def _room(request: Request) -> int:
    """Characters of reasoning that leave room for the last line."""
    tokens = request.max_tokens - LAST_LINE_TOKENS - LAST_LINE_TOKENS // 2 * (_count(request) - 1)
    return max(1, min(MOST_CHARACTERS, int(tokens * CHARACTERS_PER_TOKEN)))


def _either(numbers: range) -> str:
    return " | ".join(f'"{number}"' for number in numbers)


def _object(**properties: Any) -> dict[str, Any]:
    """All of them, in this order, and nothing else: what strict modes ask for."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
