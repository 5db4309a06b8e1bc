"""Orders as a real store gave them read into the normal form, and not a cent is lost."""

from decimal import Decimal
from typing import Any

import pytest

from adapters.errors import Unreadable
from adapters.woocommerce.normalise import normalise
from connector.real_outside import real_outside
from domain.books import open_books
from domain.case import read_case
from domain.money import format_amount, parse_amount
from domain.orders import read_order
from domain.quote import assess
from tests.adapters.woocommerce.orders import order_of, recorded_orders
from tests.recordings import body_of

RECORDED = dict(recorded_orders())
OUTSIDE = real_outside()
A = "orders-create-A-tax-coupon-shipping"
EUR_INCLUSIVE = "orders-create-I-eur-tax-inclusive"


def case_of(document: dict[str, Any]) -> dict[str, Any]:
    """Every unit of an order is asked back."""
    items = [{"line_id": line["id"], "quantity": line["quantity"]} for line in document["lines"]]
    return {"now": "2026-11-24T00:00:00Z", "order": document, "policy": {"starts": "placed"}, "items": items}


def line_of(document: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return document["lines"][index]


@pytest.fixture(params=RECORDED.values(), ids=RECORDED.keys())
def body(request: pytest.FixtureRequest) -> dict[str, Any]:
    return request.param


class TestEveryRecordedOrder:
    def test_costs_exactly_what_the_store_says(self, body):
        document = dict(normalise(body))
        charged = open_books(read_case(case_of(document))).charged
        assert Decimal(format_amount(charged, document["digits"])) == Decimal(body["total"])

    def test_bears_exactly_the_tax_that_the_store_says_unless_the_store_rounded_it(self, body):
        document = dict(normalise(body))
        entries = [*document["lines"], *document["shipping"], *document["charges"]]
        rounding = [charge for charge in document["charges"] if charge["id"] == "rounding"]
        assert rounding or sum(Decimal(entry["tax"]) for entry in entries) == Decimal(body["total_tax"])

    def test_has_lines_that_cost_what_the_store_says(self, body):
        lines = normalise(body)["lines"]
        names = ("total", "total_tax") if body["prices_include_tax"] else ("total",)
        wanted = [sum(Decimal(line[name]) for name in names) for line in body["line_items"]]
        assert [Decimal(line["total"]) for line in lines] == wanted

    def test_gave_back_what_the_store_says(self, body):
        document = dict(normalise(body))
        given = sum(Decimal(refund["amount"]) for refund in document["refunds"])
        assert given == -sum(Decimal(refund["total"]) for refund in body["refunds"])
        assert [Decimal(payment["refunded"]) for payment in document["payments"]] in ([], [given])

    def test_is_quoted_whole_and_never_gives_more_than_is_left(self, body):
        document = dict(normalise(body))
        quote = assess(read_case(case_of(document)), OUTSIDE).document()
        order = read_order(document)
        left = max(0, sum(payment.amount - payment.refunded for payment in order.payments))
        assert parse_amount(quote["total"], order.digits) <= left

    def test_comes_out_the_same_twice(self, body):
        assert normalise(body) == normalise(body)


def test_an_order_that_a_race_refunded_three_times_gives_nothing_more():
    """Fact 2: 43.01 was refunded as 129.03."""
    document = order_of("orders-get-R-after-race")
    assert document["payments"][0]["refunded"] == "129.03"
    assert assess(read_case(case_of(document)), OUTSIDE).document()["total"] == "0.00"


def test_a_total_and_its_lines_stay_as_they_were_sold_after_refunds():
    """Fact 9."""
    before, after = order_of("orders-get-E-before-refund"), order_of("orders-get-E-after-refunds")
    assert after["lines"] == before["lines"]
    assert after["refunds"][:2] == [{"id": "30", "amount": "16.79"}, {"id": "31", "amount": "16.79"}]


class TestMoney:
    def test_a_discount_is_what_coupons_took_off_a_line(self):
        """Fact 11: 40.48 for three of 14.99."""
        line = line_of(order_of(A))
        assert (line["unit_price"], line["discount"], line["total"], line["tax"]) == ("14.99", "4.49", "40.48", "3.59")

    def test_prices_that_include_tax_are_told_with_it_although_the_store_keeps_them_without(self):
        line = line_of(order_of(EUR_INCLUSIVE))
        assert (line["unit_price"], line["discount"], line["total"], line["tax"]) == ("14.99", "4.94", "40.03", "6.67")

    def test_so_are_delivery_and_discounts(self):
        document = order_of(EUR_INCLUSIVE)
        assert document["shipping"][0]["price"] == "6.90"
        assert document["discounts"] == [{"amount": "7.69", "title": "save10", "threshold": None}]

    def test_a_price_of_one_that_does_not_divide_evenly_is_rounded_and_the_total_says_the_truth(self):
        body = body_of("woocommerce", A)
        first = body["line_items"][0] | {"subtotal": "10.00", "subtotal_tax": "0.00", "total": "10.00"}
        line = line_of(order_of(A, line_items=[first]))
        assert (line["unit_price"], line["discount"], line["total"]) == ("3.33", "0.00", "10.00")

    def test_a_discount_is_never_above_what_the_rounded_price_of_one_makes(self):
        body = body_of("woocommerce", A)
        free = body["line_items"][0] | {"subtotal": "10.00", "subtotal_tax": "0.00", "total": "0.00"}
        document = order_of(A, line_items=[free])
        assert (line_of(document)["discount"], line_of(document)["total"]) == ("9.99", "0.00")
        read_order(document)

    def test_a_line_that_was_made_dearer_has_no_discount(self):
        body = body_of("woocommerce", A)
        dearer = body["line_items"][0] | {"total": "50.00"}
        assert line_of(order_of(A, line_items=[dearer]))["discount"] == "0.00"

    def test_taxes_are_told_by_the_id_of_their_rate(self):
        """Fact 10."""
        assert line_of(order_of(A))["taxes"] == [
            {"id": "1", "title": "NY Sales Tax", "rate": "0.08875", "amount": "3.59"}
        ]

    def test_decimals_are_those_of_the_store_and_not_of_the_currency(self):
        """Fact 11: yen with two decimals, then with none."""
        assert order_of("orders-create-C-jpy")["digits"] == 2
        assert order_of("orders-create-J-jpy-zero-decimals")["digits"] == 0

    def test_decimals_that_only_the_request_asked_for_are_dropped(self):
        """Fact 11: `?dp=4` shows 157.4700, and a tax of 16.3980."""
        asked, plain = order_of("orders-get-B-dp4"), order_of("orders-get-B")
        assert (asked["digits"], asked["lines"]) == (2, plain["lines"])

    def test_decimals_that_an_amount_needs_are_kept(self):
        body = body_of("woocommerce", "orders-get-B-dp4")
        fee = body["fee_lines"][0] | {"total": "2.5050"}
        assert order_of("orders-get-B-dp4", fee_lines=[fee])["digits"] == 3

    def test_what_rounding_moved_between_parts_and_total_is_a_charge(self):
        """Fact 11: a store that was set to no decimals tells 139 for parts that sum to 140."""
        charges = order_of("orders-get-A-seen-with-0-decimals")["charges"]
        assert charges == [{"id": "rounding", "title": "Rounding", "amount": "-1", "tax": "0"}]

    def test_a_fee_is_a_charge_and_may_be_negative(self):
        body = body_of("woocommerce", "orders-get-B")
        fee = body["fee_lines"][0] | {"total": "-2.50", "total_tax": "-0.50"}
        document = order_of("orders-get-B", fee_lines=[fee], total="151.47")
        assert document["charges"] == [{"id": "11", "title": "Gift wrap", "amount": "-2.50", "tax": "-0.50"}]

    def test_minus_nothing_is_nothing(self):
        """Fact 11: a refund of less than one reads back as "-0"."""
        refunds = order_of("orders-get-A-seen-with-0-decimals")["refunds"]
        assert {refund["amount"] for refund in refunds if refund["id"] in ("81", "82", "83")} == {"0"}

    def test_store_credit_as_a_coupon_lowers_the_lines(self):
        """Fact 19."""
        document = order_of("orders-create-H-using-store-credit")
        assert (line_of(document)["total"], document["payments"]) == ("0.00", [])


class TestPayments:
    def test_without_a_date_of_payment_nothing_was_paid(self):
        assert order_of("orders-get-store-checkout-order")["payments"] == []

    @pytest.mark.parametrize(
        ("name", "kind", "is_refundable"),
        [
            (A, "cash", False),
            ("orders-get-B", "manual", False),
            ("orders-create-G-labpay", None, True),
        ],
    )
    def test_a_gateway_without_refunds_by_api_is_not_refundable(self, name, kind, is_refundable):
        """Fact 4: cod, bacs and cheque."""
        (payment,) = order_of(name)["payments"]
        assert (payment["kind"], payment["refundable"]) == (kind, is_refundable)

    def test_a_payment_without_a_gateway_cannot_be_refunded_by_one(self):
        (payment,) = order_of(A, payment_method="")["payments"]
        assert (payment["gateway"], payment["refundable"]) == (None, False)


class TestStatus:
    def test_a_completed_order_was_shipped_whole_when_it_was_completed(self):
        document = order_of(A)
        assert line_of(document)["fulfilled"] == [
            {"quantity": 3, "at": "2026-11-23T06:27:17+00:00", "delivered_at": None}
        ]

    @pytest.mark.parametrize("status", ["pending", "on-hold", "processing"])
    def test_a_waiting_order_was_not_shipped_even_if_it_once_was_completed(self, status):
        document = order_of(A, status=status)
        assert (line_of(document)["fulfilled"], document["cancelled_at"]) == ([], None)

    @pytest.mark.parametrize("status", ["cancelled", "failed", "trash"])
    def test_an_order_that_is_off_was_cancelled_when_it_last_changed(self, status):
        document = order_of(A, status=status)
        assert (line_of(document)["fulfilled"], document["cancelled_at"]) == ([], "2026-11-23T06:27:18+00:00")

    @pytest.mark.parametrize("status", ["refunded", "handed-over"])
    def test_any_other_status_leaves_it_to_the_date_of_completion(self, status):
        assert line_of(order_of(A, status=status))["fulfilled"] != []
        assert line_of(order_of(A, status=status, date_completed_gmt=None))["fulfilled"] == []

    @pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
    def test_a_draft_is_no_order_yet(self, status):
        """Fact 14."""
        with pytest.raises(Unreadable, match="draft"):
            order_of(A, status=status)


class TestGoods:
    def test_a_variation_is_told_by_its_product_and_what_was_chosen(self):
        """Fact 15."""
        line = line_of(order_of(A), 1)
        assert (line["product_id"], line["title"]) == ("14", "Lab T-Shirt")
        assert line["variant_title"] == "M, Black"
        assert line["options"] == {"Size": "M", "Color": "Black"}

    def test_internal_meta_is_no_option(self):
        """Fact 15: keys with an underscore."""
        assert line_of(order_of(A))["options"] == {}

    def test_a_deleted_product_keeps_its_name_only(self):
        """Facts 16 and 17."""
        line = line_of(order_of("orders-get-M-after-product-deleted"))
        assert (line["product_id"], line["variant_id"], line["sku"]) == (None, None, None)
        assert line["title"] == 'Doomed "Thing" & <b>Co</b> 5″'

    def test_a_deleted_variation_is_none(self):
        """Fact 16."""
        line = line_of(order_of("orders-get-after-variation-deleted"))
        assert (line["product_id"], line["variant_id"], line["sku"]) == ("14", None, "TEE")
        assert line["options"] == {"Size": "S", "Color": "Black"}

    def test_meta_for_humans_is_unescaped(self):
        """Fact 17."""
        line = line_of(order_of("orders-get-M-after-product-deleted"))
        assert line["options"] == {"Engraving": 'To "Bob" & co'}

    def test_a_line_without_units_is_refused(self):
        body = body_of("woocommerce", A)
        with pytest.raises(Unreadable, match="quantity 0"):
            order_of(A, line_items=[body["line_items"][0] | {"quantity": 0}])


class TestPeople:
    def test_times_are_those_in_utc(self):
        """Fact 12: the store's clock stands in Paris."""
        assert order_of(A)["placed_at"] == "2026-11-23T06:27:17+00:00"

    def test_a_guest_is_told_by_name_and_address(self):
        document = order_of("orders-get-store-checkout-order")
        assert document["customer"] == {
            "id": None, "email": "carla@example.org", "phone": "2125550199", "name": "Carla Checkout"
        }  # fmt: skip
        assert document["ship_to"] == {
            "country": "US", "region": "NY", "postal_code": "10118", "city": "New York"
        }  # fmt: skip

    def test_without_a_delivery_address_the_billing_address_counts(self):
        document = order_of(A, shipping={"country": "", "postcode": ""})
        assert document["ship_to"]["country"] == body_of("woocommerce", A)["billing"]["country"]

    def test_names_are_raw(self):
        """Fact 17."""
        billing = body_of("woocommerce", A)["billing"] | {"first_name": "Ann &amp; Co", "last_name": "<script>"}
        assert order_of(A, billing=billing)["customer"]["name"] == "Ann &amp; Co <script>"

    def test_of_an_erased_person_nothing_is_left(self):
        """Fact 32."""
        document = order_of("orders-get-after-privacy-erasure")
        assert set(document["customer"].values()) == {None}
        assert set(document["ship_to"].values()) == {None}

    def test_the_number_is_what_the_shopper_knows(self):
        """Fact 13: a string, by default the id."""
        assert (order_of(A)["id"], order_of(A)["number"]) == ("24", "24")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"total": 139.17}, "total"),
        ({"total": "many"}, "total"),
        ({"line_items": None}, "line_items"),
        ({"number": ""}, "number"),
        ({"date_created_gmt": "yesterday"}, "date_created_gmt"),
    ],
)
def test_what_cannot_be_read_is_named(change, named):
    with pytest.raises(Unreadable, match=named):
        order_of(A, **change)
