"""The earlier returns of an order as a case takes them, so that each unit and each amount counts once.

The contract counts a return's money by the platform's refunds under its id, or by its own figures where there are none.
What was given otherwise (store credit, a replacement) stands apart as `<id>/other`, less what such refunds tell of it:
some platforms write an exchange, its difference or credit down as a refund, and some do not.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from connector.storage import quote_store, return_store
from connector.storage.database import Unit
from domain.books import taxed
from domain.events import Act
from domain.money import format_amount, parse_signed_amount, share
from domain.orders import Order
from domain.returns import Return, UnitGroup
from domain.transitions import Settlement

Document = Mapping[str, object]
Groups = Sequence[UnitGroup]

AMOUNTS = ("shipping", "duties", "charges")
"""What a quote gives besides goods."""


def decided_before(found: Return, group_ids: Collection[str]) -> Return:
    """What of a return was decided before these groups: to what turns up later it counts like an earlier return."""
    decided = (one for one in found.groups if one.id not in group_ids and one.settlement is not Settlement.NONE)
    return replace(found, groups=tuple(decided))


def owed_flat_fee(unit: Unit, first: Return) -> bool:
    """Whether what was decided of a return before was charged its flat fee."""
    fees = [fee for quote in _decisions(unit, first) for fee in _fees(quote)]
    return any(fee["code"] == "return_fee" and str(fee["amount"]).strip("0.") for fee in fees)


def fees_of(quote: Document) -> Decimal:
    """What a quote in the contract's form charges in all; a discount that is given back lowers it."""
    return sum((Decimal(str(fee["amount"])) for fee in _fees(quote)), Decimal(0))


def without_flat_fee(policy: Document) -> Document:
    """The policy for what turns up later of a return whose flat fee was charged before."""
    rules: list[dict[str, dict[str, object]]] = policy.get("rules") or []  # type: ignore[assignment]
    kept = [{**rule, "then": {**(rule.get("then") or {}), "return_fee": None}} for rule in rules]
    return {**policy, "return_fee": "0", "rules": kept}


def earlier_parts(unit: Unit, several: Sequence[Return], *, order: Order) -> list[Document]:
    """Returns of an order as `earlier` of a case."""
    ids = {one.id for one in several}
    spare = sum(refund.amount for refund in order.refunds if _is_for_replacement(unit, refund.key, ids, order))
    parts = []
    for one in several:
        made, spare = _parts(unit, one, order=order, spare=spare)
        parts += made
    return parts


def _is_for_replacement(unit: Unit, key: str | None, ids: Collection[str], order: Order) -> bool:
    """Whether a refund is of a return of another order: of a replacement, which this order's payment had paid for."""
    other = return_store.get(unit, key) if key and key not in ids else None
    return other is not None and other.order_id != order.id


def _parts(unit: Unit, earlier: Return, *, order: Order, spare: int) -> tuple[list[Document], int]:
    """A return as one or two of `earlier`, and what is left of the money that went back for replacements."""
    held = [group for group in earlier.groups if group.counts or group.settlement is not Settlement.NONE]
    refunded = [group for group in held if group.resolution == "refund"]
    others = [group for group in held if group.resolution != "refund"]
    is_told = any(refund.key == earlier.id for refund in order.refunds)
    others = _less(others, _told_by_line(order, earlier.id, refunded), order=order)
    others, spare = _less_spare(others, spare + _told_without_lines(order, earlier.id, refunded), order=order)
    quotes = _decisions(unit, earlier)
    own = [_part(earlier.id, refunded, order=order, quotes=quotes)] if refunded or (is_told and others) else []
    apart = [_part(f"{earlier.id}/other", others, order=order, quotes=() if own else quotes)] if others else []
    return [*own, *apart], spare


def _told_by_line(order: Order, return_id: str, refunded: Groups) -> dict[str, int]:
    """What refunds of a return tell of each line beyond its refunded goods."""
    told: dict[str, int] = {}
    for refund in order.refunds:
        for line in refund.lines if refund.key == return_id else ():
            told[line.line_id] = told.get(line.line_id, 0) + taxed(order, line.amount, tax=line.tax)
    for group in refunded:
        told[group.line_id] = told.get(group.line_id, 0) - taxed(order, group.amount, tax=group.tax)
    return told


def _told_without_lines(order: Order, return_id: str, refunded: Groups) -> int:
    """What refunds of a return that name no line gave beyond its refunded goods."""
    told = sum(refund.amount for refund in order.refunds if refund.key == return_id and not refund.lines)
    return max(0, told - sum(taxed(order, group.amount, tax=group.tax) for group in refunded))


def _less(groups: Groups, told: dict[str, int], *, order: Order) -> list[UnitGroup]:
    """Groups with what is not told of them otherwise; what is used of `told` is taken from it."""
    left = []
    for group in groups:
        worth = taxed(order, group.amount, tax=group.tax)
        covered = min(worth, max(0, told.get(group.line_id, 0)))
        told[group.line_id] = told.get(group.line_id, 0) - covered
        left.append(_worth(group, worth - covered, of=worth, order=order))
    return left


def _less_spare(groups: Groups, spare: int, *, order: Order) -> tuple[list[UnitGroup], int]:
    """Groups with less by what went back for them elsewhere, and what of that is left."""
    left = []
    for group in groups:
        worth = taxed(order, group.amount, tax=group.tax)
        covered = min(worth, spare)
        spare -= covered
        left.append(_worth(group, worth - covered, of=worth, order=order))
    return left, spare


def _worth(group: UnitGroup, left: int, *, of: int, order: Order) -> UnitGroup:
    if left == of:
        return group
    amount = share(group.amount, left, of)
    tax = share(group.tax, left, of) if order.prices_include_tax else left - amount
    return replace(group, amount=amount, tax=tax)


def _decisions(unit: Unit, earlier: Return) -> tuple[Document, ...]:
    """The quotes that decided a return, one for each round; the one that promised it while none has."""
    rounds: dict[str, set[str]] = {}
    for entry in earlier.history:
        if entry.act == Act.DECIDED:
            anew: set[str] = set(entry.details.get("covers") or [group.id for group in earlier.groups])  # type: ignore[call-overload]
            rounds = {quote_id: groups for quote_id, groups in rounds.items() if groups.isdisjoint(anew)}
            rounds[str(entry.details["quote"])] = anew
    here = {group.id for group in earlier.groups}
    decided = [quote_id for quote_id, groups in rounds.items() if not groups.isdisjoint(here)]
    found = (quote_store.document_of(unit, quote_id) for quote_id in decided or [earlier.quote_id])
    return tuple(quote for quote in found if quote is not None)


def _fees(quote: Document) -> Sequence[Document]:
    fees = quote.get("fees", [])
    return fees if isinstance(fees, list) else []


def _part(id_: str, groups: Groups, *, order: Order, quotes: Sequence[Document]) -> Document:
    digits = order.digits
    besides = {
        name: sum(parse_signed_amount(quote.get(name, format_amount(0, digits)), digits) for quote in quotes)
        for name in AMOUNTS
    }
    return {
        "id": id_,
        "status": "settled" if all(group.settlement is Settlement.SETTLED for group in groups) else "open",
        "items": [_item(group, digits=digits) for group in groups],
        "fees": [fee for quote in quotes for fee in _fees(quote)],
        **{name: format_amount(amount, digits) for name, amount in besides.items()},
    }


def _item(group: UnitGroup, *, digits: int) -> Document:
    return {
        "line_id": group.line_id,
        "quantity": group.quantity,
        "amount": format_amount(group.amount, digits),
        "tax": format_amount(group.tax, digits),
        "resolution": group.resolution,
    }
