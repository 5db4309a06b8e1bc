"""The dashboard's figures say what is in the tables."""

from datetime import timedelta

from connector.storage import figures_store, settlement_store
from connector.storage.figures_store import Count, DayTotal
from domain.settlement import LegState
from domain.transitions import Acceptance, Settlement
from tests.connector.storage.conftest import NOW, a_return, group, leg, open_return, settle

ACCEPTED = Acceptance.ACCEPTED


def test_an_empty_shop_has_no_figures(read):
    empty = read(figures_store.figures, now=NOW)
    assert (empty.open_returns, empty.given_back, empty.reasons, empty.products, empty.waiting) == ({}, (), (), (), 0)


def test_open_returns_are_counted_by_status(write, read):
    for return_id, groups in {
        "RMA-A": (group(acceptance=ACCEPTED),),
        "RMA-B": (group(acceptance=ACCEPTED),),
        "RMA-C": (group(acceptance=Acceptance.NEEDS_PERSON),),
        "RMA-D": (group(acceptance=ACCEPTED, settlement=Settlement.SETTLED),),
    }.items():
        write(open_return, a_return(return_id, groups=groups))
    found = read(figures_store.figures, now=NOW)
    assert found.open_returns == {"awaiting": 2, "requested": 1}
    assert found.waiting == 1


def test_money_is_summed_by_day_and_old_days_are_left_out(write, read):
    write(open_return)
    write(settlement_store.add_legs, [leg("a"), leg("b", amount=50), leg("c"), leg("d"), leg("e", amount=0)])
    days = {"a": 0, "b": 0, "c": 1, "d": 31, "e": 2}
    for key, ago in days.items():
        write(settle, key, at=NOW - timedelta(days=ago))
    given = read(figures_store.figures, now=NOW).given_back
    today = NOW.date()
    assert given == (
        DayTotal(day=today - timedelta(days=1), amount=2000, currency="USD", digits=2),
        DayTotal(day=today, amount=2050, currency="USD", digits=2),
    )


def test_reasons_and_products_come_most_units_first_without_what_was_rejected(write, read):
    groups = (
        group("1", acceptance=ACCEPTED),
        group("2", acceptance=ACCEPTED, reason="color", title="Cap", quantity=1),
        group("3", acceptance=ACCEPTED, reason=None, title="Cap", quantity=4),
        group("4", acceptance=Acceptance.REJECTED, quantity=50),
    )
    write(open_return, a_return(groups=groups))
    write(open_return, a_return("RMA-B", opened_at=NOW - timedelta(days=31)))
    found = read(figures_store.figures, now=NOW)
    assert found.reasons == (Count("unstated", 4), Count("color", 3))
    assert found.products == (Count("Cap", 5), Count("Tee", 2))


def test_payments_that_need_a_person_wait(write, read):
    write(open_return, a_return(groups=(group(acceptance=ACCEPTED),)))
    write(settlement_store.add_legs, [leg(state=LegState.BY_HAND)])
    assert read(figures_store.figures, now=NOW).waiting == 1
