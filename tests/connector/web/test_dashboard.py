"""What waits for the merchant, the figures, and every return with its history."""

import httpx
import pytest

from connector.services.follow_return import view
from tests.connector.services.test_story import opened, received
from tests.connector.web.pages import post, visit
from tests.shops import TestShop, order, policy

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"
CASH = {"id": "p1", "gateway": "cod", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}


def reviewed(demo: TestShop) -> None:
    """From now on a person decides on every return."""
    from connector.storage import policy_store

    in_force = {**policy(), "approval": "review"}
    demo.app.database.write(
        demo.shop, lambda unit: policy_store.add_version(unit, in_force, in_force_from=demo.clock())
    )
    demo.save_order(order(placed_at=demo.clock().isoformat()))


async def test_an_empty_dashboard_is_calm(staff: httpx.AsyncClient):
    page = await visit(staff, HOME)
    assert page.barriers() == []
    assert "No returns yet" in page.text
    assert "$0.00" in page.text
    assert "Needs a person" not in page.text


async def test_figures_tell_what_was_given_back_and_why(demo: TestShop, staff: httpx.AsyncClient):
    received(demo, opened(demo))
    demo.work()
    page = await visit(staff, HOME)
    assert page.barriers() == []
    for words in ("$19.80", "Not their style", "Tee, M", "As a table", "20 November 2026"):
        assert words in page.text


async def test_a_person_approves_once(demo: TestShop, staff: httpx.AsyncClient):
    reviewed(demo)
    found = opened(demo)
    page = await visit(staff, HOME)
    assert "Needs a person" in page.text
    form = next(form for form in page.forms if form.action.endswith("/approve"))
    for _ in range(2):
        page = await post(staff, HOME, form, why="looks fine")
        assert page.answer.status_code == 200
    assert page.answer.url.path == f"{HOME}/returns/{found.id}"
    assert page.text.count("looks fine") == 1
    assert "Approved by Owner" in page.text


async def test_declining_needs_a_reason(demo: TestShop, staff: httpx.AsyncClient):
    reviewed(demo)
    found = opened(demo)
    address = f"{HOME}/returns/{found.id}"
    form = next(form for form in (await visit(staff, address)).forms if form.action.endswith("/approve"))
    form.action = f"{address}/decline"
    assert (await post(staff, address, form, why=" ")).answer.status_code == 422
    page = await post(staff, address, form, why="worn")
    assert "Declined" in page.text
    assert "“worn”" in page.text


async def test_what_was_paid_by_hand_is_marked_once(demo: TestShop, staff: httpx.AsyncClient):
    demo.save_order(order(payments=[CASH]))
    found = opened(demo)
    received(demo, found)
    demo.work()
    page = await visit(staff, HOME)
    assert page.barriers() == []
    form = next(form for form in page.forms if form.action.endswith("/paid"))
    for _ in range(2):
        page = await post(staff, HOME, form, note="from the till")
        assert page.answer.status_code == 200
    assert "Paid by hand by Owner" in page.text
    assert "Reference from the till" in page.text
    assert view(demo.app, demo.shop, return_id=found.id).found.status == "done"


async def test_a_return_tells_its_whole_history(demo: TestShop, staff: httpx.AsyncClient):
    demo.save_order(order(customer={"id": "c1", "email": "ann@example.com", "name": "<script>Ann</script>"}))
    found = opened(demo, resolution="store_credit")
    received(demo, found)
    demo.work()
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    assert page.barriers() == []
    for words in ("Return opened by the shopper", "Item taken in by Sam", "Settlement decided by Backhaul", "grade A"):
        assert words in page.text
    assert "&lt;script&gt;Ann" in page.html


async def test_the_code_of_a_store_credit_is_not_shown(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo, resolution="store_credit")
    received(demo, found)
    demo.work()
    leg = next(leg for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "store_credit")
    assert leg.receipt is not None
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    assert str(leg.receipt["reference"]) not in page.html


async def test_returns_are_searched_and_filtered(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    for query, is_there in (("", True), ("find=1001", True), ("status=done", False), ("find=9999", False)):
        page = await visit(staff, f"{HOME}/returns?{query}")
        assert page.barriers() == []
        assert (found.id in page.text) is is_there
    assert (await visit(staff, f"{HOME}/returns?before=nonsense")).answer.status_code == 200


async def test_pages_of_returns_lead_on_to_the_older_ones(demo: TestShop, staff: httpx.AsyncClient):
    for n in range(21):
        number = f"#{2000 + n}"
        demo.save_order(order(id="o1", number=number))
        demo.clock.move(seconds=1)
        returned = order(id="o1", number=number)
        demo.save_order(
            {
                **returned,
                "lines": [
                    {
                        **returned["lines"][0],
                        "quantity": 50,
                        "fulfilled": [
                            {
                                "quantity": 50,
                                "at": "2026-11-05T10:00:00+00:00",
                                "delivered_at": "2026-11-08T10:00:00+00:00",
                            }
                        ],
                    }
                ],
            }
        )
        opened(demo, key=f"k{n}")
    first = await visit(staff, f"{HOME}/returns")
    older = next(found["href"] for tag, found in first.tags if tag == "a" and "before=" in found.get("href", ""))
    second = await visit(staff, older)
    assert first.text.count("RMA-") == 20
    assert second.text.count("RMA-") == 1
