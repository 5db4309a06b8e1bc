"""A worker in a process of its own, to be killed; it ends by itself when its standard input does, or on Ctrl-C."""

import secrets
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from connector.jobs.engine import Engine
from connector.jobs.worker import Worker
from connector.storage.database import Database
from tests.connector.jobs.diary import Diary


def main(url: str, diary: Diary, lease_seconds: float) -> None:
    database, engine = Database(url), Engine(url)
    app = SimpleNamespace(database=database, token=lambda: secrets.token_urlsafe(24))
    worker = Worker(app, engine, catalogue=diary.catalogue(), lease_seconds=lease_seconds, schedule={})  # type: ignore[arg-type]
    worker.start()
    diary.write("started")
    with suppress(KeyboardInterrupt):
        sys.stdin.read()
    worker.stop()
    engine.close()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], Diary(Path(sys.argv[2])), float(sys.argv[3]))
