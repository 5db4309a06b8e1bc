"""Shoppers who asked for a person, and the person's answers."""

import httpx
import pytest

from connector.services import converse
from connector.services.converse import Heard, Talk
from tests.connector.web.pages import post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/dashboard"
INBOX = f"{HOME}/inbox"


def asked_for_a_person(demo: TestShop) -> Talk:
    turn = converse.start(demo.app, demo.shop, language=None, address="x")
    talk = Talk(str(turn["conversation"]), "x")
    converse.say(demo.app, demo.shop, talk=talk, heard=Heard(text="order 1001, ann@example.com"))
    converse.say(demo.app, demo.shop, talk=talk, heard=Heard(choices=("human",)))
    return talk


def says(demo: TestShop, talk: Talk, text: str) -> None:
    converse.say(demo.app, demo.shop, talk=talk, heard=Heard(text=text))


async def test_an_empty_inbox_is_calm(staff: httpx.AsyncClient):
    page = await visit(staff, INBOX)
    assert page.barriers() == []
    assert "Nobody waits" in page.text


async def test_a_shopper_who_asked_is_seen_with_order_and_address(demo: TestShop, staff: httpx.AsyncClient):
    talk = asked_for_a_person(demo)
    assert "One shopper waits for an answer." in (await visit(staff, HOME)).text
    inbox = await visit(staff, INBOX)
    assert inbox.barriers() == []
    assert "Order #1001 · ann@example.com" in inbox.text
    page = await visit(staff, f"{INBOX}/{talk.conversation_id}")
    assert page.barriers() == []
    assert "order 1001, ann@example.com" in page.text


async def test_the_answer_is_in_the_conversation_once_and_the_shopper_waits_no_more(
    demo: TestShop, staff: httpx.AsyncClient
):
    talk = asked_for_a_person(demo)
    address = f"{INBOX}/{talk.conversation_id}"
    form = (await visit(staff, address)).form_with("text")
    for _ in range(2):
        page = await post(staff, address, form, text="Bring it by, we keep a size 42 for you.")
    assert page.text.count("we keep a size 42 for you") == 1
    turns = converse.transcript(demo.app, demo.shop, conversation_id=talk.conversation_id)["turns"]
    assert turns[-1] == {"n": 6, "from": "person", "text": "Bring it by, we keep a size 42 for you.", "name": "Owner"}
    assert "waits for an answer" not in (await visit(staff, HOME)).text
    assert "Answered" in (await visit(staff, INBOX)).text


async def test_who_goes_on_writing_waits_again(demo: TestShop, staff: httpx.AsyncClient):
    talk = asked_for_a_person(demo)
    address = f"{INBOX}/{talk.conversation_id}"
    await post(staff, address, (await visit(staff, address)).form_with("text"), text="We look into it.")
    says(demo, talk, "my neighbour's dog has eaten the parcel slip")
    assert "One shopper waits" in (await visit(staff, HOME)).text


async def test_what_is_settled_leaves_the_inbox_and_comes_back_when_asked_again(
    demo: TestShop, staff: httpx.AsyncClient
):
    talk = asked_for_a_person(demo)
    address = f"{INBOX}/{talk.conversation_id}"
    form = next(form for form in (await visit(staff, address)).forms if form.action.endswith("/close"))
    for _ in range(2):
        assert "Nobody waits" in (await post(staff, address, form)).text
    converse.say(demo.app, demo.shop, talk=talk, heard=Heard(choices=("human",)))
    assert "One shopper waits" in (await visit(staff, HOME)).text


@pytest.mark.parametrize("text", ["", "x" * 4001])
async def test_an_answer_says_something_and_not_too_much(demo: TestShop, staff: httpx.AsyncClient, text: str):
    talk = asked_for_a_person(demo)
    address = f"{INBOX}/{talk.conversation_id}"
    form = (await visit(staff, address)).form_with("text")
    assert (await post(staff, address, form, text=text)).answer.status_code == 422


async def test_a_conversation_that_nobody_handed_over_is_not_found(demo: TestShop, staff: httpx.AsyncClient):
    turn = converse.start(demo.app, demo.shop, language=None, address="x")
    assert (await visit(staff, f"{INBOX}/{turn['conversation']}")).answer.status_code == 404
    assert (await visit(staff, f"{INBOX}/c_nothing")).answer.status_code == 404
