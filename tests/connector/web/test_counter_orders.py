"""Goods without an RMA over HTTP: an order's, a gift's, and those that no receipt tells of."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.cli.shop import staff_link
from connector.services import give_receipt, people, sign_in
from connector.services.follow_return import status_path, view
from connector.services.sign_in import Browser, Credentials
from connector.storage import price_store, return_store
from connector.storage.staff_store import Staff
from domain.returns import Return
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, post, visit
from tests.shops import TestShop, a_shop, line, order

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"
PASSWORD = "four quiet red foxes"


def returned(till: TestShop, order_id: str = "o1") -> tuple[Return, ...]:
    with till.app.database.read(till.shop) as unit:
        return return_store.of_order(unit, order_id)


async def checked(staff: httpx.AsyncClient, address: str, **said: str) -> Page:
    page = await visit(staff, address)
    assert page.barriers() == []
    return await post(
        staff, address, page.form_with("check"), step="check", **{k.replace("_", "-"): v for k, v in said.items()}
    )


async def confirmed(staff: httpx.AsyncClient, address: str, page: Page, **said: str) -> Page:
    assert page.barriers() == []
    return await post(staff, address, page.form_with("confirm"), step="confirm", **said)


async def test_goods_of_an_order_are_taken_back_in_one_go(demo: TestShop, staff: httpx.AsyncClient):
    address = f"{HOME}/orders/o1"
    page = await checked(staff, address, grade_1_1="A", reason_1="style")
    assert "$19.80" in page.text
    page = await confirmed(staff, address, page)
    (found,) = returned(demo)
    assert page.answer.url.path == f"{HOME}/{found.id}"
    demo.work()
    assert view(demo.app, demo.shop, return_id=found.id).found.status == "done"
    receipt = await visit(staff, f"{HOME}/{found.id}/receipt?proof=yes")
    assert receipt.barriers() == []
    assert "$19.80" in receipt.text
    code = await staff.get(f"{HOME}/{found.id}/code.svg")
    assert code.headers["content-type"].startswith("image/svg+xml")


async def test_nothing_said_and_nothing_left_are_told_apart(demo: TestShop, staff: httpx.AsyncClient):
    address = f"{HOME}/orders/o1"
    page = await checked(staff, address)
    assert page.answer.status_code == 422
    assert "Say of at least one item" in page.text
    long_ago = {"quantity": 2, "at": "2026-08-01T10:00:00+00:00", "delivered_at": "2026-08-03T10:00:00+00:00"}
    demo.save_order(order(placed_at="2026-08-01T09:00:00+00:00", lines=[line(fulfilled=[long_ago])]))
    page = await visit(staff, address)
    assert page.barriers() == []
    assert "Nothing of this can come back any more" in page.text


async def test_cash_is_given_from_the_till_by_who_stands_there(demo: TestShop, staff: httpx.AsyncClient):
    cash = {"id": "p1", "gateway": "till", "kind": "cash", "amount": "44.60", "refundable": False}
    demo.save_order(order(payments=[cash]))
    page = await checked(staff, f"{HOME}/orders/o1", grade_1_1="A")
    page = await confirmed(staff, f"{HOME}/orders/o1", page)
    demo.work()
    page = await visit(staff, page.answer.url.path)
    assert page.barriers() == []
    assert "From the till: $19.80 in cash" in page.text
    (form,) = [one for one in page.forms if one.action.endswith("/cash")]
    page = await post(staff, form.action, form)
    assert "All settled" in page.text


async def test_an_exchange_shows_what_is_in_stock_now(demo: TestShop, staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/orders/o1")
    assert "Exchange for L (2 in stock)" in page.text
    assert "Exchange for S (sold out)" in page.text
    page = await checked(staff, f"{HOME}/orders/o1", grade_1_1="A", wish_1="exchange:tee-l")
    await confirmed(staff, f"{HOME}/orders/o1", page)
    demo.work()
    assert (demo.available("tee-l"), demo.available("tee-m")) == (1, 6)


async def test_a_serial_number_that_was_not_sold_needs_a_reason_and_a_manager(demo: TestShop, staff: httpx.AsyncClient):
    demo.save_order(order(lines=[line(serials=["SN1", "SN2"])]))
    address = f"{HOME}/orders/o1"
    page = await checked(staff, address, grade_1_1="A", serial_1_1="SN9")
    assert "not the one that was sold" in page.text
    page = await checked(staff, address, grade_1_1="A", serial_1_1="SN9", note_1_1="label worn off")
    await confirmed(staff, address, page)
    (found,) = returned(demo)
    assert found.groups[0].disposition == "quarantine"
    seen = next(entry for entry in found.history if entry.act == "received")
    assert seen.details["overrides"] == {"serial": "SN9"}
    assert seen.why == "label worn off"


async def test_another_place_needs_a_reason(demo: TestShop, staff: httpx.AsyncClient):
    address = f"{HOME}/orders/o1"
    page = await checked(staff, address, grade_1_1="C", place_1_1="donate")
    page = await confirmed(staff, address, page)
    assert page.answer.status_code == 422
    assert "Say why in the note" in page.text
    assert returned(demo) == ()
    page = await checked(staff, address, grade_1_1="C", place_1_1="donate", note_1_1="for the theatre")
    await confirmed(staff, address, page)
    (found,) = returned(demo)
    assert found.groups[0].disposition == "donate"


class Clerks:
    """A shop with a manager and somebody without rights of their own, who is signed in."""

    def __init__(self, till: TestShop, clerk: httpx.AsyncClient) -> None:
        self.till, self.clerk = till, clerk


def joined(till: TestShop, boss: Staff, role: str) -> None:
    link = people.add_person(till.app, till.shop, by=boss, name=role.title(), role=role)
    invited = link.partition("link=")[2].partition("&")[0] or link
    sign_in.choose_password(
        till.app, till.shop, link=invited, credentials=Credentials(role, PASSWORD), browser=Browser("x")
    )


@pytest.fixture
async def clerks(tmp_path: Path) -> AsyncIterator[Clerks]:
    with a_shop(tmp_path, without_receipt={"cap": "50.00"}, placings=[]) as till:
        async with browser_of(till.app) as owner, browser_of(till.app) as clerk:
            await owner.get(staff_link(till.app, till.shop))
            boss = sign_in.owner_of(till.app, till.shop)
            for role in ("manager", "staff"):
                joined(till, boss, role)
            await clerk.post("/shops/demo/sign-in", data={"login": "staff", "password": PASSWORD})
            till.app.database.write(
                till.shop, lambda unit: price_store.keep(unit, "tee-m", amount=1500, at=till.clock())
            )
            yield Clerks(till, clerk)


def agreed(login: str = "manager", password: str = PASSWORD) -> dict[str, str]:
    """What a manager types in."""
    return {"approver_login": login, "approver_password": password, "approval_reason": "a regular"}


async def test_without_a_receipt_a_manager_agrees_at_the_same_device(clerks: Clerks):
    till, clerk, address = clerks.till, clerks.clerk, f"{HOME}/without-receipt?variant=tee-m"
    page = await checked(clerk, address, grade_1_1="A", email="ben@example.com")
    assert "$15.00" in page.text
    for login, password, status in (("", "", 403), ("manager", "wrong wrong", 404), ("staff", PASSWORD, 403)):
        again = await confirmed(clerk, address, page, **agreed(login, password))
        assert again.answer.status_code == status
        assert again.barriers() == []
    till.jobs.waiting.clear()
    page = await confirmed(clerk, address, page, **agreed())
    assert page.answer.status_code == 200
    till.work()
    page = await visit(clerk, page.answer.url.path)
    assert page.barriers() == []
    assert "Store credit:" in page.text
    assert PASSWORD not in page.html


async def test_staff_put_nothing_on_sale_against_the_rules_without_a_manager(clerks: Clerks):
    address = f"{HOME}/orders/o1"
    said = {"grade_1_1": "C", "place_1_1": "shelf", "note_1_1": "looks new to me"}
    page = await checked(clerks.clerk, address, **said)
    assert "A manager must approve this" in page.text
    assert "shelf instead of refurbish" in page.text
    page = await confirmed(clerks.clerk, address, page)
    assert page.answer.status_code == 403
    page = await confirmed(clerks.clerk, address, page, **agreed())
    (found,) = returned(clerks.till)
    assert found.groups[0].disposition == "shelf"
    told = found.history[-1]
    assert (told.act, told.actor.name, told.why) == ("agreed", "Manager", "a regular")


async def test_what_was_not_shown_is_not_approved(clerks: Clerks):
    address = f"{HOME}/orders/o1"
    said = {"grade_1_1": "C", "place_1_1": "shelf", "note_1_1": "looks new to me"}
    page = await checked(clerks.clerk, address, **said)
    page = await confirmed(clerks.clerk, address, page, **agreed(), **{"grade-1-1": "D"})
    assert page.answer.status_code == 403
    assert "shelf instead of recycle" in page.text
    assert returned(clerks.till) == ()


GIVER = st.fixed_dictionaries(
    {
        name: st.text("bcdfghjkmnpqrvwxyz", min_size=9, max_size=12).map(str.title)
        for name in ("name", "email", "phone", "city", "tag", "number", "other")
    }
)


def given_by(giver: dict[str, str]) -> dict[str, object]:
    """An order full of its buyer's words; the second line is their own."""
    own = line(id="l2", title=giver["other"], variant_title=giver["other"], variant_id="tee-l", sku=giver["other"])
    return order(
        id=f"o-{giver['number']}",
        number=giver["number"],
        tags=[giver["tag"]],
        customer={"id": giver["tag"], "email": f"{giver['email']}@x.example", "name": giver["name"],
                  "phone": giver["phone"], "tags": [giver["tag"]]},
        ship_to={"country": "US", "city": giver["city"], "postal_code": giver["phone"]},
        lines=[line(), own],
        payments=[{"id": "p1", "gateway": giver["tag"], "kind": "card", "amount": "84.20", "refundable": True}],
    )  # fmt: skip


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(giver=GIVER)
async def test_nothing_of_who_gave_a_gift_is_in_any_page_or_answer(
    demo: TestShop, staff: httpx.AsyncClient, giver: dict[str, str]
):
    if returned(demo, f"o-{giver['number']}"):
        return
    document = given_by(giver)
    demo.save_order(document)
    gift = give_receipt.issue(
        demo.app, demo.shop, order_id=str(document["id"]), line_ids=["l1"], key=f"g-{giver['number']}"
    )
    pages = [
        (await visit(staff, f"{HOME}?find={gift.number}")),
        (await visit(staff, f"{HOME}/gifts/{gift.number}/receipt")),
    ]
    address = f"{HOME}/gifts/{gift.number}"
    page = await checked(staff, address, grade_1_1="A", email="receiver@example.com")
    pages += [page, await confirmed(staff, address, page)]
    (found,) = returned(demo, str(document["id"]))
    demo.work()
    code = status_path(demo.app, demo.shop, return_id=found.id)
    for path in (f"{HOME}/{found.id}", f"{HOME}/{found.id}/receipt?proof=yes", HOME, code,
                 f"/shops/demo/dashboard/returns/{found.id}"):  # fmt: skip
        pages.append(await visit(staff, path))
    for shown in pages:
        assert shown.answer.status_code == 200
        text = (shown.html + str(shown.answer.url)).lower()
        assert [word for word in giver.values() if re.search(re.escape(word.lower()), text)] == [], shown.answer.url
