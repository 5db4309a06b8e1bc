"""Who carries out jobs is known by heartbeats, on either database's own clock."""

from connector.storage import worker_store
from connector.storage.database import Database

LEASE_SECONDS = 90


def alive(database: Database) -> int:
    with database.read_install() as connection:
        return worker_store.count_alive(connection, lease_seconds=LEASE_SECONDS)


def test_only_workers_that_were_heard_lately_are_alive(each_database: Database):
    assert alive(each_database) == 0
    for name in ("one", "two"):
        each_database.write_install(lambda connection, name=name: worker_store.beat(connection, name))
    each_database.write_install(lambda connection: worker_store.report_missing(connection, "never heard"))
    assert alive(each_database) == 2
    each_database.write_install(lambda connection: worker_store.sign_off(connection, "two"))
    assert alive(each_database) == 1
