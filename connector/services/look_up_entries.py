"""What a device is told of a return and of an order: as little as it needs to find them and to look at their goods.

No name, address, e-mail or amount is in it: the shopper stands at the counter, and money never moves on a device.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.storage import order_store, policy_store, return_store
from connector.storage.database import Unit
from domain.inspection import NO_GUIDE, guide_for
from domain.orders import MOST_DIGITS
from domain.policy import Guide, Policy, read_policy
from domain.proof import number_key
from domain.returns import Return, UnitGroup
from domain.scanning import Kind, Mark, marks_of_line

Document = Mapping[str, Any]


def return_entries(unit: Unit, ids: Sequence[str]) -> tuple[Document, ...]:
    """Returns as a device is told of them, in the order of their ids."""
    several = {one.id: one for one in return_store.several(unit, ids)}
    found = [several[id_] for id_ in ids if id_ in several]
    orders = {str(order["id"]): order for order in order_store.several(unit, {one.order_id for one in found})}
    policies = _Policies(unit)
    return tuple(_return_entry(one, orders.get(one.order_id, {}), policies) for one in found)


def order_entries(unit: Unit, ids: Sequence[str]) -> tuple[Document, ...]:
    """Orders as a device is told of them, in the order of their ids."""
    several = {str(order["id"]): order for order in order_store.several(unit, ids)}
    return tuple(_order_entry(several[id_]) for id_ in ids if id_ in several)


class _Policies:
    """The policy that was in force at a time; each version is read once."""

    def __init__(self, unit: Unit) -> None:
        versions = policy_store.versions(unit)
        self._newest_first = sorted(versions, key=lambda one: (one.in_force_from, one.version), reverse=True)
        self._read: dict[int, Policy] = {}

    def at(self, time: datetime) -> Policy:
        """As `policy_store.in_force` finds it. Amounts are not looked at, so they may have any decimals."""
        found = next((one for one in self._newest_first if one.in_force_from <= time), self._newest_first[-1])
        if found.version not in self._read:
            self._read[found.version] = read_policy(found.document, MOST_DIGITS)
        return self._read[found.version]


def _return_entry(found: Return, order: Document, policies: _Policies) -> Document:
    lines = {line["id"]: line for line in order.get("lines", ())}
    policy = policies.at(datetime.fromisoformat(order["placed_at"])) if order else None
    return {
        "id": found.id,
        "order_number": found.order_number,
        "status": found.status,
        "marks": _written(_numbers_of(found)),
        "groups": [_group_entry(group, lines.get(group.line_id, {}), policy=policy) for group in found.groups],
    }


def _numbers_of(found: Return) -> Iterable[Mark]:
    yield Kind.NUMBER, number_key(found.order_number)
    if found.gift_receipt is not None:
        yield Kind.GIFT_RECEIPT, found.gift_receipt.upper()


def _group_entry(group: UnitGroup, line: Document, *, policy: Policy | None) -> Document:
    guide = guide_for(policy, line.get("product_type")) if policy else NO_GUIDE
    return {
        "id": group.id,
        "title": group.title,
        "sku": line.get("sku") or "",
        "quantity": group.quantity,
        "reason": group.reason or "unstated",
        "resolution": group.resolution,
        "reception": group.reception,
        "acceptance": group.acceptance,
        "counts": group.counts,
        "marks": _written(marks_of_line(line)),
        "sold": sorted(number_key(one) for one in (*(line.get("serials") or ()), line.get("lot") or "") if one),
        "guide": _guide_entry(guide),
    }


def _guide_entry(guide: Guide) -> Document:
    asked = [{"id": one.id, "ask": one.ask, "otherwise": one.otherwise} for one in guide.questions]
    return {"questions": asked, "serial": guide.serial, "photo": guide.photo}


def _order_entry(order: Document) -> Document:
    lines: Sequence[Document] = order.get("lines", ())
    told = [{"title": _title(line), "sku": line.get("sku") or "", "quantity": line["quantity"]} for line in lines]
    number = str(order.get("number") or order["id"])
    goods = [mark for line in lines for mark in marks_of_line(line)]
    return {
        "id": order["id"],
        "number": number,
        "lines": told,
        "marks": _written([(Kind.NUMBER, number_key(number)), *goods]),
    }


def _written(marks: Iterable[Mark]) -> list[str]:
    """Marks as a device compares them, each as one text."""
    return sorted({f"{kind}:{key}" for kind, key in marks})


def _title(line: Document) -> str:
    return ", ".join(str(line[part]) for part in ("title", "variant_title") if line.get(part))
