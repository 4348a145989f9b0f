"""Models: who answers in this browser session, from this machine, from a provider, or simulated."""

from __future__ import annotations

import streamlit as st

from pages._parts.found_servers import found_servers
from pages._parts.house import library, worker
from pages._parts.local_models import catalogue_cards, own_file
from pages._parts.model_choice import team
from pages._parts.real_form import real_form
from pages._parts.simulated_form import meaning, name_of, reset, simulated_form
from pages._parts.team import in_use_card, price_words, use_buttons
from pages._parts.words import plain
from ttc_core.choice import ModelChoice
from ttc_core.errors import BadInput, ModelError, NotAllowed
from ttc_core.models import open_model
from ttc_core.models.catalogue import catalogue
from ttc_core.models.connection import try_connection
from ttc_core.models.table import facts

KIND = "models:kind"
MACHINE, PROVIDER, SIMULATED = "On this machine", "A provider", "Simulated"
PATIENCE_S = 30.0  # for the answer to a test of the connection


def main() -> None:
    """What is in use, and how to use another."""
    st.title("Models", anchor=False)
    if not library().may_change:
        st.info("Models are chosen by the person at the computer where this app runs.")
        return
    in_use_card()
    first = team().proposers[0]
    st.session_state.setdefault(KIND, MACHINE if first.simulated or _here(first) else PROVIDER)
    kind = st.segmented_control(
        "Where it runs",
        (MACHINE, PROVIDER, SIMULATED),
        key=KIND,
        required=True,
        width="stretch",
        label_visibility="collapsed",
    )
    {MACHINE: _machine, PROVIDER: _provider, SIMULATED: _simulated}[kind or MACHINE](first)


def _machine(_: ModelChoice) -> None:
    st.markdown("Real answers with no key and no account: a small model, fetched once, runs inside this app.")
    catalogue_cards(catalogue())
    own_file()
    found_servers()


def _provider(first: ModelChoice) -> None:
    st.markdown("Any model that LiteLLM can reach: a provider's, asked with your key, or one behind a base URL.")
    form, outcome = st.columns([6, 4], gap="large")
    with form:
        choice, key = real_form(first)
    with outcome:
        use_buttons(choice, secret=key, check=_check, across=False)
        _connection(choice, key)


def _simulated(first: ModelChoice) -> None:
    st.markdown(
        "No language model is asked. Answers are drawn by dice, with the odds below, from the right answer that a "
        "problem carries: they show how a method behaves, and say nothing about what a model knows."
    )
    form, outcome = st.columns([6, 4], gap="large")
    with form:
        settings = simulated_form(first)
    with outcome:
        st.markdown(meaning(settings))
        choice = ModelChoice(name=name_of(settings))
        use_buttons(choice, across=False)
        st.button("Reset the odds", icon=":material/restart_alt:", on_click=reset, width="stretch")
        st.caption("On the command line")
        st.code(f"--model {choice.name}", language=None, wrap_lines=True)


def _check(choice: ModelChoice) -> None:
    """Raises BadInput where no provider is known for the model; what the table lists has one."""
    if choice.api_base is None and facts(choice.name) is None:
        with st.spinner("Looking it up …"):
            worker().call(open_model(choice))


def _connection(choice: ModelChoice | None, key: str | None) -> None:
    if choice and st.button("Test the connection", icon=":material/network_check:", width="stretch"):
        with st.spinner("Asking for one word …", show_time=True):
            sentence, works = _tried(choice, key)
        (st.success if works else st.error)(plain(sentence))
    else:
        st.caption("A test is one tiny call, to see that address, name and key are right.")


def _tried(choice: ModelChoice, key: str | None) -> tuple[str, bool]:
    """What came of one tiny call, in words, and whether it was answered."""
    if not library().may_change:
        raise NotAllowed("Only the owner of this app may ask a model.")
    try:
        return worker().call(_try(choice, key), timeout=None), True
    except (BadInput, ModelError) as error:
        return str(error), False


async def _try(choice: ModelChoice, key: str | None) -> str:
    hurried = choice.model_copy(update={"timeout_s": min(choice.timeout_s, PATIENCE_S)})
    model = await open_model(hurried, key=key)
    return f"{await try_connection(model)} Its price: {price_words(model.price)}."


def _here(choice: ModelChoice) -> bool:
    """Whether the model runs on this machine, in the app or in a server beside it."""
    return choice.local or (choice.api_base or "").startswith(("http://localhost", "http://127.0.0.1", "http://[::1]"))


main()
