"""A child that speaks as the real one does and answers by rule; what it is to do wrong stands in the weights file.

    python -m tests.models.fake_llama

The file's text, after the magic, is a list of words: ``die-at-start``, ``silent``, ``noisy``, ``slow``, and
``unlucky``, which dies in the middle of a reply and takes the word out of the file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ORDER: dict[str, object] = {}
WORDS: set[str] = set()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != f"Bearer {ORDER['key']}":
            self.send_response(401)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if "x" * 100 in asked["messages"][0]["content"]:
            self._error({"code": 400, "message": "request exceeds the available context size"})
            return
        for index in range(asked["n"]):
            self._say({"index": index, "delta": {"content": f"pid {os.getpid()}"}, "finish_reason": None})
        if "unlucky" in WORDS:
            path = Path(str(ORDER["path"]))
            path.write_text(path.read_text().replace("unlucky", ""))
            os._exit(7)
        if "slow" in WORDS:
            time.sleep(60)
        for index in range(asked["n"]):
            self._say({"index": index, "delta": {"content": f" reply {index} of {asked['n']}"}, "finish_reason": None})
            timings = {"cache_n": 2, "prompt_n": 8, "predicted_n": 5}
            self._say({"index": index, "delta": {}, "finish_reason": "stop"}, timings=timings)
        self.wfile.write(b"data: [DONE]\n\n")

    def _error(self, error: dict[str, object]) -> None:
        self.wfile.write(f"data: {json.dumps({'error': error})}\n\n".encode())

    def _say(self, choice: dict[str, object], **more: object) -> None:
        data = json.dumps({"object": "chat.completion.chunk", "choices": [choice], **more})
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


def main() -> None:
    ORDER.update(json.loads(sys.stdin.readline()))
    WORDS.update(Path(str(ORDER["path"])).read_text().split())
    if "noisy" in WORDS:
        for number in range(5000):
            print(f"line {number} " + "x" * 2000, file=sys.stderr)
    if "die-at-start" in WORDS:
        print("no room", file=sys.stderr)
        sys.exit(3)
    if "silent" not in WORDS:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        print(json.dumps({"address": address, "context": ORDER["context"]}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
