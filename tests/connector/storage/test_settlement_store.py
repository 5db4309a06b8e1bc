"""A leg is claimed by one, settled once, and stands in the ledger for good."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from connector.storage import settlement_store
from connector.storage.errors import Conflict, Duplicate, NotFound
from domain.settlement import LegState
from tests.connector.storage.conftest import LATER, NOW, a_return, leg, open_return, settle

KEY = "RMA-A-refund-1"
CREDIT = leg("RMA-A-credit", kind="store_credit", payment_id=None)


@pytest.fixture
def legs(write):
    write(open_return)
    write(settlement_store.add_legs, [leg(), CREDIT])


@pytest.mark.usefixtures("legs")
def test_legs_come_back_as_they_were_decided_and_in_their_order(read):
    assert read(settlement_store.legs_of, "RMA-A") == (leg(), CREDIT)
    assert read(settlement_store.get, KEY) == leg()
    assert read(settlement_store.get, "nothing") is None


@pytest.mark.usefixtures("legs")
def test_a_leg_is_not_decided_twice(write):
    with pytest.raises(Duplicate):
        write(settlement_store.add_legs, [leg()])


@pytest.mark.usefixtures("legs")
def test_a_leg_is_claimed_once(write, read):
    assert write(settlement_store.claim, KEY, at=NOW)
    assert not write(settlement_store.claim, KEY, at=NOW)
    assert read(settlement_store.get, KEY).state == LegState.SENDING


@pytest.mark.usefixtures("legs")
def test_no_other_leg_of_the_order_is_claimed_while_one_is_under_way(write):
    assert write(settlement_store.claim, KEY, at=NOW)
    assert not write(settlement_store.claim, CREDIT.key, at=NOW)
    write(settle)
    assert write(settlement_store.claim, CREDIT.key, at=NOW)


def test_a_leg_of_another_order_may_be_under_way_at_the_same_time(write):
    write(open_return)
    write(open_return, a_return("RMA-B", order_id="o2"), order_id="o2")
    write(settlement_store.add_legs, [leg(), leg("other", return_id="RMA-B", order_id="o2")])
    assert write(settlement_store.claim, KEY, at=NOW)
    assert write(settlement_store.claim, "other", at=NOW)


def test_of_many_who_claim_legs_of_one_order_at_once_one_wins(write):
    write(open_return)
    keys = [f"leg-{n}" for n in range(12)]
    write(settlement_store.add_legs, [leg(key) for key in keys])
    with ThreadPoolExecutor(12) as threads:
        won = list(threads.map(lambda key: write(settlement_store.claim, key, at=NOW), keys))
    assert sum(won) == 1


@pytest.mark.usefixtures("legs")
def test_a_settled_leg_keeps_its_receipt_and_stands_in_the_ledger(write, read):
    write(settlement_store.claim, KEY, at=NOW)
    write(settle, at=LATER)
    assert read(settlement_store.get, KEY) == replace(leg(), state="settled", receipt={"reference": "r1"})
    [line] = read(settlement_store.ledger_of, "RMA-A")
    assert (line.key, line.amount, line.currency, line.payment_id) == (KEY, 2000, "USD", "p1")
    assert (line.receipt, line.at) == ({"reference": "r1"}, LATER)


@pytest.mark.usefixtures("legs")
def test_a_settled_leg_stays_settled(write, read):
    write(settle)
    for state in (LegState.SETTLED, LegState.FAILED, LegState.DUE):
        with pytest.raises(Conflict):
            write(settlement_store.record, KEY, state=state, receipt=None, at=NOW)
    assert len(read(settlement_store.ledger_of, "RMA-A")) == 1


def test_an_unknown_leg_is_not_found(write):
    with pytest.raises(NotFound):
        write(settlement_store.record, "nothing", state=LegState.FAILED, receipt=None, at=NOW)


@pytest.mark.usefixtures("legs")
def test_what_only_a_person_can_go_on_with_is_found(write, read):
    assert read(settlement_store.waiting_for_a_person) == ()
    write(settlement_store.record, KEY, state=LegState.UNKNOWN, receipt=None, at=NOW)
    write(settlement_store.record, CREDIT.key, state=LegState.BY_HAND, receipt=None, at=LATER)
    assert [one.key for one in read(settlement_store.waiting_for_a_person)] == [KEY, CREDIT.key]
    write(settle)
    assert [one.key for one in read(settlement_store.waiting_for_a_person)] == [CREDIT.key]


@pytest.mark.usefixtures("legs")
def test_tries_of_a_leg_are_counted_and_of_two_who_try_at_once_one_does(write, read):
    write(settlement_store.claim, KEY, at=NOW)
    write(settlement_store.begin_try, KEY, after=0, at=LATER)
    with pytest.raises(Conflict):
        write(settlement_store.begin_try, KEY, after=0, at=LATER)
    found = read(settlement_store.get, KEY)
    assert (found.tries, found.tried_at) == (1, LATER)


@pytest.mark.usefixtures("legs")
def test_a_leg_that_is_not_being_sent_cannot_be_tried(write):
    with pytest.raises(Conflict):
        write(settlement_store.begin_try, KEY, after=0, at=NOW)


@pytest.mark.usefixtures("legs")
def test_a_settled_leg_that_is_in_doubt_keeps_its_line_of_the_ledger_and_gets_no_second_one(write, read):
    write(settle)
    write(settlement_store.doubt, KEY, at=LATER)
    assert read(settlement_store.get, KEY).state == LegState.UNKNOWN
    write(settle, at=LATER)
    assert len(read(settlement_store.ledger_of, "RMA-A")) == 1
