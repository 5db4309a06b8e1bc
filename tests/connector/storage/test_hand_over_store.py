"""Who waits for a person, and since when."""

import pytest

from connector.storage import conversation_store, hand_over_store
from connector.storage.errors import NotFound
from tests.connector.storage.conftest import LATER, NOW


@pytest.fixture
def asked(write):
    for name in ("c_1", "c_2"):
        write(conversation_store.add, name, token_hash="h", document={}, at=NOW)
    write(hand_over_store.ask, "c_1", topic="other", at=NOW)


def test_who_asks_again_waits_since_the_first_time(read, write, asked):
    write(hand_over_store.ask, "c_1", topic="label_problem", at=LATER)
    found = read(hand_over_store.get, "c_1")
    assert (found.topic, found.asked_at, found.waiting_since) == ("label_problem", NOW, NOW)


def test_who_has_an_answer_waits_no_more_and_comes_after_who_waits(read, write, asked):
    write(hand_over_store.ask, "c_2", topic="other", at=LATER)
    assert read(hand_over_store.waiting) == 2
    write(hand_over_store.answered, "c_1")
    assert read(hand_over_store.waiting) == 1
    assert [one.conversation_id for one in read(hand_over_store.open_ones, 5)] == ["c_2", "c_1"]


def test_what_is_closed_is_not_open_until_it_is_asked_again(read, write, asked):
    write(hand_over_store.close, "c_1", at=LATER)
    assert read(hand_over_store.open_ones, 5) == ()
    assert read(hand_over_store.waiting) == 0
    write(hand_over_store.ask, "c_1", topic="other", at=LATER)
    assert [one.closed_at for one in read(hand_over_store.open_ones, 5)] == [None]


def test_nobody_can_ask_in_a_conversation_that_is_not_there(write):
    with pytest.raises(NotFound):
        write(hand_over_store.ask, "c_9", topic="other", at=NOW)
