"""A return is opened: assessed again, written once."""

import hashlib
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from connector.application import Application
from connector.services.errors import NotFound, QuoteMoved, Refused
from connector.services.leg_progress import return_of
from connector.services.mirror_return import mirror
from connector.services.offer_lines import line_of, title_of
from connector.services.quote_return import Document, Request, StoredQuote, item_of, keep, order_of, worked_out
from connector.services.reserve_replacement import reserve
from connector.services.settle_return import settle_when_due
from connector.services.ways_instead import ways_for
from connector.storage import command_store, opening_store, quote_store, return_store
from connector.storage.database import Unit
from connector.storage.quote_store import KeptQuote
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Actor
from domain.fallback import instead
from domain.money import parse_amount
from domain.orders import Order
from domain.returns import Return, UnitGroup
from domain.transitions import Reception

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"


class Wish(Struct, frozen=True):
    """What is to be opened: contract items, the way the goods come back, and the quote that was shown.

    `fallback` (refund or store_credit) is what is given instead of an exchange that cannot be had or is not paid for,
    where the rules give it;
    `kind` is the contract's, `return` or `withdrawal`. Who brings a gift shows its `gift_receipt`; `credit_to` is who
    gets store credit where that is not the buyer; `notes` is what the shopper wrote of lines, by line.
    """

    order_id: str
    items: Sequence[Document]
    method: str
    quote_id: str
    channel: str = "online"
    fallback: str = "refund"
    kind: str = "return"
    gift_receipt: str | None = None
    credit_to: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


def open_return(app: Application, shop: Shop, *, wish: Wish, actor: Actor, key: str) -> Return:
    """Open a return once per key.

    Raises Refused when nothing of it may come back, QuoteMoved when the money is not what was shown, NotFound.
    """
    return app.database.write(shop, lambda unit: _opened_once(app, unit, wish=wish, actor=actor, key=key))


def opened_with(app: Application, unit: Unit, *, wish: Wish, actor: Actor) -> Return:
    """The same within the transaction of a caller who does nothing twice."""
    opening_store.lock(unit, wish.order_id, quote_id=wish.quote_id)
    return _set_going(app, unit, wish=wish, actor=actor)


def _opened_once(app: Application, unit: Unit, *, wish: Wish, actor: Actor, key: str) -> Return:
    opening_store.lock(unit, wish.order_id, quote_id=wish.quote_id)
    known = command_store.get(unit, key)
    if known is not None:
        return return_of(unit, str(known["return_id"]))
    found = _set_going(app, unit, wish=wish, actor=actor)
    command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
    return found


def _set_going(app: Application, unit: Unit, *, wish: Wish, actor: Actor) -> Return:
    found = opened(app, unit, wish=wish, actor=actor)
    reserve(app, unit, found)
    mirror(app, unit, found)
    return settle_when_due(app, unit, found, moment="approved")


def opened(app: Application, unit: Unit, *, wish: Wish, actor: Actor) -> Return:
    """The return as it was written down, and nothing begun yet; raises what `open_return` does."""
    shown = quote_store.get(unit, wish.quote_id)
    if shown is None:
        raise NotFound("That quote is not known. Please ask for a new one.")
    is_gift = wish.gift_receipt is not None
    request = Request(items=wish.items, channel=wish.channel, kind=wish.kind, gift=is_gift)
    made = worked_out(app, unit, order_id=wish.order_id, request=request)
    _agree(made, shown.document)
    made = _kept(app, unit, made, shown=shown)
    found = _draft(app, unit, wish=wish, made=made)
    found = returns.open_return(found, actor=actor, approval=str(made.document["approval"]))
    return_store.insert(unit, found)
    return found


def _agree(made: StoredQuote, shown: Document) -> None:
    """Nothing is opened that the rules refuse, or whose money is not what was shown."""
    items = made.document["items"]
    assert isinstance(items, list)  # noqa: S101  the contract's form
    if made.document["approval"] == "refuse":
        reasons = tuple(reason for item in items for reason in item["reasons"])
        raise Refused("None of these items can come back.", reasons=reasons)
    if any(made.document[figure] != shown[figure] for figure in ("total", "due")):
        raise QuoteMoved("The amounts have changed since they were shown. Nothing was opened; please look again.")


def _kept(app: Application, unit: Unit, made: StoredQuote, *, shown: KeptQuote) -> StoredQuote:
    """The quote that was shown where nothing but the time has changed since, else the new one."""
    if made.document == shown.document and {**made.case, "now": None} == {**shown.case, "now": None}:
        return replace(made, id=shown.id)
    return keep(app, unit, made)


def _draft(app: Application, unit: Unit, *, wish: Wish, made: StoredQuote) -> Return:
    order = order_of(unit, wish.order_id)
    items: Sequence[Document] = made.document["items"]  # type: ignore[assignment]
    pairs = [(wanted, item) for wanted, item in zip(wish.items, items, strict=True) if item["verdict"] != "refused"]
    several = enumerate(pairs, start=1)
    drafted = (_group(n, wanted, item=item, order=order, wish=wish) for n, (wanted, item) in several)
    groups = tuple(_with_fallback(app, group, case=made.case, order=order) for group in drafted)
    kept = all(group.reception is Reception.KEPT for group in groups)
    return Return(
        id=rma_number(app.token()),
        order_id=wish.order_id,
        order_number=wish.gift_receipt or order.number or wish.order_id,
        kind=wish.kind,
        channel=wish.channel,
        method="keep" if kept else wish.method,
        opened_at=app.clock(),
        quote_id=made.id,
        groups=groups,
        history=(),
        gift_receipt=wish.gift_receipt,
        credit_to=wish.credit_to,
    )


def _group(n: int, wanted: Document, *, item: Document, order: Order, wish: Wish) -> UnitGroup:
    line = line_of(order, str(wanted["line_id"]))
    group = UnitGroup(
        id=str(n),
        line_id=line.id,
        quantity=int(str(wanted["quantity"])),
        reason=str(wanted["reason"]) if wanted.get("reason") else None,
        resolution=str(wanted.get("resolution") or "refund"),
        title=title_of(line),
        amount=parse_amount(str(item["amount"]), order.digits),
        tax=parse_amount(str(item["tax"]), order.digits),
        exchange_for=wanted.get("exchange_for"),  # type: ignore[arg-type]
        fallback=wish.fallback if wanted.get("resolution") == "exchange" else None,
        destination=str(item["destination"]) if item.get("destination") else None,
        note=wish.notes.get(line.id, ""),
    )
    return replace(group, reception=Reception.KEPT) if item.get("keep_item") else group


def _with_fallback(app: Application, group: UnitGroup, *, case: Document, order: Order) -> UnitGroup:
    """An exchange with what is given instead if it comes to nothing: what was chosen where the rules give that."""
    if group.resolution != "exchange":
        return group
    offered = ways_for(app, case, item=item_of(group), order=order)
    return replace(group, fallback=instead(group, offered)) if offered else group


def rma_number(token: str) -> str:
    """A return's number made of random text: eight signs that cannot be mistaken for one another."""
    return random_number("RMA", token, parts=2)


def random_number(name: str, token: str, *, parts: int) -> str:
    """A name with parts of four signs made of random text."""
    drawn, signs = int.from_bytes(hashlib.sha256(token.encode()).digest(), "big"), ""
    for _ in range(4 * parts):
        drawn, place = divmod(drawn, len(ALPHABET))
        signs += ALPHABET[place]
    return "-".join([name, *(signs[n : n + 4] for n in range(0, len(signs), 4))])
