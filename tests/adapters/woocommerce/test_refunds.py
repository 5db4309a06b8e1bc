"""Refunds go into the order that they belong to, with their lines, once."""

from datetime import UTC, datetime

import pytest

from adapters.errors import Unreadable
from adapters.woocommerce.refunds import merge, normalise_refund, renewed
from domain.orders import read_order
from tests.adapters.woocommerce.orders import merged, order_of, refunds_of
from tests.recordings import body_of

E = "orders-get-E-after-refunds"


def test_a_refund_names_the_line_units_money_and_tax():
    """Fact 9: quantities are negative, the order's own line is in the refund's meta."""
    (refund,) = refunds_of("refund-01-partial-qty-with-tax-restock", order_of(E))
    assert refund == {
        "id": "30",
        "amount": "16.79",
        "at": "2026-11-23T06:29:27+00:00",
        "shipping": "0.00",
        "lines": [{"line_id": "16", "quantity": 1, "amount": "13.99", "tax": "2.80"}],
    }


def test_delivery_comes_back_tax_included():
    """Fact 10."""
    (refund,) = refunds_of("refund-16-shipping-line", order_of(E))
    assert (refund["shipping"], refund["lines"]) == ("8.28", [])


def test_in_an_order_with_tax_inside_its_prices_the_line_has_it_inside_too():
    (refund,) = refunds_of("refund-60-eur-inclusive-unit", order_of("orders-create-I-eur-tax-inclusive"))
    assert refund["lines"] == [{"line_id": "85", "quantity": 1, "amount": "13.34", "tax": "2.22"}]


def test_more_units_than_were_sold_are_told_as_they_are():
    """Fact 7: the store checks nothing."""
    (refund,) = refunds_of("refund-06-qty-over-remaining", order_of(E))
    assert refund["lines"][0]["quantity"] == 5


def test_an_amount_may_differ_from_its_lines():
    """Fact 7."""
    (refund,) = refunds_of("refund-12-mismatch-amount-vs-lines", order_of(E))
    assert (refund["amount"], refund["lines"][0]["amount"]) == ("2.00", "0.50")


def test_amounts_of_lines_are_rounded_to_the_decimals_of_the_order():
    """Fact 11: lines of 1.23456 in a refund of 1.34."""
    (refund,) = refunds_of("refund-52-high-precision", order_of("orders-get-A-after-thirds"))
    assert (refund["amount"], refund["lines"][0]["amount"], refund["lines"][0]["tax"]) == ("1.34", "1.23", "0.11")


def test_our_own_return_is_known_by_the_marker_in_its_meta():
    """Fact 3."""
    (refund,) = refunds_of("refund-55-meta-data", order_of("orders-get-A-after-thirds"))
    assert refund["key"] == "rr_0123"


def test_a_line_that_the_order_does_not_have_is_left_out():
    """Fact 7: unknown lines are accepted."""
    body = body_of("woocommerce", "refund-01-partial-qty-with-tax-restock")
    order = order_of(E)
    order["lines"] = order["lines"][1:]
    assert normalise_refund(body, order=order)["lines"] == []


def test_a_refund_with_other_decimals_than_its_order_is_refused():
    """Fact 11: the store's setting was changed in between."""
    with pytest.raises(Unreadable, match="decimals"):
        refunds_of("refund-61-jpy-fraction", order_of("orders-create-C-jpy"))


class TestMerging:
    def test_a_list_says_more_of_what_the_order_knows(self):
        order = order_of(E)
        found = merged(order, "refunds-list")
        assert len(found["refunds"]) == len(order["refunds"]) == 12
        assert found["payments"] == order["payments"]
        assert found["refunds"][2]["lines"] == [{"line_id": "17", "quantity": 1, "amount": "5.50", "tax": "1.10"}]
        read_order(found)

    def test_a_list_brings_what_the_order_did_not_know(self):
        found = merged(order_of("orders-get-E-before-refund"), "refunds-list")
        assert len(found["refunds"]) == 10
        assert found["payments"][0]["refunded"] == "21.11"

    @pytest.mark.parametrize("name", ["refunds-list", "refund-16-shipping-line"])
    def test_the_same_list_twice_changes_nothing(self, name):
        once = merged(order_of(E), name)
        assert merged(once, name) == once

    def test_a_list_of_some_fields_keeps_what_was_known_closer(self):
        once = merged(order_of("orders-get-A-after-thirds"), "refund-50-thirds-1")
        again = merged(once, "refunds-list-A-fields")
        assert again["refunds"][1] == once["refunds"][1]
        assert again["refunds"][8]["key"] == "rr_0123"

    def test_a_refund_in_flight_counts_by_its_amount_only(self):
        """Fact 3: it may still be declined, and no money may be given twice."""
        found = merged(order_of("refund-73c-order-in-flight"), "refund-73b-list-in-flight")
        assert found["refunds"] == [{"id": "147", "amount": "14.99"}]
        assert found["payments"][0]["refunded"] == "14.99"

    def test_a_declined_refund_goes_when_a_later_whole_list_no_longer_has_it(self):
        """Fact 3."""
        found = merged(order_of("refund-73c-order-in-flight"), "refund-73d-list-after")
        assert (found["refunds"], found["payments"][0]["refunded"]) == ([], "0.00")

    def test_it_stays_when_the_list_is_not_whole_or_older_than_the_order(self):
        order = order_of("refund-73c-order-in-flight")
        assert merge(order, [], complete_at=None) == order
        assert merge(order, [], complete_at=datetime(2026, 11, 1, tzinfo=UTC)) == order


class TestRenewal:
    def test_an_order_told_anew_keeps_what_its_body_cannot_tell(self):
        kept = merged(order_of(E), "refunds-list")
        assert renewed(order_of(E), kept=kept) == kept

    def test_an_older_body_does_not_take_back_what_a_list_told_since(self):
        before = order_of("orders-get-E-before-refund")
        kept = merged(before, "refunds-list")
        assert renewed(before, kept=kept) == kept

    def test_a_body_of_the_same_moment_takes_nothing_away_for_it_may_be_the_older_one(self):
        kept = order_of(E)
        assert renewed(order_of(E, refunds=[]), kept=kept) == kept

    def test_a_newer_body_takes_away_what_was_deleted(self):
        kept = merged(order_of(E), "refunds-list")
        later = order_of(E, refunds=[], date_modified_gmt="2026-11-24T00:00:00")
        assert renewed(later, kept=kept)["refunds"] == []
        assert renewed(later, kept=kept)["payments"][0]["refunded"] == "0.00"

    def test_a_refund_later_than_the_newer_body_stays(self):
        kept = merged(order_of("orders-get-E-before-refund"), "refund-16-shipping-line")
        later = order_of("orders-get-E-before-refund", date_modified_gmt="2026-11-23T06:28:00")
        assert [refund["id"] for refund in renewed(later, kept=kept)["refunds"]] == ["42"]
