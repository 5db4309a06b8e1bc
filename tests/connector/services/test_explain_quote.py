"""How a quote was worked out, in words, redone from the case that was kept with it."""

import pytest

from connector.services import explain_quote, quote_return
from connector.services.errors import NotFound
from connector.services.follow_return import view
from connector.storage import policy_store, quote_store
from tests.connector.services.test_story import opened, received
from tests.shops import TestShop

BACK = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]


def test_each_figure_is_told_with_its_reckoning_and_its_reason(demo: TestShop):
    made = quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK)
    found = explain_quote.explain(demo.app, demo.shop, quote_id=made.id)
    assert found.agrees
    told = {row.figure: (row.amount, row.words) for row in found.rows}
    assert told["Paid for Tee, M"] == ("36.00", "40.00 (list price) − 4.00 (discounts)")
    assert told["Tee, M"] == ("18.00", "1 of 2 units of 36.00 (paid for Tee, M)")
    assert told["Tee, M: tax"] == ("1.80", "1 of 2 units of 3.60 (tax of Tee, M)")
    assert told["Total"] == ("19.80", "19.80 (all goods)")
    assert all(row.because for row in found.rows)


def test_a_return_is_explained_by_the_quote_that_was_carried_out(demo: TestShop):
    asked = opened(demo)
    received(demo, asked)
    found = view(demo.app, demo.shop, return_id=asked.id).found
    explained = explain_quote.of_return(demo.app, demo.shop, found)
    assert explained is not None
    assert explained.agrees


def test_a_policy_of_later_changes_nothing_that_was_kept(demo: TestShop):
    made = quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK)
    demo.app.database.write(
        demo.shop,
        lambda unit: policy_store.add_version(unit, {"restocking_percent": "50"}, in_force_from=demo.clock()),
    )
    assert explain_quote.explain(demo.app, demo.shop, quote_id=made.id).agrees


def test_figures_that_come_out_differently_today_are_told_as_such(demo: TestShop):
    made = quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK)
    told = {**made.document, "items": [{**made.document["items"][0], "tax": "1.79"}]}  # type: ignore[index]
    demo.app.database.write(
        demo.shop, lambda unit: quote_store.save(unit, "q_old", case=made.case, quote=told, at=demo.clock())
    )
    assert not explain_quote.explain(demo.app, demo.shop, quote_id="q_old").agrees


def test_what_was_not_kept_cannot_be_explained(demo: TestShop):
    with pytest.raises(NotFound):
        explain_quote.explain(demo.app, demo.shop, quote_id="q_nothing")
