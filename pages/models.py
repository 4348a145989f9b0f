"""Models: which model answers in this browser session; simulated or real, with its key and a test of the connection."""

from __future__ import annotations

import streamlit as st

from pages._parts.house import library, worker
from pages._parts.model_choice import ChosenModel, choose, chosen
from pages._parts.real_form import forget_typed, real_form
from pages._parts.simulated_form import meaning, name_of, reset, simulated_form
from pages._parts.words import plain
from ttc_core.choice import ModelChoice, Price
from ttc_core.errors import BadInput, ModelError, NotAllowed
from ttc_core.models import open_model
from ttc_core.models.connection import try_connection
from ttc_core.models.litellm import open_litellm

KIND = "models:kind"
SIMULATED, REAL = "Simulated", "A real model"
PATIENCE_S = 30.0  # for the answer to a test of the connection
LOOKS = {SIMULATED: ":material/casino: Simulated", REAL: ":material/cloud: A real model"}


def main() -> None:
    """What is in use, and how to use another."""
    st.title("Models", anchor=False)
    if not library().may_change:
        st.info("Models are chosen by the person at the computer where this app runs.")
        return
    current = chosen()
    _in_use(current)
    st.session_state.setdefault(KIND, SIMULATED if current.choice.simulated else REAL)
    kind = st.segmented_control(
        "Who answers", list(LOOKS), format_func=LOOKS.__getitem__, key=KIND, required=True, width="stretch"
    )
    if kind == SIMULATED:
        _simulated(current)
    else:
        _real(current)


def _in_use(current: ChosenModel) -> None:
    with st.container(border=True, gap=None):
        st.caption("In use")
        st.markdown(f"**{plain(current.label)}**{' · with the key you entered' if current.key else ''}")


def _simulated(current: ChosenModel) -> None:
    st.markdown(
        "No language model is asked. Answers are drawn by dice, with the odds below, from the right answer that a "
        "problem carries: they show how a method behaves, and say nothing about what a model knows."
    )
    form, outcome = st.columns([6, 4], gap="large")
    with form:
        settings = simulated_form(current.choice)
    with outcome:
        st.markdown(meaning(settings))
        choice = ModelChoice(name=name_of(settings))
        _use(choice, None, current)
        st.button("Reset the odds", icon=":material/restart_alt:", on_click=reset, width="stretch")
        st.caption("On the command line")
        st.code(f"--model {choice.name}", language=None, wrap_lines=True)


def _real(current: ChosenModel) -> None:
    st.markdown("Any model that LiteLLM can reach: a provider's, asked with your key, or one on your own machine.")
    form, outcome = st.columns([6, 4], gap="large")
    with form:
        choice, key = real_form(current.choice)
    with outcome:
        _use(choice, key, current)
        test = st.button(
            "Test the connection", icon=":material/network_check:", disabled=choice is None, width="stretch"
        )
        if choice and test:
            with st.spinner("Asking for one word …", show_time=True):
                sentence, works = _tried(choice, key)
            (st.success if works else st.error)(plain(sentence))
        else:
            st.caption("One tiny call, to see that address, name and key are right.")


def _use(choice: ModelChoice | None, key: str | None, current: ChosenModel) -> None:
    """The button that makes the model the one in use."""
    used = choice == current.choice and key == current.key
    words = "In use" if used else "Use this model"
    use = st.button(
        words, type="primary", icon=":material/check:", disabled=used or choice is None, width="stretch", key="use"
    )
    if not use or choice is None:
        return
    try:
        with st.spinner("Looking it up …"):
            worker().call(open_model(choice, key=key))
    except BadInput as error:
        st.error(plain(str(error)))
        return
    choose(choice, key)
    forget_typed()
    st.toast(f"In use: {plain(chosen().label)}", icon=":material/check:")
    st.rerun()


def _tried(choice: ModelChoice, key: str | None) -> tuple[str, bool]:
    """What came of one tiny call, in words, and whether it was answered."""
    if not library().may_change:
        raise NotAllowed("Only the owner of this app may ask a model.")
    try:
        return worker().call(_try(choice, key), timeout=None), True
    except (BadInput, ModelError) as error:
        return str(error), False


async def _try(choice: ModelChoice, key: str | None) -> str:
    model = await open_litellm(choice.name, api_base=choice.api_base, api_key=key, timeout_s=PATIENCE_S)
    return f"{await try_connection(model)} {_price(model.price)}"


def _price(price: Price | None) -> str:
    if price is None:
        return "Its price is not known, so runs show no cost."
    return f"It costs ${price.input * 1e6:.2f} per million tokens in, ${price.output * 1e6:.2f} out."


main()
