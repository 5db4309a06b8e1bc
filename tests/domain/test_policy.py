"""The policy: its defaults, and what it may not say."""

from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Malformed
from domain.policy import FAULTS, Policy, read_policy

from .examples import case, line, order, quote, rule, when


def test_an_empty_policy_has_the_defaults_of_the_contract():
    policy = read_policy({}, 2)
    assert policy == Policy()
    assert (policy.days, policy.starts, policy.transit_days, policy.timezone) == (30, "delivered", 7, ZoneInfo("UTC"))
    assert policy.resolutions == ("refund", "store_credit", "exchange")
    assert (policy.methods, policy.settle_on) == (("mail",), "received")
    assert (policy.restocking_percent, policy.return_fee, policy.return_fee_per) == (Fraction(0), 0, "return")
    assert (policy.fees_waived_for, policy.fees_waived_when) == (FAULTS, ())
    assert (policy.store_credit_bonus_percent, policy.shipping_refund, policy.duties_refund) == (0, "never", False)
    assert (policy.even_exchange, policy.promotions, policy.keep_item_below) == ("same_product", "as_allocated", 0)
    assert (policy.final_sale, policy.approval, policy.rules) == (None, "auto", ())


@pytest.mark.parametrize("name", ["days", "starts", "timezone", "resolutions", "return_fee", "final_sale", "rules"])
def test_null_means_the_default(name):
    assert read_policy({name: None}, 2) == Policy()


@pytest.mark.parametrize(
    ("document", "at"),
    [
        ({"days": -1}, "days"),
        ({"days": "30"}, "days"),
        ({"starts": "today"}, "starts"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "Europe"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "localtime"}, "timezone"),
        ({"timezone": 1}, "timezone"),
        ({"extended": [{"bought_from": "soon"}]}, "extended[0].bought_from"),
        ({"resolutions": ["voucher"]}, "resolutions[0]"),
        ({"methods": ["pigeon"]}, "methods[0]"),
        ({"settle_on": "later"}, "settle_on"),
        ({"restocking_percent": 15}, "restocking_percent"),
        ({"restocking_percent": "-15"}, "restocking_percent"),
        ({"return_fee": "5.001"}, "return_fee"),
        ({"return_fee": "-5"}, "return_fee"),
        ({"return_fee": 5}, "return_fee"),
        ({"return_fee_per": "item"}, "return_fee_per"),
        ({"fees_waived_when": ["refund"]}, "fees_waived_when[0]"),
        ({"shipping_refund": "always"}, "shipping_refund"),
        ({"even_exchange": "never"}, "even_exchange"),
        ({"promotions": "keep"}, "promotions"),
        ({"approval": "refuse"}, "approval"),
        ({"final_sale": {"field": "line.cost", "op": "exists"}}, "final_sale.field"),
        ({"rules": [{"then": {}}]}, "rules[0].id"),
        ({"rules": [{"id": "r", "then": {"discount": "5"}}]}, "rules[0].then.discount"),
        ({"rules": [{"id": "r", "then": {"approval": "maybe"}}]}, "rules[0].then.approval"),
        ({"rules": [{"id": "r", "then": {"label": "nobody"}}]}, "rules[0].then.label"),
        ({"rules": [{"id": "r", "then": {"evidence": "photo"}}]}, "rules[0].then.evidence"),
        ({"rules": [{"id": "r", "then": {"evidence": ["video"]}}]}, "rules[0].then.evidence[0]"),
        ({"rules": [{"id": "r", "then": {"resolutions": ["cash"]}}]}, "rules[0].then.resolutions[0]"),
        ({"rules": [{"id": "r", "then": []}]}, "rules[0].then"),
        ({"window": 30}, "window"),
    ],
)
def test_a_malformed_policy_says_where(document, at):
    with pytest.raises(Malformed) as refused:
        read_policy(document, 2)
    assert refused.value.at == at


def test_reasons_are_an_open_list():
    assert read_policy({"fees_waived_for": ["moth"]}, 2).fees_waived_for == ("moth",)


def test_a_pattern_that_is_none_is_malformed_whatever_is_asked():
    def refuse(pattern, _text):
        raise Malformed(f"{pattern} is no pattern")

    from domain.outside import Outside

    outside = Outside(is_holiday=lambda *_: False, search=refuse)
    broken = {"any": [when("line.price", "exists"), {"not": {"all": [when("line.sku", "matches", "(")]}}]}
    for policy, at in (
        ({"rules": [rule("r"), rule("s", broken)]}, "policy.rules[1].when.any[1].not.all[0].value"),
        ({"final_sale": broken}, "policy.final_sale.any[1].not.all[0].value"),
    ):
        with pytest.raises(Malformed) as refused:
            quote(case(order(line()), policy=policy), outside)
        assert refused.value.at == at
