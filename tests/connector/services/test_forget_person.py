"""A customer is forgotten in every table, on both databases; what was given for which goods stays known."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.services import audit, give_receipt
from connector.services.explain_quote import of_return
from connector.services.fill_shop import put_order, with_our_refunds
from connector.services.follow_return import view
from connector.services.settle_conflict import sides
from connector.storage import conversation_store, delivery_store, return_store, settlement_store
from connector.storage.person_store import BECOMES, HOLD_NOBODY
from connector.storage.tables import metadata
from domain.replay import replayed
from tests.connector.services.asking import (
    CALLED,
    EMAIL,
    NAME,
    QUILLON,
    bought_talked_and_returned,
    order_of,
    person,
    somebody_else_too,
    told,
    traces,
)
from tests.connector.services.devices import Device, kept, put_aside, returned, send
from tests.connector.services.test_take_back import brought, item, taken
from tests.shops import TestShop, a_shop, order


@contextmanager
def filled(folder: Path, url: str) -> Iterator[TestShop]:
    with a_shop(folder, url=url) as demo:
        bought_talked_and_returned(demo)
        somebody_else_too(demo)
        yield demo


@pytest.fixture
def demo(tmp_path: Path, sqlite_url: str) -> Iterator[TestShop]:
    with filled(tmp_path, sqlite_url) as demo:
        yield demo


@pytest.fixture
def each_demo(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with filled(tmp_path, each_url) as demo:
        yield demo


def redact(demo: TestShop, *ids: int, **changes: str | None) -> None:
    told(demo, "customers/redact", person("orders_to_redact", *ids), **changes)  # type: ignore[arg-type]


def test_every_table_says_what_becomes_of_its_people():
    of_shops = {name for name, table in metadata.tables.items() if "shop_id" in table.c}
    assert set(BECOMES) | HOLD_NOBODY == of_shops, "say in connector/storage/person_store.py what becomes of its people"
    assert set(BECOMES) & HOLD_NOBODY == set()


def test_the_person_stands_in_many_tables_and_then_in_none(each_demo: TestShop):
    assert set(traces(each_demo)) == {
        "orders", "quotes", "return_groups", "return_history", "store_credits", "conversations", "turns",
        "api_answers", "deliveries", "order_marks",
    }  # fmt: skip
    redact(each_demo)
    assert traces(each_demo) == {}


def test_returns_their_figures_and_the_ledger_stay(demo: TestShop):
    with demo.app.database.read(demo.shop) as unit:
        (before,) = return_store.of_order(unit, "o1")
        ledger = settlement_store.ledger_of(unit, before.id)
    redact(demo)
    with demo.app.database.read(demo.shop) as unit:
        (after,) = return_store.of_order(unit, "o1")
        assert settlement_store.ledger_of(unit, before.id) == ledger != ()
    assert [(group.amount, group.settlement) for group in after.groups] == [
        (group.amount, group.settlement) for group in before.groups
    ]
    assert replayed(after).groups == after.groups
    explained = of_return(demo.app, demo.shop, after)
    assert explained is not None
    assert explained.agrees


def test_an_order_that_no_return_stands_on_is_removed_where_its_platform_has_it(demo: TestShop):
    redact(demo)
    assert order_of(demo, "o2") is None
    assert order_of(demo, "o1") is not None


def test_somebody_else_is_left_alone(demo: TestShop):
    redact(demo)
    assert "ann@example.com" in str(order_of(demo, "o9"))
    with demo.app.database.read(demo.shop) as unit:
        talks = unit.connection.execute(metadata.tables["conversations"].select()).all()
        assert len(talks) == 1
        assert conversation_store.turns(unit, talks[0].id) != ()


def test_an_order_that_is_told_anew_stays_without_its_person(demo: TestShop):
    redact(demo)
    news = order(id="o1", number="#o1", customer=QUILLON, tags=["late"])
    demo.app.database.write(demo.shop, lambda unit: put_order(unit, document=news, renew=with_our_refunds))
    assert traces(demo) == {}
    assert "late" in str(order_of(demo, "o1"))


def test_twice_is_once_and_is_written_down_once(demo: TestShop):
    for identity in ("w1", "w1", "w2"):
        redact(demo, 1, identity=identity)
    assert traces(demo) == {}
    written = [line for line in audit.read(demo.app, demo.shop) if line.act == "person_forgotten"]
    assert [line.about for line in written] == ["customer 501", "customer 501"]
    assert not any(word in str(written).lower() for word in CALLED)


def test_whoever_has_no_address_is_found_by_number_and_orders(demo: TestShop):
    told(demo, "customers/redact", person("orders_to_redact", email=None))
    assert traces(demo) == {}


def test_the_delivery_itself_says_nothing_any_more_and_is_known_again(demo: TestShop):
    redact(demo)
    with demo.app.database.read(demo.shop) as unit:
        kept = unit.connection.execute(metadata.tables["deliveries"].select()).all()
        assert {(one.body, one.state) for one in kept} == {(b"", "done")}
        assert delivery_store.poison(unit, limit=5) == ()


def test_jobs_are_told_no_names(demo: TestShop):
    redact(demo)
    assert not any(word in str(demo.jobs.waiting).lower() for word in CALLED)


def test_who_brought_a_gift_of_somebody_else_is_named_no_more(each_demo: TestShop):
    redact(each_demo)
    gift = give_receipt.issue(each_demo.app, each_demo.shop, order_id="o9", line_ids=["l1"], key="gift")
    goods = brought(item(resolution="store_credit"), gift_receipt=gift.number, credit_to=EMAIL.capitalize())
    goods = replace(goods, order_id="o9")
    found = taken(each_demo, goods)
    each_demo.work()
    assert {"returns", "legs", "store_credits"} <= set(traces(each_demo))
    redact(each_demo, identity="w2")
    assert traces(each_demo) == {}
    assert view(each_demo.app, each_demo.shop, return_id=found.id).found.credit_to == ""
    assert "ann@example.com" in str(order_of(each_demo, "o9"))


def test_what_devices_sent_names_them_no_more_and_their_pictures_are_gone(each_demo: TestShop):
    with each_demo.app.database.read(each_demo.shop) as unit:
        (mine,) = return_store.of_order(unit, "o1")
    other = returned(each_demo, "o8")
    device = Device("till")
    several = [
        device.note(mine.id.lower(), "Marsh was in a hurry"),
        device.note("RMA-0000-0000", f"a lamp, ask {EMAIL}"),
        device.note("#o1", f"a lamp of {NAME}"),
        device.note(other.id, "a lamp"),
    ]
    pictures = [device.photograph(name) for name in (mine.id, "#o1", other.id)]
    for sent in (*several, *pictures):
        send(each_demo, sent)
    put_aside(each_demo, several[1].command.id, why=f"{NAME} took it home")
    assert {"device_commands"} <= set(traces(each_demo))
    redact(each_demo)
    assert traces(each_demo) == {}
    assert kept(each_demo, several[2]).said["words"] == "a lamp of [erased]"
    assert kept(each_demo, several[3]).said["words"] == "a lamp"
    left = [sides(each_demo.app, each_demo.shop, command_id=one.command.id).has_photo for one in pictures]
    assert left == [False, False, True]
