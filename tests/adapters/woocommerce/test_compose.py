"""What is sent to a store, made of recorded orders."""

from typing import Any

import pytest
from msgspec.structs import replace

from adapters.channel import Credit, Payback, RefundedLine
from adapters.errors import ChannelRefused
from adapters.woocommerce.compose import coupon_amount, left_of, refund_body
from tests.recordings import body_of

A = "orders-get-A"
INCLUSIVE = "orders-create-I-eur-tax-inclusive"


def payback(order: dict[str, Any], *lines: RefundedLine, **changes: Any) -> Payback:
    asked = Payback(
        key="RMA-1-1-refund-1", order_id=str(order["id"]), return_id="RMA-1", payment_id=f"paid-{order['id']}",
        amount=1469, currency=order["currency"], digits=2, lines=lines,
    )  # fmt: skip
    return replace(asked, **changes)


def body(name: str, *lines: RefundedLine, **changes: Any) -> dict[str, Any]:
    order = body_of("woocommerce", name)
    return dict(refund_body(payback(order, *lines, **changes), order, refunds=[], by_gateway=True))


def strings(found: Any) -> bool:
    """Whether every amount is a string."""
    if isinstance(found, dict):
        return all(strings(value) if "total" not in name else isinstance(value, str) for name, value in found.items())
    return all(map(strings, found)) if isinstance(found, list) else True


def test_fact_6_every_amount_is_a_string():
    """Fact 6: an amount that is a number is answered with 400."""
    made = body(A, RefundedLine("1", quantity=1, amount=1349, tax=120))
    assert made["amount"] == "14.69"
    assert strings(made)


def test_fact_11_what_a_line_gives_back_is_told_at_the_orders_decimals():
    """Fact 11: the unrounded price of one (13.4933...) is never used."""
    (line,) = body(A, RefundedLine("1", quantity=1, amount=1349, tax=120))["line_items"]
    assert line == {"id": 1, "quantity": 1, "refund_total": "13.49", "refund_tax": [{"id": 1, "refund_total": "1.20"}]}


def test_where_prices_include_tax_the_line_is_told_without_it():
    order = body_of("woocommerce", INCLUSIVE)
    sold = order["line_items"][0]
    (line,) = body(INCLUSIVE, RefundedLine(str(sold["id"]), quantity=1, amount=1200, tax=200))["line_items"]
    assert (line["refund_total"], line["refund_tax"][0]["refund_total"]) == ("10.00", "2.00")


def test_fact_8_stock_is_not_raised_by_a_refund():
    assert body(A)["api_restock"] is False


def test_fact_9_what_is_left_counts_all_refunds():
    """Fact 9: the total never changes; the refunds of the order's body are negative."""
    order = body_of("woocommerce", "orders-get-E-after-refunds")
    given = sum(round(float(refund["total"]) * 100) for refund in order["refunds"])
    assert left_of(order, digits=2) == round(float(order["total"]) * 100) + given


def test_fact_10_delivery_that_an_order_did_not_have_is_not_refunded():
    order = body_of("woocommerce", "orders-create-G-labpay")
    with pytest.raises(ChannelRefused, match="no delivery"):
        refund_body(payback(order, shipping=100), order, refunds=[], by_gateway=True)


@pytest.mark.parametrize(("name", "worth", "amount"), [("orders-create-G-labpay", 1632, 1499), (INCLUSIVE, 1632, 1632)])
def test_fact_19_a_coupon_says_what_its_worth_is_without_the_tax_that_it_lowers(name: str, worth: int, amount: int):
    """Fact 19: in a store whose prices exclude tax 14.99 took off its tax too."""
    credit = Credit(key="k", order_id="1", return_id="RMA-1", amount=worth, currency="USD", digits=2)
    assert coupon_amount(credit.amount, body_of("woocommerce", name)) == amount
