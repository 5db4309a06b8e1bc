"""The demo as a newcomer starts it: a real process on a free port, and a real browser to visit it with."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
# Without these flags Debian's Chromium as root does not start, or calls home at every start.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_SECONDS = 60
expect.set_options(timeout=20_000)


@dataclass(frozen=True, slots=True)
class Served:
    """A demo that is running: its links as it printed them, and its process."""

    storefront: str
    counter: str
    dashboard: str
    orders: tuple[tuple[str, str], ...]
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Press Ctrl-C and wait; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def served(folder: Path, *, database_url: str = "", port: int | None = None) -> Iterator[Served]:
    """The demo in a folder of its own, on SQLite there when no database is named, on a free port or the one named."""
    port = port or free_port()
    command = [sys.executable, "-m", "connector", "demo", "--port", str(port)]
    environment = {"BACKHAUL_FOLDER": str(folder), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    environment["DATABASE_URL"] = database_url
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield _started(process, port)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE_SECONDS)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Debian's Chromium, with more flags where a journey needs them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


def _started(process: subprocess.Popen[str], port: int) -> Served:
    said = ""
    assert process.stdout is not None
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"the demo ended: {said}"
        said += line
    _wait_for(f"http://127.0.0.1:{port}/readyz")
    links = dict(re.findall(r"(Storefront|Counter|Dashboard)\s+(\S+)", said))
    return Served(
        storefront=links["Storefront"],
        counter=links["Counter"],
        dashboard=links["Dashboard"],
        orders=tuple(re.findall(r"(#\d+)\s+(\S+@\S+)", said)),
        process=process,
    )


def _wait_for(address: str) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            httpx.get(address).raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < ends, "the demo does not answer"
            time.sleep(0.1)
        else:
            return
