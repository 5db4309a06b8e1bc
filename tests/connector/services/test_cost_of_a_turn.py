"""What a turn asks of the platform and of the database: counted, never timed."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.conversation import Item
from connector.services import conversation_facts, follow_return, offer_instead, offer_lines, quote_return
from connector.services.request_return import Wish, open_return
from connector.storage import product_store
from domain.orders import read_order
from tests.connector.services.talking import Shopper
from tests.counting import WatchedChannels, reads_noted, statements
from tests.shops import ANN, TestShop, line, order, product

TOP = product(id="top", title="Top", variants=[{**product()["variants"][2], "id": "top-l", "available": 4}])


@pytest.fixture
def channels(demo: TestShop) -> WatchedChannels:
    watched = WatchedChannels(demo.app.channels)
    demo.app = replace(demo.app, channels=watched)
    return watched


@pytest.fixture
def ann(demo: TestShop, channels: WatchedChannels) -> Shopper:
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, TOP))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    channels.asked.clear()
    return ann


def asked_of_products(sql: list[str]) -> list[str]:
    return [one for one in sql if "FROM products" in one or "JOIN products" in one]


def picked(ann: Shopper, *choices: str) -> Any:
    for choice in choices:
        ann.picks(choice)
    return ann.turn


def test_what_a_thing_is_given_back_for_is_answered_without_a_look_at_what_may_suit_better(ann: Shopper, monkeypatch):
    picked(ann, "item:l1", "quantity:1", "reason:size_too_small")
    assert ann.choices[:2] == ["variant:tee-l", "variant:top-l"]
    with statements(monkeypatch) as sql:
        ann.picks("resolution:refund")
    assert ann.asked == "method"
    assert [one for one in asked_of_products(sql) if "product_type = " in one] == []


@pytest.mark.parametrize("reason", ["changed_mind", "defective"])
def test_other_products_are_not_read_where_none_would_be_offered(ann: Shopper, monkeypatch, reason: str):
    picked(ann, "item:l1", "quantity:1")
    with statements(monkeypatch) as sql:
        ann.picks(f"reason:{reason}")
    assert ann.asked == "resolution"
    assert [one for one in asked_of_products(sql) if "product_type = " in one] == []


@pytest.mark.parametrize("text", ["hmm", "resolution:cash"])
def test_a_question_that_is_asked_again_has_what_may_suit_better_again(ann: Shopper, text: str):
    offered = picked(ann, "item:l1", "quantity:1", "reason:size_too_small")["ask"]["choices"]
    _ = ann.picks(text) if ":" in text else ann.says(text)
    assert ann.asked == "resolution"
    assert ann.turn["ask"]["choices"][:4] == offered[:4]


def test_what_may_suit_the_next_item_is_asked_for_when_its_turn_comes(demo: TestShop):
    demo.save_order(order(lines=[line(), line(id="l2", variant_id="tee-s", variant_title="S")]))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    ann.picks("item:l1", "item:l2")
    offered = {}
    while ann.asked in ("quantity", "reason", "resolution"):
        line_id = ann.turn["ask"]["for"]
        if ann.asked == "resolution":
            offered[line_id] = [one for one in ann.choices if one.startswith("variant:")]
        ann.picks(
            {"quantity": "quantity:1", "reason": "reason:size_too_small", "resolution": "resolution:refund"}[ann.asked]
        )
    assert offered == {"l1": ["variant:tee-l"], "l2": ["variant:tee-m"]}


def test_a_turn_reads_the_products_of_a_type_and_not_the_whole_catalogue(ann: Shopper, monkeypatch):
    picked(ann, "item:l1", "quantity:1")
    with statements(monkeypatch) as sql:
        ann.picks("reason:size_too_small")
    assert all("product_type = " in one or "products.id = " in one for one in asked_of_products(sql))
    assert len([one for one in asked_of_products(sql) if "product_type = " in one]) == 2


@pytest.mark.parametrize(
    ("choices", "asked"),
    [
        (["item:l1"], ["tee"]),
        (["item:l1", "quantity:1"], ["tee"]),
        (["item:l1", "quantity:1", "reason:size_too_small"], ["tee", "top"]),
        (["item:l1", "quantity:1", "reason:size_too_small", "resolution:exchange"], ["tee"]),
        (["item:l1", "quantity:1", "reason:size_too_small", "variant:top-l"], ["tee"]),
    ],
)
def test_a_product_is_asked_of_the_platform_once_a_turn(
    ann: Shopper, channels: WatchedChannels, choices: list[str], asked: list[str]
):
    picked(ann, *choices[:-1])
    channels.asked.clear()
    ann.picks(choices[-1])
    assert [product_id for method, product_id in channels.asked if method == "variants"] == asked


def test_what_is_quoted_and_opened_for_a_swap_is_asked_of_the_platform_anew(ann: Shopper, channels: WatchedChannels):
    picked(ann, "item:l1", "quantity:1", "reason:size_too_small", "variant:tee-l")
    for choice in ("method:mail", "confirm:yes"):
        channels.asked.clear()
        ann.picks(choice)
        assert [product_id for method, product_id in channels.asked if method == "variants"] == ["tee", "tee"]
    assert ann.turn["outcome"]["kind"] == "return_opened"


def test_who_starts_or_is_told_the_rules_asks_nothing_of_the_platform(demo: TestShop, channels: WatchedChannels):
    Shopper(demo).says("what are the rules?")
    assert channels.asked == []


WAY = ["item:l1", "quantity:1", "reason:size_too_small", "variant:tee-l", "method:mail", "confirm:yes"]


def test_a_platform_is_asked_while_no_transaction_is_open(ann: Shopper, channels: WatchedChannels, monkeypatch):
    for choice in WAY:
        channels.asked.clear()
        with reads_noted(monkeypatch, channels.asked):
            ann.picks(choice)
        open_then = [
            channels.asked[:n].count("opened") - channels.asked[:n].count("left")
            for n, one in enumerate(channels.asked)
            if one[0] == "variants"
        ]
        assert set(open_then) <= {0}, choice
    assert ann.turn["outcome"]["kind"] == "return_opened"


def test_what_is_known_of_an_order_is_read_in_one_transaction(ann: Shopper, channels: WatchedChannels, monkeypatch):
    channels.asked.clear()
    with reads_noted(monkeypatch, channels.asked):
        ann.picks("item:l1")
    till = channels.asked.index(("variants", "tee"))
    assert channels.asked[:till].count("opened") == 2, "the facts, and those of what was picked"


@pytest.mark.parametrize(
    ("choices", "most"),
    [
        (["item:l1"], 18),
        (["item:l1", "quantity:1"], 12),
        (["item:l1", "quantity:1", "reason:size_too_small"], 22),
        (["item:l1", "quantity:1", "reason:size_too_small", "resolution:refund"], 12),
    ],
)
def test_a_turn_asks_few_things_of_the_database(ann: Shopper, monkeypatch, choices: list[str], most: int):
    picked(ann, *choices[:-1])
    with statements(monkeypatch) as sql:
        ann.picks(choices[-1])
    assert len(sql) <= most, sql


def test_of_a_proved_order_the_policy_that_it_was_placed_under_is_read_alone(ann: Shopper, monkeypatch):
    with statements(monkeypatch) as sql:
        ann.says("what are the rules?")
    assert [one for one in sql if "ORDER BY policies.version DESC" in one] == []


def test_an_order_is_read_once_for_all_that_is_known_of_it(ann: Shopper, monkeypatch):
    picked(ann, "item:l1", "quantity:1")
    found: list[object] = []
    for module in (quote_return, offer_instead):
        monkeypatch.setattr(module, "read_order", lambda document: found.append(document) or read_order(document))
    ann.picks("reason:size_too_small")
    assert len(found) == 2, "for the answer, and for what may suit better"


@pytest.mark.parametrize(("gone", "most_quotes"), [(0, 2), (3, 6)])
def test_how_many_units_may_come_back_is_asked_for_all_of_them_first(
    demo: TestShop, monkeypatch, gone: int, most_quotes: int
):
    demo.save_order(order(lines=[line(quantity=9, fulfilled=[{"quantity": 9, "at": "2026-11-05T10:00:00+00:00"}])]))
    if gone:
        item = {"line_id": "l1", "quantity": gone, "reason": "style", "resolution": "refund"}
        shown = quote_return.preview(demo.app, demo.shop, order_id="o1", items=[item])
        wish = Wish(order_id="o1", items=[item], method="mail", quote_id=shown.id)
        open_return(demo.app, demo.shop, wish=wish, actor=ANN, key="k1")
    made: list[object] = []
    answer = offer_lines.answer
    monkeypatch.setattr(
        offer_lines, "answer", lambda app, case, *, order: made.append(case) or answer(app, case, order=order)
    )
    (choice,) = offer_lines.line_choices(demo.app, demo.shop, order=demo.order())
    assert choice.returnable == 9 - gone
    assert len(made) <= most_quotes


def test_a_quote_is_explained_as_it_was_made_and_not_read_back(ann: Shopper, monkeypatch):
    picked(ann, "item:l1", "quantity:1", "reason:size_too_small", "resolution:refund")
    with statements(monkeypatch) as sql:
        ann.picks("method:mail")
    assert ann.turn["card"]["proof"]
    assert [one for one in sql if "FROM quotes" in one] == []


def test_items_of_one_line_may_be_swapped_for_different_things_and_its_order_is_read_once(
    demo: TestShop, channels: WatchedChannels, monkeypatch
):
    swaps = [Item("l1", quantity=1, resolution="exchange", variant_id=variant) for variant in ("tee-l", "tee-s")]
    with statements(monkeypatch) as sql:
        found = conversation_facts.item_documents(demo.app, demo.shop, "o1", [*swaps, Item("l1", reason="style")])
    instead = [one["exchange_for"] and one["exchange_for"]["variant_id"] for one in found]  # type: ignore[index]
    assert (instead, [one["quantity"] for one in found]) == (["tee-l", "tee-s", None], [1, 1, 1])
    assert len([one for one in sql if "FROM orders" in one]) == 1
    assert channels.asked == [("variants", "tee")]


def test_money_and_goods_without_a_swap_are_items_as_they_are(demo: TestShop, channels: WatchedChannels, monkeypatch):
    with statements(monkeypatch) as sql:
        conversation_facts.item_documents(demo.app, demo.shop, "o1", [Item("l1", quantity=1, resolution="refund")])
    assert (sql, channels.asked) == ([], [])


def test_a_card_with_a_returns_stages_reads_the_return_and_its_terms_alone(demo: TestShop, monkeypatch):
    item = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}
    shown = quote_return.preview(demo.app, demo.shop, order_id="o1", items=[item])
    wish = Wish(order_id="o1", items=[item], method="mail", quote_id=shown.id)
    found = open_return(demo.app, demo.shop, wish=wish, actor=ANN, key="k1")
    with statements(monkeypatch) as sql:
        course = follow_return.course(demo.app, demo.shop, return_id=found.id)
    assert (course.found, course.settle_on) == (found, "received")
    assert [one for one in sql if "FROM quotes" in one or "FROM legs" in one] == []
