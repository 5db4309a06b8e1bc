"""A dearer exchange that nobody paid is taken off its order; one that was paid, or sent, is not."""

import pytest

from adapters.channel import CallOff, ReplacementLine, RestockedLine
from adapters.errors import ChannelRefused, ChannelSlow
from tests.adapters.shopify.shops import (
    TEE_L,
    TEE_XXL,
    accounts,
    channel_of,
    credit,
    payback,
    placed,
    refunds,
    replacement,
)
from tests.simulators.shopify import SimulatedShop, selling, settling
from tests.simulators.shopify.books import Document


def unpaid(shop: SimulatedShop) -> Document:
    """An order whose exchange for something dearer waits for Shopify's invoice."""
    order = placed(shop)
    line = ReplacementLine(order["lines"][0]["id"], TEE_XXL, quantity=1, amount=2995, tax=0)
    channel_of(shop).replace(replacement(order, lines=(line,), collected=279))
    return shop.books.read()["orders"][order["id"]]  # type: ignore[no-any-return]


def asked(order: Document, *, variant: str = TEE_XXL, return_id: str = "RMA-1") -> CallOff:
    return CallOff(f"{return_id}-1-collect", order["id"], return_id, (RestockedLine(variant, 1),))


def stock(shop: SimulatedShop) -> int:
    return int(shop.books.read()["variants"][TEE_XXL]["stock"])


def removed(shop: SimulatedShop, order: Document) -> list[int]:
    return [line.get("removed", 0) for line in shop.books.read()["orders"][order["id"]]["lines"]]


def test_its_goods_leave_the_order_and_are_on_the_shelf_again(shop: SimulatedShop):
    before = stock(shop)
    order = unpaid(shop)
    assert channel_of(shop).call_off(asked(order))
    assert (removed(shop, order), stock(shop)) == ([0, 1], before)


def test_the_same_again_changes_nothing(shop: SimulatedShop):
    order = unpaid(shop)
    assert [channel_of(shop).call_off(asked(order)) for _ in range(3)] == [True, True, True]
    assert (removed(shop, order), len(shop.asked("OrderEditCommit"))) == ([0, 1], 1)


def test_one_that_was_paid_in_the_last_moment_stays(shop: SimulatedShop):
    order = unpaid(shop)
    with shop.books.change() as state:
        settling.paid_invoice(state, state["orders"][order["id"]])
    assert not channel_of(shop).call_off(asked(order))
    assert removed(shop, order) == [0, 0]


def test_one_that_was_sent_already_is_refused(shop: SimulatedShop):
    order = unpaid(shop)
    with shop.books.change() as state:
        selling.shipped(state, state["orders"][order["id"]], [(1, 1)])
    with pytest.raises(ChannelRefused, match="look at it in Shopify"):
        channel_of(shop).call_off(asked(order))


@pytest.mark.parametrize("changes", [{"variant": TEE_L}, {"return_id": "RMA-2"}])
def test_exchanges_of_others_are_left_alone(shop: SimulatedShop, changes: dict[str, str]):
    order = unpaid(shop)
    assert channel_of(shop).call_off(asked(order, **changes))
    assert removed(shop, order) == [0, 0]


@pytest.mark.parametrize("at", ["OrderEditBegin", "OrderEditQuantity", "OrderEditCommit"])
@pytest.mark.parametrize("how", ["lost answer", "lost request"])
def test_an_edit_that_broke_off_is_made_again(shop: SimulatedShop, at: str, how: str):
    order = unpaid(shop)
    shop.goes_wrong(how, at=at)
    with pytest.raises(ChannelSlow):
        channel_of(shop).call_off(asked(order))
    assert channel_of(shop).call_off(asked(order))
    assert removed(shop, order) == [0, 1]


class TestWhatIsGivenInstead:
    def test_the_goods_that_came_back_count_as_back_for_no_money_yet(self, shop: SimulatedShop):
        order = unpaid(shop)
        channel_of(shop).call_off(asked(order))
        told = channel_of(shop).read_order(order["id"])
        assert told is not None
        (swap,) = told["refunds"]  # type: ignore[misc]
        assert (swap["key"], swap["amount"], swap["lines"]) == ("RMA-1", "0.00", [])
        assert [line["cancelled"] for line in told["lines"]] == [0, 1]  # type: ignore[attr-defined]

    def test_money_goes_back_for_no_units(self, shop: SimulatedShop):
        order = unpaid(shop)
        channel_of(shop).call_off(asked(order))
        channel_of(shop).refund(payback(order, "RMA-1-2-refund-1", amount=2716, lines=()))
        (made,) = refunds(shop)
        assert (made["lines"], made["return"]) == ([], None)

    def test_store_credit_is_a_method_of_a_refund_for_no_units_and_given_once(self, shop: SimulatedShop):
        order = unpaid(shop)
        channel_of(shop).call_off(asked(order))
        for _ in range(2):
            channel_of(shop).credit(credit(order, "RMA-1-2-credit", amount=2716, lines=()))
        ((account,), (made,)) = accounts(shop), refunds(shop)
        assert ([entry["amount"] for entry in account["entries"]], made["lines"]) == (["27.16"], [])
