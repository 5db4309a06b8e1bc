"""The origins whose pages may talk to the shop's assistant."""

from connector.storage.database import Unit
from connector.storage.scope import add_row, removed, row_where, rows, selected
from connector.storage.tables.shop_tables import widget_origins


def allow(unit: Unit, origin: str) -> None:
    """Let the pages of an origin talk to the assistant; again changes nothing."""
    if not is_allowed(unit, origin):
        add_row(unit, widget_origins, {"origin": origin})


def forbid(unit: Unit, origin: str) -> None:
    """Let them no more."""
    unit.connection.execute(removed(unit, widget_origins, widget_origins.c.origin == origin))


def is_allowed(unit: Unit, origin: str) -> bool:
    """Whether the pages of an origin may."""
    return row_where(unit, widget_origins, origin=origin) is not None


def origins(unit: Unit) -> tuple[str, ...]:
    """All of them, in order."""
    return tuple(
        found["origin"] for found in rows(unit, selected(unit, widget_origins).order_by(widget_origins.c.origin))
    )
