"""Verdicts and reasons: what is refused, what waits for a person."""

import pytest

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
    when,
    withdrawal,
)

UNSHIPPED = {"fulfilled": []}


def test_what_was_never_shipped_cannot_be_returned():
    assert reasons(case(order(line(**UNSHIPPED)))) == ["not_fulfilled"]


def test_while_other_units_wait_all_shipped_ones_are_gone():
    of = order(line(quantity=2, fulfilled=[parcel()]))
    assert reasons(case(of, earlier=[earlier("R1", back())])) == ["not_fulfilled"]
    assert reasons(case(of, item(), item()), 1) == ["not_fulfilled"]


def test_only_what_was_shipped_can_be_returned():
    assert reasons(case(order(line(quantity=2, fulfilled=[parcel()])), item(quantity=2))) == ["quantity_exceeds"]


@pytest.mark.parametrize("status", ["open", "settled"])
def test_units_of_an_earlier_return_are_gone(status):
    assert reasons(case(earlier=[earlier("R1", back(), status=status)])) == ["already_returned"]


def test_units_the_platform_refunded_are_gone():
    assert reasons(case(order(refunds=[refund("r", back())]))) == ["already_refunded"]


def test_of_several_takers_the_return_is_named():
    of = order(line(quantity=2), refunds=[refund("r", back())])
    assert reasons(case(of, earlier=[earlier("R1", back())])) == ["already_returned"]
    assert reasons(case(of, item(), item()), 1) == ["already_returned"]


def test_a_price_cut_takes_no_units():
    assert reasons(case(order(refunds=[refund("r", back(quantity=0, amount="1.00"), amount="1.00")]))) == []


def test_more_than_is_left_is_refused_whole():
    document = quote(case(order(line(quantity=2)), item(quantity=3)))
    assert document["items"][0]["verdict"] == "refused"
    assert (document["items"][0]["amount"], document["items"][0]["tax"], document["total"]) == ("0.00", "0.00", "0.00")


def test_a_refused_item_takes_no_units():
    assert verdicts(case(order(line(quantity=2)), item(quantity=3), item(quantity=2))) == ["refused", "accepted"]


def test_a_line_whose_units_were_all_removed_is_cancelled():
    assert reasons(case(order(line(quantity=2, cancelled=2), line("b")))) == ["cancelled"]


def test_a_cancelled_order_gives_nothing_back():
    of = european(line(), cancelled_at="2026-10-02T00:00:00Z")
    assert reasons(case(of)) == reasons(withdrawal(of)) == ["cancelled"]


def test_reasons_of_the_units_exclude_one_another():
    policy = {"days": 1}
    assert reasons(case(policy=policy)) == ["window_closed"]
    assert reasons(case(None, item(quantity=2), policy=policy)) == ["window_closed"]
    assert reasons(case(policy=policy, earlier=[earlier("R1", back())])) == ["already_returned"]
    assert reasons(case(order(line(**UNSHIPPED)), item(quantity=2), policy=policy)) == ["not_fulfilled"]


FINAL = {"final_sale": when("line.tags", "contains", "final")}
OUTLET = order(line(tags=["final"]))


def test_a_final_sale_is_refused():
    assert reasons(case(OUTLET, policy=FINAL)) == ["final_sale"]
    assert reasons(case(policy=FINAL)) == []


def test_a_rule_that_says_returnable_lifts_the_final_sale_only():
    policy = FINAL | {"rules": [rule("r", returnable=True)]}
    assert reasons(case(OUTLET, policy=policy)) == []
    assert reasons(case(OUTLET, policy=policy | {"days": 1})) == ["window_closed"]
    assert reasons(case(order(line(tags=["final"], gift_card=True)), policy=policy)) == ["gift_card"]


def test_gift_cards_are_refused_in_both_kinds():
    of = european(line(gift_card=True))
    assert reasons(case(of)) == reasons(withdrawal(of)) == ["gift_card"]


@pytest.mark.parametrize("ground", ["personalised", "hygiene_unsealed", "perishable", "digital_started"])
def test_exempt_goods_cannot_be_withdrawn_but_returned(ground):
    of = european(line(exempt=ground))
    assert (reasons(withdrawal(of)), reasons(case(of))) == (["exempt"], [])


@pytest.mark.parametrize("then", [{"returnable": False}, {"approval": "refuse"}])
def test_a_rule_refuses(then):
    document = quote(case(policy={"rules": [rule("r", **then)]}))
    assert [reason["code"] for reason in document["items"][0]["reasons"]] == ["rule"]
    assert (document["items"][0]["verdict"], document["approval"]) == ("refused", "refuse")


def test_what_the_merchant_does_not_offer_is_refused():
    for resolution, asked in (
        ("store_credit", item(resolution="store_credit")),
        ("exchange", exchange()),
        ("refund", item()),
    ):
        others = [name for name in ("refund", "store_credit", "exchange") if name != resolution]
        assert reasons(case(None, asked, policy={"resolutions": others})) == ["resolution_not_offered"]
        assert reasons(case(None, asked, policy={"resolutions": [resolution]})) == []


def test_rules_change_what_is_offered():
    policy = {"resolutions": ["refund"], "rules": [rule("r", resolutions=["store_credit"])]}
    assert reasons(case(policy=policy)) == ["resolution_not_offered"]
    assert reasons(case(None, item(resolution="store_credit"), policy=policy)) == []


@pytest.mark.parametrize(("available", "codes"), [(None, []), (2, []), (1, ["out_of_stock"]), (0, ["out_of_stock"])])
def test_fewer_replacements_than_asked_are_out_of_stock(available, codes):
    assert reasons(case(order(line(quantity=2)), exchange(quantity=2, available=available))) == codes


def test_two_items_do_not_share_the_last_replacement():
    document = case(order(line(quantity=2)), exchange(available=1), exchange(available=1))
    assert [reasons(document, place) for place in (0, 1)] == [[], ["out_of_stock"]]


def test_stock_does_not_matter_where_nothing_is_exchanged():
    asked = exchange(available=0) | {"resolution": "refund"}
    assert reasons(case(None, asked)) == []


def test_an_order_that_was_charged_but_not_paid_gives_nothing_back():
    assert reasons(case(order(payments=[]))) == ["unpaid"]
    assert reasons(case(order(payments=[{"id": "p", "amount": "0.00"}]))) == ["unpaid"]
    assert reasons(withdrawal(european(line(), payments=[]))) == ["unpaid"]


def test_an_order_that_cost_nothing_needs_no_payment():
    document = case(order(line(discount="10.00"), payments=[]))
    assert (reasons(document), quote(document)["total"]) == ([], "0.00")


def test_all_reasons_are_named_in_the_order_of_the_contract():
    of = order(line(tags=["final"], gift_card=True), cancelled_at="2026-10-02T00:00:00Z", payments=[])
    policy = FINAL | {"days": 1, "resolutions": [], "rules": [rule("r", returnable=False)]}
    assert reasons(case(of, exchange(available=0), policy=policy)) == [
        "window_closed",
        "final_sale",
        "gift_card",
        "cancelled",
        "rule",
        "resolution_not_offered",
        "out_of_stock",
        "unpaid",
    ]


def test_the_statutory_exemption_stands_after_the_gift_card():
    assert reasons(withdrawal(european(line(exempt="perishable", gift_card=True)), item(quantity=2))) == [
        "gift_card",
        "exempt",
        "quantity_exceeds",
    ]


def test_a_disputed_payment_waits_for_a_person():
    of = european(line(), disputed=True)
    for document in (case(of), withdrawal(of)):
        assert (verdicts(document), reasons(document), quote(document)["total"]) == (["review"], ["disputed"], "10.00")


def test_policy_and_rules_send_items_to_a_person():
    assert reasons(case(policy={"approval": "review"})) == ["rule"]
    assert reasons(case(policy={"rules": [rule("r", approval="review")]})) == ["rule"]
    assert reasons(case(policy={"approval": "review", "rules": [rule("r", approval="auto")]})) == []


def test_an_item_for_review_names_all_that_holds_it():
    assert reasons(case(order(disputed=True), policy={"approval": "review"})) == ["rule", "disputed"]


def test_a_refused_item_names_only_what_refuses_it():
    of = order(line(gift_card=True), disputed=True)
    assert reasons(case(of, policy={"approval": "review"})) == ["gift_card"]


def test_every_reason_has_an_english_sentence():
    entry = quote(case(policy={"days": 1}))["items"][0]["reasons"][0]
    assert entry["text"] == "The time to give this back ended on 2026-10-06."
    assert (
        quote(case(None, item(quantity=2)))["items"][0]["reasons"][0]["text"] == "Only 1 of these can still come back."
    )


def test_a_refusal_does_not_stop_the_others():
    document = quote(case(order(line(), line("b", gift_card=True)), item(), item("b")))
    assert ([entry["verdict"] for entry in document["items"]], document["total"]) == (["accepted", "refused"], "10.00")


@pytest.mark.parametrize(
    ("lines", "approval"),
    [
        ([{}, {}], "auto"),
        ([{}, {"gift_card": True}], "auto"),
        ([{"gift_card": True}, {"gift_card": True}], "refuse"),
        ([{"tags": ["look"]}, {}], "review"),
        ([{"tags": ["look"]}, {"gift_card": True}], "review"),
    ],
)
def test_the_approval_follows_from_the_verdicts(lines, approval):
    policy = {"rules": [rule("r", when("line.tags", "contains", "look"), approval="review")]}
    of = order(line("a", **lines[0]), line("b", **lines[1]))
    assert quote(case(of, item("a"), item("b"), policy=policy))["approval"] == approval


def test_units_of_an_earlier_return_and_of_an_earlier_item_are_both_gone():
    document = case(order(line(quantity=2)), item(), item(), earlier=[earlier("R1", back())])
    assert [reasons(document, place) for place in (0, 1)] == [[], ["already_returned"]]
