"""What was sent to a store that takes everything twice is written down once at a time."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.channel import Receipt
from adapters.errors import ChannelSlow
from adapters.sendings import Sending
from connector.storage.database import Database
from connector.storage.sending_store import DatabaseSendings
from connector.storage.shop_store import Shop
from tests.connector.storage.conftest import NOW

FIRST = Sending("k1", kind="refund", order_id="o1", first_at=NOW, last_at=NOW)
AGAIN = replace(FIRST, last_at=NOW + timedelta(minutes=1))


@pytest.fixture
def ledger(each_database: Database, shop: Shop) -> DatabaseSendings:
    return DatabaseSendings(each_database, shop)


def test_only_one_of_two_begins(ledger: DatabaseSendings):
    ledger.begin(FIRST, after=None)
    assert ledger.get("k1") == FIRST
    with pytest.raises(ChannelSlow):
        ledger.begin(AGAIN, after=None)


def test_only_one_of_two_begins_again(ledger: DatabaseSendings):
    ledger.begin(FIRST, after=None)
    ledger.begin(AGAIN, after=FIRST)
    with pytest.raises(ChannelSlow):
        ledger.begin(replace(FIRST, last_at=NOW + timedelta(minutes=2)), after=FIRST)
    assert ledger.get("k1") == AGAIN


def test_what_was_seen_under_way_is_remembered_until_it_is_sent_again(ledger: DatabaseSendings):
    ledger.begin(FIRST, after=None)
    ledger.under_way("k1")
    seen = ledger.get("k1")
    assert seen == replace(FIRST, seen=True)
    ledger.begin(AGAIN, after=seen)
    assert ledger.get("k1") == AGAIN


def test_what_was_done_stays_done(ledger: DatabaseSendings):
    receipt = Receipt("k1", kind="refund", reference="30", at=NOW, details={"amount": "16.79"})
    ledger.begin(FIRST, after=None)
    ledger.done(receipt)
    ledger.forget("k1")
    assert ledger.get("k1") == replace(FIRST, receipt=receipt)
    with pytest.raises(ChannelSlow):
        ledger.begin(AGAIN, after=ledger.get("k1"))


def test_what_the_store_refused_is_forgotten(ledger: DatabaseSendings):
    ledger.begin(FIRST, after=None)
    ledger.forget("k1")
    assert ledger.get("k1") is None
