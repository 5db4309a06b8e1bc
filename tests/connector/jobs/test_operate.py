"""What owners do to jobs, on the real engine: a failed one begins anew, one that waits never begins."""

import dataclasses
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from connector.services import operate
from connector.services.errors import NotFound
from tests.connector.jobs.conftest import House
from tests.databases import make_shop


def app_of(house: House) -> SimpleNamespace:
    return SimpleNamespace(database=house.database, jobs=house.engine, clock=lambda: datetime.now(UTC))


def states(house: House) -> dict[str, list[str]]:
    seen = operate.machinery(app_of(house), house.shop).jobs  # type: ignore[arg-type]
    return {state: [job.key for job in several] for state, several in seen.items()}


def test_a_failed_job_begins_anew_once_for_each_asking_and_is_listed_no_more(house: House):
    house.enqueue("broken")
    with house.worker():
        house.wait_for(lambda: bool(house.jobs("failed")))
    (failed,) = operate.machinery(app_of(house), house.shop).jobs["failed"]  # type: ignore[arg-type]
    assert failed.error
    for _ in range(2):
        operate.retry(app_of(house), house.shop, job_id=failed.id, key="k")  # type: ignore[arg-type]
    assert states(house) == {"failed": [], "running": [], "waiting": ["a+k"]}


def test_a_job_that_waits_is_cancelled_and_never_runs(house: House):
    house.enqueue("three", delay_seconds=0.5)
    (waiting,) = operate.machinery(app_of(house), house.shop).jobs["waiting"]  # type: ignore[arg-type]
    operate.cancel(app_of(house), house.shop, job_id=waiting.id, key="k")  # type: ignore[arg-type]
    house.enqueue("three", key="b", delay_seconds=1)
    with house.worker():
        house.wait_for_lines("third b")
    assert [line for line in house.diary.lines() if line.endswith(" a")] == []


def test_a_job_of_another_shop_is_not_seen_and_not_touched(house: House):
    house.enqueue("three", delay_seconds=600)
    (mine,) = operate.machinery(app_of(house), house.shop).jobs["waiting"]  # type: ignore[arg-type]
    other = dataclasses.replace(house, shop=make_shop(house.database, "other"))
    assert states(other) == {"failed": [], "running": [], "waiting": []}
    with pytest.raises(NotFound):
        operate.cancel(app_of(other), other.shop, job_id=mine.id, key="k")  # type: ignore[arg-type]
    house.engine.cancel(other.shop, mine.id)
    house.engine.forget(other.shop, mine.id)
    assert states(house)["waiting"] == ["a"]
