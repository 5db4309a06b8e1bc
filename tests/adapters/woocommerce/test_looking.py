"""What is sent to a store that does not answer is looked for before it is sent again."""

import threading

import pytest

from adapters.errors import ChannelRefused, ChannelSlow
from adapters.woocommerce.looking import DoneTwice
from domain.orders import read_order
from tests.adapters.woocommerce.stores import (
    BLACK_L,
    PLAIN,
    Document,
    RememberedSendings,
    channel_of,
    payback,
    placed,
    refunds,
    stock,
)
from tests.contracts.channel_contract import World
from tests.simulators.woocommerce import SimulatedStore
from tests.waiting import wait_until


def hold_gateway(store: SimulatedStore, **changes: object) -> None:
    """From now on the gateway answers nobody."""
    with store.books.change() as state:
        state.update(gateway_waits=True, **changes)


def let_gateway_go(store: SimulatedStore) -> None:
    """The gateway answers, and the store has finished what waited for it."""
    with store.books.change() as state:
        state["gateway_waits"] = False
    wait_until(lambda: not is_under_way(store))


def is_under_way(store: SimulatedStore) -> bool:
    """Whether a refund is begun and not finished: it has its meta data last (fact 3), and the plugin's act its end."""
    state = store.books.read()
    begun = [refund for found in state["refunds"].values() for refund in found]
    acts: list[Document] = list(state["acts"].values())
    return not all(refund["meta_data"] for refund in begun) or any(act["state"] == "under_way" for act in acts)


class TestNoAnswer:
    """Facts 1 to 3: the store takes the same twice, and a timeout says nothing."""

    def test_fact_3_a_refund_whose_answer_was_lost_is_found_again(self, store: SimulatedStore):
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).refund(payback(order))
        assert channel_of(store, ledger).refund(payback(order)).kind == "refund"
        assert len(refunds(store, order)) == 1

    def test_fact_1_a_request_that_never_arrived_is_sent_again_once_it_cannot_be_on_its_way(
        self, store: SimulatedStore
    ):
        """Fact 1: nothing but our own looking and waiting keeps the second one from being a second refund."""
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost request", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
        with pytest.raises(ChannelSlow, match="on its way"):
            channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
        assert refunds(store, order) == []
        channel_of(store, ledger, unseen_seconds=0).refund(payback(order))
        assert len(refunds(store, order)) == 1

    def test_a_refund_is_found_in_the_store_even_when_our_own_ledger_is_lost(self, store: SimulatedStore):
        order = placed(store)
        first = channel_of(store).refund(payback(order))
        assert channel_of(store, RememberedSendings()).refund(payback(order)) == first
        assert len(refunds(store, order)) == 1

    def test_fact_3_late_success_is_waited_for_and_adopted(self, store: SimulatedStore):
        """Fact 3: in flight a refund has no meta data, only its reason."""
        order, ledger = placed(store), RememberedSendings()
        hold_gateway(store)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, write_seconds=0.4).refund(payback(order))
        wait_until(lambda: store.books.read()["gateway_calls"])
        with pytest.raises(ChannelSlow, match="still at it"):
            channel_of(store, ledger).receipt("RMA-1-1-refund-1")
        let_gateway_go(store)
        receipt = channel_of(store, ledger).receipt("RMA-1-1-refund-1")
        assert receipt is not None
        assert receipt.details["by_gateway"] is True
        assert len(refunds(store, order)) == 1

    def test_fact_3_late_decline_is_a_refusal_and_nothing_is_sent_again(self, store: SimulatedStore):
        """Fact 3: after a decline the refund is gone."""
        order, ledger = placed(store), RememberedSendings()
        hold_gateway(store, gateway_declines=True)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, write_seconds=0.4).refund(payback(order))
        wait_until(lambda: store.books.read()["gateway_calls"])
        with pytest.raises(ChannelSlow, match="still at it"):
            channel_of(store, ledger).refund(payback(order))
        let_gateway_go(store)
        with pytest.raises(ChannelRefused, match="declined"):
            channel_of(store, ledger).refund(payback(order))
        assert len(store.books.read()["gateway_calls"]) == 1

    def test_fact_3_money_in_flight_is_not_given_twice(self, store: SimulatedStore):
        order = placed(store)
        hold_gateway(store)
        thread = threading.Thread(target=channel_of(store).refund, args=(payback(order, amount=5000),))
        thread.start()
        wait_until(lambda: store.books.read()["gateway_calls"])
        document = channel_of(store).read_order(str(order["id"]))
        threading.Timer(0.3, let_gateway_go, (store,)).start()
        with pytest.raises(ChannelRefused, match="holds less"):
            channel_of(store).refund(payback(order, "RMA-2-1-refund-1"))
        thread.join()
        assert read_order(document or {}).payments[0].refunded == 5000

    @PLAIN
    def test_fact_2_two_refunds_under_one_key_are_never_taken_for_one(self, store: SimulatedStore):
        """Fact 2: whoever looks and sends at once is taken at his word by the store, so a person must look."""
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).refund(payback(order, amount=100, lines=()))
        channel_of(store, RememberedSendings()).refund(payback(order, "RMA-9-1-refund-1", amount=100, lines=()))
        with store.books.change() as state:
            for refund in state["refunds"][str(order["id"])]:
                refund["reason"] = "Return RMA-1 (RMA-1-1-refund-1)"
        with pytest.raises(DoneTwice):
            channel_of(store, ledger).receipt("RMA-1-1-refund-1")

    def test_fact_2_the_same_key_from_many_threads_is_one_refund(self, store: SimulatedStore):
        """Fact 2: four at once would be three refunds; the ledger lets one send."""
        order, ledger = placed(store), RememberedSendings()
        with store.books.change() as state:
            state["race_seconds"] = 0.1

        def send() -> None:
            try:
                channel_of(store, ledger, unseen_seconds=60).refund(payback(order))
            except ChannelSlow:
                return

        threads = [threading.Thread(target=send) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(refunds(store, order)) == 1

    def test_an_exchange_order_whose_answer_was_lost_is_found_again(self, store: SimulatedStore, world: World):
        ledger = RememberedSendings()
        store.goes_wrong("lost answer", at="POST /wp-json/wc/v3/orders")
        before = stock(store, BLACK_L)
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger).replace(world.replacement())
        receipt = channel_of(store, ledger).replace(world.replacement())
        assert receipt.kind == "exchange"
        assert stock(store, BLACK_L) == (before or 0) - 1
