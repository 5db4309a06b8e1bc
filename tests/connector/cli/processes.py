"""The program as an operator runs it: real processes in a folder of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Install:
    """A folder and a port for processes of the program, and what their environment says besides."""

    folder: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command(*arguments),
            env=self._environment(environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command that goes on until it is stopped."""
        with subprocess.Popen(
            command(*arguments),
            env=self._environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        ours = {"BACKHAUL_FOLDER": str(self.folder), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return {"PATH": os.environ["PATH"], **ours, **self.settings, **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "connector", *arguments]


def an_install(folder: Path, **settings: str) -> Install:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Install(folder, free.getsockname()[1], settings)


def wait_until_ready(install: Install) -> dict[str, str]:
    """What the server says of itself as soon as it is ready."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            ready: dict[str, str] = httpx.get(f"{install.address}/readyz").raise_for_status().json()
        except httpx.HTTPError:
            assert time.monotonic() < ends, "the server does not answer"
            time.sleep(0.05)
        else:
            return ready


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """The exit code and the last words of a process that is told to stop."""
    process.send_signal(number)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, said


def link_in(said: str) -> str:
    """The sign-in link that a command printed."""
    found = re.search(r"http\S+sign-in\S+", said)
    assert found is not None, said
    return found[0]
