"""The web application of a shop, asked without a socket."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from connector.application import Application
from connector.cli.shop import staff_link
from connector.web.app import build
from tests.shops import TestShop, a_shop

ORIGIN = "http://127.0.0.1:8000"


def browser_of(app: Application, *, origin: str = ORIGIN) -> httpx.AsyncClient:
    """A browser that visits an application at an origin, and says that its forms come from there."""
    transport = httpx.ASGITransport(app=build(app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=origin, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


@pytest.fixture
async def browser(demo: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody signed in to."""
    async with browser_of(demo.app) as client:
        yield client


@pytest.fixture
async def staff(demo: TestShop, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser, signed in as the shop's owner."""
    answer = await browser.get(staff_link(demo.app, demo.shop))
    assert answer.status_code == 303
    return browser
