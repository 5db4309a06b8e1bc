"""Whatever is sent, on either database: it is answered, and never by a fault of ours."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from connector.cli.shop import staff_link
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop, a_shop

pytestmark = pytest.mark.anyio

SHOP = "/shops/demo"
ODD = ["%00", "a%00b", "%FF", "%ED%A0%80", "%F0%9F%98%80", "%0D%0A", "%2F", "..", "'", "%25", "x" * 3000]
READ = [
    "/{}",
    "/static/{}",
    "/shops/{}",
    f"{SHOP}/returns/{{}}?key={{}}",
    f"{SHOP}/chat/{{}}",
    f"{SHOP}/chat/c_1?after={{}}",
    f"{SHOP}/pictures/{{}}.svg",
    f"{SHOP}/sign-in?link={{}}&next={{}}",
    f"{SHOP}/counter?q={{}}",
    f"{SHOP}/counter/{{}}",
    f"{SHOP}/dashboard/returns?q={{}}&before={{}}&state={{}}",
    f"{SHOP}/dashboard/returns/{{}}",
    f"{SHOP}/dashboard/inbox/{{}}",
]
POSTED = [
    f"{SHOP}/counter/{{}}",
    f"{SHOP}/dashboard/returns/{{}}/approve",
    f"{SHOP}/dashboard/returns/{{}}/decline",
    f"{SHOP}/dashboard/legs/{{}}/paid",
    f"{SHOP}/chat/{{}}",
    f"{SHOP}/chat/{{}}/photos",
    f"{SHOP}/returns",
]
SAID = [
    r'{"text": "a\u0000b"}',
    r'{"text": "\ud800"}',
    r'{"text": "#1001 \u0000@example.com"}',
    r'{"text": "#1001 ann\ud800@example.com"}',
    r'{"choice": "order:\ud800"}',
    r'{"choice": "order:\u0000"}',
    r'{"choices": ["\ud800", "\u0000"]}',
    r'{"text": "' + "٣" * 4000 + '"}',
    r'{"id": "\u0000"}',
    "[" * 100_000,
    '{"text": ' + "1" * 5000 + "}",
    "NaN",
]
HEADERS = [
    {"Authorization": b"Bearer \xff"},
    {"Cookie": b"backhaul_session=\xff\x80"},
    {"Accept": b"\xff"},
    {"Content-Type": b"\xff"},
    {"X-Forwarded-For": b"\xff, 1"},
    {"Content-Length": b"abc"},
]


@pytest.fixture
def demo(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with a_shop(tmp_path, url=each_url) as shop:
        yield shop


@pytest.fixture
async def staff(demo: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(demo.app) as browser:
        assert (await browser.get(staff_link(demo.app, demo.shop))).status_code == 303
        yield browser


def faults(answers: list[httpx.Response]) -> list[tuple[str, str]]:
    return [(answer.request.method, str(answer.url)[:120]) for answer in answers if answer.status_code >= 500]


async def test_any_address(staff: httpx.AsyncClient):
    paths = [path.replace("{}", odd) for path in READ for odd in ODD]
    assert faults([await staff.get(path) for path in paths]) == []


async def test_any_form(staff: httpx.AsyncClient):
    paths = [path.replace("{}", odd) for path in POSTED for odd in ODD]
    forms = [{"once": "a\0", "why": "\0", "text": "x"}, {"once": "b", "why": "y", "note": "\U0001f600", "text": "\0"}]
    assert faults([await staff.post(path, data=form) for path in paths for form in forms]) == []


async def test_anything_said(staff: httpx.AsyncClient):
    begun = (await staff.post(f"{SHOP}/chat")).json()
    bearer = {"Authorization": f"Bearer {begun['token']}"}
    talk = f"{SHOP}/chat/{begun['conversation']}"
    answers = [await staff.post(talk, content=said.encode(), headers=bearer) for said in SAID]
    begins = [await staff.post(f"{SHOP}/chat", content=said.encode()) for said in SAID]
    assert faults([*answers, *begins]) == []


async def test_any_header(staff: httpx.AsyncClient):
    asked = [("GET", f"{SHOP}/dashboard"), ("POST", f"{SHOP}/returns"), ("POST", f"{SHOP}/chat/c_1"), ("GET", "/")]
    answers = [await staff.request(*one, headers=headers) for one in asked for headers in HEADERS]
    assert faults(answers) == []
