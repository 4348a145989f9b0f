"""Cutting a template into plain text, outputs and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TOKEN = re.compile(
    r"""
      ^[ \t]*\{% (?P<alone> (?: (?!%\}) . )* ) %\}[ \t]*\n
    | \{%  (?P<tag>    .*? ) %\}
    | \{\{ (?P<output> .*? ) \}\}
    | \{\# (?P<remark> .*? ) \#\}
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A part of a template, and the line in which it begins."""

    kind: Literal["text", "output", "tag"]
    text: str
    line: int


def tokens(template: str) -> Iterator[Token]:
    """The parts of a template in order; remarks are left out."""
    line = 1
    done = 0
    for found in TOKEN.finditer(template):
        before = template[done : found.start()]
        if before:
            yield Token("text", before, line)
        line += before.count("\n")
        if found["output"] is not None:
            yield Token("output", found["output"].strip(), line)
        elif found["remark"] is None:
            yield Token("tag", (found["alone"] or found["tag"] or "").strip(), line)
        line += found.group().count("\n")
        done = found.end()
    if done < len(template):
        yield Token("text", template[done:], line)
