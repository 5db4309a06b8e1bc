"""Native returns of one of ours: each leg finds its units, whatever else of the return stands in the shop."""

import pytest

from adapters.channel import RefundedLine, Restock, RestockedLine, Standing, StandingLine
from adapters.errors import ChannelRefused, ChannelSlow
from adapters.shopify.faults import Unanswered
from tests.adapters.shopify.shops import (
    TEE_L,
    TEE_M,
    channel_of,
    natives,
    payback,
    placed,
    refunds,
    replacement,
    standing,
)
from tests.adapters.woocommerce.stores import RememberedSendings
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import Document


def mixed(order: Document, **changes: object) -> Standing:
    """How a return of two units stands: money for one, another size for the other."""
    line_id = order["lines"][0]["id"]
    return standing(
        order,
        "open",
        lines=(StandingLine(line_id, 1), StandingLine(line_id, 1, variant_id=TEE_L, amount=2716)),
        **changes,
    )


class TestARefundBesideAnExchange:
    def test_are_two_native_returns_with_the_fee_in_one_of_them(self, shop: SimulatedShop):
        order = placed(shop)
        for _ in range(2):
            channel_of(shop).mirror(mixed(order, shipping_fee=495))
        assert [(len(one["exchange"]), one["fee"]) for one in natives(shop)] == [(0, "4.95"), (1, "0")]

    def test_the_second_is_opened_though_the_first_one_was_before(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("lost answer", at="ReturnCreate")
        with pytest.raises(Unanswered):
            channel_of(shop, ledger).mirror(mixed(order))
        channel_of(shop, ledger).mirror(mixed(order))
        assert [len(one["exchange"]) for one in natives(shop)] == [0, 1]

    def test_a_replacement_that_is_sold_out_holds_back_nothing_else(self, shop: SimulatedShop):
        order = placed(shop)
        with shop.books.change() as state:
            state["variants"][TEE_L]["stock"] = 0
        with pytest.raises(ChannelRefused, match="out of stock"):
            channel_of(shop).mirror(mixed(order))
        assert [len(one["exchange"]) for one in natives(shop)] == [0]

    @pytest.mark.parametrize("is_refund_first", [True, False])
    def test_each_leg_finds_its_units(self, shop: SimulatedShop, *, is_refund_first: bool):
        order, channel = placed(shop), channel_of(shop)
        channel.mirror(mixed(order))
        if is_refund_first:
            channel.refund(payback(order))
        channel.replace(replacement(order))
        channel.refund(payback(order))
        assert [(one["status"], len(one["refunds"])) for one in natives(shop)] == [("CLOSED", 1), ("CLOSED", 0)]

    def test_a_request_of_both_is_opened_anew(self, shop: SimulatedShop):
        order, channel = placed(shop), channel_of(shop)
        channel.mirror(standing(order, "requested", lines=mixed(order).lines))
        channel.mirror(mixed(order))
        assert [one["status"] for one in natives(shop)] == ["CANCELED", "OPEN", "OPEN"]

    def test_units_of_an_exchange_that_went_out_are_to_be_had(self, shop: SimulatedShop):
        """As one native return held both before, with the exchange."""
        order, channel = placed(shop), channel_of(shop)
        channel.mirror(mixed(order))
        with shop.books.change() as state:
            rest, exchange = state["returns"].values()
            exchange["lines"].append(rest["lines"].pop())
            rest["status"] = "CANCELED"
        channel.replace(replacement(order))
        channel.refund(payback(order))
        assert [(one["status"], len(one["refunds"])) for one in natives(shop)] == [("CANCELED", 0), ("CLOSED", 1)]


class TestAnExchangeThatDidNotGoOut:
    def test_lets_a_refund_have_its_units(self, shop: SimulatedShop):
        order, channel = placed(shop, (TEE_M, 1)), channel_of(shop)
        channel.mirror(standing(order, "open", variant_id=TEE_L, amount=2716))
        channel.refund(payback(order))
        assert [(one["status"], one["exchange"], len(one["refunds"])) for one in natives(shop)] == [("CLOSED", [], 1)]

    def test_keeps_what_it_holds_where_there_is_more_to_be_returned(self, shop: SimulatedShop):
        order, channel = placed(shop), channel_of(shop)
        channel.mirror(standing(order, "open", variant_id=TEE_L, amount=2716))
        channel.refund(payback(order))
        assert [one["status"] for one in natives(shop)] == ["OPEN", "CLOSED"]
        channel.replace(replacement(order))
        assert [one["status"] for one in natives(shop)] == ["CLOSED", "CLOSED"]

    def test_stays_for_the_units_that_are_still_exchanged(self, shop: SimulatedShop):
        order, channel = placed(shop), channel_of(shop)
        line_id = order["lines"][0]["id"]
        channel.mirror(standing(order, "open", lines=(StandingLine(line_id, 2, variant_id=TEE_L, amount=5432),)))
        channel.refund(payback(order))
        (native,) = natives(shop)
        assert (native["lines"][0]["processed"], len(native["exchange"])) == (1, 1)
        channel.replace(replacement(order))
        first, second = natives(shop)
        assert ([line["quantity"] for line in first["lines"]], first["exchange"]) == ([1], [])
        assert (second["status"], shop.books.read()["variants"][TEE_L]["stock"]) == ("CLOSED", 9)


class TestWhatWasCalledOff:
    def test_a_request_that_was_declined_is_asked_for_again(self, shop: SimulatedShop):
        order, channel = placed(shop), channel_of(shop)
        for status, key in (("requested", "first"), ("declined", "first"), ("requested", "second")):
            channel.mirror(standing(order, status, key=key))
        assert [one["status"] for one in natives(shop)] == ["DECLINED", "REQUESTED"]


class TestReturnsOfManyLines:
    """[S] A native return and what is waited for are read page by page."""

    @pytest.mark.parametrize("count", [31, 51, 101])
    def test_are_refunded_and_put_on_the_shelf_as_a_whole(self, shop: SimulatedShop, count: int):
        order, channel = placed(shop, *[(TEE_M, 1)] * count), channel_of(shop, patience_seconds=20)
        lines = tuple(RefundedLine(line["id"], quantity=1, amount=100, tax=0) for line in order["lines"])
        channel.refund(payback(order, amount=100 * count, lines=lines))
        channel.restock(Restock("RMA-1-restock", order["id"], (RestockedLine(TEE_M, count),), return_id="RMA-1"))
        (native,) = natives(shop)
        assert (native["status"], sum(line["processed"] for line in native["lines"])) == ("CLOSED", count)
        assert shop.books.read()["variants"][TEE_M]["stock"] == 10 + count

    def test_less_than_was_asked_for_is_refused_before_money_moves(self, shop: SimulatedShop):
        order, ledger = placed(shop), RememberedSendings()
        shop.goes_wrong("503", at="SuggestedOutcome")
        with pytest.raises(ChannelSlow):
            channel_of(shop, ledger).refund(payback(order))
        with shop.books.change() as state:
            (native,) = state["returns"].values()
            native["lines"][0]["processed"] = 1
        with pytest.raises(ChannelRefused, match="less"):
            channel_of(shop, ledger).refund(payback(order))
        assert refunds(shop) == []
