"""The odds of the simulated model as sliders, made from its settings' own descriptions and ranges."""

from __future__ import annotations

import streamlit as st

from pages._parts.fields import bounds
from pages._parts.words import plain
from ttc_core.choice import SIMULATED, ModelChoice
from ttc_core.models.simulated_odds import SimulatedSettings

PREFIX = "odds:"
FIRST = ("accuracy", "judge", "judge_correlation", "position_bias", "speed")
"""The settings that decide most of what one sees; the others stand behind them."""
SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 0.0)
"""From slow to no waiting at all."""


def simulated_form(start: ModelChoice) -> SimulatedSettings:
    """Draw the sliders, beginning with the settings of `start`; what they are set to."""
    fields = SimulatedSettings.model_fields
    given = start.name.partition(":")[2] if start.simulated else ""
    for name, value in SimulatedSettings.parse(given).model_dump().items():
        st.session_state.setdefault(PREFIX + name, value)
    values = {name: _speed() if name == "speed" else _slider(name) for name in FIRST}
    with st.expander("More odds"):
        values |= {name: _number(name) for name in fields if name not in FIRST}
    return SimulatedSettings.model_validate(values)


def reset() -> None:
    """Back to the settings that the simulated model has by itself."""
    for name, value in SimulatedSettings().model_dump().items():
        st.session_state[PREFIX + name] = value


def name_of(settings: SimulatedSettings) -> str:
    """The model's name with what differs from the usual: ``simulated``, or ``simulated:accuracy=0.4,judge=0.7``."""
    changed = ",".join(f"{name}={value:g}" for name, value in settings.model_dump(exclude_defaults=True).items())
    return f"{SIMULATED}:{changed}" if changed else SIMULATED


def meaning(settings: SimulatedSettings) -> str:
    """What to expect of these odds, in two figures; the formula of a vote is in the docstring of simulated.py."""
    vote = (1 - settings.position_bias) * settings.judge + settings.position_bias / 2
    return (
        f"Of 16 proposals about **{16 * settings.accuracy:.0f}** are right. One vote between a right and a wrong "
        f"candidate picks the right one in **{vote:.0%}** of cases."
    )


def _label(name: str) -> str:
    words = plain(SimulatedSettings.model_fields[name].description)
    return f"**{name.replace('_', ' ').capitalize()}**  :gray[{words}]"


def _slider(name: str) -> float:
    low, high = bounds(SimulatedSettings.model_fields[name])
    return float(st.slider(_label(name), low, high, step=0.01, key=PREFIX + name, persist_state="page"))


def _speed() -> float:
    low, high = bounds(SimulatedSettings.model_fields["speed"])
    now = st.session_state[f"{PREFIX}speed"]
    steps = sorted({*(speed for speed in SPEEDS if low <= speed <= high), now}, key=lambda speed: speed or float("inf"))
    key = f"{PREFIX}speed"
    return float(st.select_slider(_label("speed"), steps, format_func=_times, key=key, persist_state="page"))


def _times(speed: float) -> str:
    return f"{speed:g} ×" if speed else "no waiting"


def _number(name: str) -> float:
    field = SimulatedSettings.model_fields[name]
    low, high = bounds(field)
    step = 10 if field.annotation is int else 0.05
    return st.number_input(_label(name), low, high, step=step, key=PREFIX + name, persist_state="page")
