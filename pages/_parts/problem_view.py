"""A problem on the screen, with all that belongs to it: examples, files, documents, and by what it is judged."""

from __future__ import annotations

import re

import streamlit as st

from pages._parts.words import code, model_text, plain, several
from ttc_core.types import Document, File, Problem

LONGEST_LINE = 68
"""Characters that fit into one line beside the strategy's form."""
MOST_LINES = 14
"""Of a problem's text; a longer one is scrolled."""
MOST_SHOWN = 20_000
"""Characters of a document."""

_FENCED = re.compile(r"^```\w*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def problem_view(problem: Problem) -> None:
    """What is asked, and below it, to be opened, what attempts are given."""
    lines = sum(1 + len(line) // LONGEST_LINE for line in problem.text.splitlines())
    with st.container(border=True, height=300 if lines > MOST_LINES else "content"):
        prose(problem.text)
        if problem.choices:
            st.text("\n".join(f"{chr(65 + place)}) {choice}" for place, choice in enumerate(problem.choices)))
    belongings(problem)


def prose(text: str) -> None:
    """Text as it was written; what it fences off as a program, in the form of one."""
    for place, part in enumerate(_FENCED.split(text)):
        if place % 2:
            code(part.rstrip("\n"), "python")
        elif part.strip():
            st.text(part.strip("\n"))


def belongings(problem: Problem) -> None:
    """What comes with a problem's words."""
    if problem.cases:
        with st.expander(f"{several(len(problem.cases), 'example')} that attempts are run on"):
            code("\n".join(f"{case.call} → {case.expected}" for case in problem.cases))
    if problem.files:
        _files(problem.files)
    if problem.documents:
        with st.expander(f"{several(len(problem.documents), 'document')} that attempts search"):
            for document in problem.documents:
                _document(document)
    if problem.rubric:
        with st.expander("What a good answer does"):
            st.text(problem.rubric)


def _files(files: tuple[File, ...]) -> None:
    lines = sum(file.text.count("\n") for file in files)
    with st.expander(f"{several(len(files), 'file')}, {several(lines, 'line')}"):
        for file in files:
            with st.expander(plain(file.path)):
                code(file.text, "python" if file.path.endswith(".py") else None)


def _document(document: Document) -> None:
    pages = f" · {len(document.pages)} pages" if len(document.pages) > 1 else ""
    with st.expander(plain(document.name) + pages):
        text = "\n\n".join(document.pages)
        model_text(text[:MOST_SHOWN])
        if len(text) > MOST_SHOWN:
            st.caption(f"and {len(text) - MOST_SHOWN:,} more characters")
