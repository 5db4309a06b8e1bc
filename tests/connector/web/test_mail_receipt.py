"""The receipt is mailed from its page, once, where the install has a mail server."""

import dataclasses
from collections.abc import AsyncIterator

import httpx
import pytest
from msgspec.structs import replace

from adapters.errors import ChannelSlow
from connector.application import Letter, MailServerAway
from connector.cli.shop import staff_link
from connector.services.follow_return import view
from domain.returns import Return
from tests.connector.services.test_story import opened, received
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"


class Box:
    """A mail server that keeps what it is given, after it was away for so many tries."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.away = 0

    def __call__(self, letter: Letter, /) -> None:
        if self.away:
            self.away -= 1
            raise MailServerAway("The mail server does not answer.")
        self.letters.append(letter)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def mailing(demo: TestShop, box: Box) -> TestShop:
    return dataclasses.replace(demo, app=replace(demo.app, mail=box))


@pytest.fixture
async def clerk(mailing: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(mailing.app) as browser:
        await browser.get(staff_link(mailing.app, mailing.shop))
        yield browser


@pytest.fixture
def found(mailing: TestShop) -> Return:
    done = received(mailing, opened(mailing))
    mailing.work()
    return done


async def test_a_receipt_is_mailed_once_as_text_and_html(
    mailing: TestShop, clerk: httpx.AsyncClient, box: Box, found: Return
):
    address = f"{HOME}/{found.id}/receipt"
    page = await visit(clerk, address)
    assert page.barriers() == []
    form = page.form_with("to")
    assert form.fields["to"] == "ann@example.com"
    for _ in range(2):
        page = await post(clerk, address, form, to="bob@example.com")
    assert "The receipt is on its way by mail." in page.text
    assert page.barriers() == []
    mailing.work()
    (letter,) = box.letters
    assert (letter.to, letter.name) == ("bob@example.com", "Demo")
    for written in (letter.text, letter.html):
        assert found.id in written
        assert "$19.80" in written
        assert "http://127.0.0.1:8000/shops/demo/returns/" in written
    assert "<p>" not in letter.text
    history = view(mailing.app, mailing.shop, return_id=found.id).found.history
    assert [entry.actor.name for entry in history if entry.act == "mailed"] == ["Owner"]
    assert "bob@example.com" not in repr((history, mailing.jobs.waiting))


async def test_what_is_no_address_is_said_at_its_field(clerk: httpx.AsyncClient, box: Box, found: Return):
    address = f"{HOME}/{found.id}/receipt"
    page = await post(clerk, address, (await visit(clerk, address)).form_with("to"), to="nobody")
    assert page.answer.status_code == 422
    assert "Write the e-mail address" in page.text
    assert page.barriers() == []


async def test_a_server_that_is_away_is_asked_again(
    mailing: TestShop, clerk: httpx.AsyncClient, box: Box, found: Return
):
    address = f"{HOME}/{found.id}/receipt"
    await post(clerk, address, (await visit(clerk, address)).form_with("to"))
    box.away = 1
    with pytest.raises(ChannelSlow):
        mailing.work()
    mailing.jobs.done.pop()
    mailing.work()
    assert [letter.to for letter in box.letters] == ["ann@example.com"]


async def test_without_a_mail_server_there_is_no_button_and_nothing_is_taken(demo: TestShop, staff: httpx.AsyncClient):
    done = received(demo, opened(demo))
    page = await visit(staff, f"{HOME}/{done.id}/receipt")
    assert "Mail the receipt" not in page.text
    answer = await staff.post(f"{HOME}/{done.id}/receipt/mail", data={"to": "a@b.c", "once": "1"})
    assert answer.status_code == 404
