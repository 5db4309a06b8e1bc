"""The history alone tells the state."""

import pytest
from msgspec.structs import replace

from domain.errors import IllegalStep, NotSupported
from domain.events import SYSTEM, Act, Entry
from domain.replay import replayed
from domain.returns import Inspection, note, settle
from tests.domain.test_returns import NOW, a_return, looked_at


def test_a_group_that_is_split_twice_is_told_whole():
    once = looked_at(
        a_return(), Inspection("1", "missing", quantity=2), Inspection("1", "received", grade="A", quantity=1)
    )
    twice = looked_at(
        once, Inspection("1", "received", grade="B", quantity=1), Inspection("1", "wrong_item", quantity=1)
    )
    assert [group.id for group in twice.groups] == ["1", "1.2", "1.1"]
    assert sum(group.amount for group in twice.groups) == 1000
    assert replayed(twice) == twice


def test_settlement_is_told_by_the_entry_that_notes_it():
    found = looked_at(a_return(), Inspection("1", "received", grade="A"))
    due = settle(found, ["1"], act="fall_due")
    told = note(
        replace(due, quote_id="q2"), Entry(at=NOW, actor=SYSTEM, act=Act.DECIDED, details={"quote": "q2"}), before=found
    )
    assert replayed(told) == told


def test_what_was_changed_without_a_word_does_not_come_back():
    found = settle(looked_at(a_return(), Inspection("1", "received", grade="A")), ["1"], act="fall_due")
    assert replayed(found) != found


def test_a_history_cannot_tell_of_a_step_that_there_is_not():
    found = a_return()
    lie = Entry(at=NOW, actor=SYSTEM, act=Act.PAID, details={"changes": {"1": {"reception": "kept"}}})
    truth = Entry(at=NOW, actor=SYSTEM, act=Act.PAID, details={"changes": {"1": {"reception": "missing"}}})
    with pytest.raises(IllegalStep):
        replayed(replace(found, history=(*found.history, lie, truth)))


def test_a_history_of_before_changes_were_told_is_not_replayed():
    old = Entry(at=NOW, actor=SYSTEM, act=Act.OPENED)
    with pytest.raises(NotSupported):
        replayed(replace(a_return(), history=(old,)))
