"""A product is read as the contract writes it."""

import pytest

from domain.errors import Malformed
from domain.products import read_product

TEE = {"id": "tee", "title": "Tee", "variants": [{"id": "tee-m", "price": "20.00", "available": 5}]}


def test_a_product_has_its_variants_in_minor_units():
    (variant,) = read_product(TEE, digits=2).variants
    assert (variant.price, variant.available, variant.options) == (2000, 5, {})


def test_stock_that_is_not_kept_is_none():
    assert read_product({**TEE, "variants": [{"id": "v", "price": "1.00"}]}, digits=2).variants[0].available is None


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"id": ""}, "id"),
        ({"title": None}, "title"),
        ({"variants": None}, "variants"),
        ({"variants": [{"id": "v"}]}, "variants[0].price"),
        ({"variants": [{"id": "v", "price": "1.000"}]}, "variants[0].price"),
        ({"variants": [{"id": "v", "price": "1.00", "available": -1}]}, "variants[0].available"),
        ({"variants": [{"id": "v", "price": "1.00"}] * 2}, "variants[1].id"),
        ({"weight": 3}, "weight"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change, at):
    with pytest.raises(Malformed) as caught:
        read_product(TEE | change, digits=2)
    assert caught.value.at == at
