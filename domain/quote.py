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
from domain.proceeds import Portions, portions
from domain.quoted import Limit, Quote, QuotedItem
from domain.rules import apply_rules
from domain.tenders import bonus, legs
from domain.workings import Workings, Worth

__all__ = ["Quote", "assess", "quote_of", "work_out"]


def assess(case: Case, outside: Outside) -> Quote:
    """The quote of a case; the same case gives the same quote. Raises Malformed where a condition's pattern is none."""
    return quote_of(work_out(case, outside))


def work_out(case: Case, outside: Outside) -> Workings:
    """Everything that a quote follows from, step by step. Raises Malformed where a condition's pattern is none."""
    check_patterns(case.policy, outside.search)

    books = open_books(case)
    facts = facts_of(case, books)
    rulings, trace = apply_rules(case.policy.rules, facts, search=outside.search)
    settings = [ruling.settings for ruling in rulings]
    judged = judge(case, books, facts=facts, settings=settings, outside=outside)
    accepted = tuple(entry for entry in judged if entry.accepted)
    worth = _worth(case, books, accepted=accepted)
    capped = cap(case, books, accepted=accepted, fees=worth.fees, parts=_parts(case, worth, accepted=accepted))
    extra = bonus(case, accepted, leaves=capped.parts.of_items, credit=capped.pot.credit)
    return Workings(
        case, books, judged, accepted=accepted, worth=worth, capped=capped, bonus=extra, rulings=rulings, trace=trace
    )


def quote_of(workings: Workings) -> Quote:
    """The quote that follows."""
    case, worth, capped, extra = workings.case, workings.worth, workings.capped, workings.bonus
    money, credit = capped.pot.money, capped.pot.credit
    return Quote(
        currency=case.order.currency,
        digits=case.order.digits,
        items=_items(case, workings.books, judged=workings.judged, goods=worth.goods),
        shipping=worth.shipping,
        duties=worth.duties,
        charges=worth.charges,
        fees=worth.fees,
        bonus=extra,
        goods=worth.goods,
        exchange=worth.exchange,
        total=money + credit + extra,
        due=max(0, -worth.net),
        to=legs(case.order, money=money, credit=credit + extra),
        capped=_limit(capped),
        approval=_approval(workings.judged),
        trace=workings.trace,
    )


def _worth(case: Case, books: Books, *, accepted: Sequence[Judged]) -> Worth:
    """The parts of the sum; fees are cut to goods, shipping and duties less the exchange."""
    goods = sum(entry.goods.value for entry in accepted)
    shipping = shipping_back(case, books, accepted=accepted)
    duties = sum(duties_of(case, entry) for entry in accepted)
    charges = charges_back(case, books, accepted=accepted)
    exchange = exchange_value(case, accepted)
    fees = cut_fees(fees_owed(case, books, accepted=accepted), goods + shipping + duties - exchange)
    return Worth(goods, shipping, duties, charges, exchange=exchange, fees=fees)


def _parts(case: Case, worth: Worth, *, accepted: Sequence[Judged]) -> Portions:
    back = worth.shipping + worth.charges
    return portions(case, accepted, fees=worth.fees, back=back, exchange=worth.exchange)


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
    return Limit(capped.by, capped.wanted.pot.total, capped.pot.total, capped.because)


def _approval(judged: Sequence[Judged]) -> str:
    """Refuse when every item is refused, review when a person has to look at any, else auto."""
    verdicts = {entry.verdict for entry in judged}
    if verdicts == {"refused"}:
        return "refuse"
    return "review" if "review" in verdicts else "auto"
