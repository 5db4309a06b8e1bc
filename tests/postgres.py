"""A PostgreSQL server for tests: the one that DATABASE_URL_TEST names, else one of our own from Debian's binaries."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

VARIABLE = "DATABASE_URL_TEST"
MISSING = f"no PostgreSQL: {VARIABLE} does not answer, and no server is installed here"
MEMORY = Path("/dev/shm")
ROOM_BYTES = 2**31
DURABLE = "-c max_connections=200"
UNSAFE_AND_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


@contextmanager
def running_server(options: str = UNSAFE_AND_FAST) -> Iterator[str | None]:
    """The URL of a server that may create databases; None where there is none. One of our own has the options."""
    named = os.environ.get(VARIABLE)
    binaries = _binaries()
    if named and _answers(named):
        yield named
    elif binaries is not None:
        with _own_server(binaries, options) as url:
            yield url
    else:
        yield None


def administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def url_of(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _answers(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError:
        return False
    else:
        return True
    finally:
        engine.dispose()


def _binaries() -> Path | None:
    found = shutil.which("pg_ctl")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    paths = [Path(found)] if found else installed[-1:]
    return paths[0].parent if paths else None


@contextmanager
def _own_server(binaries: Path, more: str) -> Iterator[str]:
    folder = Path(
        tempfile.mkdtemp(prefix="backhaul-postgresql-", dir=_roomy_memory() if more == UNSAFE_AND_FAST else None)
    )
    user = _owner(folder)
    cluster, port = folder / "cluster", _free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} {more}"
    try:
        _run(binaries / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", user=user)
        _run(binaries / "pg_ctl", "start", "-D", cluster, "-l", folder / "log", "-w", "-o", options, user=user)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(binaries / "pg_ctl", "stop", "-D", cluster, "-m", "immediate", user=user)
        shutil.rmtree(folder, ignore_errors=True)


def _roomy_memory() -> Path | None:
    """A folder that lies in memory, where each test's database is made ten times as fast."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES else None


def _owner(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root, so there it runs as its own user."""
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return owner.pw_name


def _run(*command: object, user: str | None) -> None:
    arguments = [str(part) for part in command]
    subprocess.run(arguments, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
