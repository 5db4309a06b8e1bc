"""A swap is offered in the talk, and taken as it is said."""

import pytest

from bot.voice import SPOKEN
from connector.storage import product_store
from tests.connector.services.talking import Shopper
from tests.shops import NOW, TestShop, product


@pytest.fixture
def ann(demo: TestShop) -> Shopper:
    return Shopper(demo)


def test_a_swap_for_another_size(ann: Shopper):
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_small", "resolution:exchange"):
        ann.picks(choice)
    assert [(one["id"], one["disabled"], one["detail"]) for one in ann.turn["ask"]["choices"][:3]] == [
        ("variant:tee-l", False, None),
        ("variant:tee-m", False, "The same one again"),
        ("variant:tee-s", True, None),
    ]
    ann.picks("variant:tee-l")
    ann.picks("method:store")
    assert ann.turn["draft"]["items"] == [
        {"line_id": "l1", "quantity": 1, "reason": "size_too_small", "resolution": "exchange", "variant_id": "tee-l"}
    ]
    ann.picks("confirm:yes")
    assert ann.keys == ["opened", "next_store", "paid_received", "follow", "ask_end"]


def test_a_variant_of_which_too_few_are_left_cannot_be_picked(demo: TestShop, ann: Shopper):
    demo.app.database.write(demo.shop, lambda unit: product_store.move_stock(unit, "tee-l", delta=-1, why="t", at=NOW))
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:2", "reason:size_too_small", "resolution:exchange"):
        ann.picks(choice)
    why = {choice["id"]: choice["why"] for choice in ann.turn["ask"]["choices"]}
    assert (why["variant:tee-l"], why["variant:tee-s"]) == ("Only 1 left", "Sold out")


def test_the_next_size_up_is_offered_with_its_picture_and_taken_at_once(ann: Shopper):
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_small"):
        ann.picks(choice)
    assert ann.turn["card"]["kind"] == "offer"
    first = ann.turn["ask"]["choices"][0]
    assert (first["id"], first["label"], first["image"]) == ("variant:tee-l", "Tee, L", "/shops/demo/pictures/tee.svg")
    ann.picks("variant:tee-l")
    ann.picks("method:mail")
    assert ann.turn["draft"]["items"][0]["variant_id"] == "tee-l"
    ann.picks("confirm:yes")
    assert ann.turn["outcome"]["kind"] == "return_opened"


@pytest.fixture
def offered(demo: TestShop) -> Shopper:
    """A shopper whose tee in M is too small; it is there in L, and so is another product."""
    top = product(id="top", title="Top", variants=[{**product()["variants"][2], "id": "top-l", "available": 4}])
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, top))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_small"):
        ann.picks(choice)
    assert [one for one in ann.choices if one.startswith("variant:")] == ["variant:tee-l", "variant:top-l"]
    return ann


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("L", "tee-l"),
        ("size L", "tee-l"),
        ("the L please", "tee-l"),
        ("top", "top-l"),
        ("a bigger one", "tee-l"),
        ("one size bigger please", "tee-l"),
        ("the next size up", "tee-l"),
        ("eine Nummer größer", "tee-l"),
        ("una talla más", "tee-l"),
        ("大一号", "tee-l"),
    ],
)
def test_what_is_offered_is_taken_by_its_size_or_its_name(offered: Shopper, text: str, variant: str):
    offered.says(text)
    assert (offered.asked, offered.turn["draft"]["items"][0]["variant_id"]) == ("method", variant)


@pytest.mark.parametrize("language", SPOKEN)
def test_an_offer_is_taken_by_its_size_in_every_language(demo: TestShop, language: str):
    ann = Shopper(demo, language=language)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_small"):
        ann.picks(choice)
    ann.says("L")
    assert ann.turn["draft"]["items"][0]["variant_id"] == "tee-l"


@pytest.mark.parametrize(
    "text",
    [
        "M",
        "not L",
        "not size L",
        "is L bigger",
        "tee",
        "does top L come in red",
        "a smaller one",
        "not a bigger one",
        "too small",
        "do you have a bigger one?",
        "a bigger refund",
        "bigger costs too much, refund",
        "money back, bigger won't help",
    ],
)
def test_what_names_an_offer_and_does_not_take_it_takes_none(offered: Shopper, text: str):
    offered.says(text)
    assert offered.turn["draft"]["items"][0]["variant_id"] is None


@pytest.mark.parametrize("text", ["a smaller one", "one size down", "eine Nummer kleiner"])
def test_the_size_below_is_taken_where_it_was_too_large(demo: TestShop, text: str):
    sizes = [{**one, "available": 4} for one in product()["variants"]]
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, product(variants=sizes)))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_large"):
        ann.picks(choice)
    below = [one for one in ann.choices if one.startswith("variant:")]
    ann.says(text)
    assert (ann.asked, [f"variant:{ann.turn['draft']['items'][0]['variant_id']}"]) == ("method", below)


def test_another_product_of_its_type_is_offered_where_no_size_is_left_and_what_it_costs_less_comes_back(demo: TestShop):
    sizes = [{**one, "available": 0} for one in product()["variants"]]
    cheaper = {**sizes[2], "id": "top-l", "price": "17.00", "available": 4}
    for document in (product(variants=sizes), product(id="top", title="Top", variants=[cheaper])):
        demo.app.database.write(demo.shop, lambda unit, document=document: product_store.save(unit, document))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:size_too_small"):
        ann.picks(choice)
    first = ann.turn["ask"]["choices"][0]
    assert (first["id"], first["label"], first["detail"]) == ("variant:top-l", "Top, L", "$1.10 back")
    ann.picks("variant:top-l")
    ann.picks("method:mail")
    assert ann.turn["card"]["quote"]["total"] == "1.10"


@pytest.mark.parametrize(("reason", "offered"), [("defective", True), ("changed_mind", False)])
def test_of_what_comes_in_one_kind_the_same_again_is_offered_for_a_fault(demo: TestShop, reason: str, offered: bool):
    one_kind = [variant for variant in product()["variants"] if variant["id"] == "tee-m"]
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, product(variants=one_kind)))
    ann = Shopper(demo)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", f"reason:{reason}"):
        ann.picks(choice)
    labels = {choice["id"]: choice["label"] for choice in ann.turn["ask"]["choices"]}
    assert labels.get("resolution:exchange") == ("The same one again" if offered else None)
