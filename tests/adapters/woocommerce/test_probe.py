"""A key is tried before anything depends on it."""

from pathlib import Path

import pytest

from adapters.errors import NotConnected
from adapters.woocommerce.auth import Manner
from adapters.woocommerce.faults import KeyRefused
from adapters.woocommerce.probe import try_key
from tests.adapters.woocommerce.stores import credentials_of, reach_of
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import READ_KEY


@pytest.fixture
def store(tmp_path: Path):
    with simulated_store(tmp_path, https=True) as store:
        yield store


def test_a_key_that_works_tells_the_stores_currency_and_decimals(store: SimulatedStore):
    opened = try_key(credentials_of(store), reach=reach_of(store))
    assert (opened.currency, opened.decimals, opened.credentials.manner) == ("USD", 2, Manner.BASIC)


def test_where_the_web_server_removes_the_header_requests_are_signed(store: SimulatedStore):
    with store.books.change() as state:
        state["strips_authorization"] = True
    assert try_key(credentials_of(store), reach=reach_of(store)).credentials.manner is Manner.SIGNED


def test_fact_22_an_unknown_key_stays_unknown_however_it_is_sent(store: SimulatedStore):
    """Fact 22: the answer is the same as without a key."""
    with pytest.raises(KeyRefused, match="does not know the key"):
        try_key(credentials_of(store, key="ck_other"), reach=reach_of(store))


def test_fact_22_a_key_that_may_only_read_changes_nothing_while_it_is_tried(store: SimulatedStore):
    with pytest.raises(KeyRefused, match="may read only"):
        try_key(credentials_of(store, key=READ_KEY), reach=reach_of(store))


def test_a_place_without_the_api_is_said_to_be_none(store: SimulatedStore):
    with pytest.raises(NotConnected, match="not installed there, or not active"):
        try_key(credentials_of(store, address=f"{store.address}/blog"), reach=reach_of(store))
