"""A real model in the app's own machine, as a `Model`: no key, no money; knows nothing of runs.

A file of weights is served by llama.cpp in a child process, which all runs share. A server that dies is started again
by the next attempt.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from ttc_core.choice import ModelChoice, Price, public_name
from ttc_core.errors import BadInput, ModelError, ModelUnavailable
from ttc_core.models.base import Hear
from ttc_core.models.local_calls import LocalCalls
from ttc_core.models.local_server import LocalServers, Server, local_servers
from ttc_core.models.provider_errors import ALL_THOUGHT, EMPTY, said
from ttc_core.models.weights import located
from ttc_core.types import Reply, Request

REAPED_S = 1.0
"""How long after its connections broke a server may still look alive."""


async def open_local(choice: ModelChoice, servers: LocalServers | None = None) -> LocalModel:
    """The local model of that name with its server up, which takes a second or more where it was not.

    Raises:
        BadInput: Its weights are not there or damaged, or the server cannot be started; the message says what to do.
    """
    model = LocalModel(choice, located(choice.name).absolute(), servers or local_servers())
    try:
        await model.prepare()
    except ModelError as error:
        raise BadInput(str(error)) from None
    return model


class LocalModel:
    """A model whose weights are a file here."""

    simulated = False

    def __init__(self, choice: ModelChoice, path: Path, servers: LocalServers) -> None:
        """Nothing is started yet.

        Args:
            choice: Its name, and how long a call may wait.
            path: The weights.
            servers: Who serves them.
        """
        self.name = public_name(choice.name)  # it goes into logs, and those are shared
        self.price: Price | None = Price(input=0, output=0)
        self.room = choice.thinking_tokens or 0
        self.context: int | None = None
        self._choice, self._path, self._servers = choice, path, servers
        self._starting = asyncio.Lock()
        self._calls: tuple[Server, LocalCalls] | None = None

    def __repr__(self) -> str:
        return f"LocalModel({self.name!r})"

    async def prepare(self) -> None:
        """Start the server where it is not up. Raises as `LocalServers.start`."""
        self.context = (await self._server()).context

    async def complete(self, request: Request, hear: Hear) -> Reply:
        """One answer to one request. Raises a `ModelError` of the fitting kind, and nothing else."""
        server = await self._server()
        try:
            heard = await self._calls_to(server).heard(request, hear)
        except ModelUnavailable as error:
            if await asyncio.to_thread(server.child.wait, REAPED_S):
                raise self._died(server, error) from None
            raise
        usage, cut = heard.used(request), heard.finish == "length"
        if not heard.text.strip() and (usage.reasoning_out or not cut):
            raise said(ALL_THOUGHT if cut else EMPTY, usage=usage)
        return Reply(
            text=heard.text,
            thinking=heard.thinking.strip(),
            usage=usage,
            cost=0.0,
            finish="length" if cut else "stop",
            model=self.name,
        )

    async def _server(self) -> Server:
        if server := self._servers.ready(self._path):
            return server
        async with self._starting:  # one thread waits for all calls of this model
            try:
                return await asyncio.to_thread(self._servers.start, self.name, self._path)
            except OSError as error:
                raise ModelUnavailable(f"The weights of {self.name} cannot be read: {error.strerror}.") from error

    def _calls_to(self, server: Server) -> LocalCalls:
        """The way to that server: a new one has another port and key."""
        if self._calls is None or self._calls[0] is not server:
            calls = LocalCalls(server.base, server.key, timeout_s=self._choice.timeout_s, room=self.room)
            self._calls = server, calls
        return self._calls[1]

    def _died(self, server: Server, error: ModelError) -> ModelUnavailable:
        return ModelUnavailable(
            f"The local model's server ended in mid-call ({server.child.ending}); it is started again.",
            usage=error.usage,
        )
