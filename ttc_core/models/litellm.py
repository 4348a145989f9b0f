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

from ttc_core.choice import Price
from ttc_core.errors import BadInput, BadRequest
from ttc_core.models.base import Hear
from ttc_core.models.naming import checked_base, checked_name, on_server, price_in
from ttc_core.models.patience import LONGEST, Patience
from ttc_core.models.provider_errors import BROKE_OFF, EMPTY, LATE, NONSENSE, REFUSED, as_model_error, said
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
    room = 0
    context: int | None = None

    def __init__(
        self,
        name: str,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        timeout_s: float = 120.0,
        price: Price | None = None,
    ) -> None:
        """Check the names; nothing is imported or looked up yet.

        Args:
            name: ``provider/model``; with `api_base`, the model's name on that server.
            api_base: Base URL of an OpenAI-compatible server, mostly ending in ``/v1``.
            api_key: Sent to that server, or to the model's own provider, and to nobody else.
            timeout_s: How long a call may wait while the model says nothing, neither to it nor to others.
            price: Where the user knows better than the table.

        Raises:
            BadInput: the name or the base URL cannot be used.
        """
        self.name = self._target = checked_name(name)
        self.price = price
        self.timeout_s = timeout_s
        self._patience = Patience(timeout_s)
        self._base: str | None = None
        if api_base:
            bare, self._base = on_server(self.name, checked_base(api_base))
            self._target = f"openai/{bare}"
        self._key = (api_key or "").strip() or None
        self._litellm: Any = None
        self._client: Any = None
        self._in_table = False

    def __repr__(self) -> str:
        return f"LiteLLMModel({self.name!r})"

    async def prepare(self) -> None:
        """Import what is slow and look up the price, off the event loop. Raises BadRequest for an unknown provider."""
        if self._litellm is None:
            litellm, price = await asyncio.to_thread(self._look_up)
            self._in_table = self.price is None and price is not None
            self.price = self.price or price
            self._litellm = litellm

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """One answer to one request. Raises a `ModelError` of the fitting kind, and nothing else."""
        heard: list[str] = []
        try:
            await self.prepare()
            async with self._patience.call():
                stream = await self._litellm.acompletion(**self._arguments(request))
                try:
                    return await self._listen(stream, request, hear, heard)
                finally:
                    await stream.aclose()
        except TimeoutError:
            raise said(LATE, f"after {self.timeout_s:g} s", usage=_estimate(request, heard)) from None
        except Exception as error:  # the provider boundary: whatever libraries raise becomes one of ours
            used = _estimate(request, heard) if heard else None
            raise as_model_error(error, used, secrets_of(os.environ) | {self._key or ""}) from None

    def _look_up(self) -> tuple[Any, Price | None]:
        litellm = _load_litellm()
        if self._base:
            return litellm, None
        try:
            bare, provider, *_ = litellm.get_llm_provider(self._target)
        except Exception:
            raise BadRequest(
                f"No provider is known for the model {self.name!r}; write provider/model, such as openai/gpt-5-mini, "
                "or give the base URL of its server."
            ) from None
        return litellm, price_in(litellm.model_cost, self._target, bare, provider)

    def _arguments(self, request: Request) -> dict[str, Any]:
        """One attempt, and nothing that LiteLLM could find elsewhere where a base URL is given."""
        arguments: dict[str, Any] = {
            "model": self._target,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            "seed": request.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
            "timeout": LONGEST * self.timeout_s,  # the earlier end is ours to set
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": True,
        }
        if self._base:
            arguments |= {"api_base": self._base, "api_key": self._key or NO_KEY, "client": self._bound_client()}
            # Some names would be sent to /responses, which few servers have, and past our client.
            arguments["_skip_responses_api_bridge"] = True
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

    async def _listen(self, stream: Any, request: Request, hear: Hear, heard: list[str]) -> Reply:
        """Read a stream to its end, and tell an end from a break.

        LiteLLM makes up a finish reason and a usage where none came. Our own client's stream is read past it, at half
        the cost; of others its notes tell what came.
        """
        choice = finish = usage = None
        async for chunk in stream.completion_stream if self._base else stream:
            self._patience.alive()
            choice = chunk.choices[0] if chunk.choices else None
            if piece := getattr(choice and choice.delta, "content", None):
                heard.append(piece)
                hear(piece)
            finish = (choice and choice.finish_reason) or finish
            usage = getattr(chunk, "usage", None) or usage
            if finish and usage and not self._base:
                break  # all is there; the rest is LiteLLM's own bookkeeping
        if not self._base:
            finish = stream.received_finish_reason or stream.intermittent_finish_reason
            usage = usage if any(getattr(chunk, "usage", None) for chunk in stream.chunks) else None
        summed_up = self._base and usage and not choice  # usage by itself comes last
        if not finish and not summed_up:
            raise said(BROKE_OFF, usage=_estimate(request, heard)) if heard else said(NONSENSE)
        return self._reply("".join(heard), finish, usage, request)

    def _reply(self, text: str, finish: str | None, reported: Any, request: Request) -> Reply:
        usage = _usage(reported) if reported else Usage()
        if not usage.total:
            usage, reported = _estimate(request, [text]), None
        if not text.strip() and finish != "length":
            raise said(REFUSED if finish == "content_filter" else EMPTY, usage=usage)
        cost = self._cost(usage, reported)
        return Reply(text=text, usage=usage, cost=cost, finish=FINISH.get(finish or "", "unknown"), model=self.name)

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


def _usage(reported: Any) -> Usage:
    prompt = getattr(reported, "prompt_tokens_details", None)
    completion = getattr(reported, "completion_tokens_details", None)
    return Usage(
        tokens_in=reported.prompt_tokens or 0,
        tokens_out=reported.completion_tokens or 0,
        cached_in=getattr(prompt, "cached_tokens", None) or 0,
        reasoning_out=getattr(completion, "reasoning_tokens", None) or 0,
    )


def _estimate(request: Request, heard: list[str]) -> Usage:
    """Four characters a token, where the provider did not say."""
    tokens_in = sum(-(-len(message.content) // 4) for message in request.messages)
    return Usage(tokens_in=tokens_in, tokens_out=-(-sum(map(len, heard)) // 4), estimated=True)
