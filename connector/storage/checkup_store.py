"""What the last look over a shop's books found; each look takes the place of the one before."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import astuple

from connector.storage.database import Unit
from connector.storage.scope import add_row, removed, row, selected
from connector.storage.tables.checkup_tables import checkups
from domain.drift import Drift


class Checkup(Struct, frozen=True):
    """A look that began `at` (UTC): how many orders were compared, and what did not agree."""

    at: datetime
    orders: int
    drifts: tuple[Drift, ...]


def keep(unit: Unit, checkup: Checkup) -> None:
    """Keep the newest look."""
    unit.connection.execute(removed(unit, checkups))
    found = [list(astuple(one)) for one in checkup.drifts]
    add_row(unit, checkups, {"at": checkup.at, "orders": checkup.orders, "drifts": found})


def latest(unit: Unit) -> Checkup | None:
    """The newest look."""
    found = row(unit, selected(unit, checkups))
    if found is None:
        return None
    return Checkup(at=found["at"], orders=found["orders"], drifts=tuple(Drift(*one) for one in found["drifts"]))
