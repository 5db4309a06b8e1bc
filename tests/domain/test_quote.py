"""The quote as a whole: its form, and what is kept."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from domain.calendar import written
from domain.case import read_case
from domain.quote import assess

from .examples import QUIET, back, case, earlier, exchange, item, line, order, quote, refund, rule

KEYS = [
    "currency",
    "items",
    "shipping",
    "duties",
    "charges",
    "fees",
    "bonus",
    "goods",
    "exchange",
    "total",
    "due",
    "to",
    "capped",
    "approval",
    "trace",
]
ITEM_KEYS = ["line_id", "quantity", "verdict", "reasons", "window_ends_at", "resolution", "amount", "tax", "keep_item"]


def test_a_quote_has_every_field_of_the_contract_in_its_order():
    document = quote(case())
    assert list(document) == KEYS
    assert list(document["items"][0]) == ITEM_KEYS


def test_an_accepted_item_reads_as_in_the_contract():
    document = quote(case(order(line(tax="1.90"), currency="EUR")))
    assert document == {
        "currency": "EUR",
        "items": [
            {
                "line_id": "a",
                "quantity": 1,
                "verdict": "accepted",
                "reasons": [],
                "window_ends_at": "2026-11-04T23:59:59.999999+00:00",
                "resolution": "refund",
                "amount": "10.00",
                "tax": "1.90",
                "keep_item": False,
            }
        ],
        "shipping": "0.00",
        "duties": "0.00",
        "charges": "0.00",
        "fees": [],
        "bonus": "0.00",
        "goods": "11.90",
        "exchange": "0.00",
        "total": "11.90",
        "due": "0.00",
        "to": [{"payment_id": "card", "amount": "11.90"}],
        "capped": None,
        "approval": "auto",
        "trace": [],
    }


@pytest.mark.parametrize(
    ("currency", "digits", "price"),
    [("JPY", None, "1980"), ("KWD", None, "3.335"), ("EUR", 4, "1.2345"), ("EUR", 0, "7")],
)
def test_amounts_have_the_digits_of_the_order(currency, digits, price):
    of = order(line(unit_price=price), currency=currency, digits=digits, payments=[{"id": "p", "amount": price}])
    document = quote(case(of))
    assert (document["total"], document["to"][0]["amount"]) == (price, price)


def test_a_quote_can_be_written_as_json():
    document = quote(case(policy={"rules": [rule("r", evidence=["photo"])]}))
    assert json.loads(json.dumps(document)) == document


def test_the_same_case_gives_the_same_quote():
    of = order(line(quantity=3), line("b"), refunds=[refund("r", back(quantity=0, amount="1.00"), amount="1.00")])
    read = read_case(case(of, item(), exchange("b", price="3.00"), policy={"rules": [rule("r", days=3, say="x")]}))
    assert json.dumps(assess(read, QUIET).document()) == json.dumps(assess(read, QUIET).document())


def test_items_stand_in_the_order_of_the_request():
    of = order(line("a"), line("b"))
    assert [entry["line_id"] for entry in quote(case(of, item("b"), item("a")))["items"]] == ["b", "a"]


@pytest.mark.parametrize(("below", "kept"), [("10.00", False), ("10.01", True), ("0", False)])
def test_goods_worth_less_are_kept(below, kept):
    assert quote(case(policy={"keep_item_below": below}))["items"][0]["keep_item"] is kept


def test_what_is_kept_counts_with_its_tax():
    assert quote(case(order(line(tax="1.00")), policy={"keep_item_below": "10.50"}))["items"][0]["keep_item"] is False


@pytest.mark.parametrize(
    "so_far",
    [
        {"earlier": [earlier("R1", back(amount="4.00", tax="1.00"))]},
        {
            "earlier": [
                earlier("R1", back(amount="5.00"), status="open", fees=[{"code": "restocking", "amount": "5.00"}])
            ]
        },
        {"refunds": [refund("r", back(amount="5.00"), amount="5.00")]},
        {"refunds": [refund("r", back(quantity=0, amount="4.00", tax="1.00"), amount="5.00")]},
        {
            "earlier": [earlier("R1", back(amount="5.00"))],
            "refunds": [refund("r", back(amount="5.00"), amount="5.00", key="R1")],
        },
    ],
)
def test_all_that_came_back_so_far_counts_once_any_way(so_far):
    of = order(line(quantity=3), refunds=so_far.get("refunds", []))
    changes = {"earlier": so_far.get("earlier", [])}
    for below, kept in (("15.00", False), ("15.01", True)):
        assert quote(case(of, policy={"keep_item_below": below}, **changes))["items"][0]["keep_item"] is kept


def test_the_whole_request_counts_but_not_what_is_refused():
    of = order(line(), line("b"), line("c", gift_card=True))
    items = [item("a"), item("b"), item("c")]
    for below, kept in (("20.00", [False, False, False]), ("20.01", [True, True, False])):
        found = quote(case(of, *items, policy={"keep_item_below": below}))["items"]
        assert [entry["keep_item"] for entry in found] == kept


def test_a_rule_decides_before_the_policy_whether_goods_are_kept():
    policy = {"keep_item_below": "99.00", "rules": [rule("r", keep_item=False)]}
    assert quote(case(policy=policy))["items"][0]["keep_item"] is False


def test_a_withdrawn_item_may_be_kept_too():
    of = order(line(), ship_to={"country": "DE"})
    assert quote(case(of, kind="withdrawal", policy={"keep_item_below": "99.00"}))["items"][0]["keep_item"] is True


def test_an_offset_with_seconds_is_written_as_utc():
    odd = timezone(timedelta(minutes=19, seconds=32))
    assert written(datetime(1900, 1, 1, 12, tzinfo=odd)) == "1900-01-01T11:40:28.000000+00:00"
