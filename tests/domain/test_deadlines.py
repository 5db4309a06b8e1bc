"""Until when goods must be sent."""

from datetime import timedelta

from msgspec.structs import replace

from domain.deadlines import remind_at, send_by
from domain.events import SYSTEM, Act, Entry
from domain.lifecycle import Doing, apply
from domain.returns import note
from tests.domain.test_returns import NOW, SAM, a_return


def test_the_time_begins_when_the_return_is_opened():
    assert send_by(a_return(), days=30) == NOW + timedelta(days=30)
    assert remind_at(a_return(), days=30) == NOW + timedelta(days=23)


def test_a_short_time_is_reminded_of_half_way():
    assert remind_at(a_return(), days=10) == NOW + timedelta(days=5)


def test_who_waited_for_a_decision_has_the_whole_time_after_it():
    later = NOW + timedelta(days=9)
    asked = a_return(approval="review")
    assert send_by(asked, days=30) is None
    assert send_by(apply(asked, "approve", doing=Doing(at=later, actor=SAM)), days=30) == later + timedelta(days=30)


def test_what_is_on_its_way_or_withdrawn_by_law_has_no_end():
    shipped = apply(a_return(), "ship", doing=Doing(at=NOW, actor=SAM))
    assert send_by(shipped, days=30) is None
    assert send_by(replace(a_return(), kind="withdrawal"), days=30) is None


def test_a_shopper_is_reminded_once():
    found = a_return()
    told = note(found, Entry(at=NOW, actor=SYSTEM, act=Act.REMINDED), before=found)
    assert remind_at(told, days=30) is None
