"""Platforms deliver: what is authentic is kept before it is answered, and nothing else is kept."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future

import anyio
import httpx
import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from connector.services import take_deliveries
from connector.services.install_shop import NewShop, add_shop
from connector.storage.tables.delivery_tables import deliveries
from connector.web.letterbox import LARGEST, Groups
from tests.connector.web.conftest import browser_of
from tests.parcel_platform import NAME, SECRET, platform, signed
from tests.shops import TestShop, policy

pytestmark = pytest.mark.anyio

PLACE = f"/shops/demo/webhooks/{NAME}"
BODY = b'{"orders": ["o1"]}'


@pytest.fixture
def connected(demo: TestShop) -> TestShop:
    take_deliveries.add_secret(demo.app, demo.shop, channel=NAME, secret=SECRET)
    return dataclasses.replace(demo, app=replace(demo.app, platforms=platform))


@pytest.fixture
async def parcel(connected: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(connected.app) as client:
        yield client


def kept(demo: TestShop) -> int:
    with demo.app.database.read_install() as connection:
        return connection.execute(select(func.count()).select_from(deliveries)).scalar_one()


async def test_a_signed_delivery_is_kept_and_answered_with_200_and_nothing_else(connected, parcel):
    answer = await parcel.post(PLACE, content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.content, kept(connected)) == (200, b"", 1)


async def test_the_same_delivery_again_is_answered_alike_and_kept_once(connected, parcel):
    for _ in range(3):
        assert (await parcel.post(PLACE, content=BODY, headers=signed(BODY))).status_code == 200
    assert kept(connected) == 1


async def test_many_at_once_are_all_kept(connected, parcel):
    async def deliver(n: int) -> None:
        answer = await parcel.post(PLACE, content=BODY, headers=signed(BODY, identity=f"d{n}"))
        assert answer.status_code == 200

    async with anyio.create_task_group() as group:
        for n in range(300):
            group.start_soon(deliver, n)
    assert kept(connected) == 300


async def test_a_greeting_is_answered_and_not_kept(connected, parcel):
    assert (await parcel.post(PLACE, content=BODY, headers=signed(BODY, identity=None))).status_code == 200
    assert kept(connected) == 0


@pytest.mark.parametrize("headers", [{}, {"X-Signature": ""}, signed(b"other"), signed(BODY, secret="guess")])
async def test_what_no_secret_of_the_shop_signed_is_refused(connected, parcel, headers):
    answer = await parcel.post(PLACE, content=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"], kept(connected)) == (401, "not_authentic", 0)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_secret_of_one_shop_opens_no_other_and_no_secret_opens_nothing(connected, parcel):
    add_shop(connected.app, NewShop(slug="other", name="Other", channel="store", currency="USD", policy=policy()))
    answer = await parcel.post(f"/shops/other/webhooks/{NAME}", content=BODY, headers=signed(BODY))
    assert (answer.status_code, kept(connected)) == (401, 0)


@pytest.mark.parametrize("path", ["/shops/nobody/webhooks/parcel", "/shops/demo/webhooks/pigeon"])
async def test_there_is_nothing_where_nobody_delivers(parcel, path):
    assert (await parcel.post(path, content=BODY, headers=signed(BODY))).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_delivers(parcel, method):
    answer = await parcel.request(method, PLACE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_what_is_too_large_is_refused_whether_it_says_so_or_not(connected, parcel):
    body = b"x" * (LARGEST + 1)

    async def in_parts() -> AsyncIterator[bytes]:
        yield body[:1000]
        yield body[1000:]

    for content in (body, in_parts()):
        assert (await parcel.post(PLACE, content=content, headers=signed(body))).status_code == 413
    assert kept(connected) == 0


async def test_a_platform_is_told_to_come_again_while_the_database_is_away(connected, parcel):
    await parcel.post(PLACE, content=BODY, headers=signed(BODY))
    connected.app.database.write_install(
        lambda connection: connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO away")
    )
    assert (await parcel.post(PLACE, content=BODY, headers=signed(BODY, identity="d2"))).status_code == 503


async def test_a_group_that_cannot_be_committed_harms_no_other():
    def commit(several: Sequence[str]) -> Future[None]:
        ended: Future[None] = Future()
        if "bad" in several:
            ended.set_exception(ValueError("bad"))
        else:
            ended.set_result(None)
        return ended

    groups: Groups[str] = Groups(commit)
    with pytest.raises(ValueError, match="bad"):
        await groups.put("bad")
    await groups.put("good")
