"""Figures of counters follow the ledger: who gave what where, and how the drawer should have moved."""

from datetime import date

import pytest

from connector.services import answer_leg, back_room, collect_balance, counter_figures
from connector.services.errors import Conflict, NeedsApproval, NotFound
from connector.storage import settlement_store
from domain.events import Actor
from tests.connector.services.test_approve_at_counter import approve, take_in
from tests.connector.services.test_story import opened
from tests.counters import OWNERS_PIN, acting, counter, opened_of
from tests.isolation.two_shops import DEARER, VARIANT
from tests.shops import SAM, TestShop, line, order, product

TODAY = date(2026, 11, 20)


def paid(kind: str, **changes: object) -> dict[str, object]:
    payment = {"id": "p1", "gateway": kind, "kind": kind, "amount": "44.60", "refunded": "0.00", "refundable": True}
    return payment | changes


def bought(demo: TestShop, n: int, **payment: object) -> str:
    demo.save_order(order(id=f"o{n}", number=f"#{n}", lines=[line()], payments=[paid("cash", **payment)]))
    return f"o{n}"


def work(demo: TestShop) -> list[counter_figures.Work]:
    return list(counter_figures.work_done(demo.app, demo.shop, first=TODAY, last=TODAY))


def moved(demo: TestShop, location_id: int, day: date = TODAY) -> list[tuple[str, int, int, int]]:
    report = counter_figures.cash_up(demo.app, demo.shop, location_id=location_id, day=day)
    return [(one.person, one.taken, one.paid_out, one.net) for one in (*report.by_person, *report.expected)]


def test_who_took_in_what_in_which_time_is_told_by_person_and_location(demo: TestShop):
    at = counter(demo, staff_limit="10.00")
    lee, found = acting(demo, at, at.lee), opened(demo)
    back_room.note_look(demo.app, demo.shop, found, post=lee.post)
    demo.clock.move(minutes=3)
    back_room.note_look(demo.app, demo.shop, found, post=lee.post)
    demo.clock.move(minutes=1)
    with pytest.raises(NeedsApproval) as refusal:
        take_in(demo, found, lee)
    demo.jobs.waiting.clear()
    (wanted,) = refusal.value.wanted
    approve(demo, at, lee, wanted=wanted)
    take_in(demo, found, lee)
    assert work(demo)[0].given == ()
    demo.work()
    (row,) = work(demo)
    assert (row.person, row.location, row.returns, row.units, row.minutes) == ("Lee", "Main street", 1, 1, 4.0)
    assert (row.given, row.taken, row.overrides) == (((1980, "USD", 2),), (), 1)


def test_what_was_put_aside_says_nothing_about_minutes_and_programs_are_nobody(demo: TestShop):
    at = counter(demo)
    lee, found = acting(demo, at, at.lee), opened(demo)
    back_room.note_look(demo.app, demo.shop, found, post=lee.post)
    demo.clock.move(hours=2)
    take_in(demo, found, lee)
    bought(demo, 2)
    take_in(demo, opened_of(demo, "o2"), SAM)
    demo.work()
    assert [(row.person, row.minutes) for row in work(demo)] == [("Lee", None)]


def test_cash_that_was_paid_out_leaves_the_drawer_of_its_location_and_day(demo: TestShop):
    at = counter(demo)
    for n, who in enumerate((at.lee, at.kim, at.kim)):
        pin = {} if who is at.lee else {"pin": OWNERS_PIN}
        take_in(demo, opened_of(demo, bought(demo, n)), acting(demo, at, who, **pin))
    demo.save_order(order(id="o9", number="#9", payments=[paid("card")]))
    take_in(demo, opened_of(demo, "o9"), acting(demo, at, at.lee))
    assert moved(demo, at.location.id) == []
    demo.work()
    assert moved(demo, at.location.id) == [
        ("Kim", 0, 3960, -3960), ("Lee", 0, 1980, -1980), ("", 0, 5940, -5940),
    ]  # fmt: skip
    assert moved(demo, at.location.id, date(2026, 11, 19)) == []


def test_a_day_is_that_of_the_location(demo: TestShop):
    at = counter(demo, time_zone="America/New_York", idle_minutes="120")
    demo.clock.move(hours=14)
    take_in(demo, opened_of(demo, bought(demo, 1)), acting(demo, at, at.lee))
    demo.work()
    assert moved(demo, at.location.id)[-1] == ("", 0, 1980, -1980)
    line = counter_figures.cash_up(demo.app, demo.shop, location_id=at.location.id, day=TODAY).lines[0]
    assert (line.at.hour, line.amount) == (21, -1980)


def test_what_somebody_else_pays_by_hand_is_theirs(demo: TestShop):
    at = counter(demo)
    found = take_in(demo, opened_of(demo, bought(demo, 1, refundable=False)), acting(demo, at, at.lee))
    with demo.app.database.read(demo.shop) as unit:
        leg = next(leg for leg in settlement_store.legs_of(unit, found.id) if leg.amount)
    kim = acting(demo, at, at.kim, OWNERS_PIN)
    answer_leg.paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=kim, note="from the drawer", key="p")
    assert moved(demo, at.location.id)[0] == ("Kim", 0, 1980, -1980)


def exchanged(demo: TestShop, actor: Actor) -> str:
    """The key of a balance that is to be paid."""
    demo.app.database.write(demo.shop, lambda unit: _save(unit))
    found = take_in(demo, opened(demo, resolution="exchange", exchange_for=DEARER), actor)
    with demo.app.database.read(demo.shop) as unit:
        return next(leg.key for leg in settlement_store.legs_of(unit, found.id) if leg.kind == "collect")


def _save(unit) -> None:
    from connector.storage import product_store

    product_store.save(unit, product(id="another", variants=[VARIANT]))


def test_cash_that_was_taken_comes_into_the_drawer_unless_none_is_taken_there(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    key = exchanged(demo, lee)
    collect_balance.collect(demo.app, demo.shop, leg_key=key, tender="cash", actor=lee, key="c")
    assert moved(demo, at.location.id)[0][:2] == ("Lee", 7020)


def test_no_cash_is_taken_where_none_is_allowed(demo: TestShop):
    at = counter(demo, cash="")
    lee = acting(demo, at, at.lee)
    key = exchanged(demo, lee)
    with pytest.raises(Conflict):
        collect_balance.collect(demo.app, demo.shop, leg_key=key, tender="cash", actor=lee, key="c")
    collect_balance.collect(demo.app, demo.shop, leg_key=key, tender="card", actor=lee, key="c")
    assert moved(demo, at.location.id) == []


def test_cash_that_is_not_given_here_waits_for_a_person(demo: TestShop):
    at = counter(demo, cash="")
    found = take_in(demo, opened_of(demo, bought(demo, 1)), acting(demo, at, at.lee))
    demo.work()
    with demo.app.database.read(demo.shop) as unit:
        assert [leg.kind for leg in settlement_store.waiting_for_a_person(unit)] == ["refund"]
    assert moved(demo, at.location.id) == []
    kim = acting(demo, counter(demo), at.kim, OWNERS_PIN)
    answer_leg.paid_by_hand(
        demo.app, demo.shop, leg_key=f"{found.id}-1-refund-1", actor=kim, note="in the other shop", key="p"
    )
    assert kim.post.location_id is not None
    assert moved(demo, kim.post.location_id)[0] == ("Kim", 0, 1980, -1980)


def test_cash_that_somebody_gives_later_leaves_their_drawer_and_none_where_it_may_not_be_given(demo: TestShop):
    at = counter(demo, cash="")
    lee = acting(demo, at, at.lee)
    found = take_in(demo, opened_of(demo, bought(demo, 1, refundable=False)), lee)
    demo.work()
    key = f"{found.id}-1-refund-1"
    with pytest.raises(Conflict, match="No cash"):
        answer_leg.given_in_cash(demo.app, demo.shop, leg_key=key, actor=lee, key="no")
    kim = acting(demo, counter(demo), at.kim, OWNERS_PIN)
    assert kim.post.location_id is not None
    answer_leg.given_in_cash(demo.app, demo.shop, leg_key=key, actor=kim, key="yes")
    assert (moved(demo, at.location.id), moved(demo, kim.post.location_id)[0]) == ([], ("Kim", 0, 1980, -1980))


def test_a_location_that_is_none_has_no_drawer(demo: TestShop):
    with pytest.raises(NotFound):
        counter_figures.cash_up(demo.app, demo.shop, location_id=7, day=TODAY)
