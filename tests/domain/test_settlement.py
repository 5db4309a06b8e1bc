"""What a decided quote makes us do."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain.events import Actor
from domain.returns import Inspection, Return, UnitGroup, inspect, open_return, settle
from domain.settlement import Leg, LegState, Terms, follow, legs_of, newly_paid, restock_of, settlement_of
from domain.transitions import Settlement

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAM = Actor(kind="staff", name="Sam")
EURO = Terms(currency="EUR", digits=2)
GROUP = UnitGroup(id="1", line_id="l1", quantity=2, reason=None, resolution="refund", title="Tee", amount=2001, tax=381)


def decided(*groups: UnitGroup) -> Return:
    drafted = Return(
        id="RMA-1", order_id="o1", order_number="#1", kind="return", channel="store", method="store",
        opened_at=NOW, quote_id="q1", groups=groups, history=(),
    )  # fmt: skip
    opened = open_return(drafted, actor=SAM, approval="auto")
    seen = inspect(opened, [Inspection(g.id, "received", grade="A") for g in groups], at=NOW, actor=SAM)
    return settle(seen, [group.id for group in groups], act="fall_due")


def quote(*to: dict[str, object], shipping: str = "0.00", bonus: str = "0.00", due: str = "0.00") -> dict[str, object]:
    return {"to": list(to), "shipping": shipping, "bonus": bonus, "due": due}


def test_each_tender_is_one_leg_with_its_own_key():
    paid = quote({"payment_id": "card", "amount": "15.00"}, {"payment_id": "gift", "amount": "5.01"})
    legs = legs_of(decided(GROUP), paid, group_ids="1", terms=EURO)
    assert [(leg.key, leg.payment_id, leg.amount) for leg in legs] == [
        ("RMA-1-1-refund-1", "card", 1500),
        ("RMA-1-1-refund-2", "gift", 501),
    ]


def test_the_lines_are_shared_over_the_tenders_and_their_units_named_once():
    paid = quote({"payment_id": "card", "amount": "15.00"}, {"payment_id": "gift", "amount": "5.01"})
    lines = [leg.work["lines"][0] for leg in legs_of(decided(GROUP), paid, group_ids="1", terms=EURO)]  # type: ignore[index]
    assert [line["quantity"] for line in lines] == [2, 0]
    assert (sum(line["amount"] for line in lines), sum(line["tax"] for line in lines)) == (2001, 381)


def test_delivery_that_is_given_back_stands_with_the_refund():
    (leg,) = legs_of(
        decided(GROUP), quote({"payment_id": "card", "amount": "24.91"}, shipping="4.90"), group_ids="1", terms=EURO
    )
    assert leg.work["shipping"] == 490


def test_the_bonus_on_store_credit_is_a_leg_of_its_own():
    credited = replace(GROUP, resolution="store_credit")
    legs = legs_of(
        decided(credited), quote({"store_credit": True, "amount": "22.01"}, bonus="2.00"), group_ids="1", terms=EURO
    )
    assert [(leg.key, leg.kind, leg.amount, leg.group_ids) for leg in legs] == [
        ("RMA-1-1-credit", "store_credit", 2001, ("1",)),
        ("RMA-1-1-bonus", "bonus", 200, ("1",)),
    ]


def test_a_swap_names_what_the_shopper_gets():
    swapped = replace(GROUP, resolution="exchange", exchange_for={"variant_id": "v2"})
    (leg,) = legs_of(decided(swapped), quote(), group_ids="1", terms=EURO)
    assert leg.work["lines"] == [{"line_id": "l1", "variant_id": "v2", "quantity": 2, "amount": 2001, "tax": 381}]


def test_only_what_an_inspection_sends_to_the_shelf_is_restocked():
    before = Return(
        id="RMA-1", order_id="o1", order_number="#1", kind="return", channel="store", method="store",
        opened_at=NOW, quote_id="q1", groups=(GROUP, replace(GROUP, id="2", line_id="l2")), history=(),
    )  # fmt: skip
    opened = open_return(before, actor=SAM, approval="auto")
    looks = [Inspection("1", "received", grade="A"), Inspection("2", "received", grade="D")]
    seen = inspect(opened, looks, at=NOW, actor=SAM)
    leg = restock_of(seen, before=opened, terms=EURO, variants={"l1": "v1", "l2": "v2"})
    assert leg is not None
    assert leg.work["lines"] == [{"variant_id": "v1", "quantity": 2}]
    assert leg.group_ids == ()
    assert restock_of(seen, before=seen, terms=EURO, variants={"l1": "v1"}) is None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), Settlement.SETTLED),
        (("due",), Settlement.DUE),
        (("by_hand",), Settlement.DUE),
        (("settled", "due"), Settlement.SENDING),
        (("sending", "failed"), Settlement.FAILED),
        (("failed", "unknown"), Settlement.UNKNOWN),
        (("settled", "settled"), Settlement.SETTLED),
    ],
)
def test_a_group_is_as_far_as_its_legs(states: tuple[str, ...], expected: Settlement):
    assert settlement_of(states) is expected


def test_a_return_follows_its_legs_to_the_end():
    found = decided(GROUP)
    leg = Leg(
        key="k",
        return_id=found.id,
        order_id="o1",
        kind="refund",
        amount=2001,
        currency="EUR",
        digits=2,
        group_ids=("1",),
    )
    for state, status in (
        (LegState.DUE, "settling"),
        (LegState.SENDING, "settling"),
        (LegState.UNKNOWN, "needs_a_person"),
        (LegState.FAILED, "needs_a_person"),
        (LegState.SENDING, "settling"),
        (LegState.SETTLED, "done"),
    ):
        found = follow(found, [replace(leg, state=state)])
        assert found.status == status


def test_a_group_with_nothing_to_give_is_settled():
    assert follow(decided(GROUP), []).status == "done"


def test_what_is_left_of_an_exchange_does_not_name_the_goods_that_are_credited():
    exchanged = replace(GROUP, resolution="exchange", exchange_for={"variant_id": "v2"})
    credited = replace(GROUP, id="2", line_id="l2", resolution="store_credit")
    given = quote({"payment_id": "card", "amount": "10.00"}, {"store_credit": True, "amount": "22.01"})
    refund, credit, _ = legs_of(decided(exchanged, credited), given, group_ids="12", terms=EURO)
    named = [[(line["line_id"], line["quantity"]) for line in leg.work["lines"]] for leg in (refund, credit)]  # type: ignore[attr-defined]
    assert named == [[("l1", 0)], [("l2", 2)]]
    assert (refund.group_ids, credit.group_ids) == (("1",), ("2",))


class TestInvoicedBalances:
    """A payment counts for one balance, and for none that was asked for after it."""

    def test_one_is_paid_once_as_much_came_in_since_it_was_asked_for(self):
        one = balance("a", since=5000, amount=300)
        assert newly_paid([one], [], paid=5299) == ()
        assert newly_paid([one], [], paid=5300) == (one,)

    def test_one_payment_pays_one_of_two_and_the_first_of_them(self):
        first, second = balance("a", since=5000, amount=300), balance("b", since=5000, amount=300)
        assert newly_paid([first, second], [], paid=5300) == (first,)
        assert newly_paid([second], [first], paid=5300) == ()
        assert newly_paid([first, second], [], paid=5600) == (first, second)

    def test_a_smaller_one_is_paid_where_the_first_is_not(self):
        large, small = balance("a", since=5000, amount=900), balance("b", since=5000, amount=300)
        assert newly_paid([large, small], [], paid=5300) == (small,)

    def test_what_was_paid_before_one_was_asked_for_neither_pays_it_nor_is_missed(self):
        paid, later = balance("a", since=5000, amount=300), balance("b", since=5300, amount=200)
        assert newly_paid([later], [paid], paid=5300) == ()
        assert newly_paid([later], [paid], paid=5500) == (later,)


def balance(key: str, *, since: int, amount: int) -> Leg:
    leg = Leg(key, "RMA-1", "o1", kind="collect", amount=amount, currency="EUR", digits=2)
    return replace(leg, work={"paid": since})
