"""The app in a process of its own, and a Chromium to look at it; knows nothing of what is measured."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import MISSING, arguments, find_chromium

ROOT = Path(__file__).parent.parent.parent


@contextlib.contextmanager
def app_running(database: str, script: Path = ROOT / "app.py") -> Iterator[str]:
    """The app over a database, as `streamlit run` starts it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        env={**os.environ, "TTC_DATABASE_URL": database, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = find_chromium()
    if path is None:
        raise SystemExit(f"Not measured: {MISSING}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments())
        yield browser
        browser.close()


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"The app ended with code {process.returncode} before it answered.")
        with contextlib.suppress(OSError), urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise SystemExit(f"The app did not answer within {seconds:g} s.")
