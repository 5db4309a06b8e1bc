"""The doctor looks at both books, says what differs, and changes nothing."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from adapters.channel import Channel
from connector.application import Channels
from connector.services import doctor
from connector.services.answer_leg import paid_by_hand
from connector.services.doctor import Findings, examine
from connector.services.settle_return import leave_to_a_person
from connector.storage import settlement_store
from connector.storage.shop_store import Shop
from connector.storage.tables import metadata
from connector.storage.tables.money_tables import legs
from domain.returns import Return
from tests.connector.services.test_story import opened, received
from tests.shops import SAM, TestShop, a_shop, order
from tests.simulators.payments import PaymentsChannels, SimulatedPayments, Trouble, simulated_payments

PLATFORM = "shopify"
CASH = {"id": "p1", "gateway": "cod", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}
MONTH = timedelta(days=30)


def looked_over(demo: TestShop) -> Findings:
    before = rows(demo)
    found = examine(demo.app, demo.shop, since=demo.clock() - MONTH)
    assert rows(demo) == before
    return found


def rows(demo: TestShop) -> dict[str, list[Any]]:
    with demo.app.database.read_install() as connection:
        return {name: list(connection.execute(select(table))) for name, table in metadata.tables.items()}


def torn(demo: TestShop) -> None:
    """Somebody writes into the database by hand; the ledger itself lets nobody."""
    settled(demo)
    other = update(legs).where(legs.c.kind == "restock").values(amount=1)
    demo.app.database.write_install(lambda connection: connection.execute(other))


def codes(found: Findings) -> list[str]:
    return [drift.code for drift in found.drifts]


def settled(demo: TestShop) -> Return:
    found = opened(demo)
    received(demo, found)
    demo.work()
    return found


@dataclasses.dataclass
class Meanwhile:
    """Something happens here between the reading of our side and the question to the platform."""

    channels: Channels
    happens: Callable[[], object]

    def for_shop(self, shop: Shop, name: str) -> Channel:
        self.happens()
        return self.channels.for_shop(shop, name)


def left_to_a_person(demo: TestShop) -> str:
    """The key of a refund that the platform gave, and nobody heard its answer."""
    found = opened(demo)
    received(demo, found)
    with demo.app.database.read(demo.shop) as unit:
        key = next(leg.key for leg in settlement_store.legs_of(unit, found.id) if leg.kind == "refund")
    with pytest.raises(ZeroDivisionError):
        demo.work(failing_at=f"record {key}")
    demo.app.database.write(demo.shop, lambda unit: leave_to_a_person(demo.app, unit, key))
    return key


def found_on_a_day(demo: TestShop, *, days: int) -> list[str]:
    demo.clock.move(days=days)
    doctor.daily(demo.app, demo.shop, step=lambda _, act: act())
    kept = doctor.latest(demo.app, demo.shop)
    return [] if kept is None else [drift.code for drift in kept.drifts]


@pytest.fixture
def platform() -> Iterator[SimulatedPayments]:
    with simulated_payments() as platform:
        yield platform


@pytest.fixture
def there(platform: SimulatedPayments, demo: TestShop) -> Iterator[TestShop]:
    """The shop, its order living on the platform."""
    document: Any = {**order(), "channel": PLATFORM}
    platform.books.orders["o1"] = document
    demo.save_order(document)
    channels = PaymentsChannels.at(platform.address, has_keys=True)
    with channels.client:
        yield dataclasses.replace(demo, app=replace(demo.app, channels=channels))


def test_a_shop_whose_books_agree_is_well(demo: TestShop):
    settled(demo)
    assert looked_over(demo) == Findings(orders=1, drifts=())


def test_what_nothing_happened_to_is_not_looked_at(demo: TestShop):
    settled(demo)
    demo.clock.move(days=31)
    assert looked_over(demo).orders == 0


def test_a_ledger_that_says_another_amount_than_its_leg_is_told(demo: TestShop):
    torn(demo)
    assert codes(looked_over(demo)) == ["ledger_torn"]


def test_a_payment_that_waits_for_a_person_for_long_is_told(tmp_path: Path):
    with a_shop(tmp_path) as demo:
        cash = {
            "id": "p1",
            "gateway": "cod",
            "kind": "cash",
            "amount": "44.60",
            "refunded": "0.00",
            "refundable": False,
        }
        demo.save_order(order(payments=[cash]))
        settled(demo)
        assert codes(looked_over(demo)) == []
        demo.clock.move(days=2)
        assert codes(looked_over(demo)) == ["standing"]


def test_money_given_back_in_the_platforms_own_pages_is_told(platform: SimulatedPayments, there: TestShop):
    settled(there)
    assert codes(looked_over(there)) == []
    platform.books.give_by_hand("o1", 500)
    assert codes(looked_over(there)) == ["refunded_elsewhere"]


def test_a_refund_that_vanished_from_the_platform_is_told(platform: SimulatedPayments, there: TestShop):
    settled(there)
    platform.books.given = [one for one in platform.books.given if one.kind != "refund"]
    assert codes(looked_over(there)) == ["refunded_less"]


def test_a_refund_that_the_platform_made_twice_is_told(platform: SimulatedPayments, there: TestShop):
    settled(there)
    refund = next(one for one in platform.books.given if one.kind == "refund")
    platform.books.given.append(dataclasses.replace(refund, number=refund.number + 100))
    assert codes(looked_over(there)) == ["refunded_more"]


def test_stock_that_was_raised_twice_is_told(platform: SimulatedPayments, there: TestShop):
    settled(there)
    restock = next(one for one in platform.books.given if one.kind == "restock")
    platform.books.given.append(restock)
    assert codes(looked_over(there)) == ["given_twice"]


def test_a_platform_that_does_not_answer_is_said_to_and_the_rest_is_looked_at(there: TestShop):
    settled(there)
    there.clock.move(days=2)
    nowhere = PaymentsChannels.at("http://127.0.0.1:1", has_keys=True)
    with nowhere.client:
        assert codes(looked_over(dataclasses.replace(there, app=replace(there.app, channels=nowhere)))) == ["not_asked"]


def test_a_platform_that_does_not_answer_is_not_judged_by_what_it_said_before_the_refund(there: TestShop):
    before = there.order()
    settled(there)
    there.save_order(before)
    nowhere = PaymentsChannels.at("http://127.0.0.1:1", has_keys=True)
    with nowhere.client:
        assert codes(looked_over(dataclasses.replace(there, app=replace(there.app, channels=nowhere)))) == ["not_asked"]


def test_a_refund_that_a_person_saw_on_the_platform_and_answered_for_is_no_drift(there: TestShop):
    key = left_to_a_person(there)
    paid_by_hand(there.app, there.shop, leg_key=key, actor=SAM, note="seen on the platform", key="answer")
    there.work()
    assert codes(looked_over(there)) == []


def test_a_refund_that_goes_out_while_the_platform_is_asked_is_no_drift(there: TestShop):
    received(there, opened(there))
    settling = replace(there.app, channels=Meanwhile(there.app.channels, there.work))
    assert codes(examine(settling, there.shop, since=there.clock() - MONTH)) == []


def test_an_order_that_never_rests_is_looked_at_again_later(there: TestShop):
    settled(there)
    document, numbers = there.order(), itertools.count()

    def told_anew() -> None:
        there.save_order({**document, "refunds": [{"id": f"r{next(numbers)}", "amount": "1.00"}]})

    restless = replace(there.app, channels=Meanwhile(there.app.channels, told_anew))
    assert codes(examine(restless, there.shop, since=there.clock() - MONTH)) == ["not_asked"]


def test_an_answer_that_came_late_is_no_drift(platform: SimulatedPayments, there: TestShop):
    platform.books.troubles.append(Trouble(fate="late", seconds=0))
    settled(there)
    assert codes(looked_over(there)) == []


def test_the_daily_look_is_kept_for_the_page(demo: TestShop):
    torn(demo)
    assert doctor.latest(demo.app, demo.shop) is None
    doctor.ask(demo.app, demo.shop, actor=SAM, key="now")
    demo.work()
    kept = doctor.latest(demo.app, demo.shop)
    assert kept is not None
    assert (kept.at, kept.orders) == (demo.clock(), 1)
    assert {drift.code for drift in kept.drifts} == {"ledger_torn"}


def test_what_nobody_saw_to_is_found_again_whatever_its_age(platform: SimulatedPayments, there: TestShop):
    settled(there)
    given = platform.books.given
    platform.books.given = [one for one in given if one.kind != "refund"]
    assert [found_on_a_day(there, days=days) for days in (0, 6, 8, 31)] == [["refunded_less"]] * 4
    platform.books.given = given
    assert found_on_a_day(there, days=1) == []
    assert looked_over(there).orders == 0
