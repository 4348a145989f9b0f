"""What a run has used, set against what was expected: a chart, a table and sentences. Knows no page."""

from __future__ import annotations

import streamlit as st

from pages._parts.graph import chart
from pages._parts.words import about, count, money, plain, seconds, span, speed
from ttc_core.events import Fold
from ttc_core.types import Range
from ttc_core.views.charts import SpendRow, spend_chart, spend_rows


def spend_view(state: Fold, *, dark: bool, key: str) -> None:
    """By role, and by model where there are several."""
    if words := estimate_words(state):
        st.caption(plain(words))
    rows = spend_rows(state)
    chart(spend_chart(state, dark=dark), key=key, height=max(180, 44 + 30 * len(rows)))
    if rows:
        st.markdown(_table(state, rows))


def estimate_words(state: Fold) -> str:
    """What was said before the run, and what it came to; empty where nothing was said."""
    said = state.started.estimate if state.started else None
    if said is None or state.started is None:
        return ""
    tokens = f"Estimated {_between(said.tokens)} tokens"
    free = state.started.local or said.dollars is None or said.dollars.high == 0
    dollars = "" if free or said.dollars is None else f", {span(money(said.dollars.low), money(said.dollars.high))}"
    if state.status is None:
        return f"{tokens}{dollars}; {count(state.totals.tokens)} so far."
    missed = _missed(state.totals.tokens, said.tokens)
    cost = f" for {money(state.totals.cost)}" if dollars else ""
    fast = "" if state.totals.simulated else f" The models wrote {speed(state.totals.tokens_per_second(state.time))}."
    return f"{tokens}{dollars}; came to {count(state.totals.tokens)}{cost}{f', {missed}' if missed else ''}.{fast}"


def against(tokens: float, said: Range) -> str:
    """An estimate in few words, and by how much it was missed."""
    missed = _missed(tokens, said)
    return f"estimated {_between(said)}{f': {missed}' if missed else ''}"


def slowed_words(state: Fold) -> str:
    """Which providers asked to wait, and what it came to; empty where none did."""
    parts = []
    for model, slowed in state.slowed.items():
        last = slowed.last
        whose = f"{model} asked" if len(state.slowed) > 1 else "The provider asked"
        often = "" if slowed.times == 1 else f" {slowed.times} times"
        bounds = [f"at most {last.at_once} {'call' if last.at_once == 1 else 'calls'} at once"]
        if last.per_minute is not None:
            bounds.append(f"{last.per_minute:.0f} a minute")
        left = slowed.time + last.wait_s - state.time
        if state.status is None and left > 0:
            bounds.append(f"nothing new for {seconds(left)}")
        parts.append(f"{whose} to wait{often}: {', '.join(bounds)}.")
    return " ".join(parts)


def _between(said: Range) -> str:
    return span(about(said.low), about(said.high))


def _missed(came_to: float, said: Range) -> str:
    """By how much an estimate was missed; empty where it was not."""
    if came_to > said.high > 0:
        return f"{came_to / said.high - 1:.0%} above"
    return f"{1 - came_to / said.low:.0%} below" if came_to < said.low else ""


def _table(state: Fold, rows: list[SpendRow]) -> str:
    """Tokens and money as a table in markdown; pandas, which others would need, takes a second to load."""
    priced = not (state.started and state.started.local)
    heading = ["", "Calls", "Prompt", "Reply", *(["Money"] if priced else [])]
    lines = [[f":small[{title}]" for title in heading], ["---", *["--:"] * (len(heading) - 1)]]
    for row in [*rows, SpendRow("", "all", state.totals)]:
        spend = row.spend
        read = f"{spend.tokens_in:,}" + (f" · {spend.cached_in:,} cached" if spend.cached_in else "")
        said = f"{spend.tokens_out:,}" + (f" · {spend.reasoning_out:,} thinking" if spend.reasoning_out else "")
        cost = [plain(money(spend.cost))] if priced else []
        lines.append([f":small[{cell}]" for cell in [plain(row.name), f"{spend.calls:,}", read, said, *cost]])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
