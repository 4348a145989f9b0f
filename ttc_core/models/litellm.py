"""Any model that LiteLLM can reach, as a `Model`: one attempt, streamed; knows nothing of runs, budgets or retries.

The only home of LiteLLM. Importing it takes seconds and 160 MB, so it happens on first need and in a thread.

A base URL means an OpenAI-compatible server, whatever the model is called there: the request then goes out through a
client of ours that sends the key given for that server and no other header than HTTP needs, and follows no redirect.
Without a base URL the model's own provider is asked, with the key given or the one LiteLLM finds in the environment.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import logging
import os
import warnings
from typing import Any, Literal

from ttc_core.choice import Effort, Price
from ttc_core.errors import BadInput, BadRequest, ModelError, NotSupported
from ttc_core.models import table
from ttc_core.models.base import Hear
from ttc_core.models.constrained import as_text
from ttc_core.models.litellm_reply import Heard, hear_stream, is_whole, read_whole
from ttc_core.models.litellm_request import Constrain, Wishes
from ttc_core.models.naming import checked_base, checked_name, on_server, price_in
from ttc_core.models.patience import LONGEST, Patience
from ttc_core.models.provider_errors import ALL_THOUGHT, EMPTY, LATE, REFUSED, as_model_error, refusal_words, said
from ttc_core.models.secrets import secrets_of
from ttc_core.types import Reply, Request, Usage

NO_KEY = "none"
"""Keeps LiteLLM from looking for a key in the environment; is not sent."""

PLAIN_HEADERS = {
    *("host", "connection", "accept", "accept-encoding", "authorization", "content-type", "content-length"),
    *("user-agent", "x-stainless-raw-response"),  # the latter tells the client how to read its own reply
}
"""All that a server behind a base URL is sent: clients add more from the environment, such as an organization."""

HTTP = "litellm.llms.custom_httpx.http_handler"
"""Where LiteLLM keeps its pools of connections, much faster than the OpenAI client's own."""

FINISH: dict[str, Literal["stop", "length", "filter"]] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "filter",
}


ROOM = 8192
"""Tokens for the hidden thinking of models that are known to think."""


async def open_litellm(name: str, **settings: Any) -> LiteLLMModel:
    """The model of that name, ready to answer, with its price known where it can be. Settings as `LiteLLMModel`.

    Raises:
        BadInput: the name or the base URL cannot be used.
    """
    model = LiteLLMModel(name, **settings)
    try:
        await model.prepare()
    except BadRequest as error:
        raise BadInput(str(error)) from None
    return model


class LiteLLMModel:
    """A model by its LiteLLM name, such as ``openai/gpt-5-mini``, or by its name on an OpenAI-compatible server.

    `price` is the one given, else, once prepared, that of the table which LiteLLM brings along; None for a server
    behind a base URL, whose price nobody knows.
    """

    simulated = False
    context: int | None = None

    def __init__(
        self,
        name: str,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 120.0,
        price: Price | None = None,
        effort: Effort = "",
        room: int | None = None,
        constrain: Constrain | None = None,
    ) -> None:
        """Check the names; nothing is imported or looked up yet.

        Args:
            name: ``provider/model``; with `api_base`, the model's name on that server.
            api_base: Base URL of an OpenAI-compatible server, mostly ending in ``/v1``.
            api_key: Sent to that server, or to the model's own provider, and to nobody else.
            timeout_s: How long a call may wait while the model says nothing, neither to it nor to others.
            price: Where the user knows better than the table.
            effort: How long it may think; empty: as its provider sees fit.
            room: Tokens on top for hidden thinking; None: as the table says, whether the model thinks.
            constrain: How verdicts and scores are held to their form; None: by schema where that is likely understood.

        Raises:
            BadInput: the name or the base URL cannot be used.
        """
        self.name = self._target = checked_name(name)
        self.price = price
        self.room = room or 0
        self.timeout_s = timeout_s
        self._patience = Patience(timeout_s)
        self._base: str | None = None
        if api_base:
            bare, self._base = on_server(self.name, checked_base(api_base))
            self._target = f"openai/{bare}"
        self._key = (api_key or "").strip() or None
        self._wishes = Wishes(effort, constrain or "", own_server=self._base is not None)
        self._room_unasked, self._constrain_unasked = room is None, constrain is None
        self._litellm: Any = None
        self._client: Any = None
        self._in_table = False

    def __repr__(self) -> str:
        return f"LiteLLMModel({self.name!r})"

    async def prepare(self) -> None:
        """Import and look up what is slow, off the event loop. Raises BadRequest for an unknown provider."""
        if self._litellm is not None:
            return
        litellm, price, known = await asyncio.to_thread(self._look_up)
        if self._litellm is None:  # else another call was faster
            self._in_table = self.price is None and price is not None
            self.price = self.price or price or (known.price if known else None)
            self._fit(known)
            self._litellm = litellm

    def _fit(self, known: table.KnownModel | None) -> None:
        """Set what nobody asked for by what is known."""
        if known:
            self.context, self._wishes.most_tokens = known.context, known.max_output
        if self._room_unasked and known and known.reasoning and self._wishes.effort != "none":
            self.room = ROOM
        if self._constrain_unasked and (self._base or (known and known.schema_output)):
            self._wishes.constrain = "schema"

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """One answer to one request. Raises a `ModelError` of the fitting kind, and nothing else."""
        wishes: dict[str, Any] = {}
        heard = Heard(hear)
        try:
            await self.prepare()
            wishes = self._wishes.of(request)
            if "response_format" in wishes:
                heard = Heard(lambda piece: None)  # pieces of JSON are no words
            async with self._patience.call():
                answer = await self._litellm.acompletion(**self._arguments(request, wishes))
                await self._listen(answer, heard, streamed="stream" in wishes)
            return self._reply(heard, request, wishes)
        except TimeoutError:
            raise said(LATE, f"after {self.timeout_s:g} s", usage=heard.used(request)) from None
        except Exception as error:  # the provider boundary: whatever libraries raise becomes one of ours
            raise self._understood(error, wishes, heard.used(request) if heard.anything else None) from None

    def _look_up(self) -> tuple[Any, Price | None, table.KnownModel | None]:
        litellm = _load_litellm()
        if self._base:
            return litellm, None, None
        try:
            bare, provider, *_ = litellm.get_llm_provider(self._target)
        except Exception:
            raise BadRequest(
                f"No provider is known for the model {self.name!r}; write provider/model, such as openai/gpt-5-mini, "
                "or give the base URL of its server."
            ) from None
        return litellm, price_in(litellm.model_cost, self._target, bare, provider), table.facts(self.name)

    def _arguments(self, request: Request, wishes: dict[str, Any]) -> dict[str, Any]:
        """One attempt, and nothing that LiteLLM could find elsewhere where a base URL is given."""
        arguments = self._wishes.arguments(request, wishes) | {
            "model": self._target,
            "timeout": LONGEST * self.timeout_s,  # the earlier end is ours to set
            "max_retries": 0,
            "num_retries": 0,
        }
        if self._base:
            arguments |= {"api_base": self._base, "api_key": self._key or NO_KEY, "client": self._bound_client()}
        elif self._key:
            arguments["api_key"] = self._key
        return arguments

    def _bound_client(self) -> Any:
        """A client for our server alone. Its connections are LiteLLM's to keep, one pool for each event loop."""
        settings = {"follow_redirects": False, "event_hooks": {"request": [_send_plain_headers]}}
        connections = importlib.import_module(HTTP).get_async_httpx_client("openai", settings).client
        if self._client is None or self._client[0] is not connections:
            key = self._key or NO_KEY
            client = importlib.import_module("openai").AsyncOpenAI(
                api_key=key,
                base_url=self._base,
                http_client=connections,
                max_retries=0,
                default_headers={"Authorization": f"Bearer {key}"},
            )
            self._client = connections, client
        return self._client[1]

    async def _listen(self, answer: Any, heard: Heard, streamed: bool) -> None:
        """Hear an answer to its end. Raises the fitting `ModelError` where it has none."""
        if not streamed:
            heard.take(answer)
        else:
            try:
                if self._base and is_whole(answer):
                    heard.take(self._litellm.ModelResponse(**await read_whole(answer)))
                else:
                    await hear_stream(answer, heard, self._patience.alive, own_client=self._base is not None)
            finally:
                await answer.aclose()
        self._patience.alive()
        heard.end()

    def _reply(self, heard: Heard, request: Request, wishes: dict[str, Any]) -> Reply:
        usage = heard.used(request)
        text = as_text(request, heard.text) if "response_format" in wishes else heard.text
        if not text.strip():
            if heard.refusal or heard.finish == "content_filter":
                raise said(REFUSED, usage=usage)
            if heard.finish != "length":
                raise said(EMPTY, usage=usage)
            if usage.reasoning_out:
                raise said(ALL_THOUGHT, usage=usage)
        return Reply(
            text=text,
            thinking=heard.thinking.strip(),
            usage=usage,
            cost=self._cost(usage, None if usage.estimated else heard.usage),
            finish=FINISH.get(heard.finish or "", "unknown"),
            model=self.name,
        )

    def _understood(self, error: Exception, wishes: dict[str, Any], used: Usage | None) -> ModelError:
        """What went wrong as one of ours, and what is learned from it."""
        refusal = refusal_words(error) if used is None else None
        if refusal is not None and (setting := self._wishes.learn(refusal, wishes)):
            return NotSupported(f"{self.name} does not take {setting}; it is asked again without {setting}.")
        ours = as_model_error(error, used, secrets_of(os.environ) | {self._key or ""})
        if used and not ours.usage.total:
            ours.usage = used
        return ours

    def _cost(self, usage: Usage, reported: Any) -> float | None:
        """By the table's finer rates, for cached tokens and the like, where the price is the table's."""
        if self.price is None:
            return None
        if self._in_table and reported:
            return float(sum(self._litellm.cost_per_token(model=self._target, usage_object=reported)))
        return self.price.of(usage)


@functools.cache
def _load_litellm() -> Any:
    """LiteLLM, told to keep to itself: no price table or tokenizer from the network, no words on the terminal."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # else it takes keys from any .env file it finds
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).disabled = True
    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below that they write headers, which may echo a key
    litellm: Any = importlib.import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.redact_messages_in_exceptions = True
    litellm.disable_token_counter = True
    warnings.filterwarnings("ignore", message=".*`ReadOnly` qualifier", category=UserWarning)  # of its own types
    for name in ("litellm.main", HTTP, "openai.resources.chat.completions"):
        importlib.import_module(name)  # else the first call does, on the event loop
    # A rehearsal without network loads what else would be loaded on the event loop, by the first call.
    litellm.completion("gpt-4o-mini", [{"role": "user", "content": "ready?"}], mock_response="ready")
    return litellm


async def _send_plain_headers(request: Any) -> None:
    for name in set(request.headers) - PLAIN_HEADERS:
        del request.headers[name]
    if request.headers.get("authorization") == f"Bearer {NO_KEY}":
        del request.headers["authorization"]
    if request.url.scheme == "http":
        # Small local servers hang up on idle connections, and a request that meets one of those is lost.
        request.headers["connection"] = "close"
