"""What is said in a return's history: who did what, when and why."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field


class Act(StrEnum):
    """Everything that can happen to a return."""

    OPENED = "opened"
    APPROVED = "approved"
    DECLINED = "declined"
    LABELLED = "labelled"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REOPENED = "reopened"
    REMINDED = "reminded"
    RECEIVED = "received"
    REFUSED = "refused"
    MISSING = "missing"
    EMPTY_BOX = "empty_box"
    WRONG_ITEM = "wrong_item"
    DECIDED = "decided"
    SENDING = "sending"
    COLLECTED = "collected"
    LAPSED = "lapsed"
    SOLD_OUT = "sold_out"
    PAID = "paid"
    PAID_BY_HAND = "paid_by_hand"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    RETRIED = "retried"
    WISH_CHANGED = "wish_changed"
    PLACED = "placed"
    MAILED = "mailed"
    AGREED = "agreed"
    NOTED = "noted"
    PHOTOGRAPHED = "photographed"


class Post(Struct, frozen=True):
    """Where in the shop somebody acts: who by number, at which location, on which shared device, as training or not.

    Ids are None where nobody of the shop acts from such a place.
    """

    staff_id: int | None = None
    location_id: int | None = None
    device_id: str | None = None
    training: bool = False


NOWHERE = Post()


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Who acted: `kind` is shopper, staff, merchant or system; histories keep both; `post` is for limits, figures."""

    kind: str
    name: str
    post: Post = dataclasses.field(default=NOWHERE, compare=False, repr=False)


SYSTEM = Actor(kind="system", name="Backhaul")


class Entry(Struct, frozen=True):
    """One line of a return's history; `at` is UTC, `details` is JSON."""

    at: datetime
    actor: Actor
    act: str
    why: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
