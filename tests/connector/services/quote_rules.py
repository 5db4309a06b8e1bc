"""What contracts/quote.md says must always hold of a quote, worked out from the case alone and not by our own code.

For orders whose lines say all that is taken off them and what tax they bear. Amounts are decimals of the currency.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Document = Mapping[str, Any]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """What one accepted item gives back: `count` units of a line after the `first` ones."""

    line_id: str
    first: int
    count: int
    amount: Decimal
    tax: Decimal


def money(text: object) -> Decimal:
    """An amount as the contract writes it; what is left out is nothing."""
    return Decimal(str(text or 0))


def check(case: Document, quote: Document) -> None:
    """Every rule that a single quote can be held to."""
    for rule in (parts_sum_to_the_whole, fees_are_cut, goes_where_it_came_from, charges_what_is_unearned, is_identical):
        rule(case, quote)


def parts_sum_to_the_whole(case: Document, quote: Document) -> None:
    """Rule 1: k more units of a line with d already back give round(L(d+k)/Q) - round(Ld/Q); so does its tax."""
    for share in shares(case, quote):
        line = _line(case, share.line_id)
        assert share.amount == part_of(goods(line), share, of=line["quantity"]), share
        assert share.tax == part_of(money(line["tax"]), share, of=line["quantity"]), share


def fees_are_cut(case: Document, quote: Document) -> None:
    """Rule 3: no fee is above what the policy says or what there is to take it from, and nobody gets and owes."""
    policy, fees = case["policy"], _fees(quote)
    percent = money(policy.get("restocking_percent")) / 100
    most = sum((_rounded(money(item["amount"]) * percent) for item in quote["items"]), Decimal(0))
    assert 0 <= fees["restocking"] <= most
    assert 0 <= fees["return_fee"] <= money(policy.get("return_fee"))
    assert sum(fees.values()) <= max(Decimal(0), _parts(quote))
    assert money(quote["total"]) >= 0
    assert not (money(quote["total"]) and money(quote["due"]))


def goes_where_it_came_from(case: Document, quote: Document) -> None:
    """Rule 5: it goes to payments, never more than each still holds and in proportion to it, and then to credit."""
    goes = {to.get("payment_id"): money(to["amount"]) for to in quote["to"]}
    assert all(amount > 0 for amount in goes.values())
    assert sum(goes.values()) == money(quote["total"])
    holds = {one["id"]: money(one["amount"]) - money(one["refunded"]) for one in case["order"]["payments"]}
    back = sum((amount for payment_id, amount in goes.items() if payment_id), Decimal(0))
    for payment_id, held in holds.items():
        exact = back * held / sum(holds.values()) if back else Decimal(0)
        assert goes.get(payment_id, Decimal(0)) <= held
        assert abs(goes.get(payment_id, Decimal(0)) - exact) < CENT


def charges_what_is_unearned(case: Document, quote: Document) -> None:
    """Rule 7: a discount is charged for the kept units once it is unearned, and given back once it is not; fees are
    cut to what there is, and who only exchanges returns nothing."""
    told, owed = _fees(quote)["promotion"], _unearned(case, quote) - _charged_before(case)
    if owed > 0 and (is_all_exchanged(quote) or sum(_fees(quote).values()) == _parts(quote)):
        assert 0 <= told <= owed
    else:
        assert told == owed


def is_identical(_: Document, quote: Document) -> None:
    """Rule 9: goods + shipping + duties + charges - exchange - fees = total - bonus - due, unless capped."""
    given = sum(money(quote[name]) for name in ("goods", "shipping", "duties", "charges"))
    left = given - money(quote["exchange"]) - sum(_fees(quote).values())
    if quote["capped"] is None:
        assert left == money(quote["total"]) - money(quote["bonus"]) - money(quote["due"])


def is_all_exchanged(quote: Document) -> bool:
    """Whether the shopper gives nothing back but for something else."""
    return all(item["resolution"] == "exchange" for item in quote["items"] if item["verdict"] != "refused")


def shares(case: Document, quote: Document) -> Iterator[Share]:
    """What each accepted item gives back, one after the other."""
    back = _units_back(case)
    for asked, item in zip(case["items"], quote["items"], strict=True):
        amount, tax = money(item["amount"]), money(item["tax"])
        if item["verdict"] == "refused":
            assert not amount
            assert not tax
            continue
        yield Share(item["line_id"], back[item["line_id"]], asked["quantity"], amount, tax)
        back[item["line_id"]] += asked["quantity"]


def goods(line: Document) -> Decimal:
    """What was charged for a line."""
    return money(line["unit_price"]) * line["quantity"] - money(line["discount"])


def part_of(amount: Decimal, share: Share, *, of: int) -> Decimal:
    """What of an amount for so many units falls on a share of them."""
    until = _rounded(amount * (share.first + share.count) / of)
    return until - _rounded(amount * share.first / of)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _line(case: Document, line_id: str) -> Document:
    found: Document = next(line for line in case["order"]["lines"] if line["id"] == line_id)
    return found


def _others(case: Document) -> Sequence[Document]:
    return [one for one in case["earlier"] if one["id"] != case["return_id"]]


def _units_back(case: Document) -> Counter[str]:
    """Units by their own returns; those of refunds by the refunds, where no return of ours is theirs."""
    others = _others(case)
    ours = {one["id"] for one in others}
    refunds = [one for one in case["order"].get("refunds") or [] if one.get("key") not in ours]
    back = Counter[str]()
    for line in [
        *(line for one in refunds for line in one["lines"]),
        *(line for one in others for line in one["items"]),
    ]:
        back[line["line_id"]] += line["quantity"]
    return back


def _unearned(case: Document, quote: Document) -> Decimal:
    """The share of discounts on what the shopper keeps, where that is below the threshold."""
    lines, kept = case["order"]["lines"], _kept(case, quote)
    if case["policy"].get("promotions") != "clawback":
        return Decimal(0)
    listed = {line["id"]: money(line["unit_price"]) for line in lines}
    worth = {line["id"]: listed[line["id"]] * line["quantity"] for line in lines}
    owed = Decimal(0)
    for discount in case["order"].get("discounts") or []:
        if sum(listed[line_id] * units for line_id, units in kept.items()) < money(discount["threshold"]):
            for line in lines:
                amount = money(discount["amount"]) * worth[line["id"]] / sum(worth.values())
                owed += _of_the_last(kept[line["id"]], amount, of=line["quantity"])
    return owed


def _of_the_last(units: int, amount: Decimal, *, of: int) -> Decimal:
    return amount - _rounded(amount * (of - units) / of)


def _charged_before(case: Document) -> Decimal:
    return sum((money(_fees(one)["promotion"]) for one in _others(case)), Decimal(0))


def _kept(case: Document, quote: Document) -> Mapping[str, int]:
    """The units that the shopper keeps, by line; who exchanges keeps."""
    back = _units_back(case)
    for one in _others(case):
        back.subtract([line["line_id"] for line in one["items"] for _ in range(line["quantity"])
                       if line["resolution"] == "exchange"])  # fmt: skip
    for asked, item in zip(case["items"], quote["items"], strict=True):
        if item["verdict"] != "refused" and item["resolution"] != "exchange":
            back[item["line_id"]] += asked["quantity"]
    return {line["id"]: line["quantity"] - back[line["id"]] for line in case["order"]["lines"]}


def _parts(quote: Document) -> Decimal:
    """What fees may be taken from."""
    return sum((money(quote[name]) for name in ("goods", "shipping", "duties")), -money(quote["exchange"]))


def _fees(document: Document) -> Counter[str]:
    fees = Counter[str]()
    for fee in document.get("fees") or []:
        fees[fee["code"]] += money(fee["amount"])  # type: ignore[assignment]
    return fees
