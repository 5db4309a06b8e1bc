"""Two processes answer behind one address, two carry out jobs, one of these is killed: the story is told once."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import text

from connector.application import Application
from connector.bootstrap import built
from connector.cli.shop import staff_link
from connector.jobs.engine import Engine
from connector.services.find_order import TRIES_OF_AN_ADDRESS as TRIES
from connector.services.install_shop import NewShop, add_shop
from connector.settings import read_settings
from connector.storage import order_store, product_store, return_store, settlement_store, worker_store
from connector.storage.shop_store import Shop
from domain.events import Act
from tests.connector.cli.processes import Install, an_install, wait_until_ready
from tests.connector.web.pages import post, visit
from tests.processes.one_address import OneAddress, one_address
from tests.shops import line, order, policy, product

pytestmark = [pytest.mark.anyio, pytest.mark.postgresql]

SHOPS = ("north", "east", "south")
ORDERS = 4
"""In each shop: so many of one shop are carried out at a time, and no worker has room for those of all three."""
PATIENCE_SECONDS = 60
ANSWERS = (
    {"choices": ["item:l1"]},
    {"choice": "quantity:1"},
    {"choice": "reason:style"},
    {"choice": "resolution:refund"},
    {"choice": "method:mail"},
)

OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of the forms of our own pages."""


@dataclass(frozen=True)
class Cluster:
    """The install from within, its two web processes, and the address that they share."""

    app: Application
    engine: Engine
    shops: tuple[Shop, ...]
    webs: tuple[Install, Install]
    worker: Install
    address: OneAddress

    def visitor(self, *, at: str) -> httpx.AsyncClient:
        """Somebody at an address of the internet, whose every request is a connection of its own."""
        headers = {"X-Forwarded-For": at, "Connection": "close", **OUR_PAGE}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.address.port}", headers=headers, timeout=30)

    async def until(self, met: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert time.monotonic() < ends, self.engine.jobs()
            await anyio.sleep(0.1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def cluster(tmp_path: Path, postgresql_url: str) -> AsyncIterator[Cluster]:
    common = {
        "DATABASE_URL": postgresql_url,
        "BACKHAUL_LOG_LEVEL": "warning",
        "BACKHAUL_LOOKUP_SECONDS": "0",
        "BACKHAUL_TRUSTED_PROXIES": "127.0.0.1",
    }
    webs = (an_install(tmp_path, **common), an_install(tmp_path, **common))
    with ExitStack() as stack:
        app = stack.enter_context(built(read_settings({"BACKHAUL_FOLDER": str(tmp_path), **common})))
        for web in webs:
            stack.enter_context(web.running("serve", "--web-only"))
        shops = tuple(a_shop_with_orders(app, slug) for slug in SHOPS)
        for web in webs:
            assert wait_until_ready(web) == {"status": "ready", "jobs": "waiting for a worker"}
        async with one_address(*(web.port for web in webs)) as address:
            assert isinstance(app.jobs, Engine)
            yield Cluster(app, app.jobs, shops, webs, worker=an_install(tmp_path, **common), address=address)


def a_shop_with_orders(app: Application, slug: str) -> Shop:
    new = NewShop(slug=slug, name=slug.title(), channel="store", currency="USD", policy=policy())
    shop, now = add_shop(app, new), datetime.now(UTC)
    ago = {days: (now - timedelta(days=days)).isoformat() for days in (3, 5, 6)}
    lines = [line(fulfilled=[{"quantity": 2, "at": ago[5], "delivered_at": ago[3]}])]
    app.database.write(shop, lambda unit: product_store.save(unit, product()))
    for n in range(ORDERS):
        one = order(id=f"o{n}", number=f"#{1000 + n}", placed_at=ago[6], lines=lines)
        app.database.write(shop, lambda unit, one=one: order_store.save(unit, one))
    return shop


async def a_return(cluster: Cluster, shop: Shop, n: int) -> str:
    """What a shopper opens in the chat; the confirmation is sent twice at once, and is one."""
    async with cluster.visitor(at=f"203.0.113.{shop.id * 10 + n}") as shopper:
        home = f"/shops/{shop.slug}/chat"
        begun = (await shopper.post(home)).raise_for_status().json()
        address, bearer = f"{home}/{begun['conversation']}", {"Authorization": f"Bearer {begun['token']}"}

        async def say(message: dict[str, Any]) -> Any:
            answer = await shopper.post(address, json=message, headers=bearer)
            assert answer.status_code == 200, answer.text
            return answer.json()

        for message in ({"text": f"#{1000 + n} ann@example.com"}, *ANSWERS):
            await say(message)
        outcomes: list[Any] = []

        async def confirm() -> None:
            outcomes.append((await say({"choice": "confirm:yes", "id": "confirm"}))["outcome"])

        async with anyio.create_task_group() as both:
            both.start_soon(confirm)
            both.start_soon(confirm)
        assert outcomes[0] == outcomes[1]
        return str(outcomes[0]["return"])


async def taken_in(cluster: Cluster, shop: Shop, rmas: list[str]) -> None:
    """Staff sign in once and take every return in at the counter."""
    async with cluster.visitor(at="198.51.100.1") as staff:
        link = staff_link(cluster.app, shop)
        assert (await staff.get(httpx.URL(link).raw_path.decode())).status_code == 303
        for rma in rmas:
            address = f"/shops/{shop.slug}/counter/{rma}"
            page = await visit(staff, address)
            page = await post(staff, address, page.form_with("check"), step="check", **{"grade-1-1": "A"})
            page = await post(staff, address, page.form_with("confirm"), step="confirm")
            assert page.answer.status_code == 200, page.text
        await a_session_is_the_same_everywhere(cluster, shop, dict(staff.cookies))


async def a_session_is_the_same_everywhere(cluster: Cluster, shop: Shop, cookies: dict[str, str]) -> None:
    """Good in both processes until it is ended in one."""
    home = f"/shops/{shop.slug}"
    first, second = (httpx.AsyncClient(base_url=web.address, cookies=cookies, headers=OUR_PAGE) for web in cluster.webs)
    async with first, second:
        assert [(await one.get(f"{home}/dashboard")).status_code for one in (first, second)] == [200, 200]
        assert (await first.post(f"{home}/sign-out")).status_code == 200
        assert (await second.get(f"{home}/dashboard")).status_code == 401


@contextmanager
def orders_held(app: Application) -> Iterator[None]:
    """Every till stands still: no payment of any order can be written down."""
    with app.database.engine.begin() as connection:
        connection.execute(text("SELECT id FROM orders FOR UPDATE"))
        yield


async def test_a_story_told_to_four_processes_with_one_killed_is_told_once(cluster: Cluster):
    returns: dict[Shop, list[str]] = {shop: [""] * ORDERS for shop in cluster.shops}

    async def opened(shop: Shop, n: int) -> None:
        returns[shop][n] = await a_return(cluster, shop, n)

    async with anyio.create_task_group() as shoppers:
        for shop in cluster.shops:
            for n in range(ORDERS):
                shoppers.start_soon(opened, shop, n)
    async with anyio.create_task_group() as counters:
        for shop in cluster.shops:
            counters.start_soon(taken_in, cluster, shop, returns[shop])
    assert min(cluster.address.given.values()) > sum(cluster.address.given.values()) / 3
    await settled_by_two_workers_of_whom_one_is_killed(cluster, returns)
    for shop in cluster.shops:
        assert [story_of(cluster.app, shop, rma) for rma in returns[shop]] == [ONCE] * ORDERS


async def settled_by_two_workers_of_whom_one_is_killed(cluster: Cluster, returns: Mapping[Shop, list[str]]) -> None:
    """The dead one's silence is told to the database, so that nobody waits until its lease has run out."""

    def is_over() -> bool:
        stories = [story_of(cluster.app, shop, rma) for shop, rmas in returns.items() for rma in rmas]
        return all(story["status"] == "done" for story in stories) and not cluster.engine.unfinished()

    with cluster.worker.running("worker") as first, cluster.worker.running("worker") as second:
        with orders_held(cluster.app):
            await cluster.until(lambda: len(cluster.engine.unfinished()) == 2)
            assert [wait_until_ready(web)["jobs"] for web in cluster.webs] == ["carried out", "carried out"]
            held = cluster.engine.unfinished()
            dead = next(name for name in held if f"-{first.pid}-" in name)
            first.kill()
            first.wait()
        cluster.app.database.write_install(lambda connection: worker_store.sign_off(connection, dead))
        await cluster.until(is_over)
        owners = {job.key: job.owner for job in cluster.engine.jobs(states=("done",))}
        assert all(f"-{second.pid}-" in str(owners[key]) for key in held[dead])


ACTS = {Act.OPENED: 1, Act.RECEIVED: 1, Act.DECIDED: 1, Act.PAID: 2}
ONCE = {
    "refunds": ["19.80"],
    "refunded": "19.80",
    "ledger": ["refund", "restock"],
    "status": "done",
    "acts": ACTS,
}


def story_of(app: Application, shop: Shop, rma: str) -> dict[str, object]:
    """What is written of a return and its order."""
    with app.database.read(shop) as unit:
        found = return_store.get(unit, rma)
        assert found is not None
        bought: Any = order_store.get(unit, found.order_id)
        ledger = settlement_store.ledger_of(unit, rma)
    told = Counter(entry.act for entry in found.history)
    return {
        "refunds": [refund["amount"] for refund in bought.get("refunds", ())],
        "refunded": bought["payments"][0]["refunded"],
        "ledger": sorted(entry.kind for entry in ledger),
        "status": found.status,
        "acts": {act: told[act] for act in ACTS},
    }


async def test_tries_are_counted_over_all_processes(cluster: Cluster):
    async with cluster.visitor(at="203.0.113.200") as guesser:
        begun = (await guesser.post("/shops/north/chat")).json()
        address, bearer = f"/shops/north/chat/{begun['conversation']}", {"Authorization": f"Bearer {begun['token']}"}
        keys: list[str] = []
        for n in range(TRIES + 1):
            guess = {"text": f"#{5000 + n} x@example.com"}
            turn = (await guesser.post(address, json=guess, headers=bearer)).json()
            keys.append(turn["messages"][0]["key"])
    assert keys.index("too_many_tries") == TRIES
