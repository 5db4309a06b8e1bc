"""The statutory right to withdraw: where it holds, until when, and what comes back."""

from datetime import date

import pytest

from domain.outside import Outside
from domain.withdrawal import COUNTRIES

from .examples import (
    back,
    case,
    earlier,
    european,
    exchange,
    item,
    line,
    order,
    parcel,
    quote,
    reasons,
    refund,
    rule,
    verdicts,
    withdrawal,
)

DELIVERY = {"id": "s", "price": "9.00", "standard_price": "4.00"}


def ends(document, outside=None):
    found = quote(document, outside) if outside else quote(document)
    moment = found["items"][0]["window_ends_at"]
    return moment and moment[:10]


def closed_on(*days):
    """A world in which these days are holidays in Germany, and in Bavaria those of May."""

    def is_holiday(day, country, region):
        return country == "DE" and day in days and (day.month != 5 or region == "BY")

    return Outside(is_holiday=is_holiday, search=lambda *_: False)


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_the_right_holds_in_the_eu_the_eea_and_the_united_kingdom(country):
    assert verdicts(withdrawal(order(ship_to={"country": country}))) == ["accepted"]


@pytest.mark.parametrize("country", ["US", "CH", "TR", "XX", "de", None])
def test_elsewhere_a_withdrawal_is_refused(country):
    assert reasons(withdrawal(order(ship_to={"country": country}))) == ["rule"]


def test_thirty_one_countries_and_parts_of_them_know_the_right():
    assert len(COUNTRIES - {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}) == 27 + 3 + 1


def test_a_withdrawal_needs_no_reason_and_owes_no_fee():
    policy = {"restocking_percent": "50", "return_fee": "5.00", "approval": "review", "days": 1}
    document = quote(withdrawal(None, policy=policy))
    assert (document["fees"], document["total"], document["approval"]) == ([], "10.00", "auto")


def test_rules_do_not_refuse_shorten_charge_or_hold_it():
    then = {
        "returnable": False, "days": 0, "approval": "refuse", "resolutions": [], "restocking_percent": "50",
        "return_fee": "5.00", "bonus_percent": "10",
    }  # fmt: skip
    document = quote(withdrawal(None, policy={"rules": [rule("r", **then)]}))
    assert (document["items"][0]["verdict"], document["total"], document["fees"]) == ("accepted", "10.00", [])
    assert document["trace"] == [{"rule": "r", "matched": True, "set": {}}]


def test_rules_may_still_say_how_the_goods_come_back():
    then = {"keep_item": True, "destination": "outlet", "label": "shopper", "say": "hello", "evidence": ["photo"]}
    document = quote(withdrawal(None, policy={"rules": [rule("r", days=5, **then)]}))
    assert document["items"][0].items() >= then.items()
    assert document["trace"] == [{"rule": "r", "matched": True, "set": then}]


def test_a_withdrawal_is_always_offered_its_money_and_the_rest_where_the_merchant_offers_it():
    asked = [item(), item(resolution="store_credit"), exchange()]
    for place, entry in enumerate(asked):
        assert reasons(withdrawal(None, entry, policy={"resolutions": []})) == (
            ["resolution_not_offered"] if place else []
        )
        assert reasons(withdrawal(None, entry)) == []


def test_only_the_diminished_value_may_be_deducted():
    document = quote(withdrawal(None, item(diminished="3.00"), policy={"restocking_percent": "50"}))
    assert ([(fee["code"], fee["amount"]) for fee in document["fees"]], document["total"]) == (
        [("diminished", "3.00")],
        "7.00",
    )


def test_units_that_were_never_shipped_can_be_withdrawn():
    of = european(line(quantity=2, fulfilled=[parcel()]))
    assert verdicts(withdrawal(of, item(quantity=2))) == ["accepted"]
    assert verdicts(withdrawal(european(line(fulfilled=[])))) == ["accepted"]


def test_fourteen_days_are_counted_from_the_last_delivery_of_the_order():
    of = european(line(), line("b", fulfilled=[parcel(delivered_at="2026-10-08T12:00:00Z")]))
    assert ends(withdrawal(of)) == "2026-10-22"


def test_without_a_delivery_event_goods_travel_for_the_days_of_transit():
    of = european(line(fulfilled=[parcel(delivered_at=None)]))
    assert ends(withdrawal(of)) == "2026-10-22"


def test_the_merchants_window_does_not_matter():
    season = {"until": "2027-01-31"}
    assert ends(withdrawal(None, policy={"days": 300, "starts": "placed", "extended": [season]})) == "2026-10-19"


@pytest.mark.parametrize(("now", "codes"), [("2026-10-19T21:59:59Z", []), ("2026-10-19T22:00:00Z", ["window_closed"])])
def test_statutory_days_are_counted_in_the_shops_time_zone(now, codes):
    assert reasons(withdrawal(None, policy={"timezone": "Europe/Berlin"}, now=now)) == codes


def test_there_is_no_end_while_any_unit_is_unshipped():
    of = european(line(), line("b", fulfilled=[]))
    document = withdrawal(of, now="2027-10-10T00:00:00Z")
    assert (ends(document), reasons(document)) == (None, [])


@pytest.mark.parametrize(
    "unshipped",
    [
        {"refunds": [refund("r", back("b"))]},
        {"lines": [line(), line("b", fulfilled=[], cancelled=1)]},
    ],
)
def test_units_that_will_never_ship_are_not_waited_for(unshipped):
    of = european(line(), line("b", fulfilled=[])) | unshipped
    assert ends(withdrawal(of)) == "2026-10-19"


def test_units_withdrawn_before_they_shipped_are_not_waited_for():
    of = european(line(), line("b", fulfilled=[]))
    assert ends(withdrawal(of, earlier=[earlier("R1", back("b"))])) == "2026-10-19"


@pytest.mark.parametrize(
    ("delivered", "last"), [("2026-10-09", "2026-10-23"), ("2026-10-03", "2026-10-19"), ("2026-10-04", "2026-10-19")]
)
def test_a_last_day_on_a_weekend_moves_to_monday(delivered, last):
    of = european(line(fulfilled=[parcel(delivered_at=f"{delivered}T12:00:00Z")]))
    assert ends(withdrawal(of)) == last


def test_a_last_day_on_a_holiday_moves_on_over_the_weekend():
    of = european(line(fulfilled=[parcel(delivered_at="2026-10-09T12:00:00Z")]))
    assert ends(withdrawal(of), closed_on(date(2026, 10, 23), date(2026, 10, 26))) == "2026-10-27"
    assert ends(withdrawal(of | {"ship_to": {"country": "FR"}}), closed_on(date(2026, 10, 23))) == "2026-10-23"


def test_a_holiday_of_the_region_counts_there():
    of = european(line(fulfilled=[parcel(delivered_at="2026-05-11T12:00:00Z")]))
    corpus_christi = closed_on(date(2026, 5, 25))
    assert ends(withdrawal(of), corpus_christi) == "2026-05-25"
    assert ends(withdrawal(of | {"ship_to": {"country": "DE", "region": "BY"}}), corpus_christi) == "2026-05-26"


def test_duties_come_back_with_withdrawn_goods():
    of = european(line(quantity=3, duties="1.00"))
    assert quote(withdrawal(of, item(quantity=2)))["duties"] == "0.67"
    assert quote(case(of, item(quantity=2)))["duties"] == "0.00"


def test_standard_delivery_comes_back_when_no_unit_is_left():
    of = european(line(quantity=2), line("b"), shipping=[DELIVERY])
    assert quote(withdrawal(of, item(quantity=2)))["shipping"] == "0.00"
    assert quote(withdrawal(of, item(quantity=2), item("b")))["shipping"] == "4.00"
    assert quote(withdrawal(of, item(quantity=2), earlier=[earlier("R1", back("b"))]))["shipping"] == "4.00"


@pytest.mark.parametrize(
    ("delivery", "given"),
    [
        ({"price": "9.00"}, "9.00"),
        ({"price": "9.00", "discount": "2.00"}, "7.00"),
        ({"price": "9.00", "discount": "6.00", "standard_price": "4.00"}, "3.00"),
        ({"price": "9.00", "tax": "1.80", "standard_price": "4.00"}, "4.80"),
        ({"price": "9.00", "tax": "1.00", "standard_price": "4.00"}, "4.44"),
        ({"price": "9.00", "tax": "1.80", "standard_price": "20.00"}, "10.80"),
        ({"price": "9.00", "standard_price": "0.00"}, "0.00"),
        ({"price": "9.00", "discount": "9.00", "tax": "0.50"}, "0.50"),
    ],
)
def test_delivery_is_given_back_at_most_at_the_standard_price_with_its_tax(delivery, given):
    of = european(line(), shipping=[{"id": "s", **delivery}])
    assert quote(withdrawal(of))["shipping"] == given


def test_tax_is_inside_the_price_of_delivery_where_prices_include_it():
    of = european(line(), shipping=[DELIVERY | {"tax": "1.80"}], prices_include_tax=True)
    assert quote(withdrawal(of))["shipping"] == "4.00"


def test_each_delivery_has_its_own_standard_price():
    of = european(line(), shipping=[DELIVERY, {"id": "t", "price": "2.00", "standard_price": "4.00"}])
    assert quote(withdrawal(of))["shipping"] == "6.00"


def test_delivery_given_back_before_does_not_come_back_again():
    of = european(line(), shipping=[DELIVERY], refunds=[refund("r", amount="1.00", shipping="1.00")])
    assert quote(withdrawal(of))["shipping"] == "3.00"
    assert quote(withdrawal(of, earlier=[earlier("R1", shipping="2.50")]))["shipping"] == "0.50"
    assert quote(withdrawal(of, earlier=[earlier("R1", shipping="9.00")]))["shipping"] == "0.00"


def test_positive_charges_come_back_with_a_whole_order_only():
    charges = [{"id": "c", "amount": "3.00", "tax": "0.60"}, {"id": "d", "amount": "-2.00"}]
    of = european(line(), line("b"), charges=charges)
    assert quote(withdrawal(of))["charges"] == "0.00"
    assert quote(withdrawal(of, item(), item("b")))["charges"] == "3.60"
    assert quote(withdrawal(of | {"prices_include_tax": True}, item(), item("b")))["charges"] == "3.00"
    assert quote(case(of, item(), item("b")))["charges"] == "0.00"


def test_an_items_own_kind_wins():
    of = european(line(duties="1.00"), line("b", duties="1.00"))
    policy = {"restocking_percent": "10"}
    document = quote(case(of, item(kind="withdrawal"), item("b"), policy=policy))
    assert (document["duties"], [fee["line_id"] for fee in document["fees"]]) == ("1.00", ["b"])
    assert quote(withdrawal(of, item(kind="return"), policy=policy))["duties"] == "0.00"


MIXED = [item(kind="withdrawal"), item("b")]


def test_a_mixed_request_gives_standard_delivery_and_charges_when_nothing_is_left():
    of = european(line(), line("b"), shipping=[DELIVERY], charges=[{"id": "c", "amount": "3.00"}])
    document = quote(case(of, *MIXED))
    assert (document["shipping"], document["charges"]) == ("4.00", "3.00")


def test_where_the_policy_gives_delivery_too_the_larger_comes_back():
    of = european(line(), line("b"), shipping=[DELIVERY])
    assert quote(case(of, *MIXED, policy={"shipping_refund": "whole_order"}))["shipping"] == "9.00"


def test_the_policys_delivery_is_for_returns():
    of = european(line(), shipping=[DELIVERY])
    for policy in ({"shipping_refund": "whole_order"}, {"shipping_refund": "faulty"}):
        assert quote(withdrawal(of, item(reason="defective"), policy=policy))["shipping"] == "4.00"


def test_a_refused_withdrawal_gives_no_delivery():
    of = european(line(exempt="perishable"), line("b"), shipping=[DELIVERY])
    assert quote(case(of, *MIXED))["shipping"] == "0.00"


def test_where_the_merchant_offers_credit_a_withdrawal_earns_its_bonus():
    document = quote(withdrawal(None, item(resolution="store_credit"), policy={"store_credit_bonus_percent": "10"}))
    assert (document["bonus"], document["total"]) == ("1.00", "11.00")


def test_charges_given_back_before_do_not_come_back_again():
    of = european(line(), charges=[{"id": "c", "amount": "3.00"}])
    assert quote(withdrawal(of, earlier=[earlier("R1", charges="2.00")]))["charges"] == "1.00"
    assert quote(withdrawal(of, earlier=[earlier("R1", charges="4.00")]))["charges"] == "0.00"


def test_a_withdrawn_item_takes_the_units_whose_window_closes_first():
    of = european(line(quantity=2, fulfilled=[parcel(), parcel(delivered_at="2026-10-09T12:00:00Z")]))
    items = [item(kind="withdrawal"), item()]
    assert verdicts(case(of, *items, policy={"days": 2})) == ["accepted", "accepted"]
