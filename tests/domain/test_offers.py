"""What is offered instead follows from the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.offers import BY_REASON, MOST, Goods, Shelf, offers

PRICE = 2000


def tee(
    size: str, colour: str = "Ink", *, available: int | None = 5, product: str = "tee", price: int = PRICE
) -> Goods:
    name = f"{product}-{size}-{colour}"
    return Goods(name, product, price=price, available=available, options={"Size": size, "Colour": colour})


def ids(found: tuple[Goods, ...]) -> list[str]:
    return [goods.variant_id for goods in found]


SHELF = Shelf([tee(size, colour) for colour in ("Ink", "Moss") for size in ("S", "M", "L", "XL")])


def test_too_small_offers_the_next_size_up_then_that_size_in_other_colours():
    assert ids(offers(tee("M"), SHELF, reason="size_too_small")) == ["tee-L-Ink", "tee-L-Moss"]


def test_too_large_offers_the_next_size_down():
    assert ids(offers(tee("M"), SHELF, reason="size_too_large")) == ["tee-S-Ink", "tee-S-Moss"]


def test_what_is_not_there_in_that_number_is_not_offered():
    shelf = Shelf([tee("L", available=1), tee("L", "Moss", available=None)])
    assert ids(offers(tee("M"), shelf, reason="size_too_small", quantity=2)) == ["tee-L-Moss"]


def test_of_the_largest_size_another_product_is_offered_at_a_similar_price_the_nearest_first():
    others = [
        tee("XXL", product="deck", price=2400),
        tee("XXL", product="plain", price=1900),
        tee("XXL", product="silk", price=9000),
        tee("M", product="small", price=2000),
        tee("XXXL", product="plain", price=1900),
    ]
    found = offers(tee("XL"), Shelf(SHELF.same_product, others), reason="size_too_small")
    assert ids(found) == ["plain-XXL-Ink", "deck-XXL-Ink"]


@pytest.mark.parametrize("reason", ["color", "style", "not_as_described"])
def test_another_look_is_offered_in_the_same_size(reason: str):
    assert ids(offers(tee("M"), SHELF, reason=reason)) == ["tee-M-Moss"]


@pytest.mark.parametrize("reason", ["defective", "damaged", "wrong_item", "missing_parts"])
def test_for_a_fault_the_same_thing_is_offered_again(reason: str):
    assert ids(offers(tee("M"), SHELF, reason=reason)) == ["tee-M-Ink"]


@pytest.mark.parametrize("reason", ["changed_mind", "other", "late", None])
def test_who_wants_nothing_else_is_offered_nothing(reason: str | None):
    assert offers(tee("M"), SHELF, reason=reason) == ()


def test_goods_without_sizes_have_no_next_size():
    mug = Goods("mug", "mug", price=1800, options={"Colour": "Fog"})
    assert offers(mug, Shelf([mug]), reason="size_too_small") == ()


@given(
    reason=st.sampled_from(sorted(BY_REASON)),
    shelf=st.lists(st.builds(tee, st.sampled_from(["S", "M", "L", "42", "?"]), st.sampled_from(["Ink", "Moss"]))),
    others=st.lists(
        st.builds(tee, st.sampled_from(["S", "L"]), product=st.sampled_from(["a", "b"]), price=st.integers(0, 9999))
    ),
    quantity=st.integers(1, 9),
)
def test_three_at_most_each_once_and_all_there(reason: str, shelf: list[Goods], others: list[Goods], quantity: int):
    found = offers(tee("M"), Shelf(shelf, others), reason=reason, quantity=quantity)
    assert len(found) <= MOST
    assert len(set(ids(found))) == len(found)
    assert all(goods.available is None or goods.available >= quantity for goods in found)
