"""A program's minute is one for all processes, and most questions are counted without a write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from time import sleep

import pytest

from connector.storage.attempt_store import Window
from connector.web.meter import Meter, Reading

PROGRAM, OTHER = (1, 1), (1, 2)
ALL_HAVE_ASKED_SECONDS = 0.2
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class House:
    """A clock and the count that all processes share."""

    def __init__(self) -> None:
        self.now = NOON
        self.windows: dict[tuple[int, int], Window] = {}
        self.writes = 0

    def ask(self, meter: Meter, key: tuple[int, int] = PROGRAM) -> Reading:
        return meter.count(key, now=self.now, take=lambda several: self._take(key, several))

    def _take(self, key: tuple[int, int], several: int) -> Window:
        self.writes += 1
        known = self.windows.get(key)
        if known is None or known.until <= self.now:
            known = Window(until=self.now + timedelta(minutes=1), hits=0)
        self.windows[key] = Window(until=known.until, hits=known.hits + several)
        return self.windows[key]


class SlowHouse(House):
    """A database that answers only once all have asked the meter."""

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self.all_ask = Barrier(at_once)
        self.answers = Event()

    def ask_at_once(self, meter: Meter) -> list[Reading]:
        self.answers.clear()
        with ThreadPoolExecutor(self.all_ask.parties) as threads:
            asked = [threads.submit(self._ask_with_others, meter) for _ in range(self.all_ask.parties)]
            sleep(ALL_HAVE_ASKED_SECONDS)
            self.answers.set()
            return [one.result() for one in asked]

    def _ask_with_others(self, meter: Meter) -> Reading:
        self.all_ask.wait()
        return self.ask(meter)

    def _take(self, key: tuple[int, int], several: int) -> Window:
        self.answers.wait()
        return super()._take(key, several)


@pytest.fixture
def house() -> House:
    return House()


def test_a_minute_holds_so_many_questions_and_then_begins_anew(house: House):
    meter = Meter(most=2)
    assert [house.ask(meter).is_over for _ in range(3)] == [False, False, True]
    assert not house.ask(meter, OTHER).is_over
    house.now += timedelta(minutes=1)
    assert not house.ask(meter).is_over


def test_what_is_left_and_when_it_is_reset_is_said(house: House):
    meter = Meter(most=3)
    house.ask(meter)
    house.now += timedelta(seconds=20.5)
    assert house.ask(meter).headers == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "1",
        "RateLimit-Reset": "40",
    }


def test_one_process_lets_in_exactly_as_many_as_it_says(house: House):
    meter = Meter(most=600)
    readings = [house.ask(meter) for _ in range(650)]
    assert [one.remaining for one in readings] == [*range(599, -1, -1), *[0] * 50]
    assert sum(not one.is_over for one in readings) == 600


def test_several_processes_together_never_let_in_more_and_at_least_nine_tenths(house: House):
    meters = [Meter(most=600) for _ in range(3)]
    let_in = sum(not house.ask(meters[n % 3]).is_over for n in range(1000))
    alone = sum(not house.ask(meters[0]).is_over for _ in range(100))
    assert (540 <= let_in <= 600, alone) == (True, 0)


def test_most_questions_are_counted_without_a_write_and_a_flood_costs_none(house: House):
    meter = Meter(most=600)
    for _ in range(600):
        house.ask(meter)
    assert house.writes < 60
    before = house.writes
    for _ in range(1000):
        assert house.ask(meter).is_over
    assert house.writes == before


def test_who_asks_at_once_at_the_start_of_a_minute_shares_what_is_taken():
    house, meter = SlowHouse(at_once=12), Meter(most=600)
    for _ in range(2):
        house.now += timedelta(minutes=1)
        assert sum(not one.is_over for one in house.ask_at_once(meter)) == 12
        assert sum(not house.ask(meter).is_over for _ in range(600)) == 588


def test_a_take_that_failed_is_no_end_for_who_asks_next(house: House):
    def away(_several: int) -> Window:
        raise ConnectionError

    meter = Meter(most=600)
    with pytest.raises(ConnectionError):
        meter.count(PROGRAM, now=house.now, take=away)
    assert not house.ask(meter).is_over
