"""What is kept no longer than it is needed."""

from sqlalchemy import select

from connector.jobs.catalogue import CATALOGUE
from connector.services import give_receipt
from connector.services.follow_return import view
from connector.storage import (
    command_store,
    conversation_store,
    device_command_store,
    hand_over_store,
    settlement_store,
)
from connector.storage.tables.shift_tables import approvals
from tests.connector.services.devices import Device, returned, send
from tests.connector.services.test_approve_at_counter import approve, use
from tests.connector.services.test_take_back import brought, item, taken
from tests.counters import acting, counter
from tests.shops import TestShop


def talked(demo: TestShop, name: str) -> None:
    demo.app.database.write(
        demo.shop,
        lambda unit: conversation_store.add(unit, name, token_hash="h", document={}, at=demo.clock()),
    )


def asked(demo: TestShop, name: str) -> None:
    demo.app.database.write(demo.shop, lambda unit: hand_over_store.ask(unit, name, topic="other", at=demo.clock()))


def forgotten(demo: TestShop, **after: float) -> set[str]:
    """Which of the conversations a and b are gone after a while."""
    demo.clock.move(**after)
    CATALOGUE["forget_old"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    with demo.app.database.read(demo.shop) as unit:
        return {name for name in ("a", "b") if conversation_store.get(unit, name) is None}


def test_a_conversation_is_forgotten_a_year_after_its_last_word(demo: TestShop):
    talked(demo, "a")
    demo.clock.move(days=100)
    talked(demo, "b")
    assert forgotten(demo, days=264) == set()
    assert forgotten(demo, days=2) == {"a"}
    assert forgotten(demo, days=100) == {"a", "b"}


def test_who_waits_for_a_person_is_not_forgotten(demo: TestShop):
    for name in ("a", "b"):
        talked(demo, name)
        asked(demo, name)
    demo.app.database.write(demo.shop, lambda unit: hand_over_store.close(unit, "b", at=demo.clock()))
    assert forgotten(demo, days=400) == {"b"}


def test_a_command_is_forgotten_after_ninety_days(demo: TestShop):
    demo.app.database.write(demo.shop, lambda unit: command_store.keep(unit, "k", result={}, at=demo.clock()))
    forgotten(demo, days=91)
    with demo.app.database.read(demo.shop) as unit:
        assert command_store.get(unit, "k") is None


def test_an_approval_that_nobody_used_is_forgotten_and_a_used_one_stays(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    approve(demo, at, lee)
    use(demo, lee)
    approve(demo, at, lee)
    forgotten(demo, days=31)
    with demo.app.database.read(demo.shop) as unit:
        kept = unit.connection.execute(select(approvals.c.used_at)).scalars().all()
    assert len(kept) == 1
    assert kept[0] is not None


def test_what_devices_sent_is_forgotten_once_it_is_settled_unless_it_brought_a_picture(demo: TestShop):
    device = Device("till")
    found = returned(demo, "o7")
    several = [device.note(found.id), device.photograph(found.id), device.note("RMA-NONE")]
    for sent in several:
        send(demo, sent)
    forgotten(demo, days=91)
    with demo.app.database.read(demo.shop) as unit:
        left = [device_command_store.get(unit, sent.command.id) is not None for sent in several]
    assert left == [False, True, True]


def test_who_brought_a_gift_is_forgotten_a_year_after_its_return_was_settled(demo: TestShop):
    gift = give_receipt.issue(demo.app, demo.shop, order_id="o1", line_ids=["l1"], key="g")
    goods = brought(item(resolution="store_credit"), gift_receipt=gift.number, credit_to="bob@example.com")
    found = taken(demo, goods)
    forgotten(demo, days=366)
    assert bringer(demo, found.id) == "bob@example.com", "it was not given yet"
    demo.work()
    forgotten(demo, days=364)
    assert bringer(demo, found.id) == "bob@example.com"
    forgotten(demo, days=2)
    assert bringer(demo, found.id) == ""
    with demo.app.database.read(demo.shop) as unit:
        assert "bob@" not in str(settlement_store.legs_of(unit, found.id))


def bringer(demo: TestShop, return_id: str) -> str | None:
    return view(demo.app, demo.shop, return_id=return_id).found.credit_to
