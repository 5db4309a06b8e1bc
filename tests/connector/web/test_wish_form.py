"""A shopper came with a return for one thing and wants another: changed in the counter's form, quoted anew."""

from pathlib import Path

import httpx
import pytest

from connector.services import offer_instead
from connector.services.change_wish import EXCHANGE, changed
from connector.services.errors import Refused
from connector.services.follow_return import view
from domain.returns import Return
from domain.wishes import NewWish
from tests.connector.services.test_story import opened, refunded
from tests.connector.web.pages import Page, post
from tests.connector.web.test_counter import HOME, graded
from tests.shops import SAM, TestShop, a_shop

pytestmark = pytest.mark.anyio


async def confirmed(staff: httpx.AsyncClient, page: Page) -> Page:
    return await post(staff, page.answer.url.path, page.form_with("confirm"), step="confirm")


def now(demo: TestShop, found: Return) -> Return:
    return view(demo.app, demo.shop, return_id=found.id).found


async def test_another_size_that_is_here_instead_of_the_money(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await graded(staff, f"{HOME}/{found.id}", grade_1_1="A", wish_1="exchange:tee-l")
    assert page.barriers() == []
    assert "exchange for L instead of refund" in page.text
    page = await confirmed(staff, page)
    demo.work()
    assert now(demo, found).status == "done"
    assert (refunded(demo), demo.available("tee-l"), demo.available("tee-m")) == ("0.00", 1, 6)
    told = next(entry for entry in now(demo, found).history if entry.act == "wish_changed")
    assert (told.actor.name, told.details["wish"], told.details["instead_of"]) == ("Owner", "exchange", "refund")


async def test_the_money_instead_of_another_size_gives_its_reservation_up(demo: TestShop, staff: httpx.AsyncClient):
    swap = offer_instead.exchange_for(demo.app, demo.shop, order=demo.order(), line_id="l1", variant_id="tee-l")
    found = opened(demo, resolution="exchange", exchange_for=swap)
    demo.work()
    assert demo.available("tee-l") == 1
    page = await graded(staff, f"{HOME}/{found.id}", grade_1_1="A", wish_1="store_credit")
    assert "store credit instead of exchange" in page.text
    page = await confirmed(staff, page)
    demo.work()
    assert now(demo, found).status == "done"
    assert (refunded(demo), demo.available("tee-l"), demo.available("tee-m")) == ("0.00", 2, 6)


async def test_nothing_is_changed_before_it_is_confirmed(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await graded(staff, f"{HOME}/{found.id}", grade_1_1="A", wish_1="store_credit")
    assert now(demo, found) == found
    page = await post(staff, page.answer.url.path, page.form_with("change"), step="change")
    assert 'value="store_credit" selected' in page.html


async def test_what_is_sold_out_or_not_to_be_had_is_not_taken(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    page = await graded(staff, f"{HOME}/{found.id}", grade_1_1="A", wish_1="exchange:tee-s")
    assert page.answer.status_code == 422
    page = await graded(staff, f"{HOME}/{found.id}", grade_1_1="A", wish_1="exchange:elsewhere")
    assert "$19.80" in page.text


def test_what_the_shop_does_not_offer_is_refused(tmp_path: Path):
    with a_shop(tmp_path, resolutions=["refund"]) as demo:
        found = opened(demo)
        for wish in (NewWish("store_credit"), NewWish(EXCHANGE, {"variant_id": "tee-l", "price": "20.00"})):
            with pytest.raises(Refused):
                demo.app.database.write(
                    demo.shop, lambda unit, wish=wish: changed(demo.app, unit, found, {"1": wish}, actor=SAM)
                )
