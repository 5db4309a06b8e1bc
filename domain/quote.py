"""The quote of a case: which goods may come back, and what money moves. This page is its table of contents."""

from collections.abc import Sequence

from domain.books import Books, open_books
from domain.calendar import end_of
from domain.caps import Capped, cap
from domain.case import Case
from domain.deliveries import charges_back, duties_of, shipping_back
from domain.eligibility import Judged, judge
from domain.exchanges import exchange_value
from domain.fees import cut_fees, fees_owed
from domain.item_facts import facts_of
from domain.outside import Outside
from domain.policy import check_patterns
from domain.proceeds import portions
from domain.quoted import Limit, Quote, QuotedItem
from domain.rules import apply_rules
from domain.tenders import bonus, legs

__all__ = ["Quote", "assess"]


def assess(case: Case, outside: Outside) -> Quote:
    """The quote of a case; the same case gives the same quote. Raises Malformed where a condition's pattern is none."""
    check_patterns(case.policy, outside.search)

    # What may come back.
    books = open_books(case)
    facts = facts_of(case, books)
    settings, trace = apply_rules(case.policy.rules, facts, search=outside.search)
    judged = judge(case, books, facts=facts, settings=settings, outside=outside)
    accepted = tuple(entry for entry in judged if entry.accepted)

    # What it is worth.
    goods = sum(entry.goods.value for entry in accepted)
    duties = sum(duties_of(case, entry) for entry in accepted)
    shipping = shipping_back(case, books, accepted=accepted)
    charges = charges_back(case, books, accepted=accepted)
    exchange = exchange_value(case, accepted)
    fees = cut_fees(fees_owed(case, books, accepted=accepted), goods + shipping + duties - exchange)

    # What is given, and where it goes.
    net = goods + shipping + duties + charges - exchange - sum(fee.amount for fee in fees)
    parts = portions(case, accepted, fees=fees, back=shipping + charges, exchange=exchange)
    capped = cap(case, books, accepted=accepted, fees=fees, parts=parts)
    credit = capped.pot.credit
    extra = bonus(case, accepted, leaves=capped.parts.of_items, credit=credit)

    return Quote(
        currency=case.order.currency,
        digits=case.order.digits,
        items=_items(case, books, judged=judged, goods=goods),
        shipping=shipping,
        duties=duties,
        charges=charges,
        fees=tuple(fees),
        bonus=extra,
        goods=goods,
        exchange=exchange,
        total=capped.pot.total + extra,
        due=max(0, -net),
        to=legs(case.order, money=capped.pot.money, credit=credit + extra),
        capped=_limit(capped),
        approval=_approval(judged),
        trace=trace,
    )


def _items(case: Case, books: Books, *, judged: Sequence[Judged], goods: int) -> tuple[QuotedItem, ...]:
    """Every item as it is quoted; the shopper keeps goods worth little, all that came back so far counted in."""
    kept = books.goods_given + goods < case.policy.keep_item_below
    return tuple(_item(case, entry, kept=kept) for entry in judged)


def _item(case: Case, judged: Judged, *, kept: bool) -> QuotedItem:
    item, chosen, ends = judged.item, judged.settings.keep_item, judged.window_ends
    return QuotedItem(
        line_id=item.line_id,
        quantity=item.quantity,
        verdict=judged.verdict,
        reasons=judged.reasons,
        window_ends_at=end_of(ends, case.policy.timezone) if ends else None,
        resolution=item.resolution,
        amount=judged.goods.amount,
        tax=judged.goods.tax,
        keep_item=judged.accepted and (kept if chosen is None else chosen),
        settings=judged.settings,
    )


def _limit(capped: Capped) -> Limit | None:
    if capped.by is None:
        return None
    return Limit(capped.by, capped.wanted, capped.pot.total, capped.because)


def _approval(judged: Sequence[Judged]) -> str:
    """Refuse when every item is refused, review when a person has to look at any, else auto."""
    verdicts = {entry.verdict for entry in judged}
    if verdicts == {"refused"}:
        return "refuse"
    return "review" if "review" in verdicts else "auto"
