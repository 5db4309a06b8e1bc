"""Locations and what holds there."""

from types import SimpleNamespace

import pytest

from adapters.channel import Restock, RestockedLine
from connector.services import audit, locations
from connector.services.channel_requests import REQUESTS
from connector.services.errors import InvalidInput, NotFound
from connector.storage import settlement_store
from domain.settlement import LegKind
from tests.connector.services.test_story import opened, received
from tests.counters import BOSS, TERMS, acting, counter, location
from tests.shops import TestShop


def test_what_was_typed_holds_and_is_shown_again_as_it_was_typed(demo: TestShop):
    said = {**TERMS, "address": "1 Main St", "staff_limit": "50.00", "manager_limit": ""}
    found = locations.add(demo.app, demo.shop, said=said, actor=BOSS)
    assert (found.terms.staff_limit, found.terms.manager_limit, found.terms.idle_minutes) == (5000, None, 5)
    assert locations.shown(demo.shop, found.terms) == {**said, "platform_id": ""}


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


def test_what_is_taken_in_goes_on_sale_at_the_platforms_location_that_ours_is(demo: TestShop):
    at = counter(demo, platform_id="655441491")
    found = received(demo, opened(demo), actor=acting(demo, at, at.lee))
    with demo.app.database.read(demo.shop) as unit:
        (leg,) = [one for one in settlement_store.legs_of(unit, found.id) if one.kind == LegKind.RESTOCK]
    asked: list[Restock] = []
    channel = SimpleNamespace(restock=asked.append)
    REQUESTS[LegKind.RESTOCK](channel, leg)  # type: ignore[arg-type]
    assert [(one.location, one.lines) for one in asked] == [("655441491", (RestockedLine("tee-m", 1),))]
    with pytest.raises(InvalidInput):
        locations.add(demo.app, demo.shop, said={**TERMS, "platform_id": "gid://655"}, actor=BOSS)
