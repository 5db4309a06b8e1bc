"""What is given instead of an exchange follows from the rules of the item, and the shopper is told nothing else."""

from pathlib import Path

import pytest

from connector.services.quote_return import Request, case_of, order_document, order_of
from connector.services.ways_instead import ways_for
from tests.connector.services.test_story import SWAP, opened
from tests.shops import TestShop, a_shop

ITEM = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "exchange", "exchange_for": SWAP}


def a_rule(*resolutions: str, **when: object) -> dict[str, object]:
    return {"id": "sale", **when, "then": {"resolutions": list(resolutions)}}


def ways(demo: TestShop) -> tuple[str, ...]:
    with demo.app.database.read(demo.shop) as unit:
        case = case_of(demo.app, unit, order=order_document(unit, "o1"), request=Request(items=()))
        return ways_for(demo.app, case, item=ITEM, order=order_of(unit, "o1"))


@pytest.mark.parametrize(
    ("rules", "given"),
    [
        ([], ("refund", "store_credit")),
        ([a_rule("exchange", "store_credit")], ("store_credit",)),
        ([a_rule("exchange")], ()),
        (
            [a_rule("exchange", when={"field": "request.resolution", "op": "is", "value": "refund"})],
            ("store_credit",),
        ),
    ],
)
def test_what_the_rules_give_instead_of_an_exchange(tmp_path: Path, rules: list[object], given: tuple[str, ...]):
    with a_shop(tmp_path, rules=rules) as demo:
        assert ways(demo) == given


def test_what_the_policy_does_not_offer_is_not_given_instead(tmp_path: Path):
    with a_shop(tmp_path, resolutions=["exchange", "store_credit"]) as demo:
        assert ways(demo) == ("store_credit",)


@pytest.mark.parametrize(
    ("rules", "fallback"),
    [([], "refund"), ([a_rule("exchange", "store_credit")], "store_credit"), ([a_rule("exchange")], "refund")],
)
def test_an_exchange_falls_back_to_what_the_rules_give(tmp_path: Path, rules: list[object], fallback: str):
    """Where they give nothing else, a person decides in the end."""
    with a_shop(tmp_path, rules=rules) as demo:
        assert opened(demo, resolution="exchange", exchange_for=SWAP).groups[0].fallback == fallback
