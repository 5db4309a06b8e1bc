"""What the rules give for goods instead of their exchange: what they set for these goods, else what the policy says."""

from typing import Any

from connector.application import Application
from connector.services.quote_return import Document, answer
from domain.fallback import WAYS
from domain.orders import Order

NOT_OFFERED = "resolution_not_offered"


def ways_for(app: Application, case: Document, *, item: Document, order: Order) -> tuple[str, ...]:
    """What of refund and store credit may be given for an item of a case; `order` is the case's own as it was read."""
    return tuple(way for way in WAYS if _is_given(app, case, item={**item, "resolution": way}, order=order))


def _is_given(app: Application, case: Document, *, item: Document, order: Order) -> bool:
    quoted: list[dict[str, Any]] = answer(app, {**case, "items": [item]}, order=order)["items"]  # type: ignore[assignment]
    return all(reason["code"] != NOT_OFFERED for reason in quoted[0]["reasons"])
