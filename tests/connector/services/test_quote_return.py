"""Which policy a request is quoted by, and which quote a return is opened with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from connector.services import quote_return
from connector.services.explain_quote import of_return
from connector.services.quote_return import StoredQuote
from connector.services.request_return import Wish, open_return
from connector.storage import policy_store, quote_store
from domain.errors import Malformed
from domain.returns import Return
from tests.shops import ANN, TestShop, line, order

BACK = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]


def fees(demo: TestShop) -> list[str]:
    """The fees that a return of the demo's order would owe."""
    told: Mapping[str, Any] = quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK).document
    return [fee["amount"] for fee in told["fees"]]


def add_version(demo: TestShop, fee: str, *, days_ago: int) -> None:
    at = demo.clock() - timedelta(days=days_ago)
    demo.app.database.write(
        demo.shop, lambda unit: policy_store.add_version(unit, {"return_fee": fee}, in_force_from=at)
    )


def test_the_policy_that_was_in_force_when_the_order_was_placed_decides(demo: TestShop):
    assert fees(demo) == []
    add_version(demo, "3.00", days_ago=0)
    assert fees(demo) == []
    add_version(demo, "2.00", days_ago=60)
    add_version(demo, "1.00", days_ago=90)
    assert fees(demo) == ["2.00"]


def test_a_policy_that_is_no_policy_in_the_currency_of_the_order_says_where(demo: TestShop):
    add_version(demo, "5.50", days_ago=90)
    demo.save_order(
        order(currency="JPY", digits=0, lines=[line(unit_price="20", discount="0", tax="0")], payments=[], shipping=[])
    )
    with pytest.raises(Malformed) as refused:
        fees(demo)
    assert refused.value.at == "policy.return_fee"


def shown(demo: TestShop) -> StoredQuote:
    return quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK)


def opened(demo: TestShop, quote: StoredQuote, *, channel: str = "online") -> Return:
    wish = Wish(order_id="o1", items=BACK, method="parcel", quote_id=quote.id, channel=channel)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=quote.id)


def test_a_return_is_opened_with_the_very_quote_that_was_shown(demo: TestShop):
    quote = shown(demo)
    demo.clock.move(minutes=5)
    found = opened(demo, quote)
    explained = of_return(demo.app, demo.shop, found)
    assert (found.quote_id, explained is not None and explained.agrees) == (quote.id, True)


def changed_order(demo: TestShop) -> None:
    demo.save_order(order(number="#2002"))


def changed_policy(demo: TestShop) -> None:
    demo.app.database.write(
        demo.shop,
        lambda unit: policy_store.add_version(unit, {"days": 90}, in_force_from=demo.clock() - timedelta(days=200)),
    )


@pytest.mark.parametrize("change", [changed_order, changed_policy])
def test_what_has_changed_since_without_changing_the_money_is_kept_with_the_return(demo: TestShop, change: Any):
    quote = shown(demo)
    change(demo)
    found = opened(demo, quote)
    with demo.app.database.read(demo.shop) as unit:
        kept = quote_store.get(unit, found.quote_id)
    assert kept is not None
    assert (found.quote_id != quote.id, kept.case != quote.case) == (True, True)


def test_a_quote_of_another_channel_is_not_taken_for_the_one_that_was_shown(demo: TestShop):
    quote = shown(demo)
    found = opened(demo, quote, channel="store")
    assert found.quote_id != quote.id
