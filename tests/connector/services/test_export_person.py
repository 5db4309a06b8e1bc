"""What is kept of a customer becomes a file for the merchant, on both databases."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector.services import audit, export_person
from connector.services.errors import NotFound
from tests.connector.services.asking import EMAIL, NAME, bought_talked_and_returned, person, somebody_else_too, told
from tests.shops import SAM, TestShop, a_shop


@pytest.fixture
def demo(tmp_path: Path, each_url: str) -> Iterator[TestShop]:
    with a_shop(tmp_path, url=each_url) as demo:
        bought_talked_and_returned(demo)
        somebody_else_too(demo)
        yield demo


def ask(demo: TestShop, identity: str = "w1") -> None:
    told(demo, "customers/data_request", person("orders_requested"), identity=identity)


def taken(demo: TestShop) -> str:
    (asked, *_) = export_person.requests(demo.app, demo.shop)
    return json.dumps(export_person.take_file(demo.app, demo.shop, request_id=asked.id, actor=SAM))


def test_the_file_holds_orders_returns_with_what_was_given_and_every_word(demo: TestShop):
    ask(demo)
    file = json.loads(taken(demo))
    assert {one["id"] for one in file["orders"]} == {"o1", "o2"}
    (found,) = file["returns"]
    assert {line["kind"] for line in found["given"]} == {"store_credit", "restock"}
    assert len(file["conversations"]) == 2
    assert NAME in json.dumps(file["conversations"])
    assert file["person"] == {"customer_id": "501", "email": EMAIL}


def test_the_file_holds_nobody_else_and_that_it_was_asked_and_taken_is_written_down(demo: TestShop):
    ask(demo)
    assert "ann@example.com" not in taken(demo)
    lines = [(line.act, line.about, line.actor_name) for line in audit.read(demo.app, demo.shop)][:2]
    assert lines == [
        ("exported", "what is kept of customer 501", "Sam"),
        ("person_asked", "customer 501", "Backhaul"),
    ]


def test_a_file_is_made_once_and_removed_after_a_month_and_when_the_person_is_forgotten(demo: TestShop):
    for _ in range(2):
        ask(demo)
    assert len(export_person.requests(demo.app, demo.shop)) == 1
    told(demo, "customers/redact", person("orders_to_redact"), identity="w2")
    (first, second) = sorted(export_person.requests(demo.app, demo.shop), key=lambda one: one.kind)
    assert (first.kind, first.document, second.kind, second.document) == ("erasure", None, "export", None)
    ask(demo, "w3")
    demo.clock.now += timedelta(days=31)
    from connector.jobs.catalogue import CATALOGUE

    CATALOGUE["forget_old"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    assert [one.document for one in export_person.requests(demo.app, demo.shop)] == [None, None, None]
    with pytest.raises(NotFound):
        export_person.take_file(demo.app, demo.shop, request_id=second.id, actor=SAM)
