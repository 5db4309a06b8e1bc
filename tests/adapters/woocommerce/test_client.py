import threading
from pathlib import Path

import pytest

from adapters.errors import ChannelError, ChannelSlow, NotConnected, Unreadable
from adapters.woocommerce import client as store_client
from adapters.woocommerce.auth import Manner
from adapters.woocommerce.client import Reach, StoreClient
from adapters.woocommerce.faults import UNKNOWN_KEY, KeyRefused, NoSuchThing, StoreRefused
from tests.adapters.woocommerce.stores import client_of, credentials_of, reach_of
from tests.recordings import body_of
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import READ_KEY


@pytest.fixture
def store(tmp_path: Path):
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def safe_store(tmp_path: Path):
    with simulated_store(tmp_path, https=True) as store:
        yield store


def with_orders(store: SimulatedStore, count: int) -> None:
    body = body_of("woocommerce", "orders-get-A")
    with store.books.change() as state:
        for number in range(1, count + 1):
            state["orders"][str(number)] = {**body, "id": number, "number": str(number)}


class TestKeys:
    def test_a_key_goes_as_basic_over_https(self, safe_store: SimulatedStore):
        with client_of(safe_store) as client:
            assert client.one("/products/11")["name"] == "Ceramic Mug"
        assert safe_store.requests("GET") == ["/wp-json/wc/v3/products/11"]

    def test_fact_34_over_http_requests_are_signed_and_the_secret_stays_here(self, store: SimulatedStore):
        """Fact 34: HMAC-SHA256 with the secret and "&"; the simulated store checks the signature by its own hand."""
        with client_of(store) as client:
            assert (
                list(client.listed("/orders", {"search": "Müller & söhne +1", "after": "2026-11-23T06:28:00Z"})) == []
            )

    def test_fact_34_a_signature_by_another_secret_is_refused(self, store: SimulatedStore):
        with client_of(store, secret="cs_other") as client, pytest.raises(KeyRefused, match="signature"):
            client.one("/products/11")

    def test_a_stripped_header_can_be_told_from_a_wrong_key_because_signing_works(self, safe_store: SimulatedStore):
        """Fact 22: without the header the store answers as if the key were not known."""
        with safe_store.books.change() as state:
            state["strips_authorization"] = True
        with client_of(safe_store) as client, pytest.raises(KeyRefused) as refused:
            client.one("/products/11")
        assert refused.value.reason == UNKNOWN_KEY
        with client_of(safe_store, manner=Manner.SIGNED) as client:
            assert client.one("/products/11")["id"] == 11

    def test_fact_22_an_unknown_key_is_said_to_be_unknown_or_lost_on_the_way(self, safe_store: SimulatedStore):
        with (
            client_of(safe_store, key="ck_other") as client,
            pytest.raises(KeyRefused, match="does not know the key, or"),
        ):
            client.one("/products/11")

    def test_fact_22_a_key_that_may_only_read_is_told_by_its_401(self, safe_store: SimulatedStore):
        with client_of(safe_store, key=READ_KEY) as client, pytest.raises(KeyRefused, match="write permissions"):
            client.send("PUT", "/products/11", {"stock_quantity": 1})

    def test_fact_35_hosts_that_block_put_and_delete_are_asked_by_post(self, store: SimulatedStore):
        """Fact 35: the header X-HTTP-Method-Override says what is meant."""
        with store.books.change() as state:
            state["blocked"] = ["PUT", "DELETE"]
        with client_of(store) as client:
            assert client.send("PUT", "/products/11", {"stock_quantity": 7})["stock_quantity"] == 7
            with pytest.raises(NoSuchThing):
                client.send("DELETE", "/webhooks/1", {}, query={"force": "true"})


class TestLists:
    def test_fact_14_every_page_is_read_by_the_header_that_names_the_next(self, store: SimulatedStore):
        with_orders(store, 7)
        with client_of(store) as client:
            assert len(list(client.listed("/orders", {"per_page": 3}))) == 7
        assert len(store.requests("GET")) == 3

    def test_fact_14_a_list_is_asked_for_in_pages_of_a_hundred(self, store: SimulatedStore):
        with client_of(store) as client:
            assert list(client.listed("/orders")) == []

    def test_no_more_pages_are_read_than_are_wanted(self, store: SimulatedStore):
        with_orders(store, 7)
        with client_of(store) as client:
            assert len(list(client.listed("/orders", {"per_page": 2}, most_pages=2))) == 4

    def test_a_list_that_is_too_long_to_be_read_whole_is_not_cut_in_silence(
        self, store: SimulatedStore, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(store_client, "MOST_PAGES", 2)
        with_orders(store, 5)
        with client_of(store) as client:
            assert len(list(client.listed("/orders", {"per_page": 3}))) == 5
            with pytest.raises(Unreadable, match="more than can be looked through"):
                list(client.listed("/orders", {"per_page": 2}))


class TestFailures:
    @pytest.mark.parametrize("what", ["maintenance", "database down", "php down", "too many", "lost request"])
    def test_fact_22_an_outage_passes(self, store: SimulatedStore, what: str):
        """Fact 22: maintenance 503, database down 500, PHP down 502, all in HTML."""
        store.goes_wrong(what)
        with client_of(store) as client:
            with pytest.raises(ChannelSlow):
                client.one("/products/11")
            assert client.one("/products/11")["id"] == 11

    def test_a_store_without_woocommerce_says_so(self, store: SimulatedStore):
        store.goes_wrong("inactive")
        with client_of(store) as client, pytest.raises(NotConnected, match="not installed there, or not active"):
            client.one("/products/11")

    def test_fact_4_a_business_error_is_one_although_its_status_is_500(self, store: SimulatedStore):
        """Fact 4: the code is parsed first; only HTML is an outage."""
        with client_of(store) as client, pytest.raises(NoSuchThing) as refused:
            client.send("POST", "/orders/9/refunds", {"amount": "1.00", "api_refund": False})
        assert refused.value.reason == "woocommerce_rest_invalid_order_id"

    def test_fact_17_messages_are_unescaped(self, store: SimulatedStore):
        """Fact 17: error messages hold HTML entities."""
        with client_of(store) as client, pytest.raises(StoreRefused, match="/products/<product_id>/variations"):
            client.send("PUT", "/products/17", {"stock_quantity": 1})

    def test_a_slow_answer_is_not_waited_for(self, store: SimulatedStore):
        store.goes_wrong("slow")
        reach = reach_of(store, read_seconds=0.2)
        with StoreClient(credentials_of(store), reach=reach) as client, pytest.raises(ChannelSlow, match="in time"):
            client.one("/products/11")

    def test_nobody_there_is_slow_too(self, store: SimulatedStore):
        with client_of(store, address="http://127.0.0.1:9") as client, pytest.raises(ChannelSlow, match="reached"):
            client.one("/products/11")

    def test_a_certificate_that_nobody_knows_is_said_to_be_one(self, safe_store: SimulatedStore):
        reach = Reach(allows_private=True)
        client = StoreClient(credentials_of(safe_store), reach=reach)
        with client, pytest.raises(NotConnected, match="certificate is not valid"):
            client.one("/products/11")

    def test_a_private_address_is_never_asked(self, store: SimulatedStore):
        with StoreClient(credentials_of(store)) as client, pytest.raises(NotConnected, match="BACKHAUL_PRIVATE_STORES"):
            client.one("/products/11")
        assert store.requests("GET") == []

    def test_at_most_four_requests_are_under_way_at_a_time(self, store: SimulatedStore):
        store.goes_wrong("slow", times=5)
        late: list[ChannelError] = []

        def ask() -> None:
            try:
                client.one("/products/11")
            except ChannelError as error:
                late.append(error)

        with StoreClient(credentials_of(store), reach=reach_of(store, read_seconds=1.5)) as client:
            threads = [threading.Thread(target=ask) for _ in range(5)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
        assert late == []
