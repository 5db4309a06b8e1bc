"""The versions of a shop's policy; none is ever changed, so an order is judged by what was promised with it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Text, bindparam, case, cast, select

from connector.storage.columns import UtcTime
from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.scope import added, first, known, next_number, prepared, rows, selected
from connector.storage.tables.shop_tables import policies

Document = Mapping[str, object]

STARTS, AT = policies.c.in_force_from, bindparam("at", type_=UtcTime())
IS_LATER = case((STARTS > AT, 1), else_=0)
IN_FORCE = prepared(
    select(policies)
    .order_by(
        IS_LATER,
        case((STARTS <= AT, STARTS)).desc(),
        case((STARTS <= AT, policies.c.version)).desc(),
        STARTS,
        policies.c.version,
    )
    .limit(1),
    policies,
)
"""The newest that had begun at a time; for a time before all of them the oldest."""
NEWEST = prepared(
    select(cast(policies.c.document, Text).label("text")).order_by(policies.c.version.desc()).limit(1), policies
)
NO_POLICY = "this shop has no policy"


class PolicyVersion(Struct, frozen=True):
    """One version of the policy, in the contract's form; in force from a time in UTC until the next one is."""

    version: int
    in_force_from: datetime
    document: Document


def add_version(unit: Unit, document: Document, *, in_force_from: datetime) -> int:
    """Add a version of the policy; its number, from 1."""
    number = next_number(unit, policies.c.version)
    values = {"version": number, "in_force_from": in_force_from, "document": document}
    version: int = added(unit, policies, values)["version"]
    return version


def in_force(unit: Unit, *, at: datetime) -> Document:
    """The policy that was in force at a time, the oldest for earlier times; raises NotFound without any."""
    return known(unit, ("policy", at), lambda: _document(first(unit, IN_FORCE, at=at)))


def current_text(unit: Unit) -> str:
    """The newest version of the policy as JSON; raises NotFound without any."""
    found = first(unit, NEWEST)
    if found is None:
        raise NotFound(NO_POLICY)
    text: str = found["text"]
    return text


def versions(unit: Unit) -> tuple[PolicyVersion, ...]:
    """All versions, oldest first."""
    found = rows(unit, selected(unit, policies).order_by(policies.c.version))
    return tuple(
        PolicyVersion(version=one["version"], in_force_from=one["in_force_from"], document=one["document"])
        for one in found
    )


def _document(found: Mapping[str, Document] | None) -> Document:
    if found is None:
        raise NotFound(NO_POLICY)
    return found["document"]
