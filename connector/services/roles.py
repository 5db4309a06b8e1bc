"""Who may do what: one table, asked at every door."""

from collections.abc import Mapping
from enum import StrEnum

from connector.services.errors import NotAllowed
from connector.storage.staff_store import Staff


class Role(StrEnum):
    """What a person is in a shop."""

    OWNER = "owner"
    MANAGER = "manager"
    STAFF = "staff"


class Action(StrEnum):
    """What people of a shop do, as far as not everybody may."""

    SIGN_OUT = "sign_out"
    OWN_ACCOUNT = "own_account"
    SEE_RETURNS = "see_returns"
    RECEIVE = "receive"
    WORK_SHIFT = "work_shift"
    ANSWER_SHOPPERS = "answer_shoppers"
    SEE_FIGURES = "see_figures"
    DECIDE = "decide"
    PAY_BY_HAND = "pay_by_hand"
    READ_AUDIT = "read_audit"
    EXPORT = "export"
    MANAGE_PEOPLE = "manage_people"
    RUN_COUNTER = "run_counter"
    APPROVE = "approve"
    MANAGE_OWNERS = "manage_owners"
    SETTINGS = "settings"
    OPERATE = "operate"


EVERYBODY = frozenset(Role)
MANAGERS = frozenset({Role.OWNER, Role.MANAGER})
OWNERS = frozenset({Role.OWNER})

MAY: Mapping[Action, frozenset[Role]] = {
    Action.SIGN_OUT: EVERYBODY,
    Action.OWN_ACCOUNT: EVERYBODY,
    Action.SEE_RETURNS: EVERYBODY,
    Action.RECEIVE: EVERYBODY,
    Action.WORK_SHIFT: EVERYBODY,
    Action.ANSWER_SHOPPERS: EVERYBODY,
    Action.SEE_FIGURES: MANAGERS,
    Action.DECIDE: MANAGERS,
    Action.PAY_BY_HAND: MANAGERS,
    Action.READ_AUDIT: MANAGERS,
    Action.EXPORT: MANAGERS,
    Action.MANAGE_PEOPLE: MANAGERS,
    Action.RUN_COUNTER: MANAGERS,
    Action.APPROVE: MANAGERS,
    Action.MANAGE_OWNERS: OWNERS,
    Action.SETTINGS: OWNERS,
    Action.OPERATE: OWNERS,
}
"""The roles that may, by action."""

WITH_A_PIN = frozenset({
    Action.SIGN_OUT, Action.OWN_ACCOUNT, Action.SEE_RETURNS, Action.RECEIVE, Action.WORK_SHIFT, Action.ANSWER_SHOPPERS,
    Action.SEE_FIGURES, Action.DECIDE, Action.PAY_BY_HAND, Action.RUN_COUNTER, Action.APPROVE,
})  # fmt: skip
"""What people do on a shared device, where a PIN opens the counter and not the office."""


def may(staff: Staff, action: Action) -> bool:
    """Whether a person may; who is disabled may nothing."""
    return staff.disabled_at is None and staff.role in MAY[action]


def require(staff: Staff, action: Action) -> None:
    """Raises NotAllowed for who may not."""
    if not may(staff, action):
        raise NotAllowed("Your role does not let you do that. Ask a manager or the owner of the shop.")


def require_with_a_pin(action: Action) -> None:
    """Raises NotAllowed for what nobody does on a shared device."""
    if action not in WITH_A_PIN:
        raise NotAllowed("A PIN does not open this. Sign in with your password, on a device of your own.")
