"""A return as the stages that its shopper goes through."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from domain.events import Act
from domain.returns import Return
from domain.transitions import Acceptance, Reception, Settlement

OPEN = frozenset({Acceptance.PENDING, Acceptance.NEEDS_PERSON})
OUT = frozenset({Reception.AWAITING, Reception.IN_TRANSIT})
ENDED = {"declined": "Declined", "cancelled": "Cancelled", "expired": "Ended"}
GOODS = frozenset({Act.RECEIVED, Act.REFUSED, Act.MISSING, Act.WRONG_ITEM})
DECIDED = frozenset({Act.APPROVED})
PAID = frozenset({Act.PAID, Act.PAID_BY_HAND})

SEND: Mapping[str, tuple[str, str]] = {
    "mail": ("Send the items back", "Pack them well and write the return number on the parcel."),
    "drop_off": (
        "Hand the items in",
        "Pack them well, write the return number on the parcel and take it to a drop-off point.",
    ),
    "store": ("Bring the items to a store", "Show the return number there. Staff do the rest."),
}
"""What the shopper has to do for each way back, in short and at length."""
ON_ITS_WAY = ("The items are on their way", "The shop looks at them as soon as they arrive.")


class Stage(Struct, frozen=True):
    """A stage: `state` is done, now, next or stopped; `at` is when it was reached, UTC."""

    title: str
    state: str
    text: str = ""
    at: datetime | None = None


class _Plan(Struct, frozen=True):
    """A stage: what it is called before and after, when it is over, and the acts that say when that happened."""

    title: str
    title_before: str
    text: str
    is_over: Callable[[Return], bool]
    acts: frozenset[Act]


def journey(found: Return, *, settle_on: str) -> tuple[Stage, ...]:
    """The stages of a return in their order; `settle_on` says whether the money comes before the goods."""
    opened = Stage("Return opened", "done", at=found.opened_at)
    if found.status in ENDED:
        return (opened, Stage(ENDED[found.status], "stopped", at=_last(found)))
    return (opened, *_staged(found, _plans(found, settle_on=settle_on)))


def _plans(found: Return, *, settle_on: str) -> tuple[_Plan, ...]:
    way = ON_ITS_WAY if found.status == "in_transit" else SEND.get(found.method, SEND["mail"])
    goods = _Plan("Items are back at the shop", *way, _is_here, GOODS)
    paid = _Plan("Settled", "The shop settles it", "You get what the summary shows.", _is_settled, PAID)
    if found.method == "keep":
        ways: tuple[_Plan, ...] = (paid,)
    else:
        ways = (paid, goods) if settle_on == "approved" else (goods, paid)
    asked = _Plan("Accepted", "The shop decides", "Somebody looks at your request.", _is_decided, DECIDED)
    return (asked, *ways) if _was_asked(found) else ways


def _staged(found: Return, plans: tuple[_Plan, ...]) -> Iterator[Stage]:
    is_reached = True
    for plan in plans:
        is_over = plan.is_over(found)
        state = "done" if is_over else "now" if is_reached else "next"
        is_reached = is_reached and is_over
        if is_over:
            yield Stage(plan.title, state, at=_at(found, plan))
        else:
            yield Stage(plan.title_before, state, text=plan.text)


def _at(found: Return, plan: _Plan) -> datetime | None:
    return max((entry.at for entry in found.history if entry.act in plan.acts), default=None)


def _last(found: Return) -> datetime:
    return max((entry.at for entry in found.history), default=found.opened_at)


def _was_asked(found: Return) -> bool:
    return not _is_decided(found) or any(entry.act in DECIDED for entry in found.history)


def _is_decided(found: Return) -> bool:
    return not any(group.acceptance in OPEN for group in found.groups)


def _is_here(found: Return) -> bool:
    return not any(group.reception in OUT for group in found.groups if group.counts)


def _is_settled(found: Return) -> bool:
    return _is_decided(found) and all(group.settlement is Settlement.SETTLED for group in found.groups if group.counts)
