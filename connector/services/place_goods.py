"""Where goods go after an inspection: by the policy, or elsewhere for a reason that the history keeps."""

from collections.abc import Sequence
from dataclasses import replace

from connector.application import Application
from connector.services.approval import approved
from connector.services.audit import overridden
from connector.services.errors import InvalidInput
from connector.services.offer_lines import line_of
from connector.services.quote_return import Document, order_document
from connector.services.sign_in import actor_of
from connector.storage import policy_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain.disposition import GRADES
from domain.events import Actor
from domain.inspection import SERIAL_DIFFERS, Seen, best_grade, guide_for, needs_manager, place
from domain.orders import Order, read_order
from domain.policy import Guide, Policy, read_policy
from domain.returns import Inspection, Return, UnitGroup

WHY = "Say why in the note: it stands in the history."


def guides(app: Application, shop: Shop, *, order: Document) -> dict[str, Guide]:
    """How the goods of each line of an order are looked at."""
    read = read_order(order)
    with app.database.read(shop) as unit:
        policy = _policy(unit, read)
    return {line.id: guide_for(policy, line.product_type) for line in read.lines}


def placed(
    app: Application,
    unit: Unit,
    found: Return,
    inspections: Sequence[Inspection],
    *,
    actor: Actor,
    approved_by: Staff | None,
) -> list[Inspection]:
    """The inspections, each with where its goods go.

    Raises InvalidInput for another place, or a better grade than the answers allow, without a reason; NotAllowed where
    a manager must agree to it.
    """
    order = read_order(order_document(unit, found.order_id))
    policy = _policy(unit, order)
    groups = {group.id: group for group in found.groups}
    decided = []
    for one in inspections:
        group = groups.get(one.group_id)
        if one.grade is None or one.grade not in GRADES or group is None:
            decided.append(one)
            continue
        by_policy = place(policy, _seen(one, group, order))
        overrides = _overrides(one, by_policy, guide=guide_for(policy, line_of(order, group.line_id).product_type))
        if overrides:
            who = _allowed(one, by_policy, actor=actor, approved_by=approved_by)
            overridden(app, unit, who, about=found.id, said={**overrides, "why": one.note})
        seen = {**one.seen, **({"overrides": overrides} if overrides else {})}
        decided.append(replace(one, disposition=one.disposition or by_policy, seen=seen))
    return decided


def _overrides(one: Inspection, by_policy: str, *, guide: Guide) -> dict[str, object]:
    """What of an inspection goes against the rules, for the history."""
    told = one.seen.get("no")
    best = best_grade(guide, told if isinstance(told, list) else [])
    against: dict[str, object] = {}
    if one.disposition is not None and one.disposition != by_policy:
        against["place"] = {"by_policy": by_policy, "chosen": one.disposition}
    if (one.grade or best) < best:
        against["grade"] = {"by_answers": best, "chosen": one.grade}
    if SERIAL_DIFFERS in _findings(one):
        against["serial"] = one.seen.get("serial")
    return against


def _allowed(one: Inspection, by_policy: str, *, actor: Actor, approved_by: Staff | None) -> Actor:
    """Who answers for an override."""
    if not one.note:
        raise InvalidInput(WHY, at=f"note-{one.group_id}")
    if needs_manager(by_policy, one.disposition or by_policy) or SERIAL_DIFFERS in _findings(one):
        return actor_of(approved(approved_by))
    return actor


def _seen(one: Inspection, group: UnitGroup, order: Order) -> Seen:
    return Seen(
        grade=str(one.grade),
        product_type=line_of(order, group.line_id).product_type,
        reason=group.reason,
        findings=_findings(one),
        destination=group.destination,
    )


def _findings(one: Inspection) -> frozenset[str]:
    found = one.seen.get("findings")
    return frozenset(found) if isinstance(found, list) else frozenset()


def _policy(unit: Unit, order: Order) -> Policy:
    return read_policy(policy_store.in_force(unit, at=order.placed_at), order.digits)
