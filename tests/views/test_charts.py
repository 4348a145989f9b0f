from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import plotly.graph_objects
import pytest

from tests.views import sample_logs
from ttc_core.events import Fold, Logged, fold
from ttc_core.events.kinds import CallFinished, CallStarted
from ttc_core.views.charts import spend_rows
from ttc_core.views.colors import ANSWERS, DARK, LIGHT, mixed
from ttc_core.views.figure import Figure, safe
from ttc_core.views.gantt import answers_chart, gantt, lanes, spend_chart

SAMPLES = sample_logs.samples()
every_sample = pytest.mark.parametrize("log", SAMPLES.values(), ids=SAMPLES)


def calls_drawn(figure: Figure) -> list[str]:
    return [call for trace in figure["data"] for call in trace.get("ids", [])]


@every_sample
@pytest.mark.parametrize("dark", [False, True])
def test_plotly_takes_every_figure(log: list[Logged], dark: bool) -> None:
    for part in (log[: len(log) // 2], log):
        for draw in (gantt, answers_chart, spend_chart):
            made = draw(fold(part), dark=dark)
            plotly.graph_objects.Figure(made)
            assert "MODELTEXT <b>" not in json.dumps(made)
            assert made["layout"]["font"]["color"] == (DARK if dark else LIGHT).text


def test_plotly_takes_figures_of_nothing() -> None:
    for draw in (gantt, answers_chart, spend_chart):
        plotly.graph_objects.Figure(draw(Fold()))


@every_sample
def test_every_call_is_one_bar(log: list[Logged]) -> None:
    state = fold(log)
    assert sorted(calls_drawn(gantt(state))) == sorted(state.timeline.calls)


@every_sample
def test_calls_of_one_lane_do_not_overlap(log: list[Logged]) -> None:
    calls = fold(log).timeline.calls
    of_lane: dict[int, list[tuple[float, float]]] = {}
    for call, lane in lanes(calls.values()).items():
        end = calls[call].end
        assert end is not None
        of_lane.setdefault(lane, []).append((calls[call].start, end))
    for spans in of_lane.values():
        spans.sort()
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


def test_a_bar_keeps_its_lane_while_the_run_goes_on() -> None:
    state, before = Fold(), {}
    for logged in SAMPLES["rough tournament"]:
        state.apply(logged)
        now = lanes(state.timeline.calls.values())
        assert before.items() <= now.items()
        before = now


def test_lanes_are_as_many_as_calls_at_once() -> None:
    assert max(lanes(fold(sample_logs.tournament(limit=16)).timeline.calls.values()).values()) == 15


def test_the_critical_path_has_its_own_colour_and_a_line_along_it() -> None:
    state = fold(SAMPLES["tournament"])
    traces = {trace.get("name"): trace for trace in gantt(state)["data"]}
    assert set(traces["critical path"]["ids"]) == set(state.timeline.critical_path())
    assert traces["critical path"]["marker"]["color"] == LIGHT.critical
    colors = {trace["marker"]["color"] for name, trace in traces.items() if name not in (None, "critical path")}
    assert LIGHT.critical not in colors
    assert len(traces[None]["x"]) == 3 * (len(state.timeline.critical_path()) - 1)


def test_what_went_wrong_has_a_pattern_not_only_a_colour() -> None:
    bars = {
        call: shape
        for trace in gantt(fold(SAMPLES["rough tournament"]))["data"]
        if "ids" in trace
        for call, shape in zip(trace["ids"], trace["marker"]["pattern"]["shape"], strict=True)
    }
    assert (bars["c03/propose"], bars["c05/propose"], bars["c01/propose"]) == ("x", ".", "")
    stopped = gantt(fold(SAMPLES["stopped"]))
    assert "cancelled" in [trace.get("name") for trace in stopped["data"]]


def test_calls_in_flight_are_drawn_up_to_now() -> None:
    state = fold(SAMPLES["tournament"][:40])
    ends = [
        base + x
        for trace in gantt(state)["data"]
        if "base" in trace
        for base, x, opacity in zip(trace["base"], trace["x"], trace["marker"]["opacity"], strict=True)
        if opacity < 1
    ]
    assert ends
    assert max(ends) <= state.timeline.wall_s + 0.02


def test_traces_are_few_however_many_calls_there_are() -> None:
    made = gantt(fold(sample_logs.tournament(128, votes=4, limit=64)))
    assert len(calls_drawn(made)) > 700
    assert len(made["data"]) <= 5


def test_equivalent_answers_are_counted_together_and_unreadable_ones_apart() -> None:
    state = fold(SAMPLES["majority"])
    trace = answers_chart(state)["data"][0]
    assert sum(trace["x"]) == 15
    assert trace["ids"][-1] == "?"
    assert trace["x"][:-1] == sorted(trace["x"][:-1], reverse=True)
    assert trace["marker"]["color"][0] == ANSWERS["ABCDEFGH".index(trace["ids"][0])]


def test_spending_by_role_adds_up() -> None:
    state = fold(SAMPLES["tournament"])
    spent = sum(sum(trace["x"]) for trace in spend_chart(state)["data"])
    assert spent == state.totals.tokens


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>35</b>", "&lt;b&gt;35&lt;/b&gt;"),
        ('<a href="javascript:alert(1)">x', '&lt;a href="javascript:alert(1)"&gt;x'),
        ("&lt;", "&amp;lt;"),
        ("two\nlines\tand\x00more", "two lines and more"),
        ("x" * 50, "x" * 39 + "…"),
        ("$x$", "$\u200bx$\u200b"),
    ],
)
def test_text_is_made_safe_for_plotly(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_charts_and_graph_share_one_scale_of_colours() -> None:
    paint = Path(__file__).parents[2] / "pages" / "_parts" / "assets" / "paint.js"
    scale = re.search(r"PALETTE = \[(.*?)\]", paint.read_text("utf-8"))
    assert scale is not None
    assert tuple(re.findall(r"#\w{6}", scale[1])) == ANSWERS


def test_colours_mix() -> None:
    assert (mixed("#000000", "#ffffff", 0.5), mixed("#102030", "#ffffff", 0)) == ("#808080", "#102030")


def test_cached_and_thinking_tokens_have_their_own_bars_and_models_their_own_rows() -> None:
    log = SAMPLES["tournament"]
    assert [trace["name"] for trace in spend_chart(fold(log))["data"]] == ["prompt", "answer"]
    rich = []
    for logged in log:
        event = logged.event
        if isinstance(event, CallStarted) and event.role == "compare":
            event = event.model_copy(update={"model": "<b>judge</b>"})
        if isinstance(event, CallFinished):
            usage = event.usage.model_copy(update={"cached_in": 50, "reasoning_out": 10})
            event = event.model_copy(update={"usage": usage})
        rich.append(logged.model_copy(update={"event": event}))
    state = fold(rich)
    made = spend_chart(state)
    sums = {trace["name"]: sum(trace["x"][: len(state.totals.by_role)]) for trace in made["data"]}
    assert sums["cached prompt"] == state.totals.cached_in
    assert sums["thinking"] == state.totals.reasoning_out
    assert sum(sums.values()) == state.totals.tokens
    assert [row.name for row in spend_rows(state) if row.of_model] == ["simulated", "<b>judge</b>"]
    assert "<b>judge" not in json.dumps(made)
