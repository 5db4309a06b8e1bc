"""A manager agrees to an act: once, for just this thing and amount, with a reason, by PIN, password or by acting."""

import dataclasses

import pytest
from msgspec.structs import replace

from connector.services import approve_at_counter, audit, receive_return, sign_in
from connector.services.approve_at_counter import Assents, Given, Wanted
from connector.services.errors import InvalidInput, NeedsApproval, NotAllowed, NotFound, TooManyAttempts
from connector.services.follow_return import view
from connector.services.sign_in import Browser, Credentials, Purpose
from connector.storage.approval_store import Approval
from connector.storage.database import Unit
from domain.events import Actor
from domain.returns import Inspection, Return
from tests.connector.services.test_story import opened, refunded
from tests.counters import OWNERS_PIN, PIN, Counter, acting, counter, person
from tests.shops import SAM, TestShop

WANTED = Wanted("refund", "RMA-A", amount=1980, currency="USD", digits=2)


def approve(demo: TestShop, at: Counter, actor: Actor, *, wanted: Wanted = WANTED, **given: object) -> Approval:
    said = dataclasses.replace(Given("a regular", at.kim.id, pin=OWNERS_PIN), **given)  # type: ignore[arg-type]
    (made,) = approve_at_counter.approve(demo.app, demo.shop, wanted=[wanted], given=said, actor=actor)
    return made


def use(demo: TestShop, actor: Actor, *wanted: Wanted) -> list[str]:
    """Who answers for each of these in one act that needs them all."""

    def work(unit: Unit) -> list[str]:
        assents = Assents(demo.app, unit, actor=actor, about="RMA-A")
        names = [assents.need(one).name for one in wanted or [WANTED]]
        assents.check()
        return names

    return demo.app.database.write(demo.shop, work)


def test_an_approval_is_good_once(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    with pytest.raises(NeedsApproval) as refusal:
        use(demo, lee)
    assert refusal.value.wanted == (WANTED,)
    approve(demo, at, lee)
    assert use(demo, lee) == ["Kim"]
    with pytest.raises(NeedsApproval):
        use(demo, lee)


@pytest.mark.parametrize(
    "other",
    [
        replace(WANTED, act="no_receipt"),
        replace(WANTED, about="RMA-B"),
        replace(WANTED, amount=1981),
        replace(WANTED, amount=1979),
        replace(WANTED, currency="EUR"),
        replace(WANTED, detail="2 × Tee"),
    ],
)
def test_an_approval_is_good_for_just_this(demo: TestShop, other: Wanted):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    approve(demo, at, lee)
    with pytest.raises(NeedsApproval):
        use(demo, lee, other)


def test_an_approval_is_good_for_who_asked_on_their_device_and_for_ten_minutes(demo: TestShop):
    at = counter(demo)
    lee, mia = acting(demo, at, at.lee), acting(demo, at, person(demo, "Mia", pin="7304"), "7304")
    approve(demo, at, lee)
    elsewhere = dataclasses.replace(lee, post=replace(lee.post, device_id=None))
    trained = dataclasses.replace(lee, post=replace(lee.post, training=True))
    for other in (mia, elsewhere, trained):
        with pytest.raises(NeedsApproval):
            use(demo, other)
    demo.clock.move(minutes=10)
    with pytest.raises(NeedsApproval):
        use(demo, lee)


def test_what_fails_after_the_approval_was_used_leaves_it_unused(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    approve(demo, at, lee)

    def work(unit: Unit) -> None:
        Assents(demo.app, unit, actor=lee, about="RMA-A").need(WANTED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        demo.app.database.write(demo.shop, work)
    assert use(demo, lee)


def test_who_may_not_approve_does_not_and_a_reason_is_needed(demo: TestShop):
    at = counter(demo, manager_limit="15.00")
    lee = acting(demo, at, at.lee)
    with pytest.raises(InvalidInput):
        approve(demo, at, lee, reason="")
    with pytest.raises(NotFound):
        approve(demo, at, lee, pin="0000")
    with pytest.raises(NotAllowed):
        approve(demo, at, lee, approver_id=at.lee.id, pin=PIN)
    with pytest.raises(NotAllowed):
        approve(demo, at, lee)
    owner = person(demo, "Pat", "owner", pin="6183")
    assert approve(demo, at, lee, approver_id=owner.id, pin="6183")
    found = approve_at_counter.approvers(demo.app, demo.shop, wanted=[WANTED], post=lee.post)
    assert [one.name for one in found] == ["Pat"]


def test_approval_and_use_stand_in_the_log_with_the_reason(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    approve(demo, at, lee)
    use(demo, lee)
    used, given = audit.read(demo.app, demo.shop)[:2]
    assert (given.act, given.actor_name, given.about, given.details["asked by"]) == ("approved", "Kim", "RMA-A", "Lee")
    assert (used.act, used.actor_name, used.details["approved by"], used.details["why"]) == (
        "overridden", "Lee", "Kim", "a regular",
    )  # fmt: skip


def take_in(demo: TestShop, found: Return, actor: Actor) -> Return:
    looked = [Inspection(group.id, "received", grade="A") for group in found.groups]
    shown = receive_return.preview(demo.app, demo.shop, return_id=found.id, inspections=looked)
    assert shown is not None
    return receive_return.receive(
        demo.app,
        demo.shop,
        return_id=found.id,
        inspections=looked,
        quote_id=shown.id,
        actor=actor,
        key=demo.app.token(),
    )


LIMITS = [
    ("staff", "19.80", "", True),
    ("staff", "19.79", "", False),
    ("staff", "", "10.00", True),
    ("manager", "1.00", "19.80", True),
    ("manager", "1.00", "19.79", False),
    ("owner", "0.01", "0.01", True),
]


@pytest.mark.parametrize(("role", "staff_limit", "manager_limit", "alone"), LIMITS)
def test_each_role_gives_back_up_to_its_limit_by_itself(
    demo: TestShop, role: str, staff_limit: str, manager_limit: str, alone: bool
):
    at = counter(demo, staff_limit=staff_limit, manager_limit=manager_limit)
    actor = acting(demo, at, person(demo, "Max", role, pin="7304"), "7304")
    found = opened(demo)
    if alone:
        take_in(demo, found, actor)
        demo.work()
    else:
        with pytest.raises(NeedsApproval):
            take_in(demo, found, actor)
    assert refunded(demo) == ("19.80" if alone else "0.00")


def test_a_refused_refund_takes_nothing_in_and_an_approved_one_is_paid_once(demo: TestShop):
    at = counter(demo, staff_limit="5.00")
    lee, found = acting(demo, at, at.lee), opened(demo)
    with pytest.raises(NeedsApproval) as refusal:
        take_in(demo, found, lee)
    assert view(demo.app, demo.shop, return_id=found.id).found == found
    (wanted,) = refusal.value.wanted
    demo.jobs.waiting.clear()
    approve(demo, at, lee, wanted=wanted)
    told = take_in(demo, found, lee).history[-1]
    assert (told.act, told.actor.name, told.why, told.details["amount"], told.details["asked_by"]) == (
        "agreed", "Kim", "a regular", "19.80", "Lee",
    )  # fmt: skip
    demo.work()
    assert refunded(demo) == "19.80"


def test_all_that_an_act_needs_is_asked_for_at_once(demo: TestShop):
    at = counter(demo)
    lee, other = acting(demo, at, at.lee), Wanted("place", "RMA-A", detail="Tee: shelf instead of refurbish")
    with pytest.raises(NeedsApproval) as refusal:
        use(demo, lee, WANTED, other)
    assert refusal.value.wanted == (WANTED, other)
    given = Given("a regular", at.kim.id, pin=OWNERS_PIN)
    approve_at_counter.approve(demo.app, demo.shop, wanted=refusal.value.wanted, given=given, actor=lee)
    assert use(demo, lee, WANTED, other) == ["Kim", "Kim"]


def test_who_may_agree_and_acts_agrees_by_acting_within_their_own_limit(demo: TestShop):
    at = counter(demo, manager_limit="15.00")
    kim = acting(demo, at, at.kim, OWNERS_PIN)
    assert use(demo, kim, Wanted("without_receipt", "RMA-A", 1980, "USD", 2)) == ["Kim"]
    with pytest.raises(NeedsApproval):
        use(demo, kim)


def test_a_manager_without_a_pin_agrees_by_name_and_password(demo: TestShop):
    at, browser = counter(demo), Browser("x")
    lee, kim = acting(demo, at, at.lee), Credentials("kim", "four quiet red foxes")
    link = sign_in.new_link(demo.app, demo.shop, staff_id=at.kim.id, purpose=Purpose.PASSWORD)
    sign_in.choose_password(demo.app, demo.shop, link=link, credentials=kim, browser=browser)
    with pytest.raises(NotFound):
        approve(demo, at, lee, pin="", credentials=dataclasses.replace(kim, password="no"), browser=browser)
    approve(demo, at, lee, pin="", credentials=kim, browser=browser)
    assert use(demo, lee) == ["Kim"]
    by = [one.details["by"] for one in audit.read(demo.app, demo.shop) if one.act == "approved"]
    assert by == ["password"]


def test_guesses_are_counted(demo: TestShop):
    at = counter(demo)
    lee = acting(demo, at, at.lee)
    for _ in range(5):
        with pytest.raises(NotFound):
            approve(demo, at, lee, pin="0000")
    with pytest.raises(TooManyAttempts):
        approve(demo, at, lee)


def test_a_program_has_no_limit_of_this_kind(demo: TestShop):
    counter(demo, staff_limit="0.01", manager_limit="0.01")
    take_in(demo, opened(demo), SAM)
    demo.work()
    assert refunded(demo) == "19.80"
