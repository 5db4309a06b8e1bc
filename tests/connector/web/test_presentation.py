"""Figures and times as people read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.web.presentation import decided, minor, moment, money, picture, sums, titles, who, whole_numbers
from connector.web.wording import WORDS, word
from domain.events import Act, Actor, Entry
from domain.returns import STATUSES
from domain.settlement import LegKind, LegState
from domain.transitions import Acceptance, Reception, Settlement
from tests.shops import line, order

AT = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)


def quote(**changes: object) -> dict[str, Any]:
    return {
        "currency": "USD",
        "items": [{"line_id": "l1", "amount": "10.00", "tax": "0.80"}],
        "goods": "10.80",
        "shipping": "0.00",
        "duties": "0.00",
        "charges": "0.00",
        "exchange": "0.00",
        "fees": [],
        "bonus": "0.00",
        "total": "10.80",
        "due": "0.00",
        "to": [{"payment_id": "p1", "amount": "10.80"}],
    } | changes


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row.label, row.amount) for row in sums(found).rows]


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1019.80", "USD", "$1,019.80"),
        ("1980", "JPY", "¥1,980"),
        ("3.335", "KWD", "KWD3.335"),
        ("-5.00", "USD", "−$5.00"),
    ],
)
def test_money_shows_the_decimals_that_it_has(amount: str, currency: str, shown: str):
    assert money(amount, currency).replace("\xa0", "") == shown


def test_minor_units_are_shown_as_money():
    assert minor(1980, "USD", 2) == "$19.80"


def test_times_name_their_zone():
    assert moment(AT) == "20 Nov 2026, 12:05 UTC"


def test_tax_that_is_not_in_the_prices_is_a_line_of_its_own():
    assert rows(quote()) == [("Tax", "$0.80")]
    assert rows(quote(goods="10.00")) == []


def test_what_is_taken_off_is_shown_as_taken_off():
    fees = [{"code": "return_fee", "line_id": None, "amount": "4.50"}]
    assert rows(quote(goods="10.00", fees=fees, bonus="1.00", exchange="5.00")) == [
        ("Taken instead", "−$5.00"),
        ("Return fee", "−$4.50"),
        ("Bonus for store credit", "$1.00"),
    ]


def test_what_comes_out_has_its_word():
    assert sums(quote()).outcome.label == "Given back"
    assert sums(quote(total="0.00", due="2.00")).outcome.label == "Still to pay"
    assert sums(quote(total="0.00", exchange="10.80")).outcome.label == "Even swap"


def test_payments_are_named_when_the_order_is_known():
    paid = {"payments": [{"id": "p1", "kind": "gift_card"}]}
    (where,) = sums(quote(), paid).where
    assert (where.label, where.amount) == ("Gift card", "$10.80")
    (where,) = sums(quote(to=[{"store_credit": True, "amount": "10.80"}])).where
    assert where.label == "Store credit"


def test_a_line_without_a_title_is_called_by_its_sku():
    lines = [line(), line(id="l2", title=None, variant_title=None, sku="X-1")]
    assert titles(order(lines=lines)) == {"l1": "Tee, M", "l2": "X-1"}


@pytest.mark.parametrize("url", ["https://a.example/x.png", "//a.example/x.png", "javascript:alert(1)", "", None])
def test_pictures_come_from_nowhere_else(url: str | None):
    assert picture(url) is None


def test_return_numbers_stay_on_one_line_and_the_rest_is_escaped():
    assert whole_numbers("<b> RMA-2A2A-3B3B") == '&lt;b&gt; <span class="whole">RMA-2A2A-3B3B</span>'


def test_rules_are_told_in_words():
    assert decided({"days": 60, "returnable": True}) == "days: 60, may come back: yes"


def test_staff_are_named_and_shoppers_are_not():
    assert who(Entry(at=AT, actor=Actor(kind="staff", name="Sam"), act=Act.PAID)) == "Sam"
    assert who(Entry(at=AT, actor=Actor(kind="shopper", name="Ann"), act=Act.PAID)) == "the shopper"


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        ("status", [name for name, _ in STATUSES]),
        ("act", list(Act)),
        ("leg", list(LegKind)),
        ("leg_state", list(LegState)),
        ("reception", list(Reception)),
        ("acceptance", list(Acceptance)),
        ("settlement", list(Settlement)),
    ],
)
def test_every_word_of_the_rules_has_a_name(vocabulary: str, words: list[str]):
    assert [one for one in words if str(one) not in WORDS[vocabulary]] == []


def test_a_word_that_nobody_named_is_shown_as_it_is():
    assert word("of_the_merchant", "reason") == "Of the merchant"
