"""Numbers, times and model text in the words of the screen. Model text is never markup here."""

from __future__ import annotations

import re
import time

import streamlit as st

from ttc_core.types import Outcome, Status, Verdict
from ttc_core.views.faces import color_of

STATUS: dict[Status | None, str] = {
    None: "running",
    "finished": "finished",
    "cut_by_budget": "cut by budget",
    "stopped": "stopped",
    "failed": "failed",
}
VERDICT: dict[Outcome, str] = {
    "correct": "correct",
    "incorrect": "incorrect",
    "unverified": "unverified",
    "judged": "judged, not verified",
    "not_run": "not run",
}
ICON: dict[Outcome, str] = {
    "correct": ":material/check_circle:",
    "incorrect": ":material/cancel:",
    "unverified": ":material/help:",
    "judged": ":material/gavel:",
    "not_run": ":material/block:",
}

BADGES = ("blue", "orange", "green", "red", "yellow", "blue", "violet", "gray")
"""Streamlit's names for the colours of answers, in the order of the graph's scale."""

_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
"""Where an address is joined with an invisible character: escaped or not, it would become a link."""


def count(number: float) -> str:
    """A count in at most four characters: 950, 31.2k, 2.1M."""
    for limit, unit, size in ((1e3, "", 1.0), (1e6, "k", 1e3), (1e9, "M", 1e6)):
        if number < limit * 0.9995:
            return f"{number / size:.1f}{unit}" if unit and number / size < 100 else f"{number / size:.0f}{unit}"
    return f"{number / 1e9:.1f}G"


def about(number: float) -> str:
    """A count to two figures, for what is only expected: 950, 4.1k, 31k, 2.1M."""
    if number < 100:
        return f"{number:.0f}"
    return count(float(f"{number:.2g}")).replace(".0", "")


def about_money(dollars: float) -> str:
    """US dollars to two figures: $0.0041, $0.37, $12."""
    if dollars < 0.0001:
        return money(dollars)
    figures = f"{float(f'{dollars:.2g}'):.10f}".rstrip("0").rstrip(".")
    return f"${figures}"


def span(low: str, high: str) -> str:
    """From one to the other; one alone where they read the same."""
    return low if low == high else f"{low} to {high}"


def speed(tokens_per_second: float) -> str:
    """How fast text is made; a dash before any is."""
    if tokens_per_second <= 0:
        return "–"
    return f"{tokens_per_second:.0f} tok/s" if tokens_per_second >= 10 else f"{tokens_per_second:.1f} tok/s"


def several(number: int, one: str, many: str = "") -> str:
    """A number of things: 1 file, 2 files; `many` where a plural is not made by an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def money(dollars: float | None) -> str:
    """US dollars; what nobody knows is said to be unknown."""
    if dollars is None:
        return "unknown"
    if 0 < dollars < 0.0001:
        return "under $0.0001"
    return "$0" if dollars == 0 else f"${dollars:.4f}" if dollars < 0.1 else f"${dollars:.2f}"


def seconds(value: float) -> str:
    """A duration: 0.8 s, 12 s, 3 min 20 s."""
    if value < 10:
        return f"{value:.1f} s"
    return f"{value:.0f} s" if value < 120 else f"{value // 60:.0f} min {value % 60:.0f} s"


def badge(letter: str) -> str:
    """An answer's letter in the nearest named colour to its own; a question mark where no answer could be read."""
    return f":{BADGES[color_of(letter)]}-badge[{letter}]" if letter else ":gray-badge[?]"


def age(at: float) -> str:
    """How long ago that was."""
    gone = max(0.0, time.time() - at)
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if gone >= size:
            number = int(gone // size)
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "just now"


def plain(text: str | None) -> str:
    """Text that must not be read as markdown, for labels and captions that would."""
    marked = _ADDRESS.sub("\u2060", text or "")
    marked = "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!~|<>:$&" else c for c in marked)
    return marked.replace("\n", " ")


def cut(text: str | None, length: int) -> str:
    """One line of at most that many characters."""
    line = " ".join((text or "").split())
    return line if len(line) <= length else line[: length - 1] + "…"


def verdict_words(verdict: Verdict) -> str:
    """The verdict, with how many hidden checks were passed where there are several."""
    several_checks = verdict.passed is not None and verdict.total is not None and verdict.total > 1
    passed = f", {verdict.passed} of {verdict.total} hidden checks passed" if several_checks else ""
    return VERDICT[verdict.outcome] + passed


def code(text: str, language: str | None = None) -> None:
    """A program, a command or what it printed: letters of one width, long lines wrapped, never markup."""
    st.code(text, language=language, wrap_lines=True)


def model_text(text: str) -> None:
    """What a model wrote: as written, wrapped, never as markup."""
    if text.strip():
        with st.container(border=True):
            st.text(text.strip())
    else:
        st.caption("Nothing was written.")
