"""Killed under load, the server has kept every delivery that it accepted.

A few kills run in every test run; BACKHAUL_TEST_LETTERBOX_KILLS asks for more (`make crash`).
"""

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from connector.storage.database import Database
from connector.storage.tables.delivery_tables import deliveries
from tests.crash.delivering import deliver
from tests.crash.letterbox_process import PLACE
from tests.parcel_platform import NAME

KILLS = int(os.environ.get("BACKHAUL_TEST_LETTERBOX_KILLS", "6"))
PATIENCE_SECONDS = 30


@contextmanager
def serving(folder: Path, url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server that answers; it is killed in the end if it still lives."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "tests.crash.letterbox_process", str(folder), url, str(port)]
    with subprocess.Popen(command) as process:
        try:
            until_it_answers(port)
            yield process, port
        finally:
            process.kill()


def until_it_answers(port: int) -> None:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the server does not answer")


def kept(url: str) -> set[str]:
    database = Database(url)
    try:
        with database.read_install() as connection:
            return set(connection.execute(select(deliveries.c.id)).scalars())
    finally:
        database.close()


def id_of(identity: str) -> str:
    return hashlib.sha256(f"{NAME}\n{identity}".encode()).hexdigest()[:32]


def test_what_was_accepted_is_there_whenever_the_server_is_killed(tmp_path: Path, each_url: str):
    chance, accepted = random.Random(7), 0
    for kill in range(max(1, KILLS // 2)):
        with serving(tmp_path, each_url) as (process, port):
            fate = threading.Timer(chance.uniform(0.05, 0.5), process.send_signal, [signal.SIGKILL])
            fate.start()
            day = deliver(port, PLACE, connections=32, seconds=PATIENCE_SECONDS, label=f"kill-{kill}")
            fate.join()
        lost = {id_of(name) for name in day.accepted} - kept(each_url)
        assert lost == set()
        accepted += len(day.accepted)
    assert accepted > 0
