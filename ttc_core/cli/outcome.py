"""What a run came to, as one JSON object and in words."""

from __future__ import annotations

from typing import Any

from ttc_core.events import Fold
from ttc_core.events.totals import Spend
from ttc_core.types import Range


def result(session: str, run: str, state: Fold, model: str = "") -> dict[str, Any]:
    """What `--json` prints of a run.

    Args:
        session: The session's id.
        run: The run's id.
        state: The fold of its log.
        model: Everybody who answered, in few words.
    """
    totals, timeline, started = state.totals, state.timeline, state.started
    estimate = started.estimate if started else None
    return {
        "session": session,
        "run": run,
        "status": state.status,
        "message": state.finished.message if state.finished else "",
        "answer": state.answer,
        "verdict": state.verdict.outcome if state.verdict else "not_run",
        "verdict_detail": state.verdict.detail if state.verdict else "",
        "checks_passed": state.verdict.passed if state.verdict else None,
        "checks": state.verdict.total if state.verdict else None,
        "winner": state.finished.candidate if state.finished else None,
        "simulated": bool(started and started.simulated),
        "model": model or (started.model if started else ""),
        "models": list(started.models or (started.model,)) if started else [],
        "judge": started.judge or None if started else None,
        "calls": totals.calls,
        "calls_by_role": {role: spend.calls for role, spend in totals.by_role.items()},
        "retries": totals.retries,
        "failed_calls": totals.failed,
        "cancelled_calls": totals.cancelled,
        "tokens_in": totals.tokens_in,
        "tokens_out": totals.tokens_out,
        "tokens_cached": totals.cached_in,
        "tokens_reasoning": totals.reasoning_out,
        "tokens_by_role": {role: _tokens(spend) for role, spend in totals.by_role.items()},
        "tokens_estimated": totals.estimated,
        "tokens_per_second": round(totals.tokens_per_second(timeline.wall_s), 2) or None,
        "cost": totals.cost,
        "estimate": estimate.model_dump() if estimate else None,
        "estimate_error": estimate_error(totals.tokens, estimate.tokens) if estimate else None,
        "wall_s": round(timeline.wall_s, 4),
        "critical_path_s": round(timeline.critical_path_s, 4),
        "b_seq": timeline.b_seq,
        "b_total": timeline.b_total,
        "digest": state.graph.digest(),
        "events": state.seq,
    }


def estimate_error(actual: float, expected: Range) -> float:
    """How far a figure is outside a range, relative to the nearest end: 0 inside, negative below."""
    end = min(max(actual, expected.low), expected.high)
    return round((actual - end) / end, 4) if end else float(actual > 0)


def in_words(outcome: dict[str, Any], *, local: bool) -> str:
    """The same for people. Calls of a local model cost time, so their speed stands in place of their price."""
    simulated = " (simulated)" if outcome["simulated"] else ""
    answer = outcome["answer"] if outcome["answer"] is not None else "No readable answer."
    price = "cost unknown" if outcome["cost"] is None else f"cost ${outcome['cost']:.4f}"
    if local:
        price = f"{outcome['tokens_per_second'] or 0:.1f} tokens/s"
    lines = [
        f"{answer}{simulated}",
        f"{outcome['verdict']} · {outcome['status'].replace('_', ' ')} · {outcome['calls']} calls · "
        f"{outcome['tokens_in'] + outcome['tokens_out']} tokens · {price} · {outcome['wall_s']:.1f} s "
        f"(critical path {outcome['critical_path_s']:.1f} s)",
        outcome["message"],
        f"Answered by {outcome['model']}.",
        f"Saved as session {outcome['session']}, run {outcome['run']}.",
    ]
    return "\n".join(line for line in lines if line)


def _tokens(spend: Spend) -> dict[str, Any]:
    return {
        "in": spend.tokens_in,
        "out": spend.tokens_out,
        "cached": spend.cached_in,
        "reasoning": spend.reasoning_out,
        "cost": spend.cost,
    }
