"""What is done again and again, once in each period."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector.jobs.catalogue import CATALOGUE
from connector.jobs.schedule import SCHEDULE, Timetable
from connector.services.install_shop import NewShop, add_shop
from tests.shops import TestShop, a_shop, policy


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


HOURLY = {"watch_unsent": timedelta(hours=1)}


def test_every_recurring_job_stands_in_the_catalogue():
    assert set(SCHEDULE) <= set(CATALOGUE)


def test_a_period_brings_one_job_however_often_and_by_whomever_it_is_looked_at(demo: TestShop):
    first, second = (Timetable(demo.app, schedule=HOURLY) for _ in range(2))
    for timetable in (first, second, first):
        timetable.look()
    assert len(demo.jobs.waiting) == 1
    demo.clock.move(hours=1)
    second.look()
    assert len(demo.jobs.waiting) == 2


def test_every_shop_has_its_own(demo: TestShop):
    add_shop(demo.app, NewShop(slug="other", name="Other", channel="store", currency="EUR", policy=policy()))
    Timetable(demo.app, schedule=HOURLY).look()
    assert sorted(shop_id for shop_id, _, _ in demo.jobs.waiting.values()) == [1, 2]


def test_a_long_sleep_brings_one_job_and_not_one_for_every_period_slept_through(demo: TestShop):
    timetable = Timetable(demo.app, schedule=HOURLY)
    timetable.look()
    demo.clock.move(days=40)
    timetable.look()
    assert len(demo.jobs.waiting) == 2


def test_the_timetable_looks_by_itself_from_start_to_stop(demo: TestShop):
    timetable = Timetable(demo.app, schedule=HOURLY)
    timetable.start()
    timetable.stop()
    assert len(demo.jobs.waiting) == 1
