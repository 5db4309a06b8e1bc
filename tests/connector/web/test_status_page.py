"""The shopper's own page of a return."""

import httpx
import pytest

from connector.services.follow_return import status_link
from connector.services.label_return import give_label
from connector.services.ship_return import ship
from domain.returns import Inspection
from tests.connector.services.test_story import opened, received
from tests.connector.web.pages import post, visit
from tests.shops import SAM, TestShop, line, order

pytestmark = pytest.mark.anyio


async def test_a_shopper_sees_number_steps_and_money(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    page = await visit(browser, status_link(demo.app, demo.shop, return_id=found.id))
    assert page.barriers() == []
    for words in (found.id, "Send the items back", "The shop settles it", "$19.80", "Tee, M"):
        assert words in page.text


async def test_a_label_is_there_until_the_parcel_was_sent(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    address, label = status_link(demo.app, demo.shop, return_id=found.id), "https://labels.example/1.pdf"
    give_label(demo.app, demo.shop, return_id=found.id, address=label, actor=SAM, key="label")
    page = await visit(browser, address)
    assert page.barriers() == []
    assert f'href="{label}"' in page.html
    ship(demo.app, demo.shop, return_id=found.id, tracking="", actor=SAM, key="sent")
    assert label not in (await visit(browser, address)).html


async def test_a_settled_return_is_done_at_every_step(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    received(demo, found, Inspection("1", "received", grade="A"))
    demo.work()
    page = await visit(browser, status_link(demo.app, demo.shop, return_id=found.id))
    assert page.text.count(", done") == 3


async def test_a_wrong_key_and_an_unknown_return_are_the_same_nothing(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    wrong = await visit(browser, f"/shops/demo/returns/{found.id}?key=guess")
    unknown = await visit(browser, "/shops/demo/returns/RMA-2222-2222?key=guess")
    assert wrong.answer.status_code == unknown.answer.status_code == 404
    assert found.id not in wrong.text


async def test_a_hostile_title_stays_text(demo: TestShop, browser: httpx.AsyncClient):
    demo.save_order(order(lines=[line(title="<script>alert(1)</script>")]))
    found = opened(demo)
    page = await visit(browser, status_link(demo.app, demo.shop, return_id=found.id))
    assert page.barriers() == []
    assert "&lt;script&gt;" in page.html


async def test_a_shopper_says_that_the_parcel_was_sent(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    address = status_link(demo.app, demo.shop, return_id=found.id)
    page = await visit(browser, address)
    assert "by 20 December 2026" in page.text
    form = next(form for form in page.forms if "/sent" in form.action)
    for _ in range(2):
        page = await post(browser, address, form, tracking="1Z9")
        assert page.answer.status_code == 200
    assert page.barriers() == []
    assert "The items are on their way" in page.text
    assert not page.forms


async def test_a_shopper_cancels_before_anything_is_sent_and_is_told_why_not_afterwards(
    demo: TestShop, browser: httpx.AsyncClient
):
    found = opened(demo)
    address = status_link(demo.app, demo.shop, return_id=found.id)
    page = await visit(browser, address)
    sent, cancel = (next(form for form in page.forms if word in form.action) for word in ("/sent", "/cancel"))
    gone = await post(browser, address, cancel)
    assert "This return was cancelled" in gone.text
    late = await post(browser, address, sent)
    assert late.answer.status_code == 409
    assert "it stands at “cancelled”" in late.text


async def test_nobody_cancels_without_the_key(demo: TestShop, browser: httpx.AsyncClient):
    found = opened(demo)
    answer = await browser.post(f"/shops/demo/returns/{found.id}/cancel?key=guess", data={"once": "x"})
    assert answer.status_code == 404
