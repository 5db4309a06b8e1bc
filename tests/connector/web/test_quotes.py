"""The quote over HTTP is that of the command line."""

import json
from pathlib import Path

import httpx
import pytest

from tests.connector.odd_cases import odd_cases

pytestmark = pytest.mark.anyio

CASES = Path(__file__).parents[2] / "cases"


async def test_a_quote_over_http_is_that_of_the_command_line(browser: httpx.AsyncClient):
    case = json.loads((Path(__file__).parents[2] / "cases" / "three-for-ten-first.json").read_text(encoding="utf-8"))
    answer = await browser.post("/api/v1/quote", json=case["case"])
    assert answer.status_code == 200
    assert answer.json()["total"] == case["expect"]["total"]


@pytest.mark.parametrize(
    ("body", "at"),
    [(b"{", ""), (b"\xff", ""), (b"[]", ""), (b'{"now": NaN}', ""), (b"[" * 100_000, ""), (b'{"now": 5}', "order")],
)
async def test_a_malformed_case_says_where(browser: httpx.AsyncClient, body: bytes, at: str):
    answer = await browser.post("/api/v1/quote", content=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (problem["status"], problem["code"], problem["error"]["code"]) == (422, "malformed", "malformed")
    assert (problem["detail"], problem["error"]["at"]) == (problem["error"]["message"], at)


async def test_the_error_of_a_malformed_case_is_the_one_of_the_contract(browser: httpx.AsyncClient):
    case = json.loads((CASES / "bad-negative-money.json").read_text(encoding="utf-8"))
    answer = await browser.post("/api/v1/quote", json=case["case"])
    assert answer.status_code == 422
    assert {"code", "message", "at"} == set(answer.json()["error"])


async def test_a_case_may_be_larger_than_other_requests(browser: httpx.AsyncClient):
    answer = await browser.post("/api/v1/quote", content=b'{"now": "' + b"x" * 1_000_000 + b'"}')
    assert answer.status_code == 422


async def test_a_case_beyond_all_measure_is_refused(browser: httpx.AsyncClient):
    answer = await browser.post("/api/v1/quote", content=b"x" * 17_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_the_proof_is_added_for_who_asks(browser: httpx.AsyncClient):
    case = json.loads((CASES / "three-for-ten-first.json").read_text(encoding="utf-8"))["case"]
    plain = (await browser.post("/api/v1/quote", json=case)).json()
    explained = (await browser.post("/api/v1/quote?explain=1", json=case)).json()
    proof = explained.pop("proof")
    assert explained == plain
    assert [step["amount"] for step in proof if step["figure"] == "total"] == [plain["total"]]


async def test_an_odd_case_is_quoted_or_refused_with_its_place(browser: httpx.AsyncClient):
    for _, document in list(odd_cases())[::60]:
        answer = await browser.post("/api/v1/quote", content=document)
        said = answer.json()
        assert answer.status_code == (200 if "total" in said else 422)
        assert answer.status_code == 200 or said["error"]["at"]
