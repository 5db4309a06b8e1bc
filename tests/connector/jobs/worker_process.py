"""A worker in a process of its own, with jobs that write down what they do; to be killed."""

import secrets
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

from connector.jobs.engine import Engine
from connector.jobs.worker import Worker
from connector.storage.database import Database

DIARY = Path(sys.argv[2])


def write_down(line: str) -> str:
    with DIARY.open("a", encoding="utf-8") as diary:
        diary.write(line + "\n")
    return line


def slow(app, shop, *, step, payload: Mapping[str, object]) -> None:
    step("first", lambda: write_down(f"first {payload['n']}"))
    step("second", lambda: (write_down(f"begun {payload['n']}"), time.sleep(float(str(payload["seconds"]))))[0])
    step("third", lambda: write_down(f"third {payload['n']}"))


if __name__ == "__main__":
    url = sys.argv[1]
    database = Database(url)
    engine = Engine(url)
    app = SimpleNamespace(database=database, token=lambda: secrets.token_urlsafe(24))
    worker = Worker(app, engine, catalogue={"slow": slow}, lease_seconds=float(sys.argv[3]))  # type: ignore[arg-type]
    worker.start()
    write_down("started")
    sys.stdin.read()
    worker.stop()
    engine.close()
    database.close()
