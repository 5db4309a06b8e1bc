"""Who guesses is stopped, however many guess at once; who is right, or is not answered, has tried nothing."""

import dataclasses
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.errors import ChannelSlow
from connector.services.errors import TooManyAttempts
from connector.services.find_order import TRIES_OF_AN_ADDRESS, TRIES_ON_A_NUMBER, TRIES_ON_A_NUMBER_BY_ALL, look_up
from tests.parcel_platform import ParcelChannel
from tests.shops import TestShop, a_shop


@pytest.fixture
def each_demo(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with a_shop(tmp_path, url=each_url) as shop:
        yield shop


def tried(demo: TestShop, proof: str = "bob@example.com", *, number: str = "1001", address: str = "x") -> str:
    try:
        found = look_up(demo.app, demo.shop, number=number, proof=proof, address=address)
    except TooManyAttempts:
        return "refused"
    return "nothing" if found is None else "found"


def tried_at_once(demo: TestShop, *, guessers: int) -> list[str]:
    said: list[str] = []
    together = threading.Barrier(guessers)

    def guess() -> None:
        together.wait()
        said.append(tried(demo))

    threads = [threading.Thread(target=guess) for _ in range(guessers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_of_many_guesses_at_once_no_more_are_looked_at_than_of_as_many_in_turn(each_demo: TestShop):
    said = Counter(tried_at_once(each_demo, guessers=TRIES_ON_A_NUMBER + 6))
    assert said == {"nothing": TRIES_ON_A_NUMBER, "refused": 6}


def test_who_has_guessed_too_often_is_refused_whatever_they_say_then(demo: TestShop):
    said = [tried(demo) for _ in range(TRIES_ON_A_NUMBER)]
    assert [*said, tried(demo, "ann@example.com")] == [*["nothing"] * TRIES_ON_A_NUMBER, "refused"]
    demo.clock.move(minutes=16)
    assert tried(demo, "ann@example.com") == "found"


def test_an_order_that_is_not_there_counts_as_a_wrong_proof_does(demo: TestShop):
    said = [tried(demo, number=f"{n + 5000}") for n in range(TRIES_OF_AN_ADDRESS)]
    assert (set(said), tried(demo, "ann@example.com")) == ({"nothing"}, "refused")


def test_who_is_right_has_tried_nothing(demo: TestShop):
    said = [tried(demo, "ann@example.com") for _ in range(TRIES_OF_AN_ADDRESS + 1)]
    assert set(said) == {"found"}


def test_who_is_refused_takes_the_number_from_nobody_else(demo: TestShop):
    for _ in range(TRIES_ON_A_NUMBER_BY_ALL + 1):
        tried(demo)
    assert tried(demo, "ann@example.com", address="y") == "found"


def test_a_number_that_everybody_guesses_at_is_looked_at_for_nobody(demo: TestShop):
    said = [tried(demo, address=f"{n}") for n in range(TRIES_ON_A_NUMBER_BY_ALL + 1)]
    assert said == [*["nothing"] * TRIES_ON_A_NUMBER_BY_ALL, "refused"]


class SlowChannel(ParcelChannel):
    def find_order(self, number: str) -> None:
        raise ChannelSlow("later")


def test_who_was_not_answered_has_tried_nothing(demo: TestShop):
    slow = dataclasses.replace(demo, app=replace(demo.app, channels=SlowChannel()))
    for _ in range(TRIES_ON_A_NUMBER + 1):
        with pytest.raises(ChannelSlow):
            tried(slow)
    assert tried(demo, "ann@example.com") == "found"
