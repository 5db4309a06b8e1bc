"""Sizes have an order among their own kind."""

import pytest

from domain.sizes import place_of, size_option


@pytest.mark.parametrize(
    "sizes",
    [
        ("XXS", "xs", "S", "Medium", "L", "extra large", "2XL", "XXXL", "4XL"),
        ("36–39", "40–43", "44–47"),
        ("7", "7.5", "8", "10", "10,5"),
        ("EU 41", "EU 42"),
    ],
)
def test_sizes_of_a_kind_stand_in_their_order(sizes: tuple[str, ...]):
    places = [place_of(size) for size in sizes]
    assert None not in places
    assert places == sorted(places)  # type: ignore[type-var]
    assert len(set(places)) == len(places)


def test_what_is_no_size_has_no_place():
    assert place_of("one for all") is None


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"Colour": "Ink", "Size": "M"}, "Size"),
        ({"Farbe": "rot", "Größe": "42"}, "Größe"),
        ({"Style": "v-neck", "Fit": "XL"}, "Fit"),
        ({"Colour": "Ink"}, None),
        ({}, None),
    ],
)
def test_the_option_of_the_size_is_found_by_its_name_or_its_value(options: dict[str, str], name: str | None):
    assert size_option(options) == name
