"""The stages that a shopper sees."""

import pytest
from msgspec.structs import replace

from connector.web.journey import journey
from domain.returns import Return, UnitGroup
from domain.transitions import Acceptance, Reception, Settlement
from tests.shops import NOW

GROUP = UnitGroup(
    id="1", line_id="l1", quantity=1, reason=None, resolution="refund", title="Tee", acceptance=Acceptance.ACCEPTED
)


def a_return(*, method: str = "mail", **changes: object) -> Return:
    return Return(
        id="RMA-2222-2222",
        order_id="o1",
        order_number="#1",
        kind="return",
        channel="online",
        method=method,
        opened_at=NOW,
        quote_id="q",
        groups=(replace(GROUP, **changes),),  # type: ignore[arg-type]
        history=(),
    )


def states(found: Return, settle_on: str = "received") -> list[tuple[str, str]]:
    return [(stage.title, stage.state) for stage in journey(found, settle_on=settle_on)]


def test_goods_come_first_and_money_after():
    assert states(a_return()) == [
        ("Return opened", "done"),
        ("Send the items back", "now"),
        ("The shop settles it", "next"),
    ]


def test_money_comes_first_where_the_policy_says_so():
    assert [title for title, _ in states(a_return(), "approved")] == [
        "Return opened",
        "The shop settles it",
        "Send the items back",
    ]


def test_what_waits_for_a_person_has_a_stage_for_it():
    assert states(a_return(acceptance=Acceptance.NEEDS_PERSON))[1] == ("The shop decides", "now")


def test_goods_that_the_shopper_keeps_are_not_sent():
    assert [title for title, _ in states(a_return(method="keep", reception=Reception.KEPT))] == [
        "Return opened",
        "The shop settles it",
    ]


def test_all_is_done_when_the_money_is_given():
    settled = a_return(reception=Reception.RECEIVED, settlement=Settlement.SETTLED)
    assert [state for _, state in states(settled)] == ["done"] * 3


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"acceptance": Acceptance.REJECTED}, "Declined"),
        ({"reception": Reception.CANCELLED}, "Cancelled"),
        ({"reception": Reception.EXPIRED}, "Ended"),
    ],
)
def test_a_return_that_ended_says_so(changes: dict[str, object], title: str):
    assert states(a_return(**changes)) == [("Return opened", "done"), (title, "stopped")]
