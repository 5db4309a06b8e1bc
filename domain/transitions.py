"""The three axes of a return as tables: where the goods are, whether they are accepted, whether they are paid."""

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import IllegalStep


class Reception(StrEnum):
    """Where a group of units is."""

    AWAITING = "awaiting"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    MISSING = "missing"
    WRONG_ITEM = "wrong_item"
    KEPT = "kept"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Acceptance(StrEnum):
    """Whether a group of units may come back."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_PERSON = "needs_person"


class Settlement(StrEnum):
    """Whether what a group of units is worth has been given."""

    NONE = "none"
    DUE = "due"
    UNPAID = "unpaid"
    SENDING = "sending"
    SETTLED = "settled"
    UNKNOWN = "unknown"
    FAILED = "failed"


Table = Mapping[str, Mapping[str, str]]

RECEPTION: Table = {
    Reception.AWAITING: {
        "ship": Reception.IN_TRANSIT,
        "receive": Reception.RECEIVED,
        "miss": Reception.MISSING,
        "mistake": Reception.WRONG_ITEM,
        "keep": Reception.KEPT,
        "expire": Reception.EXPIRED,
        "cancel": Reception.CANCELLED,
    },
    Reception.IN_TRANSIT: {
        "receive": Reception.RECEIVED,
        "miss": Reception.MISSING,
        "mistake": Reception.WRONG_ITEM,
    },
    Reception.MISSING: {
        "receive": Reception.RECEIVED,
        "miss": Reception.MISSING,
        "mistake": Reception.WRONG_ITEM,
    },
    Reception.WRONG_ITEM: {
        "receive": Reception.RECEIVED,
        "miss": Reception.MISSING,
        "mistake": Reception.WRONG_ITEM,
    },
    Reception.EXPIRED: {"reopen": Reception.AWAITING},
    Reception.RECEIVED: {"reopen": Reception.AWAITING},
    Reception.KEPT: {},
    Reception.CANCELLED: {"reopen": Reception.AWAITING},
}

ACCEPTANCE: Table = {
    Acceptance.PENDING: {
        "accept": Acceptance.ACCEPTED,
        "reject": Acceptance.REJECTED,
        "refer": Acceptance.NEEDS_PERSON,
    },
    Acceptance.NEEDS_PERSON: {"accept": Acceptance.ACCEPTED, "reject": Acceptance.REJECTED},
    Acceptance.ACCEPTED: {"reject": Acceptance.REJECTED},
    Acceptance.REJECTED: {"reopen": Acceptance.NEEDS_PERSON},
}

SETTLEMENT: Table = {
    Settlement.NONE: {"fall_due": Settlement.DUE},
    Settlement.DUE: {
        "send": Settlement.SENDING,
        "settle": Settlement.SETTLED,
        "ask": Settlement.UNPAID,
        "drop": Settlement.NONE,
    },
    Settlement.UNPAID: {"retry": Settlement.DUE, "send": Settlement.SENDING, "settle": Settlement.SETTLED},
    Settlement.SENDING: {
        "settle": Settlement.SETTLED,
        "lose": Settlement.UNKNOWN,
        "fail": Settlement.FAILED,
        "retry": Settlement.DUE,
        "ask": Settlement.UNPAID,
    },
    Settlement.UNKNOWN: {
        "settle": Settlement.SETTLED,
        "retry": Settlement.DUE,
        "send": Settlement.SENDING,
        "fail": Settlement.FAILED,
        "ask": Settlement.UNPAID,
    },
    Settlement.FAILED: {
        "settle": Settlement.SETTLED,
        "retry": Settlement.DUE,
        "send": Settlement.SENDING,
        "lose": Settlement.UNKNOWN,
        "ask": Settlement.UNPAID,
    },
    Settlement.SETTLED: {"lose": Settlement.UNKNOWN},
}


def advance(table: Table, state: str, act: str) -> str:
    """The state after an act; raises IllegalStep with what would be allowed."""
    steps = table[state]
    if act not in steps:
        raise IllegalStep(state=str(state), act=act, allowed=tuple(steps))
    return steps[act]


def reachable(table: Table, state: str) -> frozenset[str]:
    """The states that one or more acts lead to."""
    found: set[str] = set()
    ahead = {*table[state].values()}
    while ahead:
        found |= ahead
        ahead = {after for one in ahead for after in table[one].values()} - found
    return frozenset(found)
