"""The assistant over HTTP."""

import asyncio
import base64
from concurrent.futures import Future
from typing import Any

import httpx
import pytest

from connector.one_by_one import Pending
from connector.services import converse
from connector.services.errors import Overtaken

pytestmark = pytest.mark.anyio

CHAT = "/shops/demo/chat"


async def begun(browser: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    answer = await browser.post(CHAT)
    assert answer.status_code == 201
    turn = answer.json()
    return f"{CHAT}/{turn['conversation']}", {"Authorization": f"Bearer {turn['token']}"}


async def test_a_conversation_from_hello_to_return_number(browser: httpx.AsyncClient):
    address, bearer = await begun(browser)

    async def say(**message: Any) -> Any:
        answer = await browser.post(address, json=message, headers=bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    turn = await say(text="#1001 ann@example.com")
    assert set(turn) == {"conversation", "language", "messages", "ask", "card", "draft", "outcome"}
    assert turn["draft"]["order"] == "#1001"
    assert turn["ask"]["multiple"] is True
    await say(choices=["item:l1"])
    for choice in ("quantity:1", "reason:style", "resolution:refund", "method:mail"):
        turn = await say(choice=choice)
    assert turn["card"]["kind"] == "summary"
    turn = await say(choice="confirm:yes", id="once")
    assert turn["outcome"]["kind"] == "return_opened"
    assert await say(choice="confirm:yes", id="once") == turn
    transcript = (await browser.get(f"{address}?after=1", headers=bearer)).json()
    assert [one["from"] for one in transcript["turns"][:2]] == ["shopper", "assistant"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"text": 5}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": "a", "choice": "b"}', 422),
        (b'{"choices": [1]}', 422),
        (b'{"text": "a", "id": "\\u0000"}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "\xff"}', 400),
        (b'{"text": "' + b"x" * 4001 + b'"}', 422),
        (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
        (b"[" * 100_000, 400),
    ],
)
async def test_a_message_that_cannot_be_read_changes_nothing(browser: httpx.AsyncClient, body: bytes, status: int):
    address, bearer = await begun(browser)
    answer = await browser.post(address, content=body, headers=bearer)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert len((await browser.get(address, headers=bearer)).json()["turns"]) == 1


async def test_a_wrong_token_an_unknown_conversation_and_none_are_the_same_answer(browser: httpx.AsyncClient):
    address, _ = await begun(browser)
    _, others = await begun(browser)
    answers = [
        await browser.get(address),
        await browser.get(address, headers={"Authorization": "Bearer nonsense"}),
        await browser.get(address, headers=others),
        await browser.get(f"{CHAT}/c_unknown", headers=others),
        await browser.get(f"{CHAT}/c_%01", headers=others),
        await browser.post(f"{CHAT}/c_unknown", headers=others, json={"text": "hello"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json()["detail"] for answer in answers}) == 1


async def test_an_unknown_shop_is_not_found(browser: httpx.AsyncClient):
    assert (await browser.post("/shops/nobody/chat")).status_code == 404


async def test_beginning_twice_with_one_id_begins_once(browser: httpx.AsyncClient):
    first, second = [await browser.post(CHAT, json={"id": "5d0c4a1e-0f4f-4f0e", "language": "en-GB"}) for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"language": "xx"}', b'{"customer": "x.y.z"}'])
async def test_a_conversation_begins_with_hello(browser: httpx.AsyncClient, body: bytes):
    answer = await browser.post(CHAT, content=body)
    assert answer.status_code == 201
    turn = answer.json()
    assert turn["language"] == "en"
    assert [message["key"] for message in turn["messages"]] == ["greeting", "ask_menu"]
    assert "bot" in turn["messages"][0]["text"]
    assert [choice["id"] for choice in turn["ask"]["choices"]][-1] == "human"


async def test_a_wrong_method_is_refused(browser: httpx.AsyncClient):
    assert (await browser.put(CHAT)).status_code == 405


@pytest.mark.parametrize("after", ["-1", "x", "1" * 30])
async def test_after_is_the_number_of_a_turn(browser: httpx.AsyncClient, after: str):
    address, bearer = await begun(browser)
    assert (await browser.get(f"{address}?after={after}", headers=bearer)).status_code == 422


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


async def test_a_photo_that_was_not_asked_for_is_answered_and_not_kept(browser: httpx.AsyncClient):
    address, bearer = await begun(browser)
    answer = await browser.post(
        f"{address}/photos", files={"photo": ("a.png", PIXEL)}, data={"id": "p"}, headers=bearer
    )
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["key"] == "photo_not_asked"
    again = await browser.post(f"{address}/photos", files={"photo": ("a.png", PIXEL)}, data={"id": "p"}, headers=bearer)
    assert again.json() == answer.json()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"files": {"other": ("a.png", PIXEL)}}, 422),
        ({"files": {"photo": ("a.png", PIXEL)}, "data": {"id": "\u0000"}}, 422),
        ({"files": [("photo", ("a.png", PIXEL))] * 5}, 400),
        ({"files": {"photo": ("a.png", bytes(40_000_000))}}, 413),
        ({"content": b"--x--", "headers": {"Content-Type": "multipart/form-data"}}, 400),
        ({"content": b"junk", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
        ({"json": {}}, 415),
    ],
)
async def test_what_is_no_photo_is_refused(browser: httpx.AsyncClient, body: dict[str, Any], status: int):
    address, bearer = await begun(browser)
    answer = await browser.post(f"{address}/photos", **{**body, "headers": {**bearer, **body.get("headers", {})}})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_nobody_else_shows_photos_in_a_conversation(browser: httpx.AsyncClient):
    address, _ = await begun(browser)
    assert (await browser.post(f"{address}/photos", files={"photo": ("a.png", PIXEL)})).status_code == 404


async def test_too_many_look_ups_must_wait(browser: httpx.AsyncClient):
    address, bearer = await begun(browser)
    keys: list[str] = []
    for _ in range(12):
        turn = (await browser.post(address, json={"text": "#9999 x@example.com"}, headers=bearer)).json()
        keys.append(turn["messages"][0]["key"])
    assert keys[0] == "order_not_found"
    assert keys[-1] == "too_many_tries"


def overtaken() -> "Future[None]":
    refused = Future[None]()
    refused.set_exception(Overtaken("Another message was answered first. Please look again."))
    return refused


@pytest.mark.parametrize(("times", "status"), [(0, 200), (2, 200), (3, 409)])
@pytest.mark.parametrize(
    ("way", "sent"), [("", {"json": {"text": "hello"}}), ("/photos", {"files": {"photo": ("a.png", PIXEL)}})]
)
async def test_who_is_overtaken_is_answered_from_what_is_true_then_or_told(
    browser: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    sent: dict[str, Any],
    times: int,
    status: int,
):
    address, bearer = await begun(browser)
    tries, real = list[int](), converse.say_soon

    def say_soon(*given: Any, **named: Any) -> Pending[Any]:
        tries.append(1)
        return Pending({}, overtaken()) if len(tries) <= times else real(*given, **named)

    monkeypatch.setattr(converse, "say_soon", say_soon)
    answer = await browser.post(f"{address}{way}", **sent, headers=bearer)
    assert (answer.status_code, len(tries)) == (status, min(times + 1, 3))
    assert ("messages" in answer.json()) if status == 200 else (answer.json()["code"] == "conflict")


async def test_two_messages_at_the_same_time_are_both_answered(browser: httpx.AsyncClient):
    address, bearer = await begun(browser)
    answers = await asyncio.gather(
        *(browser.post(address, json={"text": text}, headers=bearer) for text in ("hello", "what are the rules?"))
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    turns = (await browser.get(address, headers=bearer)).json()["turns"]
    assert [turn["from"] for turn in turns] == ["assistant", "shopper", "assistant", "shopper", "assistant"]
