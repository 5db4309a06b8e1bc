"""What every door has in common: headers, forged posts, errors, sessions, health."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from connector.cli.shop import staff_link
from connector.settings import read_settings
from connector.web.app import build
from connector.web.doors import client_address
from connector.web.observability import configure_logs
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

PAGES = ["/", "/shops/demo", "/shops/demo/returns", "/nowhere", "/healthz", "/static/css/tokens.css"]
STAFF_PAGES = ["/shops/demo/counter", "/shops/demo/dashboard", "/shops/demo/dashboard/returns"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_has_the_security_headers(browser: httpx.AsyncClient, path: str):
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize("path", PAGES[:4])
async def test_no_page_has_a_script_or_style_within_it(browser: httpx.AsyncClient, path: str):
    html = (await browser.get(path, headers={"Accept": "text/html"})).text
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert html.count("<script") == html.count('<script type="module" src="/static/')


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_is_closed_to_who_is_not_signed_in(browser: httpx.AsyncClient, path: str):
    assert (await browser.get(path)).status_code == 401


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_opens_to_who_is_signed_in(staff: httpx.AsyncClient, path: str):
    assert (await staff.get(path)).status_code == 200


async def test_a_sign_in_link_works_once(demo: TestShop, staff: httpx.AsyncClient):
    link = staff_link(demo.app, demo.shop, page="counter")
    first = await staff.get(link)
    assert first.headers["location"] == "/shops/demo/counter"
    staff.cookies.clear()
    assert (await staff.get(link)).headers["location"] == "/shops/demo/counter"
    staff.cookies.clear()
    assert (await staff.get(link)).status_code == 404


async def test_a_sign_in_leads_to_this_shop_only(demo: TestShop, browser: httpx.AsyncClient):
    for target in ("https://evil.example/", "//evil.example", "/shops/other/dashboard", "/shops/demo/\\evil"):
        link = staff_link(demo.app, demo.shop).split("&next=")[0]
        answer = await browser.get(link, params={"link": link.split("link=")[1], "next": target})
        assert answer.headers["location"] == "/shops/demo/dashboard"


async def test_the_session_cookie_is_out_of_reach_of_scripts(demo: TestShop, browser: httpx.AsyncClient):
    cookie = (await browser.get(staff_link(demo.app, demo.shop))).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/shops/demo" in cookie


async def test_signing_out_ends_the_session(staff: httpx.AsyncClient):
    kept = dict(staff.cookies)
    assert (await staff.post("/shops/demo/sign-out")).status_code == 200
    staff.cookies.update(kept)
    assert (await staff.get("/shops/demo/dashboard")).status_code == 401


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_a_post_from_another_site_with_our_cookie_does_nothing(staff: httpx.AsyncClient, headers: dict[str, str]):
    assert (await staff.post("/shops/demo/sign-out", headers=headers)).status_code == 403
    assert (await staff.get("/shops/demo/dashboard")).status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8000"}])
async def test_a_post_from_our_own_page_is_done(staff: httpx.AsyncClient, headers: dict[str, str]):
    assert (await staff.post("/shops/demo/sign-out", headers=headers)).status_code == 200


async def test_the_widget_may_post_from_anywhere_since_it_sends_no_cookie(browser: httpx.AsyncClient):
    answer = await browser.post("/shops/demo/chat", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 201


async def test_a_person_gets_a_page_and_a_program_gets_a_problem(browser: httpx.AsyncClient):
    page = await browser.get("/shops/none", headers={"Accept": "text/html"})
    problem = await browser.get("/shops/none", headers={"Accept": "application/json"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (problem.status_code, problem.json()["code"]) == (404, "not_found")
    assert page.headers["x-request-id"] in page.text


async def test_what_nobody_foresaw_is_told_by_its_number_alone(demo: TestShop, caplog: pytest.LogCaptureFixture):
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    app = replace(demo.app, clock=broken)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=build(app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.post("/shops/demo/chat")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert "the secret of the house" in caplog.text


async def test_the_log_of_a_request_holds_nothing_personal(
    browser: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
):
    configure_logs(level="info", form="json")
    try:
        await browser.get("/shops/demo/returns/RMA-SECRET?key=hidden&email=ann@example.com")
    finally:
        logging.getLogger().handlers.clear()
    (line,) = [line for line in capsys.readouterr().err.splitlines() if '"request"' in line]
    assert json.loads(line)["route"] == "/shops/{shop}/returns/{rma}"
    assert not any(word in line for word in ("RMA-SECRET", "hidden", "ann@"))


async def test_health_says_alive_and_ready(browser: httpx.AsyncClient):
    assert (await browser.get("/healthz")).json() == {"status": "alive"}
    assert (await browser.get("/readyz")).json() == {"status": "ready"}


async def test_a_database_of_another_version_is_not_ready(demo: TestShop, browser: httpx.AsyncClient):
    demo.app.database.write_install(lambda connection: connection.exec_driver_sql("DELETE FROM alembic_version"))
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the database must be migrated")


async def test_figures_are_kept_to_who_wants_them(demo: TestShop, browser: httpx.AsyncClient):
    assert (await browser.get("/metrics")).status_code == 404
    open_app = build(replace(demo.app, settings=replace(demo.app.settings, metrics=True)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=open_app), base_url="http://x") as client:
        await client.get("/healthz")
        figures = (await client.get("/metrics")).text
    assert 'backhaul_requests_total{method="GET",route="/healthz",status="200"}' in figures


@pytest.mark.parametrize(
    ("proxies", "nearest", "claimed", "expected"),
    [
        ("", "9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("10.0.0.0/8", "10.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        ("10.0.0.0/8", "9.9.9.9", "1.1.1.1", "9.9.9.9"),
        ("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(tmp_path: Path, proxies: str, nearest: str, claimed: str, expected: str):
    settings = read_settings({"BACKHAUL_FOLDER": str(tmp_path), "BACKHAUL_TRUSTED_PROXIES": proxies})
    headers = [(b"x-forwarded-for", claimed.encode())] if claimed else []
    request = Request({"type": "http", "headers": headers, "client": (nearest, 1)})
    assert client_address(request, settings) == expected


async def test_a_quote_over_http_is_that_of_the_command_line(browser: httpx.AsyncClient):
    case = json.loads((Path(__file__).parents[2] / "cases" / "three-for-ten-first.json").read_text(encoding="utf-8"))
    answer = await browser.post("/api/v1/quote", json=case["case"])
    assert answer.status_code == 200
    assert answer.json()["total"] == case["expect"]["total"]


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 422), (b'{"now": 5}', 422), (b"x" * 17_000_000, 413)]
)
async def test_a_case_that_cannot_be_read_says_where(browser: httpx.AsyncClient, body: bytes, status: int):
    answer = await browser.post("/api/v1/quote", content=body)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["error"]["code"] == "malformed"


async def test_a_case_may_be_larger_than_other_requests(browser: httpx.AsyncClient):
    answer = await browser.post("/api/v1/quote", content=b'{"now": "' + b"x" * 1_000_000 + b'"}')
    assert answer.status_code == 422
