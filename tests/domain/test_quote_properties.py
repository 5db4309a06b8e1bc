"""What must always hold of a quote, whatever the case (the numbers are those of the quote contract)."""

import json
from collections import Counter
from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.books import open_books
from domain.case import read_case
from domain.quote import Quote, assess

from .examples import QUIET, Document
from .shopping import cases, lines, orders

BOUNDED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assessed(document: Document) -> Quote:
    return assess(read_case(document), QUIET)


def sums(quote: Quote) -> tuple[int, int]:
    """What comes back less what is taken and kept, and what the shopper gets less what the shopper owes."""
    back = quote.goods + quote.shipping + quote.duties + quote.charges
    return back - quote.exchange - sum(fee.amount for fee in quote.fees), quote.total - quote.bonus - quote.due


@st.composite
def whole_returns(draw: st.DrawFn) -> tuple[Document, list[tuple[str, int]]]:
    """An order of which all was delivered, and an order of partial returns of everything."""
    of = [draw(lines(line_id)) for line_id in ("a", "b")]
    for line in of:
        line |= {"gift_card": False, "cancelled": 0}
        line["fulfilled"] = [{"quantity": line["quantity"], "at": "2026-10-01T12:00:00Z"}]
    units = draw(st.permutations([line["id"] for line in of for _ in range(line["quantity"])]))
    parts: list[tuple[str, int]] = []
    for line_id in units:
        if parts and parts[-1][0] == line_id and draw(st.booleans()):
            parts[-1] = (line_id, parts[-1][1] + 1)
        else:
            parts.append((line_id, 1))
    order = {
        "currency": "EUR",
        "placed_at": "2026-10-01T12:00:00Z",
        "prices_include_tax": draw(st.booleans()),
        "lines": of,
        "payments": [{"id": "p", "amount": "99999.00"}],
    }
    return order, parts


def in_turn(order: Document, parts: list[tuple[str, int]]) -> list[Document]:
    """The quotes of one return after the other, each of which is settled before the next."""
    earlier: list[Document] = []
    quotes = []
    for number, (line_id, quantity) in enumerate(parts):
        asked = {"line_id": line_id, "quantity": quantity}
        case = {"now": "2026-10-10T12:00:00Z", "order": order, "earlier": earlier, "items": [asked]}
        quote = assessed(case | {"policy": {"duties_refund": True}}).document()
        quotes.append(quote)
        given_back = {key: quote["items"][0][key] for key in ("amount", "tax")}
        earlier.append(
            {"id": f"R{number}", "status": "settled", "items": [asked | given_back], "duties": quote["duties"]}
        )
    return quotes


@BOUNDED
@given(whole_returns())
def test_1_partial_returns_of_everything_give_back_exactly_what_was_paid(returned):
    order, parts = returned
    quotes = in_turn(order, parts)
    charged = open_books(
        read_case({"now": "2026-10-10T12:00:00Z", "order": order, "items": [{"line_id": "a", "quantity": 1}]})
    ).charged
    assert all(quote["capped"] is None for quote in quotes)
    assert sum(minor(quote["total"]) for quote in quotes) == charged


@BOUNDED
@given(whole_returns())
def test_1_it_does_not_matter_whether_units_come_back_in_one_request(returned):
    order, parts = returned
    asked = [{"line_id": line_id, "quantity": quantity} for line_id, quantity in parts]
    case = {"now": "2026-10-10T12:00:00Z", "order": order, "items": asked, "policy": {"duties_refund": True}}
    together = assessed(case).document()
    apart = in_turn(order, parts)
    assert [entry["amount"] for entry in together["items"]] == [quote["items"][0]["amount"] for quote in apart]
    assert minor(together["total"]) == sum(minor(quote["total"]) for quote in apart)


def minor(amount: str) -> int:
    return int(amount.replace(".", ""))


@BOUNDED
@given(cases())
def test_2_nothing_comes_back_twice(document):
    quote, books = assessed(document), open_books(read_case(document))
    money = quote.total - quote.bonus
    assert money <= books.left_of_order
    assert money <= books.left_of_payments
    units = Counter()
    for item in quote.items:
        if item.verdict != "refused":
            units[item.line_id] += item.quantity
    assert all(count <= books.accounts[line_id].left for line_id, count in units.items())


@BOUNDED
@given(cases())
def test_2_the_same_request_again_gives_nothing_more(document):
    first = assessed(document)
    again = deepcopy(document)
    accepted = [item for item in first.document()["items"] if item["verdict"] != "refused"]
    again["earlier"].append({"id": "again", "status": "open", "items": [returned(item) for item in accepted]})
    books = open_books(read_case(again))
    assert all(account.left >= 0 for account in books.accounts.values())
    assert assessed(again).total - assessed(again).bonus <= books.left_of_order


def returned(item: Document) -> Document:
    return {key: item[key] for key in ("line_id", "quantity", "amount", "tax")}


@BOUNDED
@given(cases())
def test_2_given_is_what_is_left_after_the_caps(document):
    quote = assessed(document)
    if quote.capped is None:
        return
    assert quote.capped.given == quote.total - quote.bonus
    assert quote.capped.given < quote.capped.wanted
    assert quote.capped.because


@BOUNDED
@given(cases())
def test_3_fees_never_take_more_than_there_is(document):
    quote = assessed(document)
    taken = sum(fee.amount for fee in quote.fees if fee.amount > 0)
    assert taken <= max(0, quote.goods + quote.shipping + quote.duties - quote.exchange)
    assert all(fee.amount for fee in quote.fees)
    assert all(fee.amount > 0 for fee in quote.fees if fee.code != "promotion")


@BOUNDED
@given(cases())
def test_3_a_fee_never_raises_what_is_due(document):
    free = deepcopy(document)
    free["policy"] |= {"restocking_percent": "0", "return_fee": "0", "promotions": "as_allocated"}
    free["policy"]["rules"][0]["then"].pop("return_fee")
    for item in free["items"]:
        item.pop("diminished")
    assert assessed(document).due <= assessed(free).due


@BOUNDED
@given(cases())
def test_3_total_and_due_are_never_negative_nor_both_positive(document):
    quote = assessed(document)
    assert quote.total >= 0
    assert quote.due >= 0
    assert not (quote.total and quote.due)


@BOUNDED
@given(cases())
def test_4_an_even_exchange_is_neither_due_nor_given_back(document):
    price = document["order"]["lines"][0]["unit_price"]
    for item in document["items"]:
        item |= {"resolution": "exchange", "exchange_for": {"variant_id": "v", "product_id": "p1", "price": price}}
    document["policy"] |= {"even_exchange": "same_product", "promotions": "as_allocated"}
    for line in document["order"]["lines"]:
        line["product_id"] = "p1"
    quote = assessed(document)
    assert quote.exchange == quote.goods
    assert quote.due == 0


@BOUNDED
@given(cases())
def test_5_what_is_given_goes_somewhere_and_no_payment_gets_more_than_it_holds(document):
    quote, order = assessed(document), read_case(document).order
    held = {payment.id: payment.held for payment in order.payments}
    assert sum(leg.amount for leg in quote.to) == quote.total
    assert all(leg.amount > 0 for leg in quote.to)
    assert all(leg.amount <= held[leg.payment_id] for leg in quote.to if leg.payment_id is not None)


@BOUNDED
@given(cases())
def test_5_only_store_credit_earns_a_bonus_and_it_is_never_money(document):
    quote = assessed(document)
    credited = [item for item in quote.items if item.resolution == "store_credit" and item.verdict != "refused"]
    credit = sum(leg.amount for leg in quote.to if leg.payment_id is None)
    assert quote.bonus <= credit
    assert credited or not credit


@BOUNDED
@given(cases())
def test_9_the_sums_agree_unless_capped(document):
    quote = assessed(document)
    back, given_or_owed = sums(quote)
    if quote.capped is None:
        assert back == given_or_owed
    else:
        assert given_or_owed < back


@BOUNDED
@given(cases())
def test_10_the_same_case_gives_the_same_quote_byte_for_byte(document):
    first = json.dumps(assessed(document).document())
    assert json.dumps(assessed(json.loads(json.dumps(document))).document()) == first


@BOUNDED
@given(cases())
def test_refused_items_give_nothing_and_say_why(document):
    for item in assessed(document).items:
        assert bool(item.reasons) == (item.verdict != "accepted")
        if item.verdict == "refused":
            assert (item.amount, item.tax, item.keep_item) == (0, 0, False)


@BOUNDED
@given(orders())
def test_the_shares_of_a_lines_units_sum_to_the_line(order):
    accounts = open_books(
        read_case({"now": "2026-10-10T12:00:00Z", "order": order, "items": [{"line_id": "a", "quantity": 1}]})
    ).accounts
    for account in accounts.values():
        units = [account.goods(first, 1) for first in range(account.line.quantity)]
        assert sum(goods.amount for goods in units) == account.worth
        assert sum(goods.tax for goods in units) == sum(account.taxes)
        assert sum(goods.duties for goods in units) == account.line.duties
