"""Jobs are enqueued with the change that asks for them, once a key, and carried out step by step."""

import threading
import time

import pytest
from sqlalchemy import event

from connector.jobs.queues import JOBS, MESSAGES, Queue, Room
from connector.services import tell_programs
from tests.connector.jobs.conftest import PATIENCE_SECONDS, House
from tests.databases import make_shop

TELL = tell_programs.JOB
LOOKS = 20
LOOK = "WITH RECURSIVE shops(key)"
"""How our own question begins."""
HELD_SECONDS = 0.3
"""How long the thread that takes jobs is held after each look into the database."""


def test_a_job_runs_its_steps_in_order_and_is_listed_as_done(house: House):
    house.enqueue("three")
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
    assert house.diary.lines() == ["first a", "begun a", "second a", "third a"]
    assert [(job.name, job.shop_id, job.error) for job in house.jobs()] == [("three", house.shop.id, None)]


def asked_by(house: House) -> list[str]:
    """What the engine asks of the database from now on."""
    asked: list[str] = []
    event.listen(
        house.engine._sql,
        "before_cursor_execute",
        lambda _connection, _cursor, sql, *_: asked.append(" ".join(sql.split())),
    )
    return asked


def looks(asked: list[str]) -> int:
    return sum(sql.startswith(LOOK) for sql in asked)


def room_of(queue: Queue, house: House) -> Room:
    return queue.rooms[house.engine._sql.dialect.name]


def claims(asked: list[str]) -> int:
    """The library's own questions what may be taken."""
    return sum("RECURSIVE" in sql and not sql.startswith(LOOK) for sql in asked)


def test_who_takes_jobs_asks_the_library_only_when_one_may_begin(house: House):
    """The library's own questions take long: which shops have jobs, and how the queue is set."""
    asked = asked_by(house)
    with house.worker():
        house.wait_for(lambda: looks(asked) >= 1)
        asked.clear()
        house.wait_for(lambda: looks(asked) >= LOOKS)
        assert claims(asked) == 0
        assert sum("queues" in sql for sql in asked) < LOOKS / 2
        house.enqueue("three")
        house.wait_for(lambda: bool(house.jobs("done")))
        assert claims(asked) >= 1


def test_a_job_that_waits_for_another_of_its_shop_is_not_asked_for(house: House):
    release, asked = threading.Event(), asked_by(house)
    of_one_shop = room_of(JOBS, house).of_one_shop

    def held(*_: object, **__: object) -> None:
        release.wait(PATIENCE_SECONDS)

    with house.worker(extra={"held": held}):
        for n in range(of_one_shop):
            house.enqueue("held", str(n))
        house.wait_for(lambda: len(house.jobs("running")) == of_one_shop)
        house.enqueue("three")
        house.wait_for(lambda: looks(asked) >= 1)
        asked.clear()
        house.wait_for(lambda: looks(asked) >= LOOKS)
        assert claims(asked) == 0
        house.enqueue("three", "of another shop", shop=make_shop(house.database, "other"))
        house.wait_for_lines("third of another shop")
        release.set()
        house.wait_for_lines("third a")


def test_programs_that_do_not_answer_take_no_place_of_other_jobs(house: House):
    release, room = threading.Event(), room_of(MESSAGES, house)
    others = [make_shop(house.database, f"other-{n}") for n in range(room.at_a_time)]

    def hanging(*_: object, **__: object) -> None:
        release.wait(PATIENCE_SECONDS)

    for shop in (house.shop, *others):
        for n in range(room.of_one_shop + 1):
            house.enqueue(TELL, str(n), shop=shop)
    with house.worker(extra={TELL: hanging}):
        house.wait_for(lambda: len(house.jobs("running")) == room.at_a_time)
        for shop in (house.shop, *others):
            house.enqueue("three", shop.slug, shop=shop)
        house.wait_for_lines(*(f"third {shop.slug}" for shop in (house.shop, *others)))
        assert [job.name for job in house.jobs("running")].count(TELL) == room.at_a_time
        release.set()
        house.wait_for(lambda: not house.jobs("running", "waiting"))


def test_who_takes_over_jobs_leaves_each_in_its_queue(house: House):
    house.enqueue("three")
    house.enqueue(TELL)
    house.engine.take_over([job.key for job in house.jobs()])
    found = house.engine._client.list_workflows()
    assert {one.workflow_id: one.queue_name for one in found} == {
        f"{house.shop.id}:three:a": JOBS.name,
        f"{house.shop.id}:{TELL}:a": MESSAGES.name,
    }


def test_tables_of_the_engine_that_are_not_there_are_missed(house: House):
    assert house.engine.is_current()
    table = "workflow_status" if house.database.embedded else "dbos.workflow_status"
    rename = f"ALTER TABLE {table} RENAME TO gone"
    house.database.write_install(lambda connection: connection.exec_driver_sql(rename))
    assert not house.engine.is_current()


def test_the_same_key_twice_is_one_job(house: House):
    house.enqueue("three")
    house.enqueue("three")
    assert [job.state for job in house.jobs()] == ["waiting"]


def test_jobs_are_counted_by_state(house: House):
    house.enqueue("three")
    house.enqueue("three", "later", delay_seconds=60)
    assert house.engine.counts() == {"waiting": 2, "running": 0, "failed": 0}
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
    assert house.engine.counts() == {"waiting": 1, "running": 0, "failed": 0}


def test_the_same_key_again_after_the_job_is_done_does_nothing(house: House):
    house.enqueue("three")
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
        house.enqueue("three")
        house.enqueue("three", "b")
        house.wait_for_lines("third b")
    assert house.diary.lines().count("first a") == 1


def test_the_same_key_in_another_shop_is_another_job(house: House):
    house.enqueue("three")
    house.enqueue("three", shop=make_shop(house.database, "other"))
    assert len(house.jobs()) == 2


def test_a_job_of_a_transaction_that_is_undone_never_was(house: House):
    def work(unit):
        house.engine.enqueue(unit, "three", key="a", payload={})
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        house.database.write(house.shop, work)
    assert house.jobs() == []


def test_a_delayed_job_waits_and_then_runs(house: House):
    house.enqueue("three", "soon", delay_seconds=0.3)
    house.enqueue("three", "late", delay_seconds=60)
    with house.worker():
        house.wait_for_lines("third soon")
    assert "first late" not in house.diary.lines()
    assert [job.key.split(":")[-1] for job in house.jobs("waiting")] == ["late"]


def test_a_job_that_fails_is_listed_with_its_reason_and_harms_no_other(house: House):
    house.enqueue("broken")
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("failed")))
        house.enqueue("three", "b")
        house.wait_for_lines("third b")
    assert house.diary.lines().count("tried") == 1
    assert "this cannot be done" in (house.jobs("failed")[0].error or "")


def test_a_job_that_is_not_in_the_catalogue_fails_visibly(house: House):
    house.enqueue("unheard of")
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("failed")))
    assert "no job 'unheard of'" in (house.jobs("failed")[0].error or "")


def test_a_slow_channel_is_asked_again(house: House):
    house.enqueue("slow", answers_at=3)
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
    assert house.diary.lines() == ["asked", "asked", "asked", "answered"]


def test_a_job_whose_channel_stays_slow_is_put_off(house: House):
    house.enqueue("slow", answers_at=100)
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
    assert [job.key.split(":")[-1] for job in house.jobs("waiting")] == ["a~1"]


def test_done_jobs_are_forgotten_in_time_and_failed_ones_are_kept(house: House):
    house.enqueue("three")
    house.enqueue("broken", "b")
    with house.worker():
        house.wait_for(lambda: len(house.jobs("done", "failed")) == 2)
    tomorrow = max(job.changed_at for job in house.jobs() if job.changed_at).replace(year=2999)
    house.engine.forget_done(before=tomorrow)
    assert [job.state for job in house.jobs()] == ["failed"]


def test_a_job_taken_in_the_moment_of_stopping_is_no_fault_and_is_done_at_the_next_start(
    house: House, caplog: pytest.LogCaptureFixture
):
    def hold(*_: object) -> None:
        if threading.current_thread().name == JOBS.taker:
            time.sleep(HELD_SECONDS)

    with house.worker():
        event.listen(house.engine._sql, "checkin", hold)
        house.enqueue("three")
        house.wait_for(lambda: bool(house.jobs("running")))
    event.remove(house.engine._sql, "checkin", hold)
    assert [record.message for record in caplog.records] == []
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("done")))
    assert sorted(set(house.diary.lines())) == ["begun a", "first a", "second a", "third a"]
