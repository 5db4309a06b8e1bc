"""Where goods go after an inspection: by the policy, or elsewhere for a reason that the history keeps."""

from collections.abc import Sequence

from msgspec.structs import replace

from connector.application import Application
from connector.services.approve_at_counter import PLACE, SERIAL, Assents, Wanted
from connector.services.audit import overridden
from connector.services.errors import InvalidInput
from connector.services.offer_lines import line_of
from connector.services.policy_terms import terms_of
from connector.services.quote_return import Document, order_of
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.disposition import GRADES
from domain.events import Actor
from domain.inspection import SERIAL_DIFFERS, Seen, Sold, best_grade, guide_for, needs_manager, place
from domain.orders import Order, read_order
from domain.policy import Guide
from domain.returns import Inspection, Return, UnitGroup

WHY = "Say why in the note: it stands in the history."


def guides(app: Application, shop: Shop, *, order: Document) -> dict[str, Guide]:
    """How the goods of each line of an order are looked at."""
    read = read_order(order)
    with app.database.read(shop) as unit:
        policy = terms_of(unit, read)
    return {line.id: guide_for(policy, line.product_type) for line in read.lines}


def sold(unit: Unit, found: Return) -> dict[str, Sold]:
    """What was sold of each group of a return, and what is asked of such goods."""
    order = order_of(unit, found.order_id)
    policy = terms_of(unit, order)
    lines = ((group.id, line_of(order, group.line_id)) for group in found.groups)
    return {name: Sold(line, guide_for(policy, line.product_type)) for name, line in lines}


def placed(
    app: Application,
    unit: Unit,
    found: Return,
    inspections: Sequence[Inspection],
    *,
    actor: Actor,
    assents: Assents,
) -> list[Inspection]:
    """The inspections, each with where its goods go.

    `assents` are asked for where a manager must agree. Raises InvalidInput for another place, or a better grade than
    the answers allow, without a reason.
    """
    order = order_of(unit, found.order_id)
    policy = terms_of(unit, order)
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
            _say_why(one)
            if not _asked(one, by_policy, title=group.title, assents=assents):
                overridden(app, unit, actor, about=found.id, said={**overrides, "why": one.note})
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


def _say_why(one: Inspection) -> None:
    if not one.note:
        raise InvalidInput(WHY, at=f"note-{one.group_id}")


def _asked(one: Inspection, by_policy: str, *, title: str, assents: Assents) -> bool:
    """Whether staff may not do an override alone, so that a manager was asked to agree."""
    chosen = one.disposition or by_policy
    asked = []
    if needs_manager(by_policy, chosen):
        asked.append(place_wanted(assents.about, title, before=by_policy, after=chosen))
    if SERIAL_DIFFERS in _findings(one):
        asked.append(Wanted(SERIAL, assents.about, detail=f"{title}: {one.seen.get('serial')}"))
    for wanted in asked:
        assents.need(wanted, why=one.note)
    return bool(asked)


def place_wanted(about: str, title: str, *, before: str, after: str) -> Wanted:
    """What a manager agrees to when goods go elsewhere."""
    places = (place_.replace("_", " ") for place_ in (after, before))
    return Wanted(PLACE, about, detail=f"{title}: {' instead of '.join(places)}")


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
