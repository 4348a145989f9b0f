"""The inspector: all there is to know of one node, as a reader would ask for it."""

from __future__ import annotations

import streamlit as st

from pages._parts import evidence
from pages._parts.calls import calls, one_call, spent_on
from pages._parts.problem_view import belongings, prose
from pages._parts.words import (
    ICON,
    badge,
    code,
    count,
    model_text,
    money,
    plain,
    seconds,
    several,
    verdict_words,
)
from ttc_core.events import Fold
from ttc_core.events.graph import Node
from ttc_core.events.kinds import Voted
from ttc_core.events.timeline import Call
from ttc_core.types import AnswerKind
from ttc_core.views.faces import asked
from ttc_core.views.short import changed, in_short

HOW = {
    "majority": "by majority",
    "majority_early": "by majority; the votes still out could not change it",
    "equivalent": "without a vote: both give equivalent answers",
    "bye": "unopposed",
    "readable": "without a vote: the others gave no readable answer",
    "tie_vote": "after a tie, by an extra vote",
    "tie_draw": "after a tie, drawn by seed",
    "plurality": "as the most frequent answer",
    "best_score": "with the best score",
    "last": "as the latest refinement",
    "tests": "without a vote: its program passes more tests",
}
UNREAD: dict[AnswerKind, str] = {
    "code": "unreadable: no program that could be run",
    "patch": "no change was made",
    "open": "Nothing was written.",
}
"""What an answer of such a kind that could not be read comes from."""


def inspector(state: Fold, node_id: str | None) -> None:
    """Show one node; without one, say what a click would do."""
    node = state.graph.nodes.get(node_id or "")
    if node is None:
        st.markdown("**Inspector**")
        st.caption("Click a box to see its text, its cost, what it came from, and every vote with its reasons.")
        return
    SHOWN[node.shape](state, node)


def _candidate(state: Fold, node: Node) -> None:
    under_way = node.status in ("waiting", "running") and not node.text
    st.markdown(f"**Candidate {node.id}** {'' if under_way else badge(state.graph.letter(node.key))}")
    _facts(state, node, "Made by")
    _trouble(node)
    if under_way:
        live = _making(state, node)
        st.caption("Waiting for its turn." if live is None else "Writing …")
        if live is not None:
            model_text(live.text)
        evidence.steps(state, node)
        return
    if node.status in ("failed", "refused") and not node.text:
        calls(state, node)
        return
    evidence.ran_of(node)
    readable = [score for score in node.scores if score is not None]
    if node.scores:
        st.caption(f"Score {sum(readable) / len(readable):.1f} of 10" if readable else "Score unreadable")
    _answer_text(state, node)
    evidence.citations(state, node)
    evidence.steps(state, node)
    _whole_text(state, node)
    if node.summary:
        with st.expander("Summary that judges read"):
            model_text(node.summary)
    calls(state, node)


def _match(state: Fold, node: Node) -> None:
    st.markdown(f"**Match {node.id}**")
    if node.winner:
        others = ", ".join(name for name in _entrants(state, node) if name != node.winner)
        st.markdown(f"{node.winner} wins{f' over {others}' if others else ''}, {HOW.get(node.how, node.how)}")
    elif node.status == "waiting":
        st.caption("Waiting for its entrants.")
    _facts(state, node, "Judged by")
    evidence.what_ran(state, node, _entrants(state, node))
    if node.votes:
        st.caption("Votes, in the order asked; open one for its reasons")
        for vote in node.votes:
            _vote(state, vote)
        _positions(node)
    running = [c for name in node.calls if (c := state.timeline.calls[name]).status == "running"]
    if running:
        st.caption(f"{len(running)} votes still out")


def _vote(state: Fold, vote: Voted) -> None:
    first = f"{vote.order[0]} shown first" if vote.order else ""
    if vote.choice is None:
        label = f"{badge('')} abstained ({vote.why}) · {first}"
    else:
        chosen = state.graph.nodes.get(vote.choice)
        letter = state.graph.letter(chosen.key) if chosen else ""
        label = f"{badge(letter)} **{vote.choice}** · {first}{' · extra vote' if vote.extra else ''}"
    with st.expander(label):
        call = state.timeline.calls.get(vote.call)
        if call is None:
            st.caption("The call is not in this log.")
            return
        st.caption(f"Order shown: {', '.join(vote.order)} · {spent_on(call)}")
        if call.text:
            model_text(call.text)
        one_call(state, call)


def _positions(node: Node) -> None:
    """Whether the place on the page decided more than it should."""
    cast = [vote for vote in node.votes if vote.choice is not None]
    if len(cast) < 2:
        return
    first = sum(vote.choice == vote.order[0] for vote in cast)
    st.caption(f"The one shown first won {first} of {len(cast)} votes.")


def _workspace(state: Fold, node: Node) -> None:
    st.markdown("**Written tests**" if node.written else f"**Workspace {node.id}**")
    if node.status == "done" and not node.written:
        st.caption(f"Drawn from {', '.join(node.parents)}")
    _facts(state, node)
    _trouble(node)
    for tests in node.written:
        st.caption(
            plain(tests.trouble)
            if tests.trouble
            else f"{several(len(tests.cases), 'test')}, written without knowing what is right"
        )
        evidence.written(tests.cases)
    live = _making(state, node)
    if not node.written:
        model_text(node.text or (live.text if live else ""))
    calls(state, node)


def _tally(state: Fold, node: Node) -> None:
    st.markdown("**Vote**" if node.how != "best_score" else "**Best score**")
    if node.winner:
        st.markdown(f"{node.winner} is taken {HOW.get(node.how, node.how)}")
    for name, number in sorted(node.tally.items(), key=lambda item: -item[1]):
        candidate = state.graph.nodes.get(name)
        read = candidate.answer if candidate else None
        answer = plain(in_short(read, _kind(state), 50)) if read is not None else "unreadable"
        letter = state.graph.letter(candidate.key) if candidate else ""
        st.markdown(f"{badge(letter)} {number:g} · {name} · {answer}")


def _answer(state: Fold, node: Node) -> None:
    st.markdown("**Answer**")
    if state.verdict:
        st.markdown(f"{ICON[state.verdict.outcome]} {verdict_words(state.verdict).capitalize()}")
        st.caption(plain(state.verdict.detail))
    _answer_text(state, node)
    winner = state.graph.nodes.get(node.winner or "")
    if winner:
        st.caption(f"From {winner.id}")
        evidence.ran_of(winner)
        evidence.citations(state, winner)
        _whole_text(state, winner)


def _answer_text(state: Fold, node: Node) -> None:
    """The answer in the form that its kind has: a program, a patch, or words."""
    kind = _kind(state)
    if node.answer is None:
        st.text(UNREAD.get(kind, "unreadable: no line that starts with “Answer:”"))
    elif kind == "patch":
        with st.expander(f"Patch · {changed(node.answer)}", expanded=node.shape == "answer"):
            evidence.patch(node.answer)
    elif kind == "code":
        with st.expander("Program", expanded=True):
            code(node.answer, "python")
    elif kind == "open":
        model_text(node.answer)
    else:
        st.caption("Answer, as it was read")
        st.text(node.answer)


def _whole_text(state: Fold, node: Node) -> None:
    """All that a candidate wrote, where the answer is not all; in view where the answer is but a word of it."""
    if node.text and node.text != node.answer:
        with st.expander("Text", expanded=not node.steps and _kind(state) not in ("code", "patch")):
            model_text(node.text)


def _kind(state: Fold) -> AnswerKind:
    return state.started.problem.kind if state.started else "auto"


def _problem(state: Fold, node: Node) -> None:
    st.markdown("**Problem**")
    prose(node.text)
    if state.started:
        belongings(state.started.problem)


def _facts(state: Fold, node: Node, by: str = "By") -> None:
    made = [state.timeline.calls[name] for name in node.calls if name in state.timeline.calls]
    if not made:
        return
    if state.started and len(state.started.models) > 1:
        st.caption(f"{by} {plain(asked(node, state))}")
    ended = [call.end for call in made if call.end is not None]
    took = f" · {seconds(max(ended) - min(call.start for call in made))}" if ended else ""
    parents = [name for name in node.parents if name != "problem"]
    price = "" if state.started and state.started.local else f" · {plain(money(node.cost))}"
    st.caption(
        f"{several(len(made), 'call')} · {count(node.tokens)} tokens{price}{took}"
        + (f" · from {', '.join(parents)}" if parents else "")
    )
    for note in node.notes:
        st.caption(plain(f"{note[:1].upper()}{note[1:]}."))


def _trouble(node: Node) -> None:
    """What went wrong, in the words of whoever said so, and what can be done."""
    if node.status == "refused":
        passed = "" if node.text else " The run went on without it; other candidates may have passed."
        st.warning(f"**Refused.** {plain(node.trouble)}{passed}")
    elif node.status == "failed":
        why = f" {plain(node.trouble)}" if node.trouble else " It was given up when the run ended."
        tried = f" Tried {len(node.failures)} times: {plain(', '.join(node.failures))}." if node.retries else ""
        st.warning(f"**Failed.**{why}{tried} The run went on without it.")
    elif node.failures:
        st.warning(f"{node.retries} retried: {plain(', '.join(node.failures))}. Last: {plain(node.trouble)}")


def _entrants(state: Fold, node: Node) -> list[str]:
    carried = [state.graph.nodes[name].carries for name in node.parents if name in state.graph.nodes]
    return [name for name in carried if name]


def _making(state: Fold, node: Node) -> Call | None:
    """The call that writes this node's text, if it has begun."""
    names = [
        name
        for name in node.calls
        if name.split("/")[-1] in ("propose", "refine", "distill", "select") or name.split("/")[-1].startswith("turn")
    ]
    return state.timeline.calls.get(names[-1]) if names else None


SHOWN = {
    "match": _match,
    "candidate": _candidate,
    "workspace": _workspace,
    "tally": _tally,
    "answer": _answer,
    "problem": _problem,
    "step": evidence.step,
    "passage": evidence.passage,
}
