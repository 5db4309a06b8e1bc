"""An order as the shop shows it in the normal form; nothing of its money is lost."""

from decimal import Decimal
from typing import Any

import pytest

from adapters.errors import Unreadable
from adapters.shopify import looking
from adapters.shopify.normalise import OrderParts, normalise
from domain.orders import Order, read_order
from tests.adapters.shopify.shops import MUG, TEE_L, TEE_M, channel_of, client_of, payback, placed, replacement
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import Document


def read(shop: SimulatedShop, order: Document) -> Order:
    found = channel_of(shop).read_order(order["id"])
    assert found is not None
    return read_order(found)


def changed(shop: SimulatedShop, order: Document, **changes: Any) -> Document:
    """The normal form after the answer to the order's own question was changed."""
    client = client_of(shop)
    body = looking.order_of(client, order["id"])
    assert body is not None
    found = looking.parts_of(client, body)
    return dict(normalise(OrderParts({**found.order, **changes}, found.lines, found.fulfillments)))


def cost(order: Order) -> int:
    """What the parts of an order cost together."""
    lines = sum(
        (line.total or 0) + line.duties + (0 if order.prices_include_tax else line.tax or 0) for line in order.lines
    )
    shipping = sum(one.price - one.discount + one.tax for one in order.shipping)
    return lines + shipping + sum(charge.amount for charge in order.charges)


@pytest.mark.parametrize(
    "changes",
    [{}, {"taxes_included": True}, {"discount": "10.00"}, {"tax": False}, {"shipping": "0.00"}, {"currency": "EUR"}],
    ids=str,
)
def test_the_parts_cost_what_was_paid(shop: SimulatedShop, changes: dict[str, Any]):
    order = placed(shop, (TEE_M, 3), (MUG, 1), **changes)
    found = read(shop, order)
    (paid,) = found.payments
    assert cost(found) == paid.amount
    assert found.prices_include_tax is bool(changes.get("taxes_included"))


def test_who_bought_what_and_where_it_went(shop: SimulatedShop):
    found = read(shop, placed(shop, (TEE_M, 2)))
    (line,) = found.lines
    assert (line.product_id, line.variant_id, line.sku, line.barcode) == ("1", "11", "TEE-M", "4006381333931")
    assert (line.title, line.variant_title, dict(line.options)) == ("Plain Tee", "M", {"Size": "M"})
    assert (found.customer.id, found.customer.email, found.customer.tags) == ("501", "bob.buyer@example.com", ("vip",))
    assert (found.ship_to.country, found.ship_to.region, found.ship_to.postal_code) == ("US", "NY", "10118")
    assert (found.channel, found.number, line.weight_grams) == ("shopify", "#1001", 200)


def test_a_product_without_options_has_none(shop: SimulatedShop):
    (line,) = read(shop, placed(shop, (MUG, 1))).lines
    assert (line.variant_title, dict(line.options)) == (None, {})


def test_a_line_in_several_parcels_has_several_fulfilments(shop: SimulatedShop):
    (line,) = read(shop, placed(shop, (TEE_M, 3), parcels=[[(0, 2)], [(0, 1)]])).lines
    assert [parcel.quantity for parcel in line.fulfilled] == [2, 1]


def test_units_that_were_edited_away_are_cancelled(shop: SimulatedShop):
    order = placed(shop, (TEE_M, 3), parcels=[[(0, 2)]])
    with shop.books.change() as state:
        state["orders"][order["id"]]["lines"][0]["gone"] = 1
    assert read(shop, order).lines[0].cancelled == 1


def test_units_that_were_refunded_are_not_cancelled_too(shop: SimulatedShop):
    order = placed(shop)
    channel_of(shop).refund(payback(order))
    found = read(shop, order)
    assert found.lines[0].cancelled == 0
    assert [(refund.key, refund.amount, refund.lines[0].quantity) for refund in found.refunds] == [("RMA-1", 500, 1)]


def test_a_refund_shows_the_money_that_was_given_and_not_the_price(shop: SimulatedShop):
    """Shopify writes what the units cost; a fee kept some of it."""
    order = placed(shop)
    channel_of(shop).refund(payback(order, amount=2000, shipping=500))
    (refund,) = read(shop, order).refunds
    (line,) = refund.lines
    assert (refund.amount, refund.shipping, line.amount + line.tax) == (2000, 500, 1500)


def test_a_refund_of_the_merchants_own_is_nobody_elses(shop: SimulatedShop):
    order = placed(shop)
    channel_of(shop).refund(payback(order))
    with shop.books.change() as state:
        for refund in state["refunds"].values():
            refund.update({"note": "Customer was unhappy", "return": None})
    assert [refund.key for refund in read(shop, order).refunds] == [None]


def test_what_came_back_for_other_goods_is_gone_without_money(shop: SimulatedShop):
    order = placed(shop)
    channel_of(shop).replace(replacement(order))
    found = read(shop, order)
    (swap,) = found.refunds
    assert (swap.amount, swap.key, [(line.quantity, line.amount) for line in swap.lines]) == (0, "RMA-1", [(1, 0)])
    assert [(line.variant_id, line.quantity) for line in found.lines] == [(TEE_M, 2), (TEE_L, 1)]


@pytest.mark.parametrize(
    ("gateway", "kind", "refundable"),
    [
        ("bogus", "card", True),
        ("paypal", "wallet", True),
        ("gift_card", "gift_card", True),
        ("shopify_store_credit", "store_credit", True),
        ("manual", "manual", False),
        ("cash", "cash", False),
        ("something-new", None, True),
    ],
)
def test_how_it_was_paid(shop: SimulatedShop, gateway: str, kind: str | None, refundable: bool):
    (paid,) = read(shop, placed(shop, paid_with=[(gateway, None)])).payments
    assert (paid.kind, paid.refundable) == (kind, refundable)


def test_a_tip_and_fees_are_charges(shop: SimulatedShop):
    tip = {"presentmentMoney": {"amount": "3.0"}}
    fee = {"id": "gid://shopify/AdditionalFee/9", "name": "Handling", "price": {"presentmentMoney": {"amount": "1.5"}}}
    order = placed(shop)
    total = {"presentmentMoney": {"amount": str(Decimal(order["transactions"][0]["amount"]) + Decimal("4.50"))}}
    found = changed(shop, order, totalTipReceivedSet=tip, additionalFees=[fee], totalPriceSet=total)
    assert [(one["title"], one["amount"]) for one in found["charges"]] == [("Handling", "1.50"), ("Tip", "3.00")]


def test_what_rounding_left_is_a_charge(shop: SimulatedShop):
    order = placed(shop)
    total = {"presentmentMoney": {"amount": str(Decimal(order["transactions"][0]["amount"]) - Decimal("0.03"))}}
    found = changed(shop, order, totalPriceSet=total)
    assert [(one["id"], one["amount"]) for one in found["charges"]] == [("rounding", "-0.03")]


@pytest.mark.parametrize(("status", "disputed"), [("UNDER_REVIEW", True), ("WON", False)])
def test_a_dispute_is_told(shop: SimulatedShop, status: str, disputed: bool):
    found = changed(shop, placed(shop), disputes=[{"id": "gid://shopify/Dispute/1", "status": status}])
    assert found["disputed"] is disputed


@pytest.mark.parametrize("broken", [{"id": None}, {"name": None}, {"createdAt": "yesterday"}, {"totalPriceSet": None}])
def test_what_is_no_whole_order_is_not_read(shop: SimulatedShop, broken: dict[str, Any]):
    with pytest.raises(Unreadable):
        changed(shop, placed(shop), **broken)


def test_an_order_of_many_lines_is_read_to_its_end(shop: SimulatedShop):
    order = placed(shop, *[(MUG, 1)] * 45)
    assert len(read(shop, order).lines) == 45
