"""Locations and what holds there."""

import pytest

from connector.services import audit, locations
from connector.services.errors import InvalidInput, NotFound
from tests.counters import BOSS, TERMS, location
from tests.shops import TestShop


def test_what_was_typed_holds_and_is_shown_again_as_it_was_typed(demo: TestShop):
    said = {**TERMS, "address": "1 Main St", "staff_limit": "50.00", "manager_limit": ""}
    found = locations.add(demo.app, demo.shop, said=said, actor=BOSS)
    assert (found.terms.staff_limit, found.terms.manager_limit, found.terms.idle_minutes) == (5000, None, 5)
    assert locations.shown(demo.shop, found.terms) == said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("address", "x" * 301),
        ("time_zone", "Middle/Earth"),
        ("time_zone", "../etc"),
        ("idle_minutes", "0"),
        ("idle_minutes", "121"),
        ("idle_minutes", "soon"),
        ("staff_limit", "-1"),
        ("manager_limit", "1.234"),
        ("manager_limit", "9" * 20),
    ],
)
def test_what_cannot_hold_is_named(demo: TestShop, name: str, value: str):
    with pytest.raises(InvalidInput) as refusal:
        locations.add(demo.app, demo.shop, said={**TERMS, name: value}, actor=BOSS)
    assert refusal.value.at == name


def test_what_changes_stands_in_the_log(demo: TestShop):
    found = location(demo)
    locations.change(demo.app, demo.shop, location_id=found.id, said={**TERMS, "staff_limit": "10.00"}, actor=BOSS)
    line = audit.read(demo.app, demo.shop)[0]
    assert (line.act, dict(line.details)) == ("location_changed", {"staff_limit": [None, 1000]})
    with pytest.raises(NotFound):
        locations.change(demo.app, demo.shop, location_id=99, said=TERMS, actor=BOSS)


def test_a_closed_location_is_opened_again(demo: TestShop):
    found = location(demo)
    locations.close(demo.app, demo.shop, location_id=found.id, actor=BOSS)
    assert locations.open_ones(demo.app, demo.shop) == ()
    locations.open_again(demo.app, demo.shop, location_id=found.id, actor=BOSS)
    assert [one.name for one in locations.open_ones(demo.app, demo.shop)] == ["Main street"]
