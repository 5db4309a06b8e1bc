"""Windows of returns: per parcel, to the end of the last day in the shop's time zone."""

from datetime import UTC, datetime

import pytest

from .examples import back, case, earlier, item, line, order, parcel, quote, reasons, refund, rule, verdicts, when


def ends(document, place=0):
    return quote(document)["items"][place]["window_ends_at"]


def shipped(*parcels, quantity=None, **changes):
    return order(
        line(quantity=quantity or sum(entry["quantity"] for entry in parcels), fulfilled=list(parcels)), **changes
    )


@pytest.mark.parametrize(
    ("starts", "last"), [("delivered", "2026-10-15"), ("fulfilled", "2026-10-11"), ("placed", "2026-10-10")]
)
def test_days_are_counted_from_where_the_policy_says(starts, last):
    assert ends(case(policy={"days": 10, "starts": starts})) == f"{last}T23:59:59.999999+00:00"


def test_without_a_delivery_event_goods_travel_for_the_days_of_transit():
    of = shipped(parcel(delivered_at=None))
    assert ends(case(of, policy={"days": 10}))[:10] == "2026-10-18"
    assert ends(case(of, policy={"days": 10, "transit_days": 3}))[:10] == "2026-10-14"
    assert ends(case(of, policy={"days": 10, "starts": "fulfilled"}))[:10] == "2026-10-11"


@pytest.mark.parametrize("starts", ["delivered", "fulfilled"])
def test_a_parcel_without_times_counts_from_the_order(starts):
    of = shipped({"quantity": 1})
    assert ends(case(of, policy={"days": 10, "starts": starts, "transit_days": 0}))[:10] == "2026-10-10"


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ("2026-10-15T23:59:59.999999Z", []),
        ("2026-10-16T00:00:00Z", ["window_closed"]),
        ("2026-10-15T22:00:00-05:00", ["window_closed"]),
    ],
)
def test_the_last_day_counts_until_midnight(now, codes):
    assert reasons(case(policy={"days": 10}, now=now)) == codes


def test_the_day_is_that_of_the_shops_time_zone():
    policy = {"days": 10, "timezone": "Asia/Tokyo"}
    of = shipped(parcel(delivered_at="2026-10-05T15:00:00Z"))
    assert ends(case(of, policy=policy)) == "2026-10-16T23:59:59.999999+09:00"
    assert reasons(case(of, policy=policy, now="2026-10-16T14:59:59Z")) == []
    assert reasons(case(of, policy=policy, now="2026-10-16T15:00:00Z")) == ["window_closed"]


def test_where_clocks_go_back_over_midnight_the_day_ends_the_second_time():
    of = shipped(parcel(delivered_at="2024-03-13T12:00:00Z"), placed_at="2024-03-10T12:00:00Z")
    policy = {"days": 10, "timezone": "America/Asuncion"}
    assert ends(case(of, policy=policy))[:10] == "2024-03-23"
    assert ends(case(of, policy=policy)).endswith("23:59:59.999999-04:00")


def test_where_clocks_go_forward_over_midnight_the_day_ends_when_they_do():
    """In Nuuk the last hour of 28 March 2026 does not exist: the day ends at 01:00 UTC."""
    of = shipped(parcel(delivered_at="2026-03-18T12:00:00Z"), placed_at="2026-03-10T12:00:00Z")
    policy = {"days": 10, "timezone": "America/Nuuk"}
    told = datetime.fromisoformat(ends(case(of, policy=policy, now="2026-03-20T12:00:00Z")))
    assert told.astimezone(UTC).isoformat() == "2026-03-29T00:59:59.999999+00:00"
    assert verdicts(case(of, policy=policy, now="2026-03-29T00:59:59Z")) == ["accepted"]
    assert verdicts(case(of, policy=policy, now="2026-03-29T01:00:00Z")) == ["refused"]


def test_no_days_end_the_day_it_came():
    assert ends(case(policy={"days": 0}))[:10] == "2026-10-05"


def test_an_endless_window_ends_in_a_far_year():
    assert ends(case(policy={"days": 10**9}))[:4] == "9990"


def test_the_return_was_opened_in_time():
    assert reasons(case(policy={"days": 10}, now="2027-01-01T00:00:00Z", opened_at="2026-10-15T00:00:00Z")) == []
    assert reasons(case(policy={"days": 10}, now="2026-10-15T00:00:00Z", opened_at="2026-10-17T00:00:00Z")) == [
        "window_closed"
    ]


SEASON = {"bought_from": "2026-09-30", "bought_to": "2026-09-30", "until": "2026-12-31"}


@pytest.mark.parametrize(
    ("extension", "last"),
    [
        (SEASON, "2026-12-31"),
        (SEASON | {"bought_from": "2026-10-01", "bought_to": None}, "2026-10-15"),
        (SEASON | {"bought_from": None, "bought_to": "2026-09-29"}, "2026-10-15"),
        (SEASON | {"bought_from": None, "bought_to": None}, "2026-12-31"),
        (SEASON | {"until": "2026-10-14"}, "2026-10-15"),
        (SEASON | {"until": None}, "2026-10-15"),
    ],
)
def test_what_was_bought_between_two_days_may_come_back_longer(extension, last):
    assert ends(case(policy={"days": 10, "extended": [extension]}))[:10] == last


def test_the_latest_extension_wins_and_days_are_those_of_the_shop():
    later = SEASON | {"until": "2027-01-31"}
    assert ends(case(policy={"extended": [SEASON, later, SEASON]}))[:10] == "2027-01-31"
    in_tokyo = order(placed_at="2026-09-30T16:00:00Z")
    assert (
        ends(case(in_tokyo, policy={"days": 10, "timezone": "Asia/Tokyo", "extended": [SEASON]}))[:10] == "2026-10-15"
    )


def test_rules_set_the_days_of_their_items():
    rules = [rule("r", when("item.reason", "is", "defective"), days=100)]
    of = order(line(quantity=2))
    document = case(of, item(reason="defective"), item(), policy={"days": 10, "rules": rules})
    assert (ends(document, 0)[:10], ends(document, 1)[:10]) == ("2027-01-13", "2026-10-15")


EARLY, LATE = parcel(), parcel(delivered_at="2026-10-12T12:00:00Z")
ONE_IN_TIME = {"policy": {"days": 10}, "now": "2026-10-20T12:00:00Z"}


def test_only_units_still_in_time_can_come_back():
    of = shipped(EARLY, LATE)
    assert reasons(case(of, **ONE_IN_TIME)) == []
    assert reasons(case(of, item(quantity=2), **ONE_IN_TIME)) == ["quantity_exceeds"]
    assert reasons(case(of, item(), item(), **ONE_IN_TIME), 1) == ["window_closed"]


def test_units_that_came_back_are_those_whose_window_closed_first():
    of = shipped(EARLY, LATE, LATE)
    assert reasons(case(of, item(quantity=2), earlier=[earlier("R1", back())], **ONE_IN_TIME)) == []
    of["refunds"] = [refund("r", back())]
    assert reasons(case(of, item(quantity=2), **ONE_IN_TIME)) == []
    assert reasons(case(of, item(quantity=2), earlier=[earlier("R1", back())], **ONE_IN_TIME)) == ["quantity_exceeds"]


def test_the_window_shown_is_the_latest_of_all_parcels():
    assert ends(case(shipped(LATE, EARLY), **ONE_IN_TIME))[:10] == "2026-10-22"


def test_the_window_is_shown_whatever_the_verdict():
    assert ends(case(order(line(gift_card=True)))) is not None
    assert ends(case(earlier=[earlier("R1", back())])) is not None


def test_what_was_never_shipped_has_no_window():
    assert ends(case(order(line(fulfilled=[])))) is None


def test_items_with_a_longer_window_leave_the_units_in_time_to_the_others():
    rules = [rule("r", when("item.reason", "is", "defective"), days=100)]
    document = case(shipped(EARLY, LATE), item(reason="defective"), item(), now=ONE_IN_TIME["now"])
    document["policy"] = {"days": 10, "rules": rules}
    assert [reasons(document, place) for place in (0, 1)] == [[], []]
    document["items"].reverse()
    assert [reasons(document, place) for place in (0, 1)] == [[], []]
    document["items"] = [item(), item()]
    assert [reasons(document, place) for place in (0, 1)] == [[], ["window_closed"]]
