"""One table says who may do what, and every door for people of a shop asks it."""

import inspect
from datetime import UTC, datetime

import pytest

from connector.services.errors import NotAllowed
from connector.services.roles import MAY, Action, Role, may, require
from connector.storage.staff_store import Staff
from connector.web.app import ROUTES
from connector.web.doors import ACTIONS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EXPECTED = {
    Action.SIGN_OUT: "owner manager staff",
    Action.OWN_ACCOUNT: "owner manager staff",
    Action.SEE_RETURNS: "owner manager staff",
    Action.RECEIVE: "owner manager staff",
    Action.WORK_SHIFT: "owner manager staff",
    Action.ANSWER_SHOPPERS: "owner manager staff",
    Action.SEE_FIGURES: "owner manager",
    Action.DECIDE: "owner manager",
    Action.PAY_BY_HAND: "owner manager",
    Action.READ_AUDIT: "owner manager",
    Action.EXPORT: "owner manager",
    Action.MANAGE_PEOPLE: "owner manager",
    Action.RUN_COUNTER: "owner manager",
    Action.APPROVE: "owner manager",
    Action.MANAGE_OWNERS: "owner",
    Action.SETTINGS: "owner",
    Action.OPERATE: "owner",
}


WHAT_A_DEVICE_KEEPS = {f"/shops/{{shop}}/counter/{name}" for name in ("alone", "manifest.json", "worker.js")}
"""The empty pages of the counter that a device shows without a network; nothing of the shop is in them."""


def person(role: str, *, disabled_at: datetime | None = None) -> Staff:
    return Staff(id=1, name="Kim", role=role, added_at=NOW, disabled_at=disabled_at)


def test_every_action_is_in_the_table():
    assert set(MAY) == set(Action) == set(EXPECTED)


@pytest.mark.parametrize("action", Action)
def test_who_may_is_who_is_named(action: Action):
    assert [role for role in Role if may(person(role), action)] == EXPECTED[action].split()


@pytest.mark.parametrize("action", Action)
def test_who_is_let_in_no_more_may_nothing(action: Action):
    with pytest.raises(NotAllowed):
        require(person("owner", disabled_at=NOW), action)


def test_a_role_that_is_none_may_nothing():
    assert [action for action in Action if may(person("wizard"), action)] == []


def test_every_page_for_people_of_a_shop_names_its_action():
    behind = ("/dashboard", "/counter", "/sign-out")
    staffed = [route for route in ROUTES if any(word in getattr(route, "path", "") for word in behind)]
    assert len(staffed) > 20
    open_ones = {route.path for route in staffed if route.endpoint not in ACTIONS}  # type: ignore[attr-defined]
    assert open_ones == WHAT_A_DEVICE_KEEPS
    assert all(inspect.iscoroutinefunction(endpoint) for endpoint in ACTIONS)
