"""A step bears with slowness, but not for ever, and not when it is no longer its turn."""

import sqlite3
from collections.abc import Callable, Sequence
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from adapters.errors import ChannelRefused, ChannelSlow
from connector.jobs import patience
from connector.jobs.engine import Interrupted
from connector.jobs.patience import Patience
from connector.storage.errors import Conflict

SLOW = ChannelSlow("later")
OVERTAKEN = Conflict("not at version 1 any more")
AWAY = OperationalError(None, None, Exception("nobody answers"))
REFUSED_BY_DATABASE = OperationalError("SELECT 1", {}, sqlite3.OperationalError("too many SQL variables"))
REFUSED = ChannelRefused("no")


class Act:
    """Raises what it is told, one error a try, then gives "done"."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def impatient(
    waits: Sequence[float] = (0, 0), *, may_go_on: Callable[[], bool] = lambda: True, stopping: Event | None = None
) -> Patience:
    return Patience(waits, may_go_on=may_go_on, stopping=stopping or Event())


@pytest.mark.parametrize("errors", [(), (SLOW,), (OVERTAKEN, SLOW)], ids=["none", "slow", "overtaken and slow"])
def test_an_act_is_tried_until_it_is_done(errors: tuple[Exception, ...]):
    act = Act(*errors)
    assert impatient().try_out(act) == "done"
    assert act.tries == len(errors) + 1


def test_an_act_that_stays_slow_is_given_up_after_the_last_wait():
    act = Act(*[SLOW] * 9)
    with pytest.raises(ChannelSlow):
        impatient().try_out(act)
    assert act.tries == 3


def test_any_other_error_is_raised_at_once():
    act = Act(REFUSED)
    with pytest.raises(ChannelRefused):
        impatient().try_out(act)
    assert act.tries == 1


def test_a_database_that_is_away_is_waited_for_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "DATABASE_AWAY_SECONDS", 0)
    act = Act(*[AWAY] * 20)
    assert impatient().try_out(act) == "done"


def test_what_the_database_refuses_is_given_up_after_the_last_wait():
    act = Act(*[REFUSED_BY_DATABASE] * 9)
    with pytest.raises(OperationalError):
        impatient().try_out(act)
    assert act.tries == 3


def test_nothing_is_tried_once_the_job_is_another_workers():
    act = Act()
    with pytest.raises(Interrupted):
        impatient(may_go_on=lambda: False).try_out(act)
    assert act.tries == 0


def test_whether_the_job_is_still_ours_is_asked_before_every_try():
    answers = iter([True, False])
    act = Act(SLOW)
    with pytest.raises(Interrupted):
        impatient(may_go_on=lambda: next(answers)).try_out(act)
    assert act.tries == 1


def test_a_stop_ends_a_wait_at_once():
    stopping = Event()
    act = Act(SLOW)

    def stop_then_try() -> str:
        stopping.set()
        return act()

    with pytest.raises(Interrupted):
        impatient((60,), stopping=stopping).try_out(stop_then_try)
