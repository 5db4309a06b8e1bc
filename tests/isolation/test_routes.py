"""Whoever holds all that one shop gave them reads and changes nothing of another, whichever route they ask."""

import json

import httpx
import pytest
from msgspec.structs import replace

from connector.web.app import ROUTES, build
from connector.web.cross_origin import CrossOrigin
from connector.web.errors import Foreseen
from connector.web.letterbox import Letterbox
from connector.web.meter import Meter
from connector.web.observability import Observed
from connector.web.security import Secured
from tests.isolation.route_calls import ASKS, Asked, asked, routes_of
from tests.isolation.two_shops import NO_MARK, PRIVATE, PUBLIC, Filled, TwoShops
from tests.parcel_platform import NAME, platform, signed

BODY = b'{"orders": ["o1"]}'

pytestmark = pytest.mark.anyio

REFUSED = frozenset({401, 403, 404})
ELSEWHERE = frozenset({"attempts"})
"""Tables whose rows count what anybody tries, so that they change by themselves."""


async def send(both: TwoShops, several: list[Asked]) -> list[httpx.Response]:
    app = build(both.app)
    app.state.meter = Meter(most=10**6)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        return [
            await client.request(
                one.method, one.path, params=one.query, data=one.form, json=one.json, headers=dict(one.headers)
            )
            for one in several
        ]


def told(answer: httpx.Response) -> str:
    return (answer.text + json.dumps(dict(answer.headers))).lower()


async def attempt(both: TwoShops, name: str, *, door: Filled, things: Filled, who: Filled) -> list[httpx.Response]:
    """What is answered; nothing of the other shop was changed by it, and nothing of it came into this one.

    At a door that what is held opens nobody is elsewhere with what is their own.
    """
    if ASKS[name].by_what_is_held and who is things:
        return []
    before = both.rows(both.theirs.shop)
    answers = await send(both, list(asked(name, door=door, things=things, who=who)))
    after, leaves = both.rows(both.theirs.shop), ASKS[name].leaves if door is both.theirs else frozenset()
    assert {table for table in before if table not in leaves and before[table] != after[table]} == set()
    assert {table for table in leaves - ELSEWHERE if not set(before[table]) <= set(after[table])} == set()
    assert PRIVATE not in str(both.rows(both.mine.shop))
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [told(answer) for answer in answers if PRIVATE in told(answer)] == []
    return answers


def test_every_route_is_asked():
    routes = set(routes_of(ROUTES))
    assert routes - set(ASKS) == set(), "add how each of these is asked to ASKS in tests/isolation/route_calls.py"
    assert set(ASKS) - routes == set(), "these are no routes any more: take them out of ASKS"


def test_no_ask_takes_a_refusal_for_what_its_own_people_get():
    assert [name for name, ask in ASKS.items() if ask.own & REFUSED] == []


def test_every_door_before_the_routes_is_known(both: TwoShops):
    found = {middleware.cls for middleware in build(both.app).user_middleware}
    assert found == {Observed, Secured, Foreseen, Letterbox, CrossOrigin}, (
        "one that answers by itself must be tried here, like Letterbox"
    )


async def test_only_the_shop_whose_secret_signed_takes_a_delivery(both: TwoShops):
    transport = httpx.ASGITransport(app=build(replace(both.app, platforms=platform)))
    statuses: list[int] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as parcels:
        for door, secret in ((both.theirs, NO_MARK), (both.mine, PRIVATE), (both.theirs, PRIVATE)):
            before = both.rows(door.shop)
            sent = signed(BODY, secret=secret, identity="foreign")
            answer = await parcels.post(f"/shops/{door.shop.slug}/webhooks/{NAME}", content=BODY, headers=sent)
            statuses.append(answer.status_code)
            assert (both.rows(door.shop) == before) is (answer.status_code != 200)
    assert statuses == [401, 401, 200]


def test_the_other_shop_has_rows_in_every_table_and_marks_in_what_its_people_write(both: TwoShops):
    rows = both.rows(both.theirs.shop)
    assert [name for name, found in rows.items() if not found] == [], "let tests/isolation/two_shops.py fill these"
    told_privately = ("orders", "staff", "turns", "return_groups", "return_history", "store_credits", "quotes")
    assert [name for name in told_privately if PRIVATE not in str(rows[name])] == []
    assert PUBLIC in str(rows["products"])


@pytest.mark.parametrize("name", ASKS)
async def test_at_the_other_shops_door_all_that_is_mine_opens_nothing(both: TwoShops, name: str):
    for things in (both.theirs, both.mine):
        answers = await attempt(both, name, door=both.theirs, things=things, who=both.mine)
        statuses = {answer.status_code for answer in answers}
        assert ASKS[name].open_to_all or statuses <= REFUSED, statuses


@pytest.mark.parametrize("name", ASKS)
async def test_at_my_shops_door_nothing_of_the_other_is_found(both: TwoShops, name: str):
    for who in (both.mine, both.theirs):
        answers = await attempt(both, name, door=both.mine, things=both.theirs, who=who)
        assert [told(answer) for answer in answers if PUBLIC in told(answer)] == []


@pytest.mark.parametrize("name", ASKS)
async def test_the_other_shops_own_people_are_given_what_they_ask_for(both: TwoShops, name: str):
    """Else the tests above would show nothing: the same request must be a good one."""
    answers = await send(both, list(asked(name, door=both.theirs, things=both.theirs, who=both.theirs)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= ASKS[name].own, [answer.text[-1500:] for answer in answers]
