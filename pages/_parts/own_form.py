"""A person's own problems: typed in with answer, choices, tests, documents or a rubric; saved, imported, deleted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages._parts.house import library
from pages._parts.words import count, plain, several
from ttc_core.errors import BadInput
from ttc_core.problems.documents import MOST_BYTES, read_documents
from ttc_core.problems.imported import MAX_BYTES, coded, read_jsonl, with_id
from ttc_core.problems.own import problem_from_text
from ttc_core.types import Document, Problem, Reference

PREFIX = "setup:"
RUBRIC = "Names the main trade-off\nFits the situation described\nSays what would change the advice"
HIDDEN = "Only the check after the run sees it, and the simulated model, which needs it; no prompt contains it."

Posed = tuple[Problem, Reference | None]


def own_form() -> Posed:
    """The problem as it is typed. Raises BadInput where something is missing or cannot be read."""
    form = st.segmented_control(
        "What it asks for", list(FORMS), default=QUESTION, required=True, key=f"{PREFIX}form", persist_state="session"
    )
    text = _area("Your problem", "text", 140, placeholder="Anything with an answer: a sum, a riddle, a plan …")
    posed, trouble = None, None
    try:
        posed = FORMS[form](text)
    except BadInput as error:
        trouble = error
    documents = _documents()
    if posed and documents:
        posed = posed[0].model_copy(update={"documents": documents}), posed[1]
    _save(posed)
    if posed is None:
        raise trouble or BadInput("There is no problem yet.")
    return posed


def _save(posed: Posed | None) -> None:
    """The button, there also while there is nothing to save, so that nothing moves while a problem is typed."""
    if library().may_change and st.button(
        "Save to my problems", icon=":material/bookmark_add:", type="tertiary", disabled=posed is None
    ):
        try:
            library().save_problems([(with_id(*posed), posed[1])] if posed else [])
        except BadInput as error:
            st.error(str(error))
        else:
            st.toast("Saved; it is under My problems now.")


def _question(text: str) -> Posed:
    reference = st.text_input(
        "Right answer, if you know it", key=f"{PREFIX}reference", persist_state="session", help=HIDDEN
    )
    return problem_from_text(text, reference)


def _choice(text: str) -> Posed:
    lines = _area("Choices, one a line", "choices", 110, placeholder="Paris\nRome")
    choices = tuple(filter(None, map(str.strip, lines.splitlines())))
    right = st.selectbox(
        "Right answer, if you know it",
        choices,
        index=None,
        placeholder="not known",
        key=f"{PREFIX}right",
        persist_state="session",
        help=HIDDEN,
    )
    problem, reference = problem_from_text(text, right)
    if not 2 <= len(choices) <= 26:
        raise BadInput("Give between 2 and 26 choices, one a line.")
    if len(set(choices)) < len(choices):
        raise BadInput("Two of the choices are the same.")
    return problem.model_copy(update={"kind": "choice", "choices": choices}), reference


def _function(text: str) -> Posed:
    entry = st.text_input("The function's name", key=f"{PREFIX}entry", persist_state="session", placeholder="add")
    cases = _area(
        "Examples, one a line",
        "cases",
        100,
        placeholder="add(1, 2) == 3",
        help="Attempts are run on them, and the model is shown them.",
    )
    hidden = _area("Hidden checks, one a line", "hidden", 100, placeholder="add(-1, 1) == 0", help=HIDDEN)
    answer = _area("A right program, if you have one", "program", 100, help=HIDDEN)
    problem_from_text(text, None)  # what is asked comes first, also where it is what is missing
    problem, reference = coded(text, entry.strip(), cases, hidden, answer=answer)
    return problem, reference if reference.cases or reference.answer else None


def _open(text: str) -> Posed:
    key = f"{PREFIX}rubric"
    st.session_state.setdefault(key, RUBRIC)
    rubric = st.text_area(
        "What a good answer does, one a line",
        key=key,
        persist_state="session",
        height=110,
        help="Judges go by it, and the model is told. The verdict then says judged, not verified.",
    )
    problem, _ = problem_from_text(text, None)
    return problem.model_copy(update={"kind": "open", "rubric": rubric.strip()[:4000]}), None


QUESTION = "Question"
FORMS: dict[str, Callable[[str], Posed]] = {
    QUESTION: _question,
    "Choice": _choice,
    "Python function": _function,
    "Open question": _open,
}


def _area(label: str, name: str, height: int, **more: str) -> str:
    return str(
        st.text_area(
            label,
            key=f"{PREFIX}{name}",
            persist_state="session",
            height=height,
            placeholder=more.get("placeholder"),
            help=more.get("help"),
        )
    )


def _documents() -> tuple[Document, ...]:
    """Files whose passages attempts may search and cite; kept for the browser session until they are taken off."""
    key, turn = f"{PREFIX}documents", st.session_state.get(f"{PREFIX}uploads", 0)
    kept: tuple[Document, ...] = st.session_state.get(key, ())
    with st.expander(f"Documents to search · {len(kept)}" if kept else "Documents to search", expanded=bool(kept)):
        files = st.file_uploader(
            "Text, Markdown or PDF",
            type=["txt", "md", "pdf"],
            accept_multiple_files=True,
            key=f"{PREFIX}upload:{turn}",
            max_upload_size=MOST_BYTES // 1_000_000,
            help="Attempts search them and cite what they use. They are saved with the session.",
        )
        if files:
            try:
                with st.spinner("Reading …", show_time=True):
                    st.session_state[key] = read_documents(((file.name, file.getvalue()) for file in files), kept)
            except BadInput as error:
                st.error(plain(str(error)))
            else:
                st.session_state[f"{PREFIX}uploads"] = turn + 1  # an empty uploader for the next file
                st.rerun()
        for place, document in enumerate(kept):
            with st.container(horizontal=True, vertical_alignment="center"):
                words = sum(len(page.split()) for page in document.pages)
                pages = f"{len(document.pages)} pages, " if len(document.pages) > 1 else ""
                st.text(f"{document.name} · {pages}{count(words)} words")
                if st.button(
                    "Take off",
                    icon=":material/close:",
                    type="tertiary",
                    key=f"{PREFIX}off:{place}",
                    help=f"Leave {plain(document.name)} out",
                ):
                    st.session_state[key] = kept[:place] + kept[place + 1 :]
                    st.rerun()
    return kept


def saved_form() -> Posed:
    """One of the problems saved earlier; more can be brought in from a file. Raises BadInput where there is none."""
    if said := st.session_state.pop(f"{PREFIX}imported", None):
        st.toast(said)
    st.caption("What you typed under “A problem of my own” and saved, and what you imported.")
    _importing(expanded=not library().problems())
    saved = {entry.problem.id: entry for entry in library().problems()}
    if not saved:
        raise BadInput("No problem is saved yet: import a file, or type one under “A problem of my own” and save it.")
    key = f"{PREFIX}problem:own"
    if st.session_state.get(key) not in saved:
        st.session_state.pop(key, None)  # it was deleted, here or in another window
    chosen = st.selectbox(
        "Problem",
        list(saved),
        format_func=lambda name: saved[name].problem.title or name,
        key=key,
        persist_state="session",
    )
    entry = saved[chosen]
    with st.popover("Delete this problem", icon=":material/delete:", type="tertiary"):
        st.write(f"Delete “{plain(entry.problem.title)}” from your problems? Sessions that solved it keep it.")
        if st.button("Delete", type="primary", key=f"{PREFIX}delete"):
            library().remove_problem(chosen)
            st.rerun()
    return entry.problem, entry.reference


def _importing(*, expanded: bool) -> None:
    turn = st.session_state.get(f"{PREFIX}jsonl", 0)
    at_it = st.session_state.get(f"{PREFIX}jsonl:{turn}") is not None
    with st.expander("Import problems", expanded=expanded or at_it):
        file = st.file_uploader(
            "JSON Lines, one problem a line",
            type=["jsonl", "json", "txt"],
            key=f"{PREFIX}jsonl:{turn}",
            max_upload_size=MAX_BYTES // 1_000_000,
            help="Each line an object with text (or question) and answer; or for code entry, cases, hidden, tests.",
        )
        st.code('{"text": "How many legs have 3 spiders?", "answer": "24"}', language="json", wrap_lines=True)
        if file is None:
            return
        try:
            entries, complaints = read_jsonl(file.getvalue())
            library().save_problems(entries)
        except BadInput as error:
            st.error(plain(str(error)))
            return
        if not complaints:
            st.session_state[f"{PREFIX}jsonl"] = turn + 1
            st.session_state[f"{PREFIX}imported"] = f"{several(len(entries), 'problem')} imported."
            st.rerun()
        st.info(f"{several(len(entries), 'problem')} imported." if entries else "Nothing was imported.")
        for complaint in complaints[:5]:
            st.warning(plain(complaint))
        if len(complaints) > 5:
            st.warning(f"and {len(complaints) - 5} more lines without a problem")
