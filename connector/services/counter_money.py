"""Whose money counters give and take: kept beside each leg, so that figures and cash-up follow the ledger."""

from collections.abc import Sequence

from connector.application import Application
from connector.services.approve_at_counter import cash_is_allowed
from connector.services.quote_return import order_of
from connector.storage import counter_store, settlement_store
from connector.storage.database import Unit
from domain.events import Actor
from domain.settlement import Leg, LegKind, LegState

CASH = "cash"
MOVES_MONEY = frozenset({LegKind.REFUND, LegKind.STORE_CREDIT, LegKind.BONUS, LegKind.COLLECT})


def decided(app: Application, unit: Unit, return_id: str, *, before: Sequence[Leg], actor: Actor) -> None:
    """The legs that came since are those of who acts; cash waits for a person where none is given."""
    known = {leg.key for leg in before}
    for leg in settlement_store.legs_of(unit, return_id):
        if leg.key not in known:
            settled(unit, leg, actor=actor)
            if leg.state == LegState.DUE and _is_cash(unit, leg) and not cash_is_allowed(unit, actor.post):
                settlement_store.record(unit, leg.key, state=LegState.BY_HAND, receipt=None, at=app.clock())


def settled(unit: Unit, leg: Leg, *, actor: Actor, tender: str | None = None) -> None:
    """A leg is that of who acts; nothing is noted for who is nobody of the shop."""
    if actor.post.staff_id is not None and leg.kind in MOVES_MONEY:
        counter_store.attribute(unit, leg.key, post=actor.post, tender=tender or _tender(unit, leg))


def _is_cash(unit: Unit, leg: Leg) -> bool:
    return leg.kind == LegKind.REFUND and _tender(unit, leg) == CASH


def _tender(unit: Unit, leg: Leg) -> str:
    if leg.kind in (LegKind.STORE_CREDIT, LegKind.BONUS):
        return LegKind.STORE_CREDIT
    payments = order_of(unit, leg.order_id).payments
    return next((payment.kind or "" for payment in payments if payment.id == leg.payment_id), "")
