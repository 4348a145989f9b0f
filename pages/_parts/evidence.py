"""What was done and run at a node: steps, passages, tests and real outputs, as a reader would ask for them."""

from __future__ import annotations

import streamlit as st

from pages._parts.words import code, cut, model_text, plain, seconds, several
from ttc_core.events import Fold
from ttc_core.events.graph import Node
from ttc_core.events.kinds import Executed, PassageFound, StepTaken
from ttc_core.types import Case, CaseRan
from ttc_core.views.short import changed

RAN = {
    "examples": "Run on the problem's examples",
    "written tests": "Run on tests that a model wrote",
    "distinguishing input": "Run on the inputs that tell programs apart",
}
TOOLS = {
    "bash": "command",
    "python": "Python",
    "search": "search in the documents",
    "submit": "work handed in",
    "tests": "the repository's own tests, run by the app",
    "none": "nothing that could be done",
}
STATUS = {"ok": "", "failed": "failed", "timeout": "took too long", "refused": "not run"}
MARK = {True: "✓", False: "✗", None: "·"}
MOST_SHOWN = 40
"""Cases and steps that are listed; what is beyond is counted."""
MOST_LINES = 400
"""Of one output or one file's change; what is beyond is counted."""


def ran_of(node: Node) -> None:
    """What came of a candidate's program in tests; what it gave in a match is shown there."""
    for ran in node.executed:
        if not ran.match:
            with st.expander(_headline(ran)):
                _table(ran)


def _headline(ran: Executed) -> str:
    passed = f" · {ran.passed} of {ran.total} passed" if ran.total else ""
    trouble = f" · {plain(cut(ran.trouble, 90))}" if ran.trouble else ""
    return f"{RAN[ran.what]}{passed}{trouble}"


def _table(ran: Executed) -> None:
    if ran.trouble:
        st.caption(plain(ran.trouble))
    if ran.results:
        code("\n".join(map(_line, ran.results[:MOST_SHOWN])))
    _more(len(ran.results) - MOST_SHOWN)


def _line(case: CaseRan) -> str:
    expected = f", expected {case.expected}" if case.ok is False and case.expected else ""
    return f"{MARK[case.ok]} {case.call} → {case.got or 'no answer'}{expected}"


def written(cases: tuple[Case, ...]) -> None:
    """Tests or inputs that a model wrote."""
    code("\n".join(f"{case.call} → {case.expected}" if case.expected else case.call for case in cases))


def what_ran(state: Fold, node: Node, entrants: list[str]) -> None:
    """In a match: how its entrants did in tests, the inputs written to tell them apart, and what each really gave."""
    nodes = [entrant for name in entrants if (entrant := state.graph.nodes.get(name))]
    passed = [words for entrant in nodes if (words := _passed(entrant))]
    if passed:
        st.caption(plain(f"Tests: {', '.join(passed)}."))
    gave = _gave(nodes, node.id)
    for asked in node.distinguished:
        st.caption(plain(asked.trouble) if asked.trouble else "Inputs on which the programs may differ")
        if asked.cases and not gave:
            written(asked.cases)
    if gave:
        code("\n\n".join("\n".join([call, *lines]) for call, lines in gave.items()))
    for entrant in nodes:
        for ran in entrant.executed:
            if ran.match == node.id and ran.trouble:
                st.caption(plain(f"{entrant.id}: {ran.trouble}"))


def _gave(nodes: list[Node], match: str) -> dict[str, list[str]]:
    """By input of a match, what each entrant's program really gave for it."""
    found: dict[str, list[str]] = {}
    for entrant in nodes:
        for result in (result for ran in entrant.executed if ran.match == match for result in ran.results):
            found.setdefault(result.call, []).append(f"  {entrant.id} gave {result.got or 'no answer'}")
    return found


def _passed(entrant: Node) -> str:
    """What a candidate passed of each kind of test; empty where it was run on none."""
    told = {ran.what: f"{ran.passed} of {ran.total}" for ran in entrant.executed if ran.total and not ran.match}
    kinds = {"examples": "examples", "written tests": "written tests"}
    parts = [f"{told[what]} {words}" for what, words in kinds.items() if what in told]
    return f"{entrant.id} passed {' and '.join(parts)}" if parts else ""


def patch(diff: str) -> None:
    """A change, file by file."""
    for part in filter(str.strip, ("\n" + diff).split("\ndiff --git ")):
        head, _, rest = part.partition("\n@@")
        path = head.strip().splitlines()[0].rpartition(" b/")[2]
        if not rest:
            code(part.strip("\n"), "diff")
            continue
        st.caption(plain(f"{path} · {changed(part)}"))
        lines = f"@@{rest}".rstrip("\n").splitlines()
        code("\n".join(lines[:MOST_LINES]), "diff")
        _more(len(lines) - MOST_LINES, "lines")


def steps(state: Fold, node: Node) -> None:
    """The steps of an attempt, each to be opened."""
    taken = [inner.step for name in node.steps if (inner := state.graph.nodes.get(name)) and inner.step]
    if not taken:
        return
    st.caption(f"{several(len(taken), 'step')}; open one for what was done and what came of it")
    for one in taken[:MOST_SHOWN]:
        trouble = f" · {STATUS[one.status]}" if STATUS[one.status] else ""
        with st.expander(f"{one.number} · {_in_short(one)}{trouble}"):
            _step(state, one)
    _more(len(taken) - MOST_SHOWN)


def step(state: Fold, node: Node) -> None:
    """One step, as the inspector shows it."""
    if node.step is None:
        st.markdown(f"**Step {node.id}**")
        st.caption("Not taken yet.")
        return
    taken = node.step
    st.markdown(f"**Step {taken.number} of {taken.of}**")
    ended = [STATUS[taken.status], f"took {seconds(taken.seconds)}" if taken.seconds else ""]
    st.caption(" · ".join(filter(None, [_named(taken), *ended])))
    _step(state, taken)


def _in_short(taken: StepTaken) -> str:
    """How its input begins; of a command the first line, as what follows is mostly the text of a file."""
    if taken.tool == "bash":
        first, more, _ = taken.input.strip().partition("\n")
        return plain(cut(f"{first} …" if more else first, 60))
    return plain(cut(taken.input, 60)) if taken.tool in ("python", "search") else _named(taken)


def _named(taken: StepTaken) -> str:
    return TOOLS.get(taken.tool, plain(taken.tool))


def _step(state: Fold, taken: StepTaken) -> None:
    searched = taken.tool == "search"
    language = {"bash": "bash", "python": "python", "tests": "bash"}.get(taken.tool)
    if taken.input:
        st.caption("Words searched for" if searched else "Program" if taken.tool == "python" else "Command")
        if searched:
            model_text(taken.input)
        else:
            code(taken.input, language)
    if taken.diff:
        st.caption("What it changed")
        patch(taken.diff)
    if taken.output:
        st.caption("What came of it")
        lines = taken.output.splitlines()
        code("\n".join(lines[:MOST_LINES]))
        _more(len(lines) - MOST_LINES, "lines")
    node = state.graph.nodes.get(taken.node)
    for name in node.steps if node else ():
        found = state.graph.nodes.get(name)
        if found and found.passage:
            passage_of(found.passage)
    call = state.timeline.calls.get(taken.call)
    if call and call.text:
        st.caption("What the model said")
        model_text(call.text)


def passage(state: Fold, node: Node) -> None:
    """One passage, as the inspector shows it."""
    st.markdown("**Passage**")
    if node.passage:
        passage_of(node.passage)
    citing = [other.id for other in state.graph.nodes.values() if node.id in other.cites]
    st.caption(f"Cited by {', '.join(citing)}." if citing else "Cited by no attempt.")


def passage_of(found: PassageFound) -> None:
    """Where a passage stands, and its words."""
    st.caption(plain(f"[{found.number}] {found.document}, page {found.page}"))
    model_text(found.text)


def citations(state: Fold, node: Node) -> None:
    """The passages that a candidate names as its sources."""
    cited = [inner.passage for name in node.cites if (inner := state.graph.nodes.get(name)) and inner.passage]
    if cited:
        st.caption("Sources it cites")
        for found in cited:
            with st.expander(plain(f"[{found.number}] {found.document}, page {found.page}")):
                model_text(found.text)


def _more(number: int, what: str = "") -> None:
    if number > 0:
        st.caption(f"and {number} more {what}".rstrip())
