"""Who is silent is buried by one other, and knows it when it wakes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest

from connector.jobs.engine import Engine, Interrupted
from connector.jobs.keeper import Keeper
from connector.storage import worker_store
from connector.storage.database import Database


@dataclass
class OwnedJobs:
    """Who owns which jobs, for keepers; `meanwhile` happens once, just after somebody asked."""

    owned: dict[str, list[str]]
    meanwhile: Callable[[], object] = list
    taken_over: list[str] = field(default_factory=list)

    def unfinished(self) -> dict[str, list[str]]:
        answer = dict(self.owned)
        happens, self.meanwhile = self.meanwhile, list
        happens()
        return answer

    def take_over(self, ids: list[str]) -> None:
        self.taken_over += ids
        self.owned = {owner: [one for one in jobs if one not in ids] for owner, jobs in self.owned.items()}

    def keeper(self, database: Database, worker_id: str) -> Keeper:
        return Keeper(database, cast("Engine", self), worker_id=worker_id, lease_seconds=60)


@pytest.fixture
def engine(each_database: Database) -> Iterator[Engine]:
    engine = Engine(each_database.url)
    yield engine
    engine.close()


@pytest.fixture
def keeper(each_database: Database, engine: Engine) -> Iterator[Keeper]:
    keeper = Keeper(each_database, engine, worker_id="me", lease_seconds=60)
    keeper.start()
    yield keeper
    keeper.stop()


def bury(database: Database, *, lease_seconds: float) -> list[str]:
    return database.write_install(
        lambda connection: worker_store.bury(connection, "other", lease_seconds=lease_seconds)
    )


def is_alive(database: Database) -> bool:
    with database.read_install() as connection:
        return worker_store.is_alive(connection, "me", lease_seconds=60)


def test_a_worker_that_beats_is_alive_and_not_buried(each_database: Database, keeper: Keeper):
    assert is_alive(each_database)
    assert bury(each_database, lease_seconds=60) == []
    assert keeper.holds(keeper.lease)


def test_a_silent_worker_is_buried_by_one_only(each_database: Database, keeper: Keeper):
    assert [bury(each_database, lease_seconds=-1), bury(each_database, lease_seconds=-1)] == [["me"], []]


def test_a_worker_that_was_buried_holds_nothing_that_it_began_before(each_database: Database, keeper: Keeper):
    before = keeper.lease
    bury(each_database, lease_seconds=-1)
    assert not keeper.holds(before)
    assert keeper.holds(keeper.lease)
    assert is_alive(each_database)


def test_a_worker_that_was_silent_but_not_buried_holds_what_it_began(each_database: Database, keeper: Keeper):
    each_database.write_install(lambda connection: worker_store.sign_off(connection, "me"))
    assert keeper.holds(keeper.lease)
    assert is_alive(each_database)


def test_a_worker_that_signs_off_is_taken_over_at_once(each_database: Database, keeper: Keeper):
    keeper.stop()
    keeper.sign_off()
    assert not is_alive(each_database)
    assert bury(each_database, lease_seconds=60) == ["me"]


def test_a_worker_that_owns_jobs_and_was_never_heard_is_buried_too(each_database: Database):
    each_database.write_install(lambda connection: worker_store.report_missing(connection, "unheard"))
    assert bury(each_database, lease_seconds=60) == ["unheard"]


def test_a_job_begins_under_the_lease_of_who_owns_it(each_database: Database):
    jobs = OwnedJobs({"me": ["mine"]})
    keeper = jobs.keeper(each_database, "me")
    keeper.lease = 7
    assert keeper.begin("mine") == 7


def test_a_job_that_another_took_while_this_worker_froze_does_not_begin_here(each_database: Database):
    jobs = OwnedJobs({"me": ["another"], "other": ["mine"]})
    with pytest.raises(Interrupted):
        jobs.keeper(each_database, "me").begin("mine")


def test_what_another_took_over_between_the_looking_and_the_burial_is_left_to_it(each_database: Database):
    jobs = OwnedJobs({"dead": ["job"]})
    slow, quick = jobs.keeper(each_database, "slow"), jobs.keeper(each_database, "quick")
    jobs.meanwhile = quick.sweep
    slow.sweep()
    assert jobs.taken_over == ["job"]


def test_all_that_the_dead_left_is_taken_over(each_database: Database):
    jobs = OwnedJobs({"dead": ["one", "two"], "me": ["mine"]})
    assert jobs.keeper(each_database, "me").sweep() == ["dead"]
    assert jobs.taken_over == ["one", "two"]
