"""The processes that carry out jobs, by their heartbeats; the clock is the database's own."""

from sqlalchemy import ColumnElement, Connection, Float, cast, delete, func, insert, select, update

from connector.storage.tables.install_tables import workers

UNHEARD = 0.0


def beat(connection: Connection, worker_id: str) -> bool:
    """Say that a worker lives, now; whether it was known, or is new (or was buried meanwhile)."""
    now = _now(connection)
    known = connection.execute(update(workers).where(workers.c.id == worker_id).values(beat_at=now)).rowcount == 1
    if not known:
        connection.execute(insert(workers).values(id=worker_id, beat_at=now))
    return known


def is_alive(connection: Connection, worker_id: str, *, lease_seconds: float) -> bool:
    """Whether a worker's last heartbeat is younger than the lease."""
    alive = select(workers.c.id).where(workers.c.id == worker_id, workers.c.beat_at > _now(connection) - lease_seconds)
    return connection.execute(alive).first() is not None


def count_alive(connection: Connection, *, lease_seconds: float) -> int:
    """How many workers have a heartbeat younger than the lease."""
    alive = select(func.count()).where(workers.c.beat_at > _now(connection) - lease_seconds)
    return connection.execute(alive).scalar_one()


def bury(connection: Connection, undertaker: str, *, lease_seconds: float) -> list[str]:
    """Take the dead out of the table; each is given to exactly one undertaker, who must take its jobs over.

    Nobody buries itself: who can ask is not dead.
    """
    silent = workers.c.beat_at <= _now(connection) - lease_seconds
    dead = delete(workers).where(silent, workers.c.id != undertaker).returning(workers.c.id)
    return list(connection.execute(dead).scalars())


def report_missing(connection: Connection, worker_id: str) -> None:
    """Note a worker that owns jobs and was never heard, so that it is buried like any other."""
    known = connection.execute(select(workers.c.id).where(workers.c.id == worker_id)).first()
    if known is None:
        connection.execute(insert(workers).values(id=worker_id, beat_at=UNHEARD))


def sign_off(connection: Connection, worker_id: str) -> None:
    """Note that a worker stops, so that what it left is taken over at once."""
    connection.execute(update(workers).where(workers.c.id == worker_id).values(beat_at=UNHEARD))


def _now(connection: Connection) -> ColumnElement[float]:
    if connection.dialect.name == "sqlite":
        return cast((func.julianday("now") - 2440587.5) * 86400.0, Float)
    return cast(func.extract("epoch", func.clock_timestamp()), Float)
