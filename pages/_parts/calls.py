"""The calls behind a node: who answered, what was asked, what it wrote and cost, and the attempts that were lost."""

from __future__ import annotations

import streamlit as st

from pages._parts.words import count, model_text, money, plain, seconds
from ttc_core.events import Fold
from ttc_core.events.graph import Node
from ttc_core.events.timeline import Call


def calls(state: Fold, node: Node) -> None:
    """Every call of a node, each to be opened."""
    for name in node.calls:
        call = state.timeline.calls.get(name)
        if call:
            with st.expander(f"Call {name} · {spent_on(call)}"):
                if call.role not in ("propose", "refine", "summarize") and call.text:
                    model_text(call.text)
                one_call(state, call)


def one_call(state: Fold, call: Call) -> None:
    """Who answered one call, what it read, wrote and thought, its attempts, and its words."""
    price = "" if state.started and state.started.local else plain(money(call.cost))
    st.caption(" · ".join(filter(None, [plain(call.model), _tokens(call), price])))
    for number, lost in enumerate(call.lost, 1):
        wait = f" Tried again after {seconds(lost.wait_s)}." if lost.wait_s is not None else ""
        st.caption(plain(f"Attempt {number}: {lost.error}. {lost.message}{wait}"))
    if call.filtered:
        st.caption("The provider's content filter cut this reply.")
    if call.shortened:
        st.caption(plain(call.shortened.message))
    if call.thinking:
        with st.expander("What it thought"):
            model_text(call.thinking)
    messages = (call.shortened and call.shortened.messages) or (call.started.messages if call.started else ())
    if messages:
        st.caption("What the model was asked")
        model_text("\n\n".join(message.content for message in messages))


def _tokens(call: Call) -> str:
    """Prompt and completion tokens, and what of them was cached or thinking."""
    cached = f" ({call.cached_in:,} cached)" if call.cached_in else ""
    thought = f" ({call.reasoning_out:,} thinking)" if call.reasoning_out else ""
    return f"{call.tokens_in:,}{cached} in, {call.tokens_out:,}{thought} out"


def spent_on(call: Call) -> str:
    """Tokens and time of a call."""
    took = seconds(call.end - call.start) if call.end is not None else "running"
    return f"{count(call.tokens_in)} + {count(call.tokens_out)} tokens · {took}"
