"""Who is there, who comes in with which role, and whose sessions are open."""

import pytest

from connector.services import audit, people, sign_in
from connector.services.decide_return import approve
from connector.services.errors import Conflict, InvalidInput, NotAllowed, NotFound
from connector.services.sign_in import Browser, Credentials
from connector.storage import policy_store
from connector.storage.staff_store import Staff
from tests.connector.services.test_story import opened
from tests.shops import SAM, TestShop, order, policy

PASSWORD = "four quiet red foxes"


def owner(demo: TestShop) -> Staff:
    return sign_in.owner_of(demo.app, demo.shop)


def joined(demo: TestShop, name: str, role: str) -> Staff:
    """A person who was added by the owner and has set a password."""
    link = people.add_person(demo.app, demo.shop, by=owner(demo), name=name, role=role)
    token = sign_in.choose_password(
        demo.app, demo.shop, link=link, credentials=Credentials(name, PASSWORD), browser=Browser("1.2.3.4")
    )
    found = sign_in.who(demo.app, demo.shop, session=token)
    assert found is not None
    return found


def acts(demo: TestShop) -> list[str]:
    return [line.act for line in audit.read(demo.app, demo.shop)]


def test_who_is_added_sets_a_password_and_comes_in(demo: TestShop):
    kim = joined(demo, "Kim", "manager")
    assert (kim.name, kim.role, kim.login) == ("Kim", "manager", "kim")
    assert acts(demo)[:3] == ["signed_in", "password_set", "person_added"]


def test_a_manager_brings_in_staff_and_no_owner(demo: TestShop):
    kim = joined(demo, "Kim", "manager")
    people.add_person(demo.app, demo.shop, by=kim, name="Lee", role="staff")
    with pytest.raises(NotAllowed):
        people.add_person(demo.app, demo.shop, by=kim, name="Max", role="owner")
    with pytest.raises(NotAllowed):
        people.disable(demo.app, demo.shop, by=kim, staff_id=owner(demo).id)


def test_staff_bring_in_nobody(demo: TestShop):
    lee = joined(demo, "Lee", "staff")
    with pytest.raises(NotAllowed):
        people.add_person(demo.app, demo.shop, by=lee, name="Max", role="staff")


@pytest.mark.parametrize(("name", "role"), [("", "staff"), ("x" * 101, "staff"), ("Max", "wizard")])
def test_a_person_has_a_name_and_a_role(demo: TestShop, name: str, role: str):
    with pytest.raises(InvalidInput):
        people.add_person(demo.app, demo.shop, by=owner(demo), name=name, role=role)


def test_a_shop_keeps_an_owner(demo: TestShop):
    only = owner(demo)
    with pytest.raises(Conflict):
        people.disable(demo.app, demo.shop, by=only, staff_id=only.id)
    with pytest.raises(Conflict):
        people.change_role(demo.app, demo.shop, by=only, staff_id=only.id, role="staff")
    other = joined(demo, "Kim", "owner")
    people.change_role(demo.app, demo.shop, by=other, staff_id=only.id, role="staff")
    assert owner(demo).id == other.id


def test_who_is_let_in_no_more_is_out_at_once_and_may_be_let_in_again(demo: TestShop):
    lee = joined(demo, "Lee", "staff")
    credentials, browser = Credentials("lee", PASSWORD), Browser("1.2.3.4")
    token = sign_in.sign_in(demo.app, demo.shop, credentials=credentials, browser=browser)
    people.disable(demo.app, demo.shop, by=owner(demo), staff_id=lee.id)
    assert sign_in.who(demo.app, demo.shop, session=token) is None
    with pytest.raises(NotFound):
        sign_in.sign_in(demo.app, demo.shop, credentials=credentials, browser=browser)
    people.enable(demo.app, demo.shop, by=owner(demo), staff_id=lee.id)
    sign_in.sign_in(demo.app, demo.shop, credentials=credentials, browser=browser)


def test_one_sees_and_ends_ones_own_sessions_and_an_owner_everybodys(demo: TestShop):
    kim, lee = joined(demo, "Kim", "manager"), joined(demo, "Lee", "staff")
    assert [one.person.name for one in people.open_sessions(demo.app, demo.shop, by=lee)] == ["Lee"]
    all_of_them = people.open_sessions(demo.app, demo.shop, by=owner(demo))
    assert {one.person.name for one in all_of_them} == {"Kim", "Lee"}
    kims = next(one.session.id for one in all_of_them if one.person.id == kim.id)
    with pytest.raises(NotFound):
        people.end_session(demo.app, demo.shop, by=lee, session_id=kims)
    people.end_session(demo.app, demo.shop, by=owner(demo), session_id=kims)
    assert people.open_sessions(demo.app, demo.shop, by=kim) == ()


def test_two_people_do_not_sign_in_with_one_name(demo: TestShop):
    joined(demo, "Kim", "manager")
    with pytest.raises(Conflict):
        joined(demo, "Kim", "staff")


def test_a_link_that_was_used_sets_no_second_password(demo: TestShop):
    link = people.add_person(demo.app, demo.shop, by=owner(demo), name="Kim", role="staff")
    first = Credentials("kim", PASSWORD)
    sign_in.choose_password(demo.app, demo.shop, link=link, credentials=first, browser=Browser("x"))
    with pytest.raises(NotFound):
        sign_in.choose_password(demo.app, demo.shop, link=link, credentials=first, browser=Browser("x"))


def test_what_a_person_decides_where_the_rules_did_not_stands_in_the_log(demo: TestShop):
    in_force = {**policy(), "approval": "review"}
    demo.app.database.write(
        demo.shop, lambda unit: policy_store.add_version(unit, in_force, in_force_from=demo.clock())
    )
    demo.save_order(order(placed_at=demo.clock().isoformat()))
    found = opened(demo)
    approve(demo.app, demo.shop, return_id=found.id, actor=SAM, why="a good customer", key="a")
    newest = audit.read(demo.app, demo.shop)[0]
    assert (newest.act, newest.actor_name, newest.about) == ("overridden", "Sam", found.id)
    assert newest.details == {"act": "approve", "why": "a good customer"}


def test_the_first_policy_of_a_shop_stands_in_the_log(demo: TestShop):
    assert acts(demo) == ["policy_changed"]
