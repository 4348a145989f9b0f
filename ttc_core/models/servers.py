"""Servers with models on one's own machine: looks where they usually listen; knows nothing of providers or keys.

Nothing secret is sent and no reply is trusted: what is too long, too slow, moved or misshapen counts as not there.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from ttc_core.choice import LOCAL, SIMULATED
from ttc_core.errors import BadInput
from ttc_core.models.naming import OLLAMA_PROVIDERS, OPENAI_PROVIDERS, checked_base, checked_name
from ttc_core.types import Value

if TYPE_CHECKING:
    import httpx

Kind = Literal["Ollama", "LM Studio", "llama.cpp", "vLLM", "OpenAI-compatible"]

USUAL_PORTS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
MOST_BYTES = 1_000_000
MOST_MODELS = 500

NO_CHAT = re.compile(r"embed|rerank|whisper|(^|/)(bge-|e5-|all-minilm)", re.IGNORECASE)
"""Names of models that make vectors or listen, and cannot answer."""
TALKS = re.compile(r"chat|instruct|(^|[-_:/.])it($|[-_:.])", re.IGNORECASE)
"""Names of models that were taught to answer."""
TAKEN = re.compile(rf"({'|'.join(OPENAI_PROVIDERS | OLLAMA_PROVIDERS)})/|{LOCAL}|{SIMULATED}(:|$)")
"""Beginnings of names that mean something here, and would not reach the server as they are."""


class ServedModel(Value):
    """One model that a server offers."""

    name: str
    """As a `ModelChoice` with the server's base URL wants it written."""
    context: int | None = None
    """Tokens that prompt and answer may have together, where the server says so."""
    loaded: bool | None = None
    """Whether it is in memory and answers at once; None where the server does not say."""

    @property
    def elsewhere(self) -> bool:
        """Whether Ollama passes it on to its makers' cloud."""
        return self.name.endswith(("-cloud", ":cloud"))


class FoundServer(Value):
    """A server that answered."""

    kind: Kind
    base: str
    """Its base URL, mostly ending in ``/v1``."""
    models: tuple[ServedModel, ...] = ()
    """What can be asked here; none where the server has nothing to offer yet."""


class Places(NamedTuple):
    """Where to look, and a sentence for each address that cannot be one."""

    bases: tuple[str, ...]
    complaints: tuple[str, ...] = ()


class _Answer(NamedTuple):
    """What came from one address: its JSON, and what the server calls itself."""

    body: Any
    server: str


def usual_places(environ: Mapping[str, str]) -> Places:
    """Where servers listen unless told otherwise, after ``$OLLAMA_HOST`` and the addresses in ``$TTC_SERVERS``.

    The word ``none`` among the latter leaves only them.
    """
    bases, complaints = [], []
    named = [address.strip() for address in environ.get("TTC_SERVERS", "").split(",")]
    for number, address in enumerate((address for address in named if address not in ("", "none")), 1):
        try:
            bases.append(_with_path(checked_base(address)))
        except BadInput as error:  # the address itself is not repeated: it may hold a password
            complaints.append(f"Address {number} in TTC_SERVERS cannot be used. {error}")
    ports = {kind: f"http://localhost:{port}/v1" for kind, port in USUAL_PORTS.items()}
    ports["Ollama"] = _ollama_base(environ.get("OLLAMA_HOST", ""))
    if "none" in named:
        ports.clear()
    return Places(tuple({_same_place(base): base for base in (*ports.values(), *bases)}.values()), tuple(complaints))


async def find_servers(places: Iterable[str] | None = None, *, timeout_s: float = 0.7) -> tuple[FoundServer, ...]:
    """The servers that answer at these base URLs, in their order; all are asked at once.

    Args:
        places: Base URLs; None looks at the `usual_places` of this process's environment.
        timeout_s: Seconds for each server; what it has not said by then is not known of it.

    Raises:
        BadInput: one of the places given is no base URL.
    """
    bases = [checked_base(place) for place in places] if places is not None else usual_places(os.environ).bases
    async with await asyncio.to_thread(_client) as client:
        found = await asyncio.gather(*(_look(client, _with_path(base), timeout_s) for base in bases))
    return tuple(server for server in found if server)


def default_order(servers: Iterable[FoundServer]) -> list[tuple[FoundServer, ServedModel]]:
    """All models of all servers, the one to offer first at the front.

    Loaded ones come first, then those taught to answer; at the end those that Ollama passes on to its makers' cloud.
    """

    def order(pair: tuple[FoundServer, ServedModel]) -> tuple[bool, bool, bool]:
        model = pair[1]
        return model.elsewhere, not model.loaded, not TALKS.search(model.name)

    return sorted(((server, model) for server in servers for model in server.models), key=order)


def best(servers: Iterable[FoundServer]) -> tuple[FoundServer, ServedModel] | None:
    """The server and model to offer first; None where there is none."""
    return next(iter(default_order(servers)), None)


def _client() -> httpx.AsyncClient:
    """Made in a thread: the import and the certificates take their time."""
    client: httpx.AsyncClient = importlib.import_module("httpx").AsyncClient(
        trust_env=False, timeout=None, headers={"accept": "application/json", "accept-encoding": "identity"}
    )
    return client


async def _look(client: httpx.AsyncClient, base: str, timeout_s: float) -> FoundServer | None:
    end = asyncio.get_running_loop().time() + timeout_s
    listing = await _get(client, f"{base}/models", end)
    entries = _entries(listing.body) if listing else None
    if listing is None or entries is None:
        return None
    root = base.removesuffix("/v1")
    kind = _kind(listing.server, entries) or await _kind_by_version(client, root, end)
    models = _models(kind, entries, await _details(client, root, kind, end))
    if kind == "OpenAI-compatible" and not models:
        return None
    return FoundServer(kind=kind, base=base, models=models)


async def _get(client: httpx.AsyncClient, url: str, end: float) -> _Answer | None:
    """The JSON at an address; None where none comes in time, whatever the reason."""
    httpx = importlib.import_module("httpx")
    try:
        async with asyncio.timeout_at(end), client.stream("GET", url) as reply:
            if reply.status_code != 200:
                return None
            body = bytearray()
            async for piece in reply.aiter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    return None
        return _Answer(json.loads(body), reply.headers.get("server", ""))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError):
        return None


def _entries(body: Any) -> list[dict[str, Any]] | None:
    """The entries of a list of models in OpenAI's language; None where it is something else."""
    data = _field(body, "data")
    if data is None and _field(body, "object") == "list":
        return []  # Ollama without models
    if not isinstance(data, list):
        return None
    return [entry for entry in data[:MOST_MODELS] if isinstance(entry, dict)]


def _kind(server: str, entries: list[dict[str, Any]]) -> Kind | None:
    """What the server is by its list alone; None where that does not tell."""
    owners = set(_by_name(entries, "owned_by"))
    if server == "llama.cpp" or "llamacpp" in owners:
        return "llama.cpp"
    if "vllm" in owners:
        return "vLLM"
    return "LM Studio" if "organization_owner" in owners else None


async def _kind_by_version(client: httpx.AsyncClient, root: str, end: float) -> Kind:
    """Ollama names the makers of its models as their owners; what tells is the version that it reports."""
    version = await _get(client, f"{root}/api/version", end)
    return "Ollama" if version and isinstance(_field(version.body, "version"), str) else "OpenAI-compatible"


async def _details(client: httpx.AsyncClient, root: str, kind: Kind, end: float) -> dict[str, dict[str, Any]]:
    """What a server says of its models in its own language, by name; under the empty name, what holds for all."""
    own = {"Ollama": "/api/ps", "LM Studio": "/api/v0/models", "llama.cpp": "/props"}.get(kind)
    answer = await _get(client, f"{root}{own}", end) if own else None
    if answer is None:
        return {}
    if kind == "llama.cpp":
        return {"": {"context": _field(_field(answer.body, "default_generation_settings"), "n_ctx")}}
    if kind == "Ollama":
        running = _field(answer.body, "models")
        rows = _by_name(running, "name") if isinstance(running, list) else {}
        loaded = {name: {"context": row.get("context_length"), "loaded": True} for name, row in rows.items()}
        return {"": {"loaded": False}, **loaded}
    return {name: _studio_details(row) for name, row in _by_name(_entries(answer.body) or [], "id").items()}


def _studio_details(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "context": row.get("loaded_context_length") or row.get("max_context_length"),
        "loaded": row["state"] == "loaded" if isinstance(row.get("state"), str) else None,
        "no_chat": row.get("type") in ("embeddings", "embedding"),
    }


def _models(kind: Kind, entries: list[dict[str, Any]], details: dict[str, dict[str, Any]]) -> tuple[ServedModel, ...]:
    models: dict[str, ServedModel] = {}
    for entry, name in _named(kind, entries):
        more = details.get(entry["id"], details.get("", {}))
        if more.get("no_chat"):
            continue
        context = _tokens(_field(entry.get("meta"), "n_ctx")) or _tokens(entry.get("max_model_len"))
        state = _field(entry.get("status"), "value")  # of a llama.cpp server that has several models
        loaded = more.get("loaded", kind in ("llama.cpp", "vLLM") or None) if state is None else state == "loaded"
        model = ServedModel(name=name, context=context or _tokens(more.get("context")), loaded=loaded)
        models.setdefault(name, model)
    return tuple(models.values())


def _named(kind: Kind, entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """The entries that can be asked, each with the name to write for it."""
    for entry in entries:
        name = entry.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable() or NO_CHAT.search(name):
            continue
        if kind == "llama.cpp" and "status" not in entry:
            # A single model answers to any name; its own is often a path, which is nobody's business.
            name = re.split(r"[/\\]", name)[-1].replace(" ", "_")
        if TAKEN.match(name):
            name = f"openai/{name}"  # this first part is not sent
        try:
            yield entry, checked_name(name)
        except BadInput:
            continue


def _with_path(base: str) -> str:
    return base if urlsplit(base).path else f"{base}/v1"


def _same_place(base: str) -> str:
    return re.sub(r"^http://(127\.0\.0\.1|\[::1\])(?=[:/])", "http://localhost", base.lower())


def _ollama_base(host: str) -> str:
    """``$OLLAMA_HOST`` as Ollama reads it: scheme, host and port may each be missing."""
    host = host.strip().strip("\"'")
    usual = {"http": 80, "https": 443}.get(host.partition("://")[0], USUAL_PORTS["Ollama"])
    try:
        url = urlsplit(host if "://" in host else f"http://{host}")
        name = url.hostname or ""
        name = "localhost" if name in ("", "0.0.0.0", "::") else f"[{name}]" if ":" in name else name
        return checked_base(f"{url.scheme}://{name}:{url.port or usual}{url.path.rstrip('/')}/v1")
    except (BadInput, ValueError):
        return f"http://localhost:{USUAL_PORTS['Ollama']}/v1"


def _by_name(rows: list[Any], field: str) -> dict[str, dict[str, Any]]:
    """The rows of a reply by what one of their fields says; rows without it are left out."""
    return {row[field]: row for row in rows if isinstance(row, dict) and isinstance(row.get(field), str)}


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _tokens(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else None
