"""A shop's policies as the domain reads them: they are asked for at every turn and are the same for months."""

from collections.abc import Mapping
from functools import lru_cache

from connector.json_text import parsed, written
from connector.storage import policy_store
from connector.storage.database import Unit
from domain.orders import Order
from domain.policy import Policy, read_policy

MOST_KNOWN = 256


def terms_of(unit: Unit, order: Order) -> Policy:
    """The policy that was in force when an order was placed."""
    return as_terms(policy_store.in_force(unit, at=order.placed_at), digits=order.digits)


def terms_now(unit: Unit, *, digits: int) -> Policy:
    """The newest policy, which new orders come under."""
    return _read(policy_store.current_text(unit), digits)


def as_terms(document: Mapping[str, object], *, digits: int) -> Policy:
    """The policy of a document; one that was read lately is not read anew. Raises Malformed."""
    return _read(written(document), digits)


@lru_cache(maxsize=MOST_KNOWN)
def _read(text: str | bytes, digits: int) -> Policy:
    return read_policy(parsed(text), digits)
