"""Who works where: shifts change by PIN, the server locks what nobody uses, and stolen tokens open nothing."""

import pytest

from connector.services import audit, locations, people, shared_devices, shift, sign_in
from connector.services.errors import Conflict, NotFound
from connector.services.shift import Present
from connector.services.sign_in import Browser
from tests.counters import BOSS, OWNERS_PIN, Counter, begun, counter, device
from tests.shops import TestShop


def here(demo: TestShop, session: str, token: str, *, is_active: bool = True) -> Present | None:
    return shift.present(demo.app, demo.shop, session=session, device=token, is_active=is_active)


def test_who_types_their_pin_works_at_the_devices_location(demo: TestShop):
    at = counter(demo)
    found = here(demo, begun(demo, at, at.lee), at.token)
    assert found is not None
    assert (found.staff.name, found.post.location_id, found.post.device_id) == ("Lee", at.location.id, at.device.id)
    assert not found.post.training


def test_another_shift_ends_the_one_before(demo: TestShop):
    at = counter(demo)
    first, second = begun(demo, at, at.lee), begun(demo, at, at.kim, OWNERS_PIN)
    assert here(demo, first, at.token) is None
    found = here(demo, second, at.token)
    assert found is not None
    assert found.staff.name == "Kim"
    assert [line.act for line in audit.read(demo.app, demo.shop)[:2]] == ["shift_begun", "shift_begun"]


def test_an_idle_device_is_locked_by_the_server_and_stays_locked(demo: TestShop):
    at = counter(demo, idle_minutes="5")
    session = begun(demo, at, at.lee)
    demo.clock.move(minutes=4, seconds=59)
    assert here(demo, session, at.token, is_active=False) is not None
    demo.clock.move(seconds=1)
    assert here(demo, session, at.token) is None
    assert here(demo, session, at.token) is None
    line = audit.read(demo.app, demo.shop)[0]
    assert (line.act, line.details["why"], line.details["who"]) == ("shift_locked", "idle", "Lee")


def test_work_keeps_a_device_open_and_a_page_that_asks_by_itself_does_not(demo: TestShop):
    at = counter(demo, idle_minutes="5")
    session = begun(demo, at, at.lee)
    for _ in range(5):
        demo.clock.move(minutes=4)
        assert here(demo, session, at.token, is_active=True) is not None
    for _ in range(4):
        demo.clock.move(minutes=1)
        assert here(demo, session, at.token, is_active=False) is not None
    demo.clock.move(minutes=1)
    assert here(demo, session, at.token, is_active=False) is None


def test_who_types_without_asking_for_a_page_keeps_it_open(demo: TestShop):
    at = counter(demo, idle_minutes="5")
    session = begun(demo, at, at.lee)
    demo.clock.move(minutes=4)
    shift.still_here(demo.app, demo.shop, session=session)
    demo.clock.move(minutes=4)
    assert here(demo, session, at.token) is not None


def test_a_shift_ends_after_fourteen_hours_whatever_is_done(demo: TestShop):
    at = counter(demo, idle_minutes="120")
    session = begun(demo, at, at.lee)
    for _ in range(13):
        demo.clock.move(hours=1)
        assert here(demo, session, at.token) is not None
    demo.clock.move(hours=1)
    assert here(demo, session, at.token) is None


def test_a_locked_device_needs_a_pin(demo: TestShop):
    at = counter(demo)
    session = begun(demo, at, at.lee)
    shift.lock(demo.app, demo.shop, device=at.device)
    assert here(demo, session, at.token) is None
    assert here(demo, begun(demo, at, at.lee), at.token) is not None


def stolen(demo: TestShop, at: Counter) -> list[Present | None]:
    """What a thief sees who copied the session: without the device, and on a device of their own."""
    session = begun(demo, at, at.lee)
    _, other = device(demo, at.location, "Till 2")
    return [here(demo, session, ""), here(demo, session, "guess"), here(demo, session, other)]


def test_a_stolen_session_opens_nothing_but_on_its_device(demo: TestShop):
    assert stolen(demo, counter(demo)) == [None, None, None]


def test_a_stolen_device_token_opens_nothing_without_a_pin(demo: TestShop):
    at = counter(demo)
    begun(demo, at, at.lee)
    assert here(demo, "", at.token) is None
    assert sign_in.who(demo.app, demo.shop, session=at.token) is None


def test_a_password_opens_nothing_on_a_shared_device(demo: TestShop):
    at = counter(demo)
    owner = sign_in.owner_of(demo.app, demo.shop)
    link = sign_in.new_link(demo.app, demo.shop, staff_id=owner.id, purpose=sign_in.Purpose.ENTRY)
    session = sign_in.enter(demo.app, demo.shop, link=link, browser=Browser("x"))
    assert here(demo, session, at.token) is None
    found = here(demo, session, "")
    assert found is not None
    assert (found.device, found.post.location_id) == (None, at.location.id)


def test_a_device_that_was_taken_off_opens_nothing_any_more(demo: TestShop):
    at = counter(demo)
    session = begun(demo, at, at.lee)
    shared_devices.take_off(demo.app, demo.shop, by=at.kim, device_id=at.device.id)
    assert here(demo, session, at.token) is None
    assert shift.device_of(demo.app, demo.shop, device=at.token) is None
    with pytest.raises(NotFound):
        begun(demo, at, at.lee)


def test_who_is_let_in_no_more_is_out_at_once_and_picks_themselves_no_more(demo: TestShop):
    at = counter(demo)
    session = begun(demo, at, at.lee)
    people.disable(demo.app, demo.shop, by=sign_in.owner_of(demo.app, demo.shop), staff_id=at.lee.id)
    assert here(demo, session, at.token) is None
    assert [one.name for one in shift.who_may_begin(demo.app, demo.shop)] == ["Kim"]
    with pytest.raises(NotFound):
        begun(demo, at, at.lee)


def test_nobody_works_at_a_location_that_is_closed(demo: TestShop):
    at = counter(demo)
    session = begun(demo, at, at.lee)
    locations.close(demo.app, demo.shop, location_id=at.location.id, actor=BOSS)
    assert here(demo, session, at.token) is None
    with pytest.raises(Conflict):
        device(demo, at.location, "Till 2")


def test_the_manager_who_sets_a_device_up_is_not_signed_in_on_it(demo: TestShop):
    at = counter(demo)
    owner = sign_in.owner_of(demo.app, demo.shop)
    link = sign_in.new_link(demo.app, demo.shop, staff_id=owner.id, purpose=sign_in.Purpose.ENTRY)
    held = sign_in.enter(demo.app, demo.shop, link=link, browser=Browser("x"))
    shared_devices.add(demo.app, demo.shop, by=owner, name="Till 2", location_id=at.location.id, held=held)
    assert sign_in.who(demo.app, demo.shop, session=held) is None
