"""An order in the normal form, and what it may not say."""

import pytest

from domain.errors import Malformed
from domain.orders import read_order

from .examples import back, line, order, refund


def fault(document):
    with pytest.raises(Malformed) as refused:
        read_order(document)
    return refused.value.at


def test_amounts_are_minor_units_of_the_orders_currency():
    assert read_order(order(line(unit_price="12.50"))).lines[0].unit_price == 1250


def test_decimals_follow_the_currency():
    assert read_order(order(currency="KWD", lines=[line(unit_price="3.335")], payments=[])).digits == 3


def test_decimals_follow_the_order_where_it_names_them():
    read = read_order(order(currency="JPY", digits=2, payments=[]))
    assert (read.digits, read.lines[0].unit_price) == (2, 1000)


@pytest.mark.parametrize(
    ("document", "at"),
    [
        (order(currency="ABC"), "currency"),
        (order(currency=None), "currency"),
        (order(currency=978), "currency"),
        (order(digits=9), "digits"),
        (order(digits=-1), "digits"),
        (order(digits=True), "digits"),
        (order(digits=3), "lines[0].unit_price"),
        (order(placed_at=None), "placed_at"),
        (order(line(), line()), "lines[1].id"),
        (order(line(quantity=0)), "lines[0].quantity"),
        (order(line(discount="10.01")), "lines[0].discount"),
        (order(line(cancelled=2)), "lines[0].cancelled"),
        (order(line(exempt="because")), "lines[0].exempt"),
        (order(line(fulfilled=[{"quantity": -1}])), "lines[0].fulfilled[0].quantity"),
        (order(line(taxes=[{"id": "t"}])), "lines[0].taxes[0].amount"),
        (order(channel="etsy"), "channel"),
        (order(discounts=[{"amount": "10.01"}]), "discounts"),
        (order(shipping=[{"id": "s", "price": "5.00", "discount": "5.01"}]), "shipping[0].discount"),
        (order(shipping=[{"id": "s"}]), "shipping[0].price"),
        (order(charges=[{"id": "c"}]), "charges[0].amount"),
        (order(payments=[{"id": "p"}]), "payments[0].amount"),
        (order(payments=[{"id": "p", "amount": "1.00", "kind": "iou"}]), "payments[0].kind"),
        (order(payments=[{"id": "p", "amount": "1.00"}, {"id": "p", "amount": "1.00"}]), "payments[1].id"),
        (order(refunds=[refund("r"), refund("r")]), "refunds[1].id"),
        (order(refunds=[refund("r", back("z"))]), "refunds[0].lines[0].line_id"),
        (order(refunds=[refund(amount="-1.00")]), "refunds[0].amount"),
        (order(disputed="no"), "disputed"),
        (order(secret=1), "secret"),
    ],
)
def test_a_malformed_order_says_where(document, at):
    assert fault(document) == at


def test_an_order_is_an_object():
    assert fault(["order"]) == ""


def test_a_discount_may_be_as_large_as_its_line():
    assert read_order(order(line(discount="10.00"))).lines[0].discount == 1000


def test_charges_may_be_negative():
    assert read_order(order(charges=[{"id": "c", "amount": "-2.00", "tax": "-0.40"}])).charges[0].amount == -200


def test_a_refund_may_cut_a_price_without_units():
    assert read_order(order(refunds=[refund("r", back(quantity=0))])).refunds[0].lines[0].quantity == 0


def test_everything_the_contract_names_is_read():
    full = order(
        line(
            **dict.fromkeys(
                ("product_id", "variant_id", "sku", "barcode", "title", "variant_title", "product_type"), "x"
            ),
            options={"size": "M"},
            discount="1.00",
            tax="0.90",
            taxes=[{"id": "t", "title": "VAT", "rate": "0.10", "amount": "0.90"}],
            total="9.00",
            duties="1.00",
            weight_grams=300,
            gift_card=False,
            requires_shipping=True,
            collections=["c"],
            tags=["t"],
            exempt="perishable",
            serials=["s"],
            lot="l",
            bundle="b",
            cancelled=0,
        ),
        id="o",
        number="#1",
        channel="store",
        tags=["t"],
        digits=2,
        prices_include_tax=True,
        cancelled_at=None,
        disputed=False,
        customer={
            "id": "c",
            "email": "e",
            "phone": "p",
            "name": "n",
            "tags": ["vip"],
            "locale": "de",
            "returns_90_days": 1,
            "return_rate": "0.2",
        },
        ship_to={"country": "DE", "region": "BY", "postal_code": "80331", "city": "München"},
        discounts=[{"amount": "1.00", "title": "x", "threshold": "50.00"}],
        shipping=[
            {"id": "s", "title": "x", "price": "5.00", "discount": "1.00", "tax": "0.40", "standard_price": "3.00"}
        ],
        charges=[{"id": "c", "title": "x", "amount": "1.00", "tax": "0.10"}],
        payments=[
            {
                "id": "p",
                "gateway": "g",
                "kind": "exchange",
                "amount": "1.00",
                "refunded": "0.00",
                "refundable": True,
                "of": {"order_id": "o0", "payment_id": "p0"},
            }
        ],
        refunds=[refund("r", back(), shipping="1.00", key="R1")],
    )
    assert read_order(full).ship_to.city == "München"
