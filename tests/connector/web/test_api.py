"""A program opens a return, has it received and settled, and whatever it repeats is done once."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from anyio import create_task_group

from connector.services import api_tokens
from connector.services.api_tokens import SCOPES
from connector.storage import return_store
from connector.web.app import build
from connector.web.meter import Meter
from tests.connector.web.conftest import ORIGIN
from tests.shops import TestShop, a_shop, order

pytestmark = pytest.mark.anyio

HOME = "/api/v1/shops/demo"
ITEMS = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
KEYS = (f"key-{n}" for n in count())


def client_of(demo: TestShop, *scopes: str, most: int = 600) -> httpx.AsyncClient:
    made = api_tokens.make(demo.app, demo.shop, name="The ERP", scopes=scopes or tuple(SCOPES))
    app = build(demo.app)
    app.state.meter = Meter(most=most)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Authorization": f"Bearer {made.token}"})


@pytest.fixture
async def program(demo: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(demo) as client:
        yield client


async def post(program: httpx.AsyncClient, path: str, *, key: str | None = None, **body: object) -> httpx.Response:
    return await program.post(f"{HOME}/{path}", json=body, headers={"Idempotency-Key": key or next(KEYS)})


async def opened(program: httpx.AsyncClient, **changes: object) -> dict[str, object]:
    quote = (await post(program, "quotes", order_id="o1", items=ITEMS)).json()
    asked = {"order_id": "o1", "items": ITEMS, "quote_id": quote["id"], **changes}
    answer = await post(program, "returns", **asked)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_a_return_is_quoted_opened_graded_received_and_settled(demo: TestShop, program: httpx.AsyncClient):
    found = await opened(program)
    assert (found["status"], found["groups"][0]["amount"]) == ("awaiting", "18.00")  # type: ignore[index]
    seen = [{"group_id": "1", "grade": "A"}]
    shown = (await post(program, f"returns/{found['id']}/grade", inspections=seen)).json()
    assert shown["quote"]["total"] == "19.80"
    taken = await post(program, f"returns/{found['id']}/receive", inspections=seen, quote_id=shown["quote_id"])
    assert taken.json()["status"] == "settling"
    demo.work()
    done = (await program.get(f"{HOME}/returns/{found['id']}")).json()
    assert (done["status"], {leg["state"] for leg in done["legs"]}) == ("done", {"settled"})
    told = (await program.get(f"{HOME}/events")).json()["items"]
    assert told[-1]["type"] == "return.opened"
    assert {one["return_id"] for one in told} == {found["id"]}
    assert told[-1]["actor"] == "program"


async def test_the_same_key_and_body_are_the_same_answer_and_one_return(demo: TestShop, program: httpx.AsyncClient):
    quote = (await post(program, "quotes", order_id="o1", items=ITEMS)).json()
    asked = {"order_id": "o1", "items": ITEMS, "quote_id": quote["id"]}
    first, second = [await post(program, "returns", key="once", **asked) for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert len((await program.get(f"{HOME}/returns")).json()["items"]) == 1


async def test_a_return_is_answered_when_it_is_opened_as_it_is_read_afterwards(program: httpx.AsyncClient):
    found = await opened(program)
    assert (await program.get(f"{HOME}/returns/{found['id']}")).json() == found


async def test_what_is_given_at_once_stands_in_the_answer_that_opens_it(tmp_path: Path):
    with a_shop(tmp_path, settle_on="approved") as demo:
        async with client_of(demo) as program:
            found = await opened(program)
            assert [leg["kind"] for leg in found["legs"]] == ["refund"]  # type: ignore[attr-defined]
            assert (await program.get(f"{HOME}/returns/{found['id']}")).json() == found


@pytest.fixture
def on_each(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with a_shop(tmp_path, url=each_url) as shop:
        yield shop


async def test_who_asks_five_times_at_once_under_one_key_opens_one_return(on_each: TestShop):
    """Of the order two units could come back, so a second return would be possible."""
    answers: list[httpx.Response] = []
    async with client_of(on_each) as program, create_task_group() as asking:
        quote = (await post(program, "quotes", order_id="o1", items=ITEMS)).json()
        asked = {"order_id": "o1", "items": ITEMS, "quote_id": quote["id"]}

        async def ask() -> None:
            answers.append(await post(program, "returns", key="open-1", **asked))

        for _ in range(5):
            asking.start_soon(ask)
    assert ({one.status_code for one in answers}, len({one.text for one in answers})) == ({201}, 1)
    with on_each.app.database.read(on_each.shop) as unit:
        assert len(return_store.of_order(unit, "o1")) == 1


async def test_nothing_is_opened_whose_answer_cannot_be_kept(demo: TestShop, program: httpx.AsyncClient):
    quote = (await post(program, "quotes", order_id="o1", items=ITEMS)).json()
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON api_answers BEGIN SELECT RAISE(ABORT, 'no'); END"
    demo.app.database.write_install(lambda connection: connection.exec_driver_sql(refuse))
    answer = await post(program, "returns", order_id="o1", items=ITEMS, quote_id=quote["id"])
    assert answer.is_error
    with demo.app.database.read(demo.shop) as unit:
        assert return_store.of_order(unit, "o1") == ()


async def test_the_same_key_with_another_body_or_address_is_refused(program: httpx.AsyncClient):
    await post(program, "quotes", key="once", order_id="o1", items=ITEMS)
    other = await post(program, "quotes", key="once", order_id="o1", items=[ITEMS[0] | {"quantity": 2}])
    elsewhere = await post(program, "returns/RMA-X/approve", key="once")
    assert [other.status_code, elsewhere.status_code] == [422, 422]
    assert other.json()["at"] == "Idempotency-Key"


async def test_a_refusal_is_the_answer_to_the_same_question_too(program: httpx.AsyncClient):
    first, second = [await post(program, "returns/RMA-X/approve", key="once") for _ in range(2)]
    assert first.status_code == 404
    assert first.content == second.content
    assert second.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", [None, "", "é", "x" * 101])
async def test_everything_that_is_posted_needs_a_key(program: httpx.AsyncClient, key: str | None):
    headers = {} if key is None else {"Idempotency-Key": key.encode()}
    answer = await program.post(f"{HOME}/quotes", json={"order_id": "o1", "items": ITEMS}, headers=headers)
    assert (answer.status_code, answer.json()["at"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer bh_guess", "Basic eDp5"])
async def test_without_a_token_of_the_shop_nothing_is_told(program: httpx.AsyncClient, header: str | None):
    program.headers["Authorization"] = header or ""
    answer = await program.get(f"{HOME}/returns")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_refused")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_opens_what_its_scope_says_and_nothing_else(demo: TestShop):
    async with client_of(demo, "orders:read") as reader:
        assert (await reader.get(f"{HOME}/orders/o1")).json()["number"] == "#1001"
        for path in ("returns", "events", "policy", "quotes/q1"):
            answer = await reader.get(f"{HOME}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert (await post(reader, "returns/RMA-X/approve")).status_code == 403


async def test_who_asks_too_often_is_told_how_long_to_wait(demo: TestShop):
    async with client_of(demo, most=2) as program:
        answers = [await program.get(f"{HOME}/policy") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert int(answers[2].headers["retry-after"]) <= 60


async def test_the_limit_is_one_for_all_processes_of_an_install(demo: TestShop):
    made = api_tokens.make(demo.app, demo.shop, name="The ERP", scopes=tuple(SCOPES))
    bearer = {"Authorization": f"Bearer {made.token}"}
    statuses = []
    for app in (build(demo.app), build(demo.app)):
        app.state.meter = Meter(most=2)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN, headers=bearer) as client:
            statuses += [(await client.get(f"{HOME}/policy")).status_code for _ in range(2)]
    assert statuses == [200, 200, 429, 429]


async def test_pages_follow_one_another_without_gaps_or_doubles(demo: TestShop, program: httpx.AsyncClient):
    for n in range(2, 8):
        demo.save_order(order(id=f"o{n}", number=f"#{n}"))
    seen, cursor = [], ""
    while cursor is not None:
        page = (await program.get(f"{HOME}/orders", params={"limit": 3, "cursor": cursor})).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [f"o{n}" for n in range(1, 8)]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=W10", "limit=0", "limit=101", "limit=x", "limit=%C2%B2"])
async def test_a_page_that_cannot_be_is_refused(program: httpx.AsyncClient, query: str):
    assert (await program.get(f"{HOME}/orders?{query}")).status_code == 422


async def test_a_decision_needs_a_return_that_waits_for_one(program: httpx.AsyncClient):
    found = await opened(program)
    for act, body in (("approve", {}), ("decline", {"why": "worn"})):
        answer = await post(program, f"returns/{found['id']}/{act}", **body)
        assert answer.status_code == 409
    assert (await post(program, f"returns/{found['id']}/decline")).status_code == 422


async def test_a_program_gives_a_label_and_reads_it(program: httpx.AsyncClient):
    found = await opened(program)
    label = "https://labels.example/1.pdf"
    assert found["label"] is None
    assert (await post(program, f"returns/{found['id']}/label", label=label)).json()["label"] == label
    assert (await post(program, f"returns/{found['id']}/label", label="ftp://x")).status_code == 422


async def test_a_return_of_which_nothing_was_sent_is_cancelled(program: httpx.AsyncClient):
    found = await opened(program)
    assert (await post(program, f"returns/{found['id']}/cancel", why="changed mind")).json()["status"] == "cancelled"


async def test_money_that_moved_since_it_was_shown_opens_nothing(demo: TestShop, program: httpx.AsyncClient):
    quote = (await post(program, "quotes", order_id="o1", items=ITEMS)).json()
    demo.save_order(order(lines=[{**demo.order()["lines"][0], "discount": "8.00"}]))  # type: ignore[index]
    answer = await post(program, "returns", order_id="o1", items=ITEMS, quote_id=quote["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "quote_moved")


async def test_a_leg_of_another_return_is_not_there(program: httpx.AsyncClient):
    found = await opened(program)
    answer = await post(program, f"returns/{found['id']}/settle", leg="RMA-Z-refund-1", act="try_again")
    assert answer.status_code == 404


async def test_the_policy_says_its_version(program: httpx.AsyncClient):
    found = (await program.get(f"{HOME}/policy")).json()
    assert (found["version"], found["policy"]["days"]) == (1, 30)
