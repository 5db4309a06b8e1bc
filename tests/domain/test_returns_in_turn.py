"""Returns of one order, one after the other, until all is back: what was paid comes back, to where it came from.

Orders have several lines, discounts, taxes within prices or on top, several payments, and currencies of 0, 2 and 3
decimals; the shop refunded some of it before, and requests are settled, or still open, when the next one comes.
"""

from collections import Counter
from copy import deepcopy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.books import Books, open_books
from domain.case import read_case
from domain.money import format_amount
from domain.quote import Quote, assess

from .examples import QUIET, Document
from .shopping import CURRENCIES, lines, minor, money, written

BOUNDED = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = "2026-10-10T12:00:00Z"
GENEROUS = {"duties_refund": True, "shipping_refund": "whole_order"}
DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}

Request = list[Document]


def written_as(order: Document, amount: int) -> str:
    return format_amount(amount, DIGITS[order["currency"]])


def books_of(order: Document, *earlier: Document) -> Books:
    asked = {"line_id": order["lines"][0]["id"], "quantity": 1}
    return open_books(read_case({"now": NOW, "order": order, "earlier": list(earlier), "items": [asked]}))


@st.composite
def paid_orders(draw: st.DrawFn) -> Document:
    """An order of which all was delivered, paid exactly, with up to three payments."""
    of = [draw(lines(line_id)) for line_id in ("a", "b", "c")[: draw(st.integers(1, 3))]]
    for line in of:
        parcel = {"quantity": line["quantity"], "at": "2026-10-01T12:00:00Z"}
        line |= {"gift_card": False, "cancelled": 0, "fulfilled": [parcel]}
    sharing = [line for line in of if "total" not in line and "discount" not in line] or of
    room = sum(line["quantity"] * minor(line["unit_price"]) for line in sharing)
    order = {
        "currency": "EUR",
        "placed_at": "2026-10-01T12:00:00Z",
        "prices_include_tax": draw(st.booleans()),
        "ship_to": {"country": "DE"},
        "lines": of,
        "discounts": [{"amount": written(draw(st.integers(0, room)))}],
        "shipping": [{"id": "s", "price": draw(money(900)), "tax": draw(money(90))}],
        "payments": [],
        "refunds": [],
    }
    order = draw(st.sampled_from(CURRENCIES))(order)
    charged = books_of(order).charged
    cuts = sorted(draw(st.lists(st.integers(0, charged), max_size=2)))
    tenders = [high - low for low, high in zip([0, *cuts], [*cuts, charged], strict=True)]
    kinds = st.sampled_from(["card", "gift_card", "store_credit"])
    order["payments"] = [
        {"id": f"p{n}", "kind": draw(kinds), "amount": written_as(order, amount), "refunded": written_as(order, 0)}
        for n, amount in enumerate(tenders)
    ]
    return order


@st.composite
def in_any_split(draw: st.DrawFn, order: Document) -> list[Request]:
    """Requests that together ask for every unit of an order, in any order."""
    units = draw(st.permutations([line["id"] for line in order["lines"] for _ in range(line["quantity"])]))
    requests: list[list[str]] = []
    for line_id in units:
        if requests and draw(st.booleans()):
            requests[-1].append(line_id)
        else:
            requests.append([line_id])
    return [
        [{"line_id": line_id, "quantity": count} for line_id, count in Counter(asked).items()] for asked in requests
    ]


@st.composite
def whole_stories(draw: st.DrawFn) -> tuple[Document, list[Request]]:
    order = draw(paid_orders())
    return order, draw(in_any_split(order))


def quoted(order: Document, request: Request, *, earlier: list[Document], policy: Document, **changes: object) -> Quote:
    case = {"now": NOW, "order": order, "policy": policy, "earlier": earlier, "items": request} | changes
    return assess(read_case(case), QUIET)


def as_earlier(return_id: str, quote: Quote, *, status: str) -> Document:
    """What a return was quoted, as the next case tells it."""
    told = quote.document()
    items = [
        {key: item[key] for key in ("line_id", "quantity", "amount", "tax", "resolution")}
        for item in told["items"]  # type: ignore[attr-defined]
        if item["verdict"] != "refused"
    ]
    said = {"id": return_id, "status": status, "items": items, "fees": told["fees"]}
    return said | {name: told[name] for name in ("shipping", "duties", "charges")}


def pay(order: Document, quote: Quote, *, key: str) -> None:
    """The platform pays a quote: what goes back to payments is a refund under the return's id."""
    paid = 0
    for leg in quote.to:
        if leg.payment_id is not None:
            payment = next(one for one in order["payments"] if one["id"] == leg.payment_id)
            payment["refunded"] = written_as(order, minor(payment["refunded"]) + leg.amount)
            paid += leg.amount
    order["refunds"].append({"id": f"refund-{key}", "key": key, "amount": written_as(order, paid)})


def all_back(order: Document, requests: list[Request], *, policy: Document, paying: list[bool]) -> list[Quote]:
    """The quotes of one request after the other; each is paid before the next where `paying` says so."""
    earlier: list[Document] = []
    quotes = []
    for number, request in enumerate(requests):
        quote = quoted(order, request, earlier=earlier, policy=policy)
        quotes.append(quote)
        pays = paying[number % len(paying)]
        if pays:
            pay(order, quote, key=f"R{number}")
        earlier.append(as_earlier(f"R{number}", quote, status="settled" if pays else "open"))
    return quotes


@BOUNDED
@given(whole_stories())
def test_everything_returned_in_any_split_gives_back_all_that_was_paid_to_each_payment(story):
    order, requests = story
    charged = books_of(order).charged
    quotes = all_back(order, requests, policy=GENEROUS, paying=[True])
    assert sum(quote.total for quote in quotes) == charged
    assert all(quote.capped is None for quote in quotes)
    assert [payment["refunded"] for payment in order["payments"]] == [one["amount"] for one in order["payments"]]


@BOUNDED
@given(whole_stories(), st.lists(st.booleans(), min_size=1, max_size=4))
def test_it_does_not_matter_which_returns_are_still_open(story, paying):
    order, requests = story
    charged = books_of(order).charged
    quotes = all_back(order, requests, policy=GENEROUS, paying=paying)
    assert sum(quote.total for quote in quotes) == charged
    assert all(quote.capped is None for quote in quotes)


@BOUNDED
@given(whole_stories(), st.sampled_from(["store_credit", "exchange"]))
def test_nor_what_the_shopper_takes_for_it(story, wanted):
    order, requests = story
    charged = books_of(order)
    price = order["lines"][0]["unit_price"]
    for request in requests[::2]:
        for item in request:
            item["resolution"] = wanted
            item["exchange_for"] = {"variant_id": "v", "product_id": "p9", "price": price}
    quotes = all_back(order, requests, policy=GENEROUS, paying=[True])
    given_or_taken = sum(quote.total - quote.due + quote.exchange for quote in quotes)
    assert given_or_taken == charged.charged


@BOUNDED
@given(whole_stories(), st.integers(0, 2))
def test_everything_withdrawn_in_any_split_gives_back_all_that_was_paid(story, extra):
    order, requests = story
    order["charges"] = [{"id": f"c{n}", "amount": written_as(order, 7 + n)} for n in range(extra)]
    charged = books_of(order).charged
    order["payments"].append({"id": "rest", "amount": written_as(order, 99), "refunded": written_as(order, 0)})
    quotes = []
    earlier: list[Document] = []
    for number, request in enumerate(requests):
        quote = quoted(order, request, earlier=earlier, policy={"restocking_percent": "50"}, kind="withdrawal")
        pay(order, quote, key=f"R{number}")
        earlier.append(as_earlier(f"R{number}", quote, status="settled"))
        quotes.append(quote)
    assert sum(quote.total for quote in quotes) == charged
    assert not any(quote.fees for quote in quotes)


@st.composite
def refunded_before(draw: st.DrawFn, order: Document) -> list[Document]:
    """What the shop gave back by itself: goodwill, price cuts, units; maybe more than there was."""
    refunds = []
    for number in range(draw(st.integers(1, 3))):
        line = draw(st.sampled_from(order["lines"]))
        amount = draw(st.integers(0, 4000))
        quantity = draw(st.integers(0, line["quantity"]))
        cut = {"line_id": line["id"], "quantity": quantity, "amount": written_as(order, amount)}
        refund = {"id": f"g{number}", "amount": written_as(order, amount), "lines": draw(st.sampled_from([[], [cut]]))}
        refunds.append(refund)
    return refunds


@st.composite
def stories_with_refunds(draw: st.DrawFn) -> tuple[Document, list[Request]]:
    """An order of which some was refunded before, out of the payments in turn as far as they hold it."""
    order, requests = draw(whole_stories())
    order["refunds"] = draw(refunded_before(order))
    left = sum(minor(refund["amount"]) for refund in order["refunds"])
    for payment in order["payments"]:
        taken = min(left, minor(payment["amount"]))
        payment["refunded"] = written_as(order, taken)
        left -= taken
    return order, requests


@BOUNDED
@given(stories_with_refunds(), st.lists(st.booleans(), min_size=1, max_size=4))
def test_what_was_refunded_before_is_never_given_again(story, paying):
    order, requests = story
    before = deepcopy(order)
    books = books_of(before)
    quotes = all_back(order, requests, policy=GENEROUS, paying=paying)
    assert sum(quote.total for quote in quotes) <= books.left_of_order
    assert sum(quote.total for quote in quotes) <= books.left_of_payments
    for payment in order["payments"]:
        assert minor(payment["refunded"]) <= minor(payment["amount"])
    for line_id, account in books.accounts.items():
        accepted = [item for quote in quotes for item in quote.items if item.line_id == line_id and item.amount]
        assert sum(item.quantity for item in accepted) <= account.left


@BOUNDED
@given(stories_with_refunds())
def test_what_is_less_than_the_goods_says_why(story):
    order, requests = story
    for quote in all_back(order, requests, policy=GENEROUS, paying=[True]):
        asked = quote.goods + quote.shipping + quote.duties
        assert quote.total == asked or (quote.capped is not None and quote.capped.because)
        for item in quote.items:
            assert item.verdict == "accepted" or item.reasons


@BOUNDED
@given(paid_orders(), st.data())
def test_an_order_that_was_refunded_beyond_its_total_gives_nothing_and_says_why(order, data):
    charged = books_of(order).charged
    order["refunds"] = [{"id": "all", "amount": written_as(order, charged + data.draw(st.integers(0, 500)))}]
    for payment in order["payments"]:
        payment["refunded"] = payment["amount"]
    for request in data.draw(in_any_split(order)):
        quote = quoted(order, request, earlier=[], policy=GENEROUS)
        assert quote.total == 0
        refused = all(item.verdict == "refused" for item in quote.items)
        assert refused or not quote.goods or (quote.capped is not None and "gave back" in quote.capped.because)
