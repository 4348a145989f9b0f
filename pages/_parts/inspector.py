"""The inspector: all there is to know of one node, as a reader would ask for it."""

from __future__ import annotations

import streamlit as st

from pages._parts.words import badge, count, cut, model_text, money, plain, seconds
from ttc_core.events import Fold
from ttc_core.events.graph import Node
from ttc_core.events.kinds import Voted
from ttc_core.events.timeline import Call

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
}


def inspector(state: Fold, node_id: str | None) -> None:
    """Show one node; without one, say what a click would do."""
    node = state.graph.nodes.get(node_id or "")
    if node is None:
        st.markdown("**Inspector**")
        st.caption("Click a box to see its text, its cost, what it came from, and every vote with its reasons.")
        return
    {"match": _match, "candidate": _candidate, "workspace": _workspace, "tally": _tally, "answer": _answer}.get(
        node.shape, _problem
    )(state, node)


def _candidate(state: Fold, node: Node) -> None:
    letter = state.graph.letter(node.key)
    st.markdown(f"**Candidate {node.id}** {badge(letter)}")
    _facts(state, node)
    if node.failures:
        st.warning(
            f"{node.retries} retries; {'lost' if node.status == 'failed' else 'went on'}: {', '.join(node.failures)}."
        )
    if node.status in ("waiting", "running") and not node.text:
        live = _making(state, node)
        st.caption("Waiting for its turn." if live is None else "Writing …")
        if live is not None:
            model_text(live.text)
        return
    if node.status == "failed":
        st.caption("This candidate was lost; the run went on without it.")
        return
    st.caption("Answer, as it was read")
    st.text(node.answer if node.answer is not None else "unreadable: no line that starts with “Answer:”")
    readable = [score for score in node.scores if score is not None]
    if node.scores:
        st.caption(f"Score {sum(readable) / len(readable):.1f} of 10" if readable else "Score unreadable")
    st.caption("Text")
    model_text(node.text)
    if node.summary:
        with st.expander("Summary that judges read"):
            model_text(node.summary)
    _calls(state, node)


def _match(state: Fold, node: Node) -> None:
    st.markdown(f"**Match {node.id}**")
    if node.winner:
        others = ", ".join(name for name in _entrants(state, node) if name != node.winner)
        st.markdown(f"{node.winner} wins{f' over {others}' if others else ''}, {HOW.get(node.how, node.how)}")
    elif node.status == "waiting":
        st.caption("Waiting for its entrants.")
    _facts(state, node)
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
        st.caption(f"Order shown: {', '.join(vote.order)} · {_spent(call)}")
        model_text(call.text or call.error)
        _prompt(call)


def _positions(node: Node) -> None:
    """Whether the place on the page decided more than it should."""
    cast = [vote for vote in node.votes if vote.choice is not None]
    if len(cast) < 2:
        return
    first = sum(vote.choice == vote.order[0] for vote in cast)
    st.caption(f"The one shown first won {first} of {len(cast)} votes.")


def _workspace(state: Fold, node: Node) -> None:
    st.markdown(f"**Workspace {node.id}**")
    if node.status == "done":
        st.caption(f"Drawn from {', '.join(node.parents)}{f' · {plain(node.note)}' if node.note else ''}")
    _facts(state, node)
    live = _making(state, node)
    model_text(node.text or (live.text if live else ""))
    _calls(state, node)


def _tally(state: Fold, node: Node) -> None:
    st.markdown("**Vote**" if node.how != "best_score" else "**Best score**")
    if node.winner:
        st.markdown(f"{node.winner} is taken {HOW.get(node.how, node.how)}")
    for name, number in sorted(node.tally.items(), key=lambda item: -item[1]):
        candidate = state.graph.nodes.get(name)
        answer = plain(cut(candidate.answer, 50)) if candidate and candidate.answer is not None else "unreadable"
        letter = state.graph.letter(candidate.key) if candidate else ""
        st.markdown(f"{badge(letter)} {number:g} · {name} · {answer}")


def _answer(state: Fold, node: Node) -> None:
    st.markdown("**Answer**")
    st.text(node.answer if node.answer is not None else "unreadable")
    if state.verdict:
        st.caption(f"{state.verdict.outcome.replace('_', ' ')} · {plain(state.verdict.detail)}")
    winner = state.graph.nodes.get(node.winner or "")
    if winner:
        st.caption(f"From {winner.id}")
        model_text(winner.text)


def _problem(state: Fold, node: Node) -> None:
    st.markdown("**Problem**")
    st.text(node.text)


def _facts(state: Fold, node: Node) -> None:
    calls = [state.timeline.calls[name] for name in node.calls if name in state.timeline.calls]
    if not calls:
        return
    ended = [call.end for call in calls if call.end is not None]
    took = f" · {seconds(max(ended) - min(call.start for call in calls))}" if ended else ""
    parents = [name for name in node.parents if name != "problem"]
    calls_made = f"{len(calls)} {'call' if len(calls) == 1 else 'calls'}"
    st.caption(
        f"{calls_made} · {count(node.tokens)} tokens · {plain(money(node.cost))}{took}"
        + (f" · from {', '.join(parents)}" if parents else "")
    )


def _entrants(state: Fold, node: Node) -> list[str]:
    carried = [state.graph.nodes[name].carries for name in node.parents if name in state.graph.nodes]
    return [name for name in carried if name]


def _making(state: Fold, node: Node) -> Call | None:
    """The call that writes this node's text, if it has begun."""
    names = [name for name in node.calls if name.split("/")[-1] in ("propose", "refine", "distill", "select")]
    return state.timeline.calls.get(names[-1]) if names else None


def _calls(state: Fold, node: Node) -> None:
    for name in node.calls:
        call = state.timeline.calls.get(name)
        if call:
            with st.expander(f"Call {name} · {_spent(call)}"):
                if call.error:
                    st.caption(f"Failed attempts: {call.error}")
                if call.role not in ("propose", "refine", "summarize"):
                    model_text(call.text)
                _prompt(call)


def _prompt(call: Call) -> None:
    if call.started and call.started.messages:
        st.caption("What the model was asked")
        model_text("\n\n".join(message.content for message in call.started.messages))


def _spent(call: Call) -> str:
    took = seconds(call.end - call.start) if call.end is not None else "running"
    return f"{count(call.tokens_in)} + {count(call.tokens_out)} tokens · {took}"
