"""Why goods come back: one table, read both ways; what it lacks keeps the shop's own name."""

import pytest

from adapters.shopify.reasons import HANDLES, Reason, reason_for, reason_of
from bot.buttons import LABELS
from tests.adapters.shopify.shops import channel_of, placed, standing
from tests.simulators.shopify import SimulatedShop, returns
from tests.simulators.shopify.books import REASONS, Document, gid

KNOWN = [Reason(f"gid://shopify/ReturnReasonDefinition/{n}", handle) for n, handle in enumerate(REASONS, start=1)]
SAID_BY_ANOTHER = {"damaged": "defective", "recall": "defective", "missing_parts": "not_as_described"}
"""Reasons of ours for which a shop has no word of its own."""


@pytest.mark.parametrize("ours", HANDLES)
def test_ours_goes_there_and_comes_back(ours: str):
    there = reason_for(ours, KNOWN)
    assert reason_of(there.handle, name="") == (SAID_BY_ANOTHER.get(ours, ours), "")


@pytest.mark.parametrize("handle", REASONS)
def test_every_reason_that_a_live_shop_has_is_known(handle: str):
    ours, note = reason_of(handle, name="So it is called")
    assert note == ""
    assert ours is None or f"reason:{ours}" in LABELS


@pytest.mark.parametrize("handle", ["unknown", ""])
def test_nothing_said_is_no_reason(handle: str):
    assert reason_of(handle, name="Unknown") == (None, "")


@pytest.mark.parametrize(("name", "note"), [("Bought two", "Bought two"), ("", "bought-two")])
def test_one_of_the_shops_own_is_other_with_its_name(name: str, note: str):
    assert reason_of("bought-two", name=name) == ("other", note)


class TestReturnsThatOthersOpened:
    def opened(self, shop: SimulatedShop, order: Document, handle: str, **said: str) -> None:
        """The shop's people open a return in the admin."""
        with shop.books.change() as state:
            parcel = state["fulfillments"][order["fulfillments"][0]]
            known = {one["handle"]: one["id"] for one in state["reasons"]}
            line = {
                "fulfillmentLineItemId": gid("FulfillmentLineItem", parcel["lines"][0]["id"]),
                "quantity": 1,
                "returnReasonDefinitionId": gid("ReturnReasonDefinition", known[handle]),
                **said,
            }
            returns.create(state, {"orderId": gid("Order", order["id"]), "returnLineItems": [line]})

    def test_are_told_with_the_reason_in_our_words(self, shop: SimulatedShop):
        order = placed(shop)
        self.opened(shop, order, "too-small", returnReasonNote="Tight at the neck")
        (found,) = channel_of(shop).others(order["id"])
        (line,) = found.lines
        assert (found.name, found.status) == (f"{order['name']}-R1", "open")
        assert (line.line_id, line.quantity) == (order["lines"][0]["id"], 1)
        assert (line.reason, line.note) == ("size_too_small", "Tight at the neck")

    def test_a_reason_that_only_the_shop_knows_is_other_and_keeps_its_name(self, shop: SimulatedShop):
        order = placed(shop)
        with shop.books.change() as state:
            state["reasons"].append({"id": "99", "handle": "bought-two"})
        self.opened(shop, order, "bought-two")
        (found,) = channel_of(shop).others(order["id"])
        assert (found.lines[0].reason, found.lines[0].note) == ("other", "Bought two")

    def test_ours_and_those_that_are_over_are_not_among_them(self, shop: SimulatedShop):
        order = placed(shop)
        channel_of(shop).mirror(standing(order, "open"))
        with shop.books.change() as state:
            (native,) = state["returns"].values()
        self.opened(shop, order, "style")
        with shop.books.change() as state:
            theirs = next(one for one in state["returns"].values() if one["id"] != native["id"])
            theirs["status"] = "CANCELED"
        assert channel_of(shop).others(order["id"]) == ()
