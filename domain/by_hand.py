"""What people did by hand for our returns, in the order that it was done to.

A platform shows a refund that a person makes there and knows no return of ours for it; of money from a till or a bank
it shows nothing. Who answers for a payment says which it was.
"""

from collections.abc import Iterable, Mapping, Sequence

from domain.elsewhere import REFUND_ID, is_by_hand
from domain.money import format_amount, parse_amount
from domain.settlement import Leg, LegKind, LegState

Document = Mapping[str, object]


def needs_answers(order: Document) -> bool:
    """Whether people may have given back what the order does not tell to be of a return."""
    return bool(candidates(order)) or any(not payment.get("refundable") for payment in _entries(order, "payments"))


def as_answered(order: Document, legs: Iterable[Leg]) -> Document:
    """The order, its refunds by hand with the returns that they are of, and its payments less what was given of them.

    A payment that its platform does not refund holds what it shows or what was given by hand, whichever is less.
    """
    by_hand = [leg for leg in legs if leg.kind == LegKind.REFUND and is_by_hand(leg)]
    if not by_hand:
        return order
    of_returns = {
        str(leg.receipt[REFUND_ID]): leg.return_id for leg in by_hand if leg.receipt and REFUND_ID in leg.receipt
    }
    return {
        **order,
        "refunds": [_of_its_return(refund, of_returns) for refund in _entries(order, "refunds")],
        "payments": [_less_given(payment, by_hand) for payment in _entries(order, "payments")],
    }


def candidates(order: Document) -> Sequence[Document]:
    """The refunds of an order that nobody knows a return for."""
    return [refund for refund in _entries(order, "refunds") if not refund.get("key")]


def likely(order: Document, leg: Leg) -> str:
    """The id of the latest such refund of as much as an uncertain leg was to give; empty where there is none."""
    if leg.kind != LegKind.REFUND or leg.state != LegState.UNKNOWN:
        return ""
    same = [one for one in candidates(order) if parse_amount(str(one["amount"]), leg.digits) == leg.amount]
    return str(same[-1]["id"]) if same else ""


def _of_its_return(refund: Document, of_returns: Mapping[str, str]) -> Document:
    named = of_returns.get(str(refund["id"]))
    return refund if refund.get("key") or named is None else {**refund, "key": named}


def _less_given(payment: Document, by_hand: Sequence[Leg]) -> Document:
    given = [leg for leg in by_hand if leg.payment_id == payment["id"]]
    if payment.get("refundable") or not given:
        return payment
    digits = given[0].digits
    shown = parse_amount(str(payment.get("refunded") or format_amount(0, digits)), digits)
    refunded = max(shown, sum(leg.amount for leg in given))
    return {**payment, "refunded": format_amount(refunded, digits)}


def _entries(order: Document, name: str) -> Sequence[Document]:
    found = order.get(name)
    return found if isinstance(found, list) else []
