"""Where two books differ, a sentence says it, and nothing else does."""

import pytest
from msgspec.structs import replace

from domain.drift import PAYING_WITH_CREDIT, Booked, Drift, Evidence, drifts, drifts_of_ours
from domain.events import SYSTEM, Act, Entry
from domain.orders import Order, read_order
from domain.returns import Inspection, Return, note, settle
from domain.settlement import Leg, LegKind, LegState, follow
from tests.domain.test_returns import NOW, a_return, looked_at
from tests.shops import order

FOUND = looked_at(a_return(), Inspection("1", "received", grade="A"))
LEG = Leg(
    key="leg-1", return_id=FOUND.id, order_id="o1", kind=LegKind.REFUND, amount=1980, currency="USD", digits=2,
    group_ids=("1",), state=LegState.SETTLED,
)  # fmt: skip
CREDIT = replace(LEG, kind=LegKind.STORE_CREDIT)
BOOKED = Booked(key="leg-1", return_id=FOUND.id, kind=LegKind.REFUND, amount=1980)


def told(*refunds: dict[str, object]) -> Order:
    """The order as its platform tells it."""
    several = [{"id": f"r{n}", "amount": "19.80", "key": FOUND.id, **refund} for n, refund in enumerate(refunds)]
    return read_order(order(refunds=several))


def paid(legs: tuple[Leg, ...] = (LEG,)) -> Return:
    """The return as its legs leave it, with its history."""
    due = settle(FOUND, ["1"], act="fall_due")
    entry = Entry(at=NOW, actor=SYSTEM, act=Act.DECIDED, details={})
    return note(follow(due, legs), entry, before=FOUND)


AGREED = Evidence(order_id="o1", returns=[paid()], legs=[LEG], ledger=[BOOKED], order=told({}), heard=frozenset({"r0"}))


def codes(evidence: Evidence) -> list[str]:
    return [drift.code for drift in drifts(evidence)]


def test_books_that_agree_are_not_spoken_of():
    assert drifts(AGREED) == ()


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        (replace(AGREED, order=None), "order_gone"),
        (replace(AGREED, order=told({}, {})), "refunded_more"),
        (replace(AGREED, order=told()), "refunded_less"),
        (replace(AGREED, order=told({"amount": "19.79"})), "refunded_less"),
        (replace(AGREED, order=told({}, {"key": None, "amount": "5.00"})), "refunded_elsewhere"),
        (replace(AGREED, ledger=[]), "ledger_torn"),
        (replace(AGREED, ledger=[replace(BOOKED, amount=1)]), "ledger_torn"),
        (replace(AGREED, ledger=[BOOKED, replace(BOOKED, key="nobody's", kind="restock")]), "ledger_torn"),
        (replace(AGREED, returns=[FOUND]), "state_torn"),
        (replace(AGREED, returns=[replace(paid(), history=FOUND.history)]), "state_torn"),
        (replace(AGREED, standing=frozenset({"leg-1"})), "standing"),
    ],
)
def test_a_drift_is_named_with_what_to_do(evidence: Evidence, code: str):
    found = drifts(evidence)
    assert code in [drift.code for drift in found]
    assert all(drift.said.endswith(".") and drift.do.endswith(".") for drift in found)


def test_more_than_was_paid_is_a_drift_of_the_order():
    much = replace(AGREED, order=told({}, {"key": None, "amount": "40.00"}), heard=frozenset({"r0", "r1"}))
    assert codes(much) == ["refunded_above_payments"]


def test_a_refund_that_is_under_way_may_be_on_the_platform_before_we_know_it():
    sending = replace(LEG, state=LegState.SENDING)
    under_way = replace(AGREED, legs=[sending], ledger=[], returns=[paid((sending,))])
    assert drifts(under_way) == ()


def test_what_a_person_gave_by_hand_is_not_looked_for_on_the_platform():
    assert drifts(replace(AGREED, ledger=[replace(BOOKED, by_hand=True)], order=told())) == ()


def test_what_a_person_saw_on_the_platform_and_noted_as_given_agrees_with_it():
    noted = replace(AGREED, ledger=[replace(BOOKED, by_hand=True)])
    assert drifts(noted) == ()
    (twice,) = drifts(replace(noted, order=told({}, {})))
    assert twice.code == "refunded_more"
    assert twice.said == f"The platform refunded 39.60 USD for {FOUND.id}, our ledger says 19.80 USD."


def test_where_the_channel_could_not_be_asked_only_our_own_books_are_compared():
    assert drifts_of_ours(replace(AGREED, order=told(), shown={"leg-1": False})) == ()
    assert [one.code for one in drifts_of_ours(replace(AGREED, order=None, ledger=[]))] == ["ledger_torn"]


@pytest.mark.parametrize(("shown", "expected"), [(False, ["not_shown"]), (True, [])])
def test_credit_that_the_platform_does_not_show_is_named(shown: bool, expected: list[str]):
    credit = replace(LEG, kind=LegKind.STORE_CREDIT)
    given = replace(
        AGREED, legs=[credit], ledger=[replace(BOOKED, kind=LegKind.STORE_CREDIT)], order=told(), shown={"leg-1": shown}
    )
    assert codes(given) == expected


def test_credit_counts_as_refunded_where_the_platform_shows_it_so():
    credited = replace(AGREED, ledger=[replace(BOOKED, kind=LegKind.STORE_CREDIT)], legs=[CREDIT])
    assert codes(replace(credited, paying=PAYING_WITH_CREDIT)) == []
    assert codes(credited) == ["refunded_more"]


def test_a_refund_elsewhere_that_was_told_is_no_news():
    known = replace(AGREED, order=told({}, {"key": None, "amount": "5.00"}), heard=frozenset({"r0", "r1"}))
    assert drifts(known) == ()


def test_a_drift_reads_as_two_sentences():
    (drift,) = drifts(replace(AGREED, order=told()))
    assert isinstance(drift, Drift)
    assert drift.said == f"Our ledger says that 19.80 USD was refunded for {FOUND.id}, the platform shows 0.00 USD."
