"""The quote: what may come back and what money moves, in the form of the quote contract.

Amounts are minor units of the order's currency; the document has them as decimal strings.
"""

from datetime import datetime

from msgspec import Struct

from domain.calendar import written
from domain.eligibility import Verdict
from domain.fees import Fee
from domain.money import format_amount
from domain.policy import Resolution, Settings
from domain.refusals import Reason
from domain.rules import Decided
from domain.tenders import Leg


class QuotedItem(Struct, frozen=True):
    """What becomes of an item; `settings` are what rules set for it."""

    line_id: str
    quantity: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    window_ends_at: datetime | None
    resolution: Resolution
    amount: int
    tax: int
    keep_item: bool
    settings: Settings

    def document(self, digits: int) -> dict[str, object]:
        """The item as the contract writes it."""
        settings = self.settings
        told = {
            "evidence": None if settings.evidence is None else list(settings.evidence),
            "destination": settings.destination,
            "label": settings.label,
            "say": settings.say,
        }
        return {
            "line_id": self.line_id,
            "quantity": self.quantity,
            "verdict": self.verdict,
            "reasons": [reason.document() for reason in self.reasons],
            "window_ends_at": written(self.window_ends_at) if self.window_ends_at else None,
            "resolution": self.resolution,
            "amount": format_amount(self.amount, digits),
            "tax": format_amount(self.tax, digits),
            "keep_item": self.keep_item,
            **{name: value for name, value in told.items() if value is not None},
        }


class Limit(Struct, frozen=True):
    """The first cap that bound: what was `wanted` before the bonus, what is `given` after all caps, and why."""

    by: str
    wanted: int
    given: int
    because: str


class Quote(Struct, frozen=True):
    """The answer to a case; `total` is what the shopper gets, bonus included, `due` what the shopper owes."""

    currency: str
    digits: int
    items: tuple[QuotedItem, ...]
    shipping: int
    duties: int
    charges: int
    fees: tuple[Fee, ...]
    bonus: int
    goods: int
    exchange: int
    total: int
    due: int
    to: tuple[Leg, ...]
    capped: Limit | None
    approval: str
    trace: tuple[Decided, ...]

    def document(self) -> dict[str, object]:
        """The quote as the contract writes it, its keys always in the same order."""
        digits = self.digits
        return {
            "currency": self.currency,
            "items": [item.document(digits) for item in self.items],
            "shipping": format_amount(self.shipping, digits),
            "duties": format_amount(self.duties, digits),
            "charges": format_amount(self.charges, digits),
            "fees": [_fee(fee, digits) for fee in self.fees],
            "bonus": format_amount(self.bonus, digits),
            "goods": format_amount(self.goods, digits),
            "exchange": format_amount(self.exchange, digits),
            "total": format_amount(self.total, digits),
            "due": format_amount(self.due, digits),
            "to": [_leg(leg, digits) for leg in self.to],
            "capped": _limit(self.capped, digits) if self.capped else None,
            "approval": self.approval,
            "trace": [{"rule": entry.rule, "matched": True, "set": entry.said} for entry in self.trace],
        }


def _fee(fee: Fee, digits: int) -> dict[str, object]:
    return {"code": fee.code, "line_id": fee.line_id, "amount": format_amount(fee.amount, digits)}


def _leg(leg: Leg, digits: int) -> dict[str, object]:
    amount = format_amount(leg.amount, digits)
    if leg.payment_id is None:
        return {"store_credit": True, "amount": amount}
    of = {"of": {"order_id": leg.of.order_id, "payment_id": leg.of.payment_id}} if leg.of else {}
    return {"payment_id": leg.payment_id, "amount": amount, **of}


def _limit(limit: Limit, digits: int) -> dict[str, object]:
    return {
        "by": limit.by,
        "wanted": format_amount(limit.wanted, digits),
        "given": format_amount(limit.given, digits),
        "because": limit.because,
    }
