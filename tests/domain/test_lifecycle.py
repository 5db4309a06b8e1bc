"""What may be done to a whole return, and what is said when it may not."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from domain.errors import IllegalStep
from domain.events import Act
from domain.lifecycle import STEPS, Doing, apply, possible
from domain.replay import replayed
from domain.returns import Inspection, Return, settle
from domain.transitions import Acceptance, Reception
from tests.domain.test_returns import GROUP, NOW, SAM, a_return, looked_at

DOING = Doing(at=NOW, actor=SAM, why="so it is", details={"tracking": "1Z9"})


def after(found: Return, *acts: str) -> Return:
    for act in acts:
        found = apply(found, act, doing=DOING)
    return found


def arrived(*outcomes: str) -> Return:
    groups = [replace(GROUP, id=str(n), quantity=1) for n, _ in enumerate(outcomes, start=1)]
    looks = [Inspection(str(n), one, grade="A") for n, one in enumerate(outcomes, start=1) if one != "still"]
    return looked_at(a_return(*groups), *looks)


def paid_before_it_came() -> Return:
    return settle(a_return(), ["1"], act="fall_due")


STATES: dict[str, Callable[[], Return]] = {
    "requested": lambda: a_return(approval="review"),
    "awaiting": a_return,
    "in_transit": lambda: after(a_return(), "ship"),
    "received": lambda: arrived("received"),
    "part": lambda: arrived("received", "still"),
    "missing": lambda: arrived("missing"),
    "wrong_item": lambda: arrived("wrong_item"),
    "rejected": lambda: arrived("rejected"),
    "declined": lambda: after(a_return(approval="review"), "decline"),
    "cancelled": lambda: after(a_return(), "cancel"),
    "expired": lambda: after(a_return(), "expire"),
    "due": paid_before_it_came,
}
ALLOWED = {
    "requested": {"approve", "decline", "cancel"},
    "awaiting": {"ship", "cancel", "expire"},
    "in_transit": set(),
    "received": set(),
    "part": {"ship", "expire"},
    "missing": set(),
    "wrong_item": set(),
    "rejected": {"reopen"},
    "declined": {"reopen"},
    "cancelled": {"reopen"},
    "expired": {"reopen"},
    "due": {"ship"},
}


@pytest.mark.parametrize("act", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_an_act_is_done_and_told_or_refused_with_what_would_be_allowed(state: str, act: str):
    found = STATES[state]()
    assert set(possible(found)) == ALLOWED[state]
    if act in ALLOWED[state]:
        done = apply(found, act, doing=DOING)
        assert done.history[:-1] == found.history
        assert (done.history[-1].act, done.history[-1].why) == (STEPS[act].said, "so it is")
        return
    with pytest.raises(IllegalStep) as refused:
        apply(found, act, doing=DOING)
    assert set(refused.value.allowed) == ALLOWED[state]


@pytest.mark.parametrize(
    ("state", "act", "status"),
    [
        ("requested", "approve", "awaiting"),
        ("requested", "decline", "declined"),
        ("awaiting", "ship", "in_transit"),
        ("awaiting", "cancel", "cancelled"),
        ("awaiting", "expire", "expired"),
        ("part", "expire", "received"),
        ("rejected", "reopen", "requested"),
        ("declined", "reopen", "requested"),
        ("cancelled", "reopen", "awaiting"),
        ("expired", "reopen", "awaiting"),
    ],
)
def test_an_act_leads_to_a_status(state: str, act: str, status: str):
    assert apply(STATES[state](), act, doing=DOING).status == status


@pytest.mark.parametrize("act", ["cancel", "expire"])
def test_what_has_ended_holds_no_units_until_it_is_reopened(act: str):
    ended = after(a_return(), act)
    assert not ended.groups[0].counts
    assert after(ended, "reopen").groups[0].counts


def test_goods_that_were_rejected_are_taken_in_anew_once_they_are_approved():
    found = after(STATES["rejected"](), "reopen", "approve")
    assert found.groups[0].reception is Reception.AWAITING
    assert found.groups[0].acceptance is Acceptance.ACCEPTED
    assert found.groups[0].promised


def test_the_tracking_number_stands_in_the_history():
    shipped = after(a_return(), "ship").history[-1]
    assert (shipped.act, shipped.details["tracking"]) == (Act.SHIPPED, "1Z9")


@pytest.mark.parametrize("state", STATES)
def test_the_history_alone_tells_the_state(state: str):
    found = STATES[state]()
    if state != "due":
        assert replayed(found) == found
