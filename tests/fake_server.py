"""An OpenAI-compatible server that answers by rule, misbehaves on request and keeps a ledger; knows nothing of the app.

In a test or a benchmark:  with FakeServer(latency_s=0.2, fault_rate=0.2, faults=("429", "cut")) as server: server.url
By hand:                   python tests/fake_server.py --port 9000 --latency 0.2

Answers are a function of messages and seed. Latencies and faults are a function of the whole body and of how often
that body was seen, so a run meets the same faults whatever the order of its calls, and a retry can succeed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import hashlib
import json
import random
import re
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

USUAL_FAULTS = ("429", "500", "timeout", "cut", "garbage", "empty", "refuse")

REFUSALS: dict[str, tuple[int, dict[str, str], dict[str, str]]] = {
    "400": (400, {"message": "Unsupported value.", "type": "invalid_request_error"}, {}),
    "401": (401, {"message": "Incorrect API key provided: {key}.", "code": "invalid_api_key"}, {"X-Key": "{key}"}),
    "403": (403, {"message": "Your project may not use this model.", "code": "permission_denied"}, {}),
    "404": (404, {"message": "The model does not exist.", "code": "model_not_found"}, {}),
    "422": (422, {"message": "Input should be a valid number.", "type": "validation"}, {}),
    "429": (429, {"message": "Too many requests.", "code": "rate_limit_exceeded"}, {"Retry-After": "0.2"}),
    "500": (500, {"message": "The server had an error.", "type": "server_error"}, {}),
    "503": (503, {"message": "Overloaded.", "type": "server_error"}, {}),
    "long": (400, {"message": "This model's maximum context length is 8 tokens.", "type": "invalid_request_error"}, {}),
    "refuse": (400, {"message": "Declined.", "type": "invalid_request_error", "code": "content_policy_violation"}, {}),
}
"""Faults that are a status with an error object: status, object, headers. ``{key}`` stands for the key received."""

OTHER_FAULTS = (
    "timeout",  # never answers
    "hangup",  # closes the connection instead of answering
    "cut",  # breaks the connection in the middle of the reply
    "short",  # ends the reply early but in good order: no finish reason, no [DONE]
    "inline",  # sends an error object in the middle of the stream
    "garbage",  # answers 200 with something that is not JSON
    "empty",  # a reply without text
    "filtered",  # a reply without text, because a filter removed it
    "silent",  # a whole reply, but without usage
    "redirect",  # sends the caller to `redirect_to`
)

BREAKS = ("cut", "short", "inline")
"""Those in which a reply begins and does not end."""


@dataclass(frozen=True)
class Settings:
    """How the server behaves. Seconds are of a whole call; rates and probabilities are from 0 to 1."""

    latency_s: float = 0.0
    jitter: float = 0.0
    """Each latency is drawn from latency_s * (1 ± jitter)."""
    fault_rate: float = 0.0
    faults: tuple[str, ...] = USUAL_FAULTS
    retry_after: str = "0.2"
    redirect_to: str = ""
    hang_s: float = 600.0
    seed: int = 0
    right: str = "42"
    wrong: tuple[str, ...] = ("41", "43", "24")
    accuracy: float = 0.6
    """Probability that an attempt gives the right answer."""
    judge: float = 0.8
    """Probability that a judge picks by the right answer rather than blindly."""
    chunks: int = 4
    """Pieces a streamed reply comes in."""
    thinking: str = ""
    """What is thought before every reply; its tokens count, though nobody says so."""
    thinking_in: str = "reasoning_content"
    """The field that shows it, or ``content``, as <think> before the text."""
    refusal: str = ""
    """Said in place of an answer, in a field of its own."""
    refuses: tuple[str, ...] = ()
    """Fields of a request that are answered with a status 400 that names them."""
    whole: bool = False
    """Answers a request for a stream with one JSON object."""


@dataclass
class Ledger:
    """What the server saw and served. Tokens are those of whole replies, as their usage said."""

    requests: int = 0
    answered: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cut_tokens: int = 0
    """Completion tokens sent in replies that were then broken off."""
    faults: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    """Requests whose client went away before the answer was whole."""
    in_flight: int = 0
    most_in_flight: int = 0
    paths: Counter[str] = field(default_factory=Counter)
    bodies: Counter[str] = field(default_factory=Counter)
    authorizations: Counter[str] = field(default_factory=Counter)
    last: deque[tuple[dict[str, str], Any]] = field(default_factory=lambda: deque(maxlen=1000))
    """Headers and body of the latest requests."""


@dataclass(frozen=True)
class Call:
    """One request to answer."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    seen: int
    """Which time this very body came, from 1."""
    digest: str

    def rng(self, seed: int, *purpose: object) -> random.Random:
        """Randomness that depends on this body and how often it was seen."""
        return random.Random(f"{seed}/{self.digest}/{self.seen}/{purpose}")


# What is answered: pure functions of messages and seed.


def reply_text(messages: list[dict[str, Any]], seed: object, settings: Settings) -> str:
    """The answer to a conversation: a verdict, a score or an attempt, as its last user message asks."""
    rng = random.Random(f"{settings.seed}/{json.dumps(messages, sort_keys=True)}/{seed}")
    prompt = str(next((m["content"] for m in reversed(messages) if m.get("role") == "user"), ""))
    words = " ".join(rng.choice(_SENTENCES) for _ in range(rng.randint(2, 6)))
    if count := _asked_for(prompt):
        picked = _verdict(prompt, count, rng, settings)
        return f"{words}\nFinal verdict: " + ", ".join(f"Solution {n}" for n in picked)
    if "Score:" in prompt:
        good = settings.right in _answers(prompt) if rng.random() < settings.judge else rng.random() < 0.5
        return f"{words}\nScore: {rng.randint(7, 10) if good else rng.randint(0, 4)}"
    if "the attempt's own final answer" in prompt and (own := _answers(prompt)):
        return f"{words}\nAnswer: {own[-1]}"
    right = rng.random() < settings.accuracy
    return f"{words}\nAnswer: {settings.right if right else rng.choice(settings.wrong)}"


def _asked_for(prompt: str) -> int:
    """How many solutions a verdict is to name; 0 where it is no verdict that is asked for."""
    if several := re.search(r"the names of exactly (\d+) of them", prompt):
        return int(several[1])
    forms = re.findall(r"^Final verdict: (Solution .*)$", prompt, re.MULTILINE)
    return forms[-1].count("Solution") if forms else 0


def _verdict(prompt: str, count: int, rng: random.Random, settings: Settings) -> list[str]:
    """The numbers of the solutions picked: those with the right answer first, if the judge is awake."""
    parts = re.split(r"\bSolution (\d+)\b", prompt)
    shown: dict[str, str] = {}
    for number, said in zip(parts[1::2], parts[2::2], strict=True):
        shown[number] = shown.get(number, "") + said
    shown = shown or {"1": ""}
    order = rng.sample(list(shown), len(shown))
    if rng.random() < settings.judge:
        order.sort(key=lambda n: settings.right not in _answers(shown[n]))
    return order[:count]


def _answers(text: str) -> list[str]:
    return [line.strip() for line in re.findall(r"^Answer:(.*)$", text, re.MULTILINE) if "<" not in line]


_SENTENCES = (
    "First we write down what is given.",
    "The quantities are related by a simple equation.",
    "Substituting the known values leaves one unknown.",
    "Each step can be checked by going backwards.",
    "The other cases lead to a contradiction.",
    "Putting the parts together gives the result.",
)


def tokens(text: str) -> int:
    """The server's tokenizer: four characters a token."""
    return -(-len(text) // 4)


@dataclass(frozen=True)
class Spoken:
    """A reply, ready to be sent."""

    text: str
    finish: str
    usage: dict[str, Any]
    thinking: str = ""
    refusal: str = ""

    def message(self, settings: Settings) -> dict[str, Any]:
        """All of it, as a client receives it."""
        if settings.thinking_in == "content":
            return {"content": self.thinking + self.text}
        thinking = {settings.thinking_in: self.thinking} if self.thinking else {}
        return {"content": self.text, **thinking, **({"refusal": self.refusal} if self.refusal else {})}


def speak(call: Call, settings: Settings, fault: str) -> Spoken:
    """The reply to a call, with the faults that concern its content."""
    messages = call.body.get("messages", [])
    text, finish = reply_text(messages, call.body.get("seed"), settings), "stop"
    if call.body.get("response_format"):
        text = _as_json(text)
    thinking = f"<think>{settings.thinking}</think>" if settings.thinking_in == "content" else settings.thinking
    thinking = thinking if settings.thinking else ""
    limit = call.body.get("max_completion_tokens") or call.body.get("max_tokens")
    if limit and tokens(thinking + text) > limit:
        thinking, text, finish = thinking[: limit * 4], text[: max(0, limit * 4 - len(thinking))], "length"
    if fault in ("empty", "filtered"):
        text, finish = "", "content_filter" if fault == "filtered" else "stop"
    if settings.refusal:
        text = ""
    prompt = sum(tokens(str(m.get("content", ""))) for m in messages)
    completion = tokens(thinking + text + settings.refusal)
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": prompt // 2},
        "completion_tokens_details": {"reasoning_tokens": 0 if thinking else completion // 3},
    }
    return Spoken(text, finish, usage, thinking, settings.refusal)


def _as_json(text: str) -> str:
    """A verdict or a score in the form that a schema asks for."""
    reason, _, ending = text.rpartition("\n")
    numbers = [int(number) for number in re.findall(r"\d+", ending)]
    if ending.startswith("Score"):
        return json.dumps({"reason": reason, "score": numbers[0]})
    return json.dumps({"reason": reason, "verdict": numbers if len(numbers) > 1 else numbers[0]})


class _Connection(asyncio.Protocol):
    """One client's connection: HTTP/1.1 with keep-alive, one request at a time."""

    def __init__(self, settings: Settings, ledger: Ledger, lock: threading.Lock, open: set[_Connection]) -> None:
        self.settings, self.ledger, self.lock, self.open = settings, ledger, lock, open
        self.buffer = b""
        self.work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.open.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self.open.discard(self)
        if self.work and not self.work.done():
            self.work.cancel()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, mark, rest = self.buffer.partition(b"\r\n\r\n")
        if not mark:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) >= length:
            self.buffer = rest[length:]
            self.work = asyncio.get_running_loop().create_task(self.serve(first.split(" ")[1], headers, rest[:length]))

    async def serve(self, path: str, headers: dict[str, str], raw: bytes) -> None:
        """Answer one request and keep the books."""
        call = self._note(path, headers, raw)
        try:
            if path.endswith("/models"):
                self._send(200, {"object": "list", "data": [{"id": "fake-1", "object": "model"}]})
            elif path.endswith("/chat/completions"):
                await self._complete(call)
            else:
                self._send(404, {"error": {"message": f"There is no {path}."}})
        except asyncio.CancelledError:
            with self.lock:
                self.ledger.cancelled += 1
        finally:
            with self.lock:
                self.ledger.in_flight -= 1

    def _note(self, path: str, headers: dict[str, str], raw: bytes) -> Call:
        digest = hashlib.sha256(raw).hexdigest()
        body = json.loads(raw) if raw else {}
        with self.lock:
            ledger = self.ledger
            ledger.requests += 1
            ledger.in_flight += 1
            ledger.most_in_flight = max(ledger.most_in_flight, ledger.in_flight)
            ledger.paths[path] += 1
            ledger.bodies[digest] += 1
            ledger.authorizations[headers.get("authorization", "")] += 1
            ledger.last.append((headers, body))
            return Call(path, headers, body, ledger.bodies[digest], digest)

    async def _complete(self, call: Call) -> None:
        settings, fault = self.settings, ""
        rng = call.rng(settings.seed, "fault")
        if settings.faults and rng.random() < settings.fault_rate:
            fault = rng.choice(settings.faults)
            with self.lock:
                self.ledger.faults[fault] += 1
        seconds = settings.latency_s * (1 + settings.jitter * call.rng(settings.seed, "latency").uniform(-1, 1))
        if fault == "timeout":
            await asyncio.sleep(settings.hang_s)
        elif fault == "hangup":
            self.transport.abort()
        elif fault == "redirect":
            self._send(307, {}, {"Location": settings.redirect_to})
        elif fault == "garbage":
            self._send_raw(200, b"<html>It works!</html>", "text/html")
        elif fault in REFUSALS:
            self._refuse(call, fault)
        elif refused := next((name for name in settings.refuses if call.body.get(name) is not None), None):
            message = f"Unsupported parameter: '{refused}' is not supported with this model."
            self._send(400, {"error": {"message": message, "type": "invalid_request_error", "param": refused}})
        else:
            await self._speak(call, speak(call, settings, fault), fault, seconds)

    def _refuse(self, call: Call, fault: str) -> None:
        status, error, headers = REFUSALS[fault]
        key = call.headers.get("authorization", "").removeprefix("Bearer ")
        if fault == "429":
            headers = {"Retry-After": self.settings.retry_after}
        self._send(status, {"error": _filled(error, key)}, _filled(headers, key))

    async def _speak(self, call: Call, said: Spoken, fault: str, seconds: float) -> None:
        if call.body.get("stream") and not self.settings.whole:
            await self._stream(call, said, fault, seconds)
            return
        await asyncio.sleep(seconds)
        if fault in BREAKS:
            self.transport.abort()
            return
        message = {"role": "assistant", **said.message(self.settings)}
        choice = {"index": 0, "message": message, "finish_reason": said.finish}
        usage = {} if fault == "silent" else {"usage": said.usage}
        self._book(said)
        self._send(200, {**_stamp(call, "chat.completion"), "choices": [choice], **usage})

    def _book(self, said: Spoken) -> None:
        """Before the last byte goes out, so that whoever has the reply finds it in the books."""
        with self.lock:
            self.ledger.answered += 1
            self.ledger.tokens_in += said.usage["prompt_tokens"]
            self.ledger.tokens_out += said.usage["completion_tokens"]

    async def _stream(self, call: Call, said: Spoken, fault: str, seconds: float) -> None:
        """Send a reply piece by piece."""
        stamp = _stamp(call, "chat.completion.chunk")
        self.transport.write(_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}))
        whole = said.message(self.settings)
        pieces = list(_pieces(whole.pop("content"), self.settings.chunks))
        for name, words in whole.items():
            for piece in _pieces(words, self.settings.chunks):
                self._event({**stamp, "choices": [{"index": 0, "delta": {"role": "assistant", name: piece}}]})
        for number, piece in enumerate(pieces):
            await asyncio.sleep(seconds / len(pieces))
            if fault in BREAKS and number == len(pieces) // 2:
                self._break(fault, "".join(pieces[:number]))
                return
            self._event({**stamp, "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}]})
        self._book(said)
        self._event({**stamp, "choices": [{"index": 0, "delta": {}, "finish_reason": said.finish}]})
        if fault != "silent" and (call.body.get("stream_options") or {}).get("include_usage"):
            self._event({**stamp, "choices": [], "usage": said.usage})
        self.transport.write(_chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")

    def _break(self, fault: str, sent: str) -> None:
        with self.lock:
            self.ledger.cut_tokens += tokens(sent)
        if fault == "inline":
            self._event({"error": {"message": "Out of memory.", "type": "server_error", "code": 500}})
        self.transport.abort() if fault == "cut" else self.transport.write(b"0\r\n\r\n")

    def _event(self, data: Mapping[str, Any]) -> None:
        self.transport.write(_chunk(b"data: " + json.dumps(data).encode() + b"\n\n"))

    def _send(self, status: int, data: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        self._send_raw(status, json.dumps(data).encode(), "application/json", headers)

    def _send_raw(self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.transport.write(
            _head(status, {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}) + data
        )


def _stamp(call: Call, kind: str) -> dict[str, Any]:
    return {"id": call.digest[:12], "object": kind, "created": 0, "model": call.body.get("model", "")}


def _pieces(text: str, count: int) -> Iterator[str]:
    size = max(1, -(-len(text) // count))
    for start in range(0, max(1, len(text)), size):
        yield text[start : start + size]


def _filled(template: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value.replace("{key}", key) for name, value in template.items()}


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Fake\r\n{lines}\r\n".encode("latin-1")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


class FakeServer:
    """The server in a thread of its own, for as long as the context lasts. Keywords are those of `Settings`."""

    def __init__(self, *, port: int = 0, **settings: Any) -> None:
        self.port = port
        self.settings = Settings(**settings)
        self._ledger = Ledger()
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._connections: set[_Connection] = set()

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def ledger(self) -> Ledger:
        """A copy of the books as they stand."""
        with self._lock:
            return dataclasses.replace(
                self._ledger,
                **{
                    f.name: type(value)(value)
                    for f in dataclasses.fields(Ledger)
                    if isinstance(value := getattr(self._ledger, f.name), Counter | deque)
                },
            )

    def __enter__(self) -> FakeServer:
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake server", daemon=True)
        self._thread.start()
        listening = self._loop.create_server(self._connect, "127.0.0.1", self.port, backlog=1024)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _connect(self) -> _Connection:
        return _Connection(self.settings, self._ledger, self._lock, self._connections)

    async def _close(self) -> None:
        """Let nobody in, and send everybody home."""
        self._server.close()
        for connection in self._connections:
            connection.transport.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server for trials, tests and benchmarks.")
    parser.add_argument("--port", type=int, default=9000)
    kinds: dict[type, Callable[[str], Any]] = {tuple: lambda value: tuple(value.split(","))}
    for setting in dataclasses.fields(Settings):
        flag = "--" + setting.name.removesuffix("_s").replace("_", "-")
        kind = type(setting.default)
        parser.add_argument(flag, dest=setting.name, type=kinds.get(kind, kind), default=setting.default)
    return parser.parse_args()


def main() -> None:
    """Serve until interrupted or terminated, then print the books."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with FakeServer(**vars(_arguments())) as server:
        print(f"Serving at {server.url}; end with Ctrl-C.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    print(json.dumps({name: value for name, value in vars(server.ledger).items() if name not in ("bodies", "last")}))


if __name__ == "__main__":
    main()
