"""What a shop says about itself in its own words, by name."""

from collections.abc import Mapping

from sqlalchemy import select

from connector.storage.database import Unit
from connector.storage.scope import every, prepared, put
from connector.storage.tables.shop_tables import shop_details

ALL = prepared(select(shop_details), shop_details)


def save(unit: Unit, name: str, *, words: str) -> None:
    """Say something, or say it otherwise."""
    put(unit, shop_details, {"name": name, "words": words})


def details(unit: Unit) -> Mapping[str, str]:
    """All that the shop says, by name."""
    return {found["name"]: found["words"] for found in every(unit, ALL)}
