"""Returns opened over HTTP, and settlements a second, on both databases, beside a bare insert of the same run.

The web process only answers; what it enqueued is carried out afterwards by one worker process.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.serving import Visitor, cpu_seconds
from connector.application import Application
from connector.bootstrap import built, migrate_all
from connector.services import api_tokens
from connector.services.api_tokens import SCOPES
from connector.services.install_shop import NewShop, add_shop
from connector.services.receive_return import preview, receive
from connector.settings import read_settings
from connector.storage import order_store, product_store, return_store, settlement_store
from connector.storage.shop_store import Shop
from domain.returns import Inspection
from domain.settlement import LegState
from tests.connector.cli.processes import Install, an_install, wait_until_ready
from tests.postgres import DURABLE, administer, running_server, url_of
from tests.shops import SAM, line, order, policy, product

RETURNS = 200
WARM_UP = 20
INSERTS = 500
PATIENCE_SECONDS = 300.0
HOME = "/api/v1/shops/demo"
ITEMS = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
ON_ITS_WAY = (LegState.DUE, LegState.SENDING)


@dataclass(frozen=True)
class Place:
    """An install on one database with a shop of its own tills, and its orders."""

    app: Application
    shop: Shop
    install: Install


def figures() -> list[Figure]:
    """SQLite (`synchronous=FULL`), then PostgreSQL (`fsync=on`)."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _measured("SQLite", Path(folder), url=f"sqlite:///{folder}/backhaul.db")
    with running_server(DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        if server is None:
            return [*rows, Figure("PostgreSQL", "not installed")]
        administer(server, "CREATE DATABASE returns")
        rows += _measured("PostgreSQL", Path(folder), url=url_of(server, "returns"))
        administer(server, "DROP DATABASE returns WITH (FORCE)")
    return rows


def _measured(name: str, folder: Path, *, url: str) -> list[Figure]:
    with _a_place(folder, url) as place:
        bare = _inserts_a_second(place)
        opened_ms, cpu_ms = _opened(place)
        legs, seconds = _settled(place)
    return [
        Figure(f"bare insert on {name}, committed a second", f"{bare:,.0f}"),
        Figure(f"a return opened on {name}, of the server's processor", f"{cpu_ms:.1f} ms", aim="at most 2 ms"),
        Figure(f"a return opened on {name}, from question to answer", f"{opened_ms:.1f} ms"),
        Figure(
            f"settlements a second on {name}, one worker", f"{(RETURNS + WARM_UP) / seconds:.1f}", aim=f"{legs} legs"
        ),
    ]


@contextmanager
def _a_place(folder: Path, url: str) -> Iterator[Place]:
    environment = {"DATABASE_URL": url, "BACKHAUL_LOG_LEVEL": "error"}
    settings = read_settings({"BACKHAUL_FOLDER": str(folder), **environment})
    migrate_all(settings)
    with built(settings) as app:
        shop = add_shop(app, NewShop(slug="demo", name="Demo", channel="store", currency="USD", policy=policy()))
        app.database.write(shop, lambda unit: product_store.save(unit, product()))
        for n in range(RETURNS + WARM_UP):
            app.database.write(shop, lambda unit, n=n: order_store.save(unit, _order(n)))
        yield Place(app, shop, an_install(folder, **environment))


def _order(n: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    ago = {days: (now - timedelta(days=days)).isoformat() for days in (3, 5, 6)}
    lines = [line(fulfilled=[{"quantity": 2, "at": ago[5], "delivered_at": ago[3]}])]
    return {**order(id=f"o{n}", number=f"#{1000 + n}", placed_at=ago[6], lines=lines)}


def _inserts_a_second(place: Place) -> float:
    """Single rows, each committed by itself."""
    start = time.perf_counter()
    for n in range(INSERTS):
        place.app.database.write(
            place.shop, lambda unit, n=n: order_store.save(unit, {**_order(0), "id": f"bare-{n}", "number": f"B{n}"})
        )
    return INSERTS / (time.perf_counter() - start)


def _opened(place: Place) -> tuple[float, float]:
    """Milliseconds from question to answer, and of the server's processor, of one opening; its quote is not counted."""
    token = api_tokens.make(place.app, place.shop, name="Bench", scopes=tuple(SCOPES)).token
    with place.install.running("serve", "--web-only") as server:
        wait_until_ready(place.install)
        with Visitor(place.install.address) as program:
            quotes = [_quoted(program, n, token=token) for n in range(RETURNS + WARM_UP)]
            for n in range(WARM_UP):
                _open(program, n, quotes[n], token=token)
            before, start = cpu_seconds(server.pid), time.perf_counter()
            for n in range(WARM_UP, RETURNS + WARM_UP):
                _open(program, n, quotes[n], token=token)
            seconds, used = time.perf_counter() - start, cpu_seconds(server.pid) - before
    return seconds / RETURNS * 1000, used / RETURNS * 1000


def _quoted(program: Visitor, n: int, *, token: str) -> str:
    asked = {"order_id": f"o{n}", "items": ITEMS}
    return str(program.post(f"{HOME}/quotes", asked, token=token, Idempotency_Key=f"quote-{n}")["id"])


def _open(program: Visitor, n: int, quote_id: str, *, token: str) -> None:
    asked = {"order_id": f"o{n}", "items": ITEMS, "quote_id": quote_id}
    program.post(f"{HOME}/returns", asked, token=token, Idempotency_Key=f"open-{n}")


def _settled(place: Place) -> tuple[int, float]:
    """How many legs waited, and the seconds from the first one that was carried out to the last."""
    _take_in_all(place)
    waiting = before = _on_their_way(place)
    with place.install.running("worker"):
        ends = time.perf_counter() + PATIENCE_SECONDS
        while waiting == before:
            waiting = _watched(place, ends)
        start = time.perf_counter()
        while waiting:
            waiting = _watched(place, ends)
        return before, time.perf_counter() - start


def _take_in_all(place: Place) -> None:
    """The goods of every return come back as new, which is not counted."""
    app, shop = place.app, place.shop
    with app.database.read(shop) as unit:
        opened = return_store.latest(unit, limit=RETURNS + WARM_UP)
    for one in opened:
        looks = [Inspection(group.id, "received", grade="A") for group in one.groups]
        shown = preview(app, shop, return_id=one.id, inspections=looks)
        quote_id = shown and shown.id
        receive(app, shop, return_id=one.id, inspections=looks, quote_id=quote_id, actor=SAM, key=f"take-{one.id}")


def _watched(place: Place, ends: float) -> int:
    if time.perf_counter() > ends:
        raise TimeoutError("the worker does not settle")
    time.sleep(0.05)
    return _on_their_way(place)


def _on_their_way(place: Place) -> int:
    ever = datetime.max.replace(tzinfo=UTC)
    with place.app.database.read(place.shop) as unit:
        return sum(len(settlement_store.standing(unit, state=state, since=ever)) for state in ON_ITS_WAY)
