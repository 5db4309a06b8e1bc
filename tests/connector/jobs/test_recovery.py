"""Jobs survive what kills, freezes or stops their process."""

import signal
import threading
import time

import pytest
from sqlalchemy import text

from connector.jobs.engine import TABLES
from connector.jobs.identity import ONLY_ONE, Identity
from connector.storage import worker_store
from tests.connector.jobs.conftest import House, kill


def test_a_job_killed_in_mid_step_goes_on_after_a_restart_without_repeating_what_was_finished(house: House):
    house.enqueue("three", seconds=2)
    with house.process(lease_seconds=1) as process:
        house.wait_for_lines("begun a")
        kill(process)
    with house.process(lease_seconds=1):
        house.wait_for_lines("third a")
    without_starts = [line for line in house.diary.lines() if line != "started"]
    assert without_starts == ["first a", "begun a", "begun a", "second a", "third a"]


def test_a_second_worker_takes_over_what_a_dead_one_left(house: House):
    house.enqueue("three", seconds=2)
    with house.process(lease_seconds=1) as first:
        house.wait_for_lines("begun a")
        with house.process(lease_seconds=1):
            kill(first)
            house.wait_for_lines("third a")
    assert house.diary.lines().count("first a") == 1


@pytest.mark.parametrize("each_url", ["sqlite"], indirect=True)
def test_the_one_process_on_sqlite_goes_on_at_once_after_a_restart(house: House):
    house.enqueue("three", seconds=0.5)
    with house.process(lease_seconds=600) as process:
        house.wait_for_lines("begun a")
        kill(process)
    with house.process(lease_seconds=600):
        house.wait_for_lines("third a")


def test_a_frozen_worker_that_wakes_after_it_was_taken_over_takes_no_further_step(house: House):
    begun, go_on = threading.Event(), threading.Event()

    def freezing(app, shop, *, step, payload):
        step("begin", lambda: house.diary.write("begun"))
        begun.set()
        go_on.wait(10)
        step("pay", lambda: house.diary.write("paid"))

    house.enqueue("freezing")
    with house.worker(extra={"freezing": freezing}):
        assert begun.wait(10)
        left = house.engine.unfinished()
        dead = house.database.write_install(lambda connection: worker_store.bury(connection, "other", lease_seconds=-1))
        for worker_id in dead:
            house.engine.take_over(left[worker_id])
        go_on.set()
        house.wait_for(lambda: bool(house.jobs("done")))
    assert house.diary.lines() == ["begun", "paid"]


def test_a_worker_that_froze_just_after_it_took_a_job_leaves_it_to_who_has_it_by_now(house: House):
    asked = threading.Event()

    def another_has_it() -> None:
        jobs = TABLES[house.database.engine.dialect.name]
        house.database.write_install(lambda connection: worker_store.beat(connection, "other"))
        house.database.write_install(
            lambda connection: connection.execute(text(f"UPDATE {jobs} SET executor_id = 'other'"))
        )
        asked.set()

    def begun(app, shop, *, step, payload):
        house.diary.write("begun")

    house.enqueue("begun")
    with house.worker(extra={"begun": begun}, before_each=another_has_it):
        assert asked.wait(10)
    assert house.diary.lines() == []
    assert [(job.state, job.owner) for job in house.jobs()] == [("running", "other")]


def test_a_worker_that_was_silent_but_not_taken_over_goes_on(house: House):
    silent, go_on = threading.Event(), threading.Event()

    def pausing(app, shop, *, step, payload):
        step("pause", lambda: (silent.set(), go_on.wait(10))[0])
        step("pay", lambda: house.diary.write("paid"))

    house.enqueue("pausing")
    with house.worker(extra={"pausing": pausing}):
        assert silent.wait(10)
        for worker_id in house.engine.unfinished():
            house.database.write_install(
                lambda connection, worker_id=worker_id: worker_store.sign_off(connection, worker_id)
            )
        go_on.set()
        house.wait_for(lambda: bool(house.jobs("done")))
    assert house.diary.lines() == ["paid"]


def test_a_worker_that_is_stopped_leaves_its_jobs_to_the_next(house: House):
    house.enqueue("three", seconds=0.4)
    with house.worker():
        house.wait_for_lines("begun a")
    assert "third a" not in house.diary.lines()
    with house.worker():
        house.wait_for_lines("third a")
    assert house.diary.lines().count("begun a") == 1


def test_ctrl_c_ends_a_worker_soon_and_in_silence(house: House):
    house.enqueue("three", seconds=0.5)
    with house.process() as process:
        house.wait_for_lines("begun a")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert (process.returncode, said) == (0, b"")
    assert time.monotonic() - began < 5


def test_two_processes_on_one_sqlite_file_have_different_names(tmp_path):
    url = f"sqlite:///{tmp_path}/backhaul.db"
    first, second = Identity.of(url, token="x"), Identity.of(url, token="y")
    first.release()
    third = Identity.of(url, token="z")
    assert first.name == third.name == ONLY_ONE
    assert second.name != ONLY_ONE
    third.release()


def test_processes_on_postgresql_never_share_a_name():
    url = "postgresql+psycopg://somewhere/backhaul"
    assert Identity.of(url, token="x").name != Identity.of(url, token="y").name
