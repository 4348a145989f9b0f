"""The program of the child process that serves one file of weights by llama.cpp; knows nothing of the app around it.

The only home of xllamacpp. Its first line of input says what to serve, its first line of output where; it ends when its
input does, so that it never outlives the app. Weights that crash llama.cpp end this process and no other.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any, TextIO

IDLE_S = 600
"""Seconds without a call after which the weights leave the memory; the next call brings them back."""


def main() -> None:
    """Serve what the first line of input names, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which may still want an answer
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever llama.cpp prints is no line of ours
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    _first_to_go()
    # Its threads wait for each other all the time; beside other work they are several times as fast if they sleep then.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import xllamacpp
    except ImportError as error:
        _tell(told, missing=str(error))
        return
    try:
        server = xllamacpp.Server(_parameters(xllamacpp.CommonParams(), order))
        address = server.listening_address
        _tell(told, address=address, context=_context(address, order["key"]))
    except (RuntimeError, OSError) as error:
        _tell(told, failed=str(error))
        os._exit(1)  # what is half loaded may hang on its way out
    threading.Event().wait()


def usable_cores() -> int:
    """Physical cores that this process may keep busy: by its affinity, its siblings, and its container's share."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    cores = set()
    for cpu in os.sched_getaffinity(0):
        try:
            siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
        except OSError:
            siblings = str(cpu)
        cores.add(siblings)
    with contextlib.suppress(OSError, ValueError):
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, min(len(cores), int(quota) // int(period)))
    return len(cores)


def _parameters(parameters: Any, order: dict[str, Any]) -> Any:
    parameters.model.path = order["path"]
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    parameters.api_keys = [order["key"]]
    parameters.n_parallel = order["slots"]
    parameters.n_ctx = order["slots"] * order["context"]
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = usable_cores()
    parameters.sleep_idle_seconds = IDLE_S
    parameters.ui = parameters.endpoint_slots = parameters.endpoint_metrics = False
    parameters.verbosity = 1  # errors
    return parameters


def _context(address: str, key: str) -> int:
    """Tokens that one call may have, which the model itself may bound. Raises OSError."""
    request = urllib.request.Request(f"{address}/props", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return int(json.load(answer)["default_generation_settings"]["n_ctx"])


def _tell(told: TextIO, **line: object) -> None:
    told.write(json.dumps(line) + "\n")
    told.flush()


def _end_with_input() -> None:
    while sys.stdin.read(4096):
        pass
    os._exit(0)


def _first_to_go() -> None:
    """Where memory runs out, this process is to end rather than the app."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    main()
