"""What a refusal looks like: a page for people, a problem for programs, and nothing of ours in either."""

import json
import logging
from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from adapters.errors import ChannelRefused, ChannelSlow
from connector.web import doors
from connector.web.errors import CODES, STATUSES, WORDS
from connector.web.pool import Busy
from connector.web.wording import ERRORS
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HTML = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def raises(error: Exception) -> object:
    """A clock that breaks whoever asks it."""

    def clock() -> None:
        raise error

    return clock


def broken(demo: TestShop, error: Exception) -> httpx.AsyncClient:
    return browser_of(replace(demo.app, clock=raises(error)))  # type: ignore[arg-type]


async def test_a_person_gets_a_page_and_a_program_gets_a_problem(browser: httpx.AsyncClient):
    page = await browser.get("/shops/none", headers={"Accept": "text/html"})
    problem = await browser.get("/shops/none", headers={"Accept": "application/json"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")
    assert page.headers["x-request-id"] in page.text


async def test_a_shop_may_be_called_chat(browser: httpx.AsyncClient):
    assert "<h1>" in (await browser.get("/shops/chat/returns", headers=HTML)).text
    assert "<h1>" in (await browser.get("/shops/chatter", headers=HTML)).text
    assert (await browser.get("/shops/none/chat/c_1", headers=HTML)).json()["code"] == "not_found"


def test_every_status_that_we_give_has_words_and_a_heading():
    given = {*STATUSES.values(), 400, 403, 404, 405, 408, 413, 415, 500, 503}
    assert given <= set(WORDS)
    assert set(CODES) == set(WORDS)
    assert given <= {int(status) for status in ERRORS}


async def test_a_wrong_method_says_which_are_right(browser: httpx.AsyncClient):
    answer = await browser.post("/healthz", headers=HTML)
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert "not how this address is used" in answer.text
    problem = await browser.get("/api/v1/quote")
    assert (problem.status_code, problem.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b"\xff", 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (b"[]", 422, "invalid_input"),
        (b'{"text": 5}', 422, "invalid_input"),
        (b'{"text": "a", "choice": "b"}', 422, "invalid_input"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_problem(browser: httpx.AsyncClient, body: bytes, status: int, code: str):
    answer = await browser.post("/shops/demo/chat/c_1", content=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_above_the_limit_is_refused_whatever_it_declares(demo: TestShop, browser: httpx.AsyncClient):
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(demo.app.settings.body_limit // 1024 + 1):
            yield b"x" * 1024

    declared = await browser.post("/shops/demo/returns", content=b"x" * 300_000, headers=FORM | HTML)
    streamed = await browser.post("/shops/demo/returns", content=chunks(), headers=FORM | HTML)
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert "too large" in streamed.text


async def test_a_form_must_be_one(browser: httpx.AsyncClient):
    kinds = {"Content-Type": "application/json"} | HTML
    assert (await browser.post("/shops/demo/returns", content=b"{}", headers=kinds)).status_code == 415
    assert (await browser.post("/shops/demo/returns", content=b"a=\xff", headers=FORM)).status_code == 400
    assert (await browser.post("/shops/demo/returns", data={"text": "x" * 5000})).status_code == 422
    assert (await browser.post("/shops/demo/returns", data={"text": "a\0b"})).status_code == 422
    assert (await browser.post("/shops/demo/returns", content=b"a=b&" * 600, headers=FORM)).status_code == 400


async def test_a_body_that_never_ends_is_not_waited_for(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "BODY_SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"text="
        await anyio.sleep(5)

    answer = await browser.post("/shops/demo/returns", content=trickle(), headers=FORM)
    assert answer.status_code == 408


async def test_what_nobody_foresaw_is_told_by_its_number_alone(demo: TestShop, caplog: pytest.LogCaptureFixture):
    async with broken(demo, RuntimeError("the secret of the house")) as client:
        answer = await client.post("/shops/demo/chat")
        page = await client.get("/shops/demo", headers=HTML)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "secret" not in answer.text + page.text
    assert "the secret of the house" in caplog.text


async def test_a_database_that_does_not_answer_is_said_so(demo: TestShop, caplog: pytest.LogCaptureFixture):
    async with broken(demo, OperationalError("SELECT", {}, Exception("connection refused"))) as client:
        answer = await client.post("/shops/demo/chat")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "SELECT" not in answer.text
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]


@pytest.mark.parametrize(
    ("error", "status"), [(ChannelSlow("shop.example said: key_123"), 503), (ChannelRefused("key_123"), 502)]
)
async def test_what_a_platform_said_is_for_the_log_alone(
    demo: TestShop, caplog: pytest.LogCaptureFixture, error: Exception, status: int
):
    async with broken(demo, error) as client:
        answer = await client.post("/shops/demo/chat")
    assert answer.status_code == status
    assert "key_123" not in answer.text
    assert "key_123" in caplog.text


async def test_a_busy_shop_says_when_to_try_again(demo: TestShop):
    async with broken(demo, Busy()) as client:
        answer = await client.post("/shops/demo/chat")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


async def test_a_problem_is_what_the_standard_says(browser: httpx.AsyncClient):
    problem = json.loads((await browser.post("/shops/none/chat")).text)
    assert {"type", "title", "status", "detail", "code", "request_id"} == set(problem)
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Not found", 404)
