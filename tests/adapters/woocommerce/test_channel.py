"""The channel of a store against the simulated one: the contract of all channels, and what only WooCommerce does."""

import threading
from contextlib import suppress

import pytest

from adapters.channel import RefundedLine
from adapters.errors import ChannelRefused, ChannelSlow, NotConnected
from adapters.woocommerce.plugin_acts import GatewayUnheard
from domain.orders import read_order
from tests.adapters.woocommerce.stores import (
    BLACK_M,
    PLAIN,
    PLUGIN,
    Document,
    RememberedSendings,
    channel_of,
    client_of,
    payback,
    placed,
    refunds,
    stock,
    world_of,
)
from tests.contracts.channel_contract import ChannelContract, World
from tests.simulators.woocommerce import SimulatedStore


class TestTheContract(ChannelContract):
    @pytest.fixture
    def world(self, store: SimulatedStore) -> World:
        return world_of(store)


@PLAIN
class TestFinding:
    def test_fact_13_a_number_that_is_a_part_of_others_finds_none_of_them(self, store: SimulatedStore):
        """Fact 13: the search is a contains match, so the number is compared exactly."""
        placed(store, billing={"first_name": "4711", "email": "a@example.com"})
        assert channel_of(store).find_order("4711") is None

    def test_fact_13_numbers_of_a_plugin_are_searched_and_compared(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            state["orders"][str(order["id"])]["number"] = "2026/0042"
        found = channel_of(store).find_order("# 2026/0042")
        assert found is not None
        assert found["id"] == str(order["id"])
        assert channel_of(store).find_order("2026/004") is None

    def test_fact_13_an_id_that_is_not_the_number_is_not_found_by_it(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            state["orders"][str(order["id"])]["number"] = "A-1"
        assert channel_of(store).find_order(str(order["id"])) is None

    @pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
    def test_fact_14_a_draft_is_no_order(self, store: SimulatedStore, status: str):
        """Fact 14: carts that failed stay as drafts."""
        order = placed(store, status=status)
        assert channel_of(store).find_order(order["number"]) is None
        assert channel_of(store).read_order(str(order["id"])) is None

    def test_the_usual_number_costs_two_requests(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store).find_order(order["number"])
        assert len(store.requests("GET")) == 2


class TestRefunds:
    def test_fact_10_lines_and_taxes_are_named_by_their_ids_in_the_store(self, store: SimulatedStore):
        """Fact 10: the line's id, the tax's rate, and the delivery as a line of quantity 0."""
        order = placed(store)
        channel_of(store).refund(payback(order, amount=3467, shipping=751))
        (refund,) = refunds(store, order)
        (line,), (delivery,) = refund["line_items"], refund["shipping_lines"]
        assert (line["quantity"], line["total"], line["taxes"]) == (
            -1, "-24.95", [{"id": 1, "total": "-2.21", "subtotal": "-2.21"}],
        )  # fmt: skip
        assert (delivery["total"], delivery["total_tax"]) == ("-6.90", "-0.61")
        assert refund["amount"] == "34.67"

    def test_fact_3_our_marks_stand_in_the_meta_data_and_in_the_reason(self, store: SimulatedStore):
        """Fact 3: the meta data come back when a refund is finished, an order shows the reason only."""
        order = placed(store)
        receipt = channel_of(store).refund(payback(order))
        (refund,) = refunds(store, order)
        marks = {entry["key"]: entry["value"] for entry in refund["meta_data"]}
        assert (marks["_return_request_id"], marks["_backhaul_key"]) == ("RMA-1", "RMA-1-1-refund-1")
        assert refund["reason"] == "Return RMA-1 (RMA-1-1-refund-1)"
        assert (receipt.reference, receipt.details) == (str(refund["id"]), {"amount": "27.16", "by_gateway": True})

    def test_fact_8_a_refund_moves_no_stock(self, store: SimulatedStore):
        """Fact 8: the store would restock by itself; goods go on sale when they were graded to the shelf."""
        order = placed(store)
        before = stock(store, BLACK_M)
        channel_of(store).refund(payback(order))
        assert stock(store, BLACK_M) == before

    def test_fact_5_the_gateway_gives_the_money(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store).refund(payback(order))
        assert [call["amount"] for call in store.books.read()["gateway_calls"]] == ["27.16"]

    @pytest.mark.parametrize("gateway", ["cod", "bacs", "gone"])
    def test_fact_5_what_no_gateway_can_give_back_is_left_to_a_person(self, store: SimulatedStore, gateway: str):
        """Fact 5: `method_supports` of the gateway says whether it can."""
        order = placed(store, payment_method=gateway)
        with pytest.raises(NotConnected, match="gateway"):
            channel_of(store).refund(payback(order))
        assert refunds(store, order) == []

    def test_fact_4_a_decline_is_a_refusal_and_can_be_tried_again(self, store: SimulatedStore):
        """Fact 4: it comes as HTTP 500 with its own message."""
        order = placed(store)
        ledger = RememberedSendings()
        channel = channel_of(store, ledger)
        with store.books.change() as state:
            state["gateway_declines"] = True
        with pytest.raises(ChannelRefused, match="declined by LabPay"):
            channel.refund(payback(order))
        assert ledger.entries == {}
        with store.books.change() as state:
            state["gateway_declines"] = False
        assert channel.refund(payback(order)).kind == "refund"

    def test_fact_7_units_that_are_not_there_are_not_refunded(self, store: SimulatedStore):
        """Fact 7: the store would take five units of a line that has one."""
        order = placed(store)
        line = RefundedLine(line_id=str(order["line_items"][0]["id"]), quantity=3, amount=100, tax=0)
        with pytest.raises(ChannelRefused, match="only 2 can still be refunded"):
            channel_of(store).refund(payback(order, amount=100, lines=(line,)))

    def test_fact_7_a_line_that_the_order_does_not_have_is_not_refunded(self, store: SimulatedStore):
        order = placed(store)
        line = RefundedLine(line_id="999999", quantity=1, amount=100, tax=0)
        with pytest.raises(ChannelRefused, match="no line 999999"):
            channel_of(store).refund(payback(order, amount=100, lines=(line,)))

    def test_fact_9_what_somebody_refunded_in_the_store_counts(self, store: SimulatedStore):
        """Fact 9: the total stays as it was; what is left is the total less all refunds."""
        order = placed(store)
        with client_of(store) as client:
            client.send("POST", f"/orders/{order['id']}/refunds", {"amount": "50.00", "api_refund": False})
        with pytest.raises(ChannelRefused, match="holds less"):
            channel_of(store).refund(payback(order))

    def test_fact_11_another_number_of_decimals_than_the_order_was_read_with_is_refused(self, store: SimulatedStore):
        """Fact 11: decimals are the store's setting, whatever the currency."""
        order = placed(store)
        with pytest.raises(ChannelRefused, match="2 decimals, not 0"):
            channel_of(store).refund(payback(order, amount=27, digits=0))


@PLAIN
class TestExchanges:
    def test_fact_20_the_store_counts_an_exchange_as_nothing(self, store: SimulatedStore, world: World):
        """Fact 20: lines at 0 make an order of 0.00 that is to be packed."""
        receipt = world.channel.replace(world.replacement())
        made = store.books.read()["orders"][str(receipt.details["order"])]
        assert (made["total"], made["status"], made["billing"]["email"]) == (
            "0.00",
            "processing",
            "bob.buyer@example.com",
        )

    def test_what_was_taken_in_exchange_can_be_given_back_from_the_payment_that_paid_for_it(
        self, store: SimulatedStore, world: World
    ):
        made = world.channel.find_order(world.channel.replace(world.replacement()).reference) or {}
        exchanged = read_order(made)
        asked = world.payback(
            "leg-7", amount=1980, order_id=exchanged.id, payment_id=exchanged.payments[0].id, lines=()
        )
        world.channel.refund(asked)
        assert world.channel.receipt("leg-7").kind == "refund"
        assert world.order(exchanged.id).payments[0].held == 0
        assert world.order().payments[0].refunded == 1980


def status(store: SimulatedStore, order: Document) -> str:
    return str(store.books.read()["orders"][str(order["id"])]["status"])


class TestStatus:
    """The status that the merchant wants an order to take."""

    def test_an_order_takes_it_once_something_of_it_is_settled(self, store: SimulatedStore):
        order = placed(store)
        channel_of(store, settled="returned").refund(payback(order))
        assert status(store, order) == "returned"

    def test_what_the_store_has_ended_itself_stays(self, store: SimulatedStore):
        order = placed(store)
        whole = payback(order, amount=round(float(order["total"]) * 100), lines=())
        channel_of(store, settled="returned").refund(whole)
        assert status(store, order) == "refunded"

    def test_it_is_taken_even_if_nobody_heard_that_the_refund_was_made(self, store: SimulatedStore):
        order, ledger = placed(store), RememberedSendings()
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            channel_of(store, ledger, settled="returned").refund(payback(order))
        assert channel_of(store, ledger, settled="returned").receipt("RMA-1-1-refund-1") is not None
        assert status(store, order) == "returned"


@PLAIN
class TestCredit:
    def test_fact_19_credit_is_a_coupon_for_the_orders_own_email_once(self, store: SimulatedStore, world: World):
        """Fact 19: fixed_cart, usage_limit 1, email_restrictions; codes are lower-cased by the store."""
        receipt = world.channel.credit(world.credit())
        (coupon,) = store.books.read()["coupons"].values()
        assert (coupon["discount_type"], coupon["usage_limit"]) == ("fixed_cart", 1)
        assert coupon["email_restrictions"] == ["bob.buyer@example.com"]
        assert (receipt.reference, coupon["code"]) == ("CREDIT-LEG-2", "credit-leg-2")

    def test_fact_19_where_prices_exclude_tax_the_coupon_is_without_the_tax_that_it_lowers(
        self, store: SimulatedStore, world: World
    ):
        """Fact 19: 14.99 also took off 3.00 of tax; so 7.00 here is 6.43 and its tax of 8.875 %."""
        assert world.channel.credit(world.credit()).details["amount"] == "6.43"

    def test_fact_19_a_coupon_has_no_currency_so_other_currencies_are_left_to_a_person(
        self, store: SimulatedStore, world: World
    ):
        with pytest.raises(NotConnected, match="own currency"):
            world.channel.credit(world.credit(currency="EUR"))

    def test_a_coupon_whose_answer_was_lost_is_found_by_its_code(self, store: SimulatedStore, world: World):
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            world.channel.credit(world.credit())
        assert world.channel.credit(world.credit()).reference == "CREDIT-LEG-2"
        assert len(store.books.read()["coupons"]) == 1

    def test_an_order_without_an_email_gets_no_credit(self, store: SimulatedStore, world: World):
        order = placed(store, billing={"country": "US", "state": "NY"})
        with pytest.raises(ChannelRefused, match="no e-mail"):
            world.channel.credit(world.credit(order_id=str(order["id"])))


@PLUGIN
class TestWithThePlugin:
    """What only the plugin can promise: the store itself does once what it is asked twice."""

    def test_who_slept_over_a_refund_and_was_taken_over_refunds_nothing_more(self, store: SimulatedStore):
        order = placed(store)
        first = channel_of(store, RememberedSendings()).refund(payback(order))
        channel = channel_of(store, RememberedSendings())
        body = {"order_id": order["id"], "amount": "27.16"}
        with client_of(store) as client:
            late = client.send("POST", "/wp-json/wc-backhaul/v1/refunds/RMA-1-1-refund-1", body)
        assert late["outcome"]["id"] == int(first.reference)
        assert channel.receipt("RMA-1-1-refund-1") is None
        assert channel.refund(payback(order)) == first
        assert len(refunds(store, order)) == 1

    def test_a_restock_whose_answer_was_lost_is_found_under_its_key(self, store: SimulatedStore, world: World):
        before = stock(store, BLACK_M)
        store.goes_wrong("lost answer", at="POST")
        with pytest.raises(ChannelSlow):
            world.channel.restock(world.restock())
        assert world.channel.restock(world.restock()).kind == "restock"
        assert stock(store, BLACK_M) == (before or 0) + 1

    def test_many_at_once_that_know_nothing_of_each_other_are_one_refund(self, store: SimulatedStore):
        """Facts 1 and 2: without the plugin each of them would send."""
        order = placed(store)
        with store.books.change() as state:
            state["race_seconds"] = 0.2

        def send() -> None:
            with suppress(ChannelSlow):
                channel_of(store, RememberedSendings()).refund(payback(order))

        threads = [threading.Thread(target=send) for _ in range(3)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(refunds(store, order)) == 1

    @pytest.mark.parametrize("act", ["refund", "restock"])
    def test_where_the_plugin_is_gone_meanwhile_the_plain_api_is_used(
        self, store: SimulatedStore, world: World, act: str
    ):
        channel = channel_of(store)
        with store.books.change() as state:
            state["plugin"] = False
        asked = {"refund": lambda: channel.refund(world.payback()), "restock": lambda: channel.restock(world.restock())}
        assert asked[act]().kind == act
        assert asked[act]().kind == act
        assert len(world.order().refunds) == (1 if act == "refund" else 0)

    def test_what_was_raised_without_the_plugin_is_not_raised_with_it(self, store: SimulatedStore, world: World):
        before = stock(store, BLACK_M)
        with store.books.change() as state:
            state["plugin"] = False
        world.channel.restock(world.restock())
        with store.books.change() as state:
            state["plugin"] = True
        channel_of(store, RememberedSendings()).restock(world.restock())
        assert stock(store, BLACK_M) == (before or 0) + 1

    def test_money_of_which_nobody_knows_is_left_to_a_person(self, store: SimulatedStore):
        order = placed(store)
        with store.books.change() as state:
            act = {"kind": "refund", "turn": 1, "state": "unknown", "outcome": None, "essence": f"{order['id']}:27.16"}
            state["acts"]["RMA-1-1-refund-1"] = act
        with pytest.raises(GatewayUnheard):
            channel_of(store).refund(payback(order))
        assert refunds(store, order) == []
