"""The log says which request, where and how long, and nothing of the people in it."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import httpx
import pytest
import structlog

from connector.web.observability import configure_logs

pytestmark = pytest.mark.anyio


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as the operator reads it."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        configure_logs(level="info", form="json")
    yield stream
    logging.getLogger().handlers.clear()
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def requests(log: io.StringIO) -> list[dict[str, object]]:
    return [line for line in lines(log) if line["event"] == "request"]


async def test_a_request_is_one_line_with_its_id(browser: httpx.AsyncClient, log: io.StringIO):
    answer = await browser.get("/shops/demo")
    (line,) = requests(log)
    assert {key: line[key] for key in ("method", "route", "shop", "status", "level")} == {
        "method": "GET",
        "route": "/shops/{shop}",
        "shop": "demo",
        "status": 200,
        "level": "info",
    }
    assert line["request"] == answer.headers["x-request-id"]
    assert isinstance(line["ms"], float)


@pytest.mark.parametrize(
    "path",
    [
        "/shops/demo/returns/RMA-HIDDEN?key=hidden",
        "/shops/demo/sign-in?link=hidden&next=/ann@example.com",
        "/shops/ann@example.com",
        "/ann@example.com/hidden",
        "/static/ann@example.com",
    ],
)
async def test_a_line_holds_nothing_personal(browser: httpx.AsyncClient, log: io.StringIO, path: str):
    await browser.get(path, headers={"Cookie": "backhaul_session=hidden"})
    (line,) = requests(log)
    assert not any(word in json.dumps(line).lower() for word in ("hidden", "ann@", "127.0.0.1"))


async def test_what_goes_wrong_within_a_request_is_logged_under_its_id(
    browser: httpx.AsyncClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("connector.services.browse_shop.products", lambda *_: 1 // 0)
    answer = await browser.get("/shops/demo")
    unforeseen, request = [line for line in lines(log) if line["event"] in ("unforeseen", "request")]
    assert unforeseen["request"] == request["request"] == answer.headers["x-request-id"]
    assert "ZeroDivisionError" in str(unforeseen["exception"])
    assert request["status"] == 500


async def test_an_id_that_a_visitor_claims_is_not_taken(browser: httpx.AsyncClient):
    answer = await browser.get("/healthz", headers={"X-Request-ID": "claimed-by-the-visitor"})
    assert answer.headers["x-request-id"] != "claimed-by-the-visitor"
    assert (await browser.get("/healthz")).headers["x-request-id"] != answer.headers["x-request-id"]


async def test_health_checks_and_talkative_libraries_stay_out_of_the_log(browser: httpx.AsyncClient, log: io.StringIO):
    await browser.get("/healthz")
    await browser.get("/readyz")
    assert [line["event"] for line in lines(log) if "HTTP Request" not in str(line["event"])] == []


async def test_on_a_terminal_a_line_is_text_without_the_values_of_a_trace(capsys: pytest.CaptureFixture[str]):
    configure_logs(level="info", form="text")
    hidden = "the value"
    try:
        logging.getLogger("backhaul").error("broken", exc_info=ValueError(len(hidden)))
    finally:
        logging.getLogger().handlers.clear()
        structlog.reset_defaults()
    text = capsys.readouterr().err
    assert "broken" in text
    assert "the value" not in text
