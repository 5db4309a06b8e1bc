"""The locations of a shop with what holds at their counters."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from connector.storage.database import Unit
from connector.storage.scope import added, change_where, next_number, row, row_where, rows, selected
from connector.storage.tables.shift_tables import locations


class Terms(Struct, frozen=True):
    """What holds at a location; limits are in minor units of the shop's currency, None is no limit.

    `platform_id` is the number of the same location at the shop's platform, empty where it has none.
    """

    name: str
    address: str = ""
    time_zone: str = "UTC"
    idle_minutes: int = 5
    cash_allowed: bool = True
    staff_limit: int | None = None
    manager_limit: int | None = None
    platform_id: str = ""


class Location(Struct, frozen=True):
    """A place where goods are taken back; `id` is a number within the shop."""

    id: int
    terms: Terms
    added_at: datetime
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.terms.name


def add(unit: Unit, terms: Terms, *, at: datetime) -> Location:
    """Add a location."""
    values = {"id": next_number(unit, locations.c.id), "added_at": at, **asdict(terms)}
    return _location(added(unit, locations, values))


def change(unit: Unit, location_id: int, *, terms: Terms) -> None:
    """Let other terms hold from now on."""
    change_where(unit, locations, asdict(terms), id=location_id)


def close(unit: Unit, location_id: int, *, at: datetime | None) -> None:
    """Close a location, or open it again with None."""
    change_where(unit, locations, {"closed_at": at}, id=location_id)


def get(unit: Unit, location_id: int) -> Location | None:
    """The location of this number."""
    found = row_where(unit, locations, id=location_id)
    return None if found is None else _location(found)


def first_open(unit: Unit) -> Location | None:
    """The oldest location that is open: where people work who are at no shared device."""
    still_open = selected(unit, locations, locations.c.closed_at.is_(None))
    found = row(unit, still_open.order_by(locations.c.id))
    return None if found is None else _location(found)


def list_locations(unit: Unit) -> tuple[Location, ...]:
    """All locations in the order in which they were added."""
    return tuple(_location(found) for found in rows(unit, selected(unit, locations).order_by(locations.c.id)))


def _location(found: Mapping[str, Any]) -> Location:
    terms = Terms(**{name: found[name] for name in Terms.__struct_fields__})
    return Location(id=found["id"], terms=terms, added_at=found["added_at"], closed_at=found["closed_at"])
