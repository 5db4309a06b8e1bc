"""A case, and what it may not say."""

import pytest

from domain.case import read_case
from domain.errors import Malformed
from domain.orders import read_order
from domain.policy import read_policy

from .examples import back, case, earlier, exchange, item, line, order, quote


def fault(document):
    with pytest.raises(Malformed) as refused:
        read_case(document)
    return refused.value.at


def test_an_order_and_a_policy_that_were_read_before_are_taken_as_they_are():
    document = case(order(currency="EUR"), policy={"return_fee": "5"})
    read = {"order": read_order(document["order"]), "policy": read_policy(document["policy"], 2)}
    found = read_case({**document, **read})
    assert found == read_case(document)
    assert found.order is read["order"]
    assert found.policy is read["policy"]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"now": None}, "now"),
        ({"now": "2026-10-10T12:00:00"}, "now"),
        ({"opened_at": "yesterday"}, "opened_at"),
        ({"order": None}, "order"),
        ({"order": []}, "order"),
        ({"order": order(currency="ABC")}, "order.currency"),
        ({"order": order(digits=9)}, "order.digits"),
        ({"kind": "gift"}, "kind"),
        ({"channel": "phone"}, "channel"),
        ({"items": None}, "items"),
        ({"items": []}, "items"),
        ({"items": [{"line_id": "a"}]}, "items[0].quantity"),
        ({"items": [{"quantity": 1}]}, "items[0].line_id"),
        ({"items": [item(quantity=0)]}, "items[0].quantity"),
        ({"items": [item(quantity=-1)]}, "items[0].quantity"),
        ({"items": [item(quantity=1.0)]}, "items[0].quantity"),
        ({"items": [item("z")]}, "items[0].line_id"),
        ({"items": [item(kind="gift")]}, "items[0].kind"),
        ({"items": [item(resolution="cash")]}, "items[0].resolution"),
        ({"items": [item(resolution="exchange")]}, "items[0].exchange_for"),
        ({"items": [exchange(price=None)]}, "items[0].exchange_for.price"),
        ({"items": [exchange(price="10")]}, "items[0].exchange_for.price"),
        ({"items": [exchange(available=-1)]}, "items[0].exchange_for.available"),
        ({"items": [item(diminished="-1.00")]}, "items[0].diminished"),
        ({"earlier": [earlier("R1"), earlier("R1")]}, "earlier[1].id"),
        ({"earlier": [earlier(status="lost")]}, "earlier[0].status"),
        ({"earlier": [earlier("R1", back("z"))]}, "earlier[0].items[0].line_id"),
        ({"earlier": [earlier("R1", back(amount=None))]}, "earlier[0].items[0].amount"),
        ({"earlier": [earlier(fees=[{"code": "restocking", "amount": "-1.00"}])]}, "earlier[0].fees[0].amount"),
        ({"earlier": [earlier(fees=[{"code": "tip", "amount": "1.00"}])]}, "earlier[0].fees[0].code"),
        ({"policy": {"secret": 1}}, "policy.secret"),
        ({"order": order(line(quantity="1"))}, "order.lines[0].quantity"),
        ({"secret": 1}, "secret"),
    ],
)
def test_a_malformed_case_says_where(changes, at):
    assert fault(case() | changes) == at


def test_a_case_is_an_object():
    assert fault([case()]) == ""


def test_all_else_may_be_left_out():
    least = {
        "now": "2026-10-10T12:00:00Z",
        "order": {
            "currency": "USD",
            "placed_at": "2026-09-30T10:00:00Z",
            "lines": [{"id": "a", "quantity": 1, "unit_price": "1.00"}],
        },
        "items": [{"line_id": "a", "quantity": 1}],
    }
    assert quote(least)["items"][0]["verdict"] == "refused"


def test_null_is_the_same_as_left_out():
    nulls = dict.fromkeys(("opened_at", "return_id", "kind", "channel", "policy", "earlier"))
    of_item = dict.fromkeys(("reason", "kind", "resolution", "exchange_for", "diminished"))
    assert quote(case() | nulls | {"items": [item(**of_item)]}) == quote(case())


def test_a_promotion_charged_earlier_may_be_negative():
    assert (
        read_case(case(earlier=[earlier(fees=[{"code": "promotion", "amount": "-1.00"}])])).earlier[0].fees[0].amount
        == -100
    )


def test_conditions_may_not_ask_more_of_a_case_than_anybody_means():
    lines = [line(f"l{n}", tags=["sale"] * 9) for n in range(100)]
    asked = [item(entry["id"]) for entry in lines]
    questions = {"any": [{"field": "line.tags", "op": "contains", "value": str(n)} for n in range(5000)]}
    policy = {"rules": [{"id": "r", "when": questions}]}
    assert fault(case(order(*lines), *asked, policy=policy)) == "policy.rules"
    assert read_case(case(order(*lines), *asked[:50], policy=policy)).items


def test_an_order_may_not_share_more_discounts_than_anybody_gives():
    lines = [line(f"l{n}") for n in range(500)]
    assert fault(case(order(*lines, discounts=[{"amount": "0.01"}] * 401), item("l0"))) == "order.discounts"
    assert read_case(case(order(*lines, discounts=[{"amount": "0.01"}] * 400), item("l0"))).items
