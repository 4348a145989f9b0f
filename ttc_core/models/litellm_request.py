"""What a request asks for beyond its words, and what a model turns out not to take: pure; nothing is sent from here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from ttc_core.choice import Effort
from ttc_core.models.constrained import grammar, schema
from ttc_core.types import Request

Constrain = Literal["", "grammar", "schema"]
"""How verdicts and scores are held to their form: not at all, by llama.cpp's grammar, or by a JSON schema."""

SPOKEN_OF = {
    "max_tokens": r"max_completion_tokens|max_tokens\W+(?:is |are )?(?:not|un)\s?(?:supported|permitted|recognized)",
    "stream_options": r"stream_options|include_usage",
    "stream": r"stream(?:ing)?",
    "response_format": r"response_format|json(?:[_ ](?:schema|mode|object|validate_failed))?"
    r"|structured outputs?|tool[ _](?:choice|use)",  # LiteLLM asks some providers for JSON by way of a tool
    "grammar": r"grammar",
    "reasoning_effort": r"reasoning(?:[_ .]effort)?|effort|thinking",
    "chat_template_kwargs": r"chat_template_kwargs|enable_thinking",
    "temperature": r"temperature",
    "seed": r"seed",
}
"""What a model can do without, and the words of a refusal that mean it. Of `max_tokens` only the name is changed."""

BEYOND_LITELLM = ("grammar", "chat_template_kwargs")
"""Settings of some servers that LiteLLM does not know and passes on as they are."""

BINDING = ("response_format", "grammar")
"""Dropped before anything else: what they ask for is in the prompt, too."""

_PATTERNS = {
    setting: re.compile(rf"(?<![\w.])(?:{words})(?![\w])", re.IGNORECASE) for setting, words in SPOKEN_OF.items()
}


def refused(words: str, sent: Collection[str]) -> str | None:
    """The setting that a refusal is about, of those that were sent: what bound the reply to a form, or the first named.

    None where it is about something else. Where it names nothing, the form is taken for it.
    """
    named = {setting: match.start() for setting in sent if (match := _PATTERNS[setting].search(words))}
    form = next((setting for setting in BINDING if setting in (named or sent)), None)
    return form or min(named, key=named.__getitem__, default=None)


@dataclass
class Wishes:
    """What one model is asked for, and what it has refused."""

    effort: Effort = ""
    constrain: Constrain = ""
    own_server: bool = False
    """Whether it is a server behind a base URL, which LiteLLM knows nothing of."""
    most_tokens: int | None = None
    """The longest reply that the model can give."""
    without: set[str] = field(default_factory=set)

    def of(self, request: Request) -> dict[str, Any]:
        """All that the model may turn out not to take, less what it has refused."""
        wishes: dict[str, Any] = {
            "temperature": request.temperature,
            "max_tokens": self._limit(request),
            "seed": request.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self.effort:
            wishes["reasoning_effort"] = self.effort
        if self.effort == "none" and self.own_server:
            wishes["chat_template_kwargs"] = {"enable_thinking": False}  # as llama.cpp and vLLM are told
        if self.constrain == "grammar" and (rules := grammar(request)):
            wishes["grammar"] = rules
        if self.constrain == "schema" and (form := schema(request, bounded=self.own_server)):
            verdict = {"name": "verdict", "strict": True, "schema": form}
            wishes["response_format"] = {"type": "json_schema", "json_schema": verdict}
        return {name: wish for name, wish in wishes.items() if name not in self.without}

    def arguments(self, request: Request, wishes: dict[str, Any]) -> dict[str, Any]:
        """The same as LiteLLM wants it, with the request's words."""
        arguments: dict[str, Any] = {
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            **{name: wish for name, wish in wishes.items() if name not in BEYOND_LITELLM},
            "drop_params": True,
        }
        if "stream" not in wishes:
            arguments.pop("stream_options", None)
        if "max_tokens" not in wishes:
            arguments["max_completion_tokens"] = self._limit(request)
        if beyond := {name: wishes[name] for name in BEYOND_LITELLM if name in wishes}:
            arguments["extra_body"] = beyond
        if self.own_server:
            # LiteLLM knows OpenAI's own models by their names, and what they take, but not this server's.
            arguments["allowed_openai_params"] = ["reasoning_effort", "response_format"]
            # Some names would be sent to /responses, which few servers have, and past our client.
            arguments["_skip_responses_api_bridge"] = True
        return arguments

    def learn(self, refusal: str, sent: Collection[str]) -> str | None:
        """Do without what a refusal is about, and say what; None where it is about something else."""
        setting = refused(refusal, sent)
        if setting:
            self.without.add(setting)
        return setting

    def _limit(self, request: Request) -> int:
        return min(request.max_tokens, self.most_tokens or request.max_tokens)
