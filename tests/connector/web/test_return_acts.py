"""What staff do to a whole return on its page."""

import httpx
import pytest

from connector.services.cancel_return import cancel
from connector.services.follow_return import view
from tests.connector.services.test_answer_leg import refund_by_hand
from tests.connector.services.test_lifecycle_story import kept
from tests.connector.services.test_story import opened
from tests.connector.services.test_surface_stuck import left_half_way, surfaced
from tests.connector.web.pages import Form, Page, post, visit
from tests.shops import ANN, TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"


def form_to(page: Page, word: str) -> Form:
    form = next(form for form in page.forms if f"/{word}" in form.action or form.fields.get("why") is not None)
    return Form(form.method, form.action.rsplit("/", 1)[0] + f"/{word}", form.fields)


async def test_staff_note_that_a_parcel_was_sent(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    assert page.barriers() == []
    page = await post(staff, HOME, form_to(page, "ship"), tracking="1Z9")
    assert kept(demo, found).status == "in_transit"
    for words in ("Sent by Owner", "tracking number 1Z9", "On its way back"):
        assert words in page.text


async def test_staff_give_a_label_and_later_another(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    for n, label in enumerate(("https://labels.example/1.pdf", "https://labels.example/2.pdf")):
        assert ("Give another label" in page.text) == bool(n)
        page = await post(staff, HOME, form_to(page, "label"), label=label)
        assert page.barriers() == []
        assert (f'href="{label}"' in page.html, "Label given by Owner" in page.text) == (True, True)
    assert "labels.example/1.pdf" not in page.html


async def test_what_is_no_label_is_said(demo: TestShop, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/returns/{opened(demo).id}")
    page = await post(staff, HOME, form_to(page, "label"), label="javascript:alert(1)")
    assert (page.answer.status_code, "beginning with https://" in page.text) == (422, True)


async def test_a_return_that_ended_needs_no_label(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
    page = await post(staff, HOME, form_to(page, "label"), label="https://labels.example/1.pdf")
    assert (page.answer.status_code, "needs no label" in page.text) == (409, True)


@pytest.mark.parametrize(("act", "status"), [("cancel", "cancelled"), ("expire", "expired")])
async def test_staff_end_a_return_with_a_reason(demo: TestShop, staff: httpx.AsyncClient, act: str, status: str):
    found = opened(demo)
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    page = await post(staff, HOME, form_to(page, act), why="as they wished")
    assert kept(demo, found).status == status
    assert "“as they wished”" in page.text


async def test_staff_take_up_again_what_had_ended_and_must_say_why(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key="c1")
    page = await visit(staff, f"{HOME}/returns/{found.id}")
    form = form_to(page, "reopen")
    assert (await post(staff, HOME, form, why="")).answer.status_code == 422
    page = await post(staff, HOME, form, why="they called")
    assert kept(demo, found).status == "awaiting"
    assert "Taken up again by Owner" in page.text


async def test_an_act_that_is_not_possible_says_what_is(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    form = Form("post", f"{HOME}/returns/{found.id}/reopen", {"once": "x"})
    page = await post(staff, HOME, form, why="by mistake")
    assert page.answer.status_code == 409
    assert "You can mark it as sent or cancel it or let it end." in page.text


async def test_a_payment_that_is_not_certain_is_shown_beside_what_the_channel_says(
    demo: TestShop, staff: httpx.AsyncClient
):
    leg = left_half_way(demo)
    surfaced(demo, hours=2)
    overview = await visit(staff, HOME)
    assert "Compare both sides" in overview.text
    page = await visit(staff, f"{HOME}/legs/{leg.key}")
    assert page.barriers() == []
    for words in ("What we know", "Under our key Nothing", "$44.60 paid, $0.00 given back", "It was not: send again"):
        assert words in page.text
    again = next(form for form in page.forms if form.action.endswith("/again"))
    page = await post(staff, HOME, again, why="it is not on the statement")
    assert "“it is not on the statement”" in page.text
    demo.work()
    page = await visit(staff, f"{HOME}/legs/{leg.key}")
    assert "Under our key Done" in page.text


async def test_who_says_that_it_was_paid_says_which_refund_of_the_platform_it_is(
    demo: TestShop, staff: httpx.AsyncClient
):
    leg = left_half_way(demo)
    surfaced(demo, hours=2)
    refund_by_hand(demo, [])
    page = await visit(staff, f"{HOME}/legs/{leg.key}")
    assert page.barriers() == []
    assert "Which refund there is it?" in page.text
    paid = next(form for form in page.forms if form.action.endswith("/paid"))
    assert '<option value="h1" selected>$19.80 on 20 November 2026, h1</option>' in page.answer.text
    await post(staff, HOME, paid, note="by hand", refund="h1")
    (settled, *_) = view(demo.app, demo.shop, return_id=leg.return_id).legs
    assert (settled.state, (settled.receipt or {})["refund_id"]) == ("settled", "h1")
