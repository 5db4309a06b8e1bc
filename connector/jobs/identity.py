"""The name under which a process owns jobs."""

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

ONLY_ONE = "the-one-on-sqlite"


class Identity:
    """A name that no other process bears, for as long as this one lives."""

    def __init__(self, name: str, *, lock: IO[str] | None = None) -> None:
        self.name = name
        self._lock = lock

    @classmethod
    def of(cls, url: str, *, token: str) -> "Identity":
        """The identity for a database.

        The first process on a SQLite file has a fixed one, behind a lock on a file beside it, so that a restart goes
        on at once with what it left; every other process has a random one.
        """
        unique = f"{socket.gethostname()}-{os.getpid()}-{token}"
        database = make_url(url)
        if database.get_backend_name() != "sqlite" or not database.database:
            return cls(unique)
        lock = _locked(Path(f"{database.database}.worker"))
        return cls(unique) if lock is None else cls(ONLY_ONE, lock=lock)

    def release(self) -> None:
        """Let another process have the name."""
        if self._lock is not None:
            self._lock.close()


def _locked(path: Path) -> IO[str] | None:
    """The file, locked until it is closed; None when another process holds it."""
    lock = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock
