"""Staff find a return, say what arrived, see what is paid, confirm."""

import httpx
import pytest

from connector.services.follow_return import view
from tests.connector.services.test_story import opened, refunded
from tests.connector.web.pages import Page, post, visit
from tests.shops import TestShop, a_shop, order

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"


def checked(page: Page, **said: str) -> dict[str, str]:
    return {"step": "check", **{name.replace("_", "-"): value for name, value in said.items()}}


async def graded(staff: httpx.AsyncClient, address: str, **said: str) -> Page:
    page = await visit(staff, address)
    return await post(staff, address, page.form_with("check"), **checked(page, **said))


async def test_a_return_is_found_by_its_number_and_by_its_order(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    for text in (found.id.lower(), "1001"):
        page = await visit(staff, f"{HOME}?find={text}")
        assert page.answer.url.path == f"{HOME}/{found.id}"
        assert page.barriers() == []


async def test_what_is_not_found_is_said_plainly(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}?find=<b>nothing</b>")
    assert page.barriers() == []
    assert "Nothing found for “&lt;b&gt;nothing&lt;/b&gt;”" in page.html


async def test_expected_returns_are_listed(demo: TestShop, staff: httpx.AsyncClient):
    assert "Nothing is on its way" in (await visit(staff, HOME)).text
    found = opened(demo)
    page = await visit(staff, HOME)
    assert found.id in page.text
    assert page.barriers() == []


async def test_goods_are_taken_in_and_the_money_that_was_shown_is_paid(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="B", note_1_1="smells nice")
    assert page.barriers() == []
    assert "$19.80" in page.text
    assert refunded(demo) == "0.00"
    page = await post(staff, address, page.form_with("confirm"), step="confirm")
    assert page.barriers() == []
    assert "On its way" in page.text
    demo.work()
    page = await visit(staff, address)
    assert "All settled" in page.text
    assert refunded(demo) == "19.80"


async def test_confirming_twice_is_once(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="A")
    for _ in range(2):
        answer = await post(staff, address, page.form_with("confirm"), step="confirm")
        assert answer.answer.status_code == 200
    assert [entry.act for entry in view(demo.app, demo.shop, return_id=found.id).found.history].count("received") == 1


async def test_a_form_that_is_not_complete_says_what_is_missing(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, note_1_1="kept")
    assert page.answer.status_code == 422
    assert page.barriers() == []
    assert "Say in what condition it is." in page.text
    assert 'value="kept"' in page.html
    page = await graded(staff, address, outcome_1_1="rejected")
    assert "Say why it is not accepted." in page.text


async def test_a_confirmation_without_what_was_said_takes_nothing_in(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="A")
    form = page.form_with("confirm")
    form.fields.pop("grade-1-1")
    assert (await post(staff, address, form, step="confirm")).answer.status_code == 422
    assert view(demo.app, demo.shop, return_id=found.id).found.status == "awaiting"


async def test_each_unit_is_looked_at_on_its_own(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo, quantity=2)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="A", outcome_1_2="missing")
    assert "$19.80" in page.text
    await post(staff, address, page.form_with("confirm"), step="confirm")
    groups = view(demo.app, demo.shop, return_id=found.id).found.groups
    assert [(group.quantity, group.reception) for group in groups] == [(1, "received"), (1, "missing")]


async def test_one_of_two_that_were_missing_is_taken_in_alone(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo, quantity=2)
    address = f"{HOME}/{found.id}"
    for said in ({"outcome_1_1": "missing", "outcome_1_2": "missing"}, {"outcome_1_2": "received", "grade_1_2": "A"}):
        page = await graded(staff, address, **said)
        await post(staff, address, page.form_with("confirm"), step="confirm")
    groups = view(demo.app, demo.shop, return_id=found.id).found.groups
    assert [(group.quantity, group.reception) for group in groups] == [(1, "missing"), (1, "received")]


async def test_going_back_keeps_what_was_said(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="C", note_1_1="a stain")
    page = await post(staff, address, page.form_with("change"), step="change")
    assert page.form_with("check").fields["grade-1-1"] == "C"
    assert page.form_with("check").fields["note-1-1"] == "a stain"


async def test_money_that_moved_since_it_was_shown_is_shown_again(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    page = await graded(staff, address, grade_1_1="A")
    paid = {"id": "r1", "at": "2026-11-20T10:00:00Z", "amount": "30.00", "shipping": "0.00", "lines": []}
    demo.save_order(order(refunds=[paid]))
    page = await post(staff, address, page.form_with("confirm"), step="confirm")
    assert page.answer.status_code == 409
    assert "The amounts have changed" in page.text
    assert page.barriers() == []
    page = await post(staff, address, page.form_with("confirm"), step="confirm")
    assert page.answer.status_code == 200


async def test_a_return_that_waits_for_a_decision_is_not_taken_in(tmp_path_factory: pytest.TempPathFactory):
    from connector.cli.shop import staff_link
    from connector.web.app import build

    with a_shop(tmp_path_factory.mktemp("review"), approval="review") as demo:
        found = opened(demo)
        transport = httpx.ASGITransport(app=build(demo.app))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as staff:
            await staff.get(staff_link(demo.app, demo.shop))
            page = await visit(staff, f"{HOME}/{found.id}")
            assert page.barriers() == []
            assert "waits for a decision" in page.text
            assert not any("step" in form.fields for form in page.forms)
