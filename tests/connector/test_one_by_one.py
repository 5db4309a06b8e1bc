"""What is short goes one by one, and nobody waits long for who stays."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from connector import one_by_one
from connector.one_by_one import go_out, inside

LONG = 10.0


@contextmanager
def somebody_inside(*, goes_out: bool = False) -> Iterator[None]:
    """A thread that went in and stays there, or goes out and works on."""
    came, may_end = threading.Event(), threading.Event()

    def stay() -> None:
        with inside():
            if goes_out:
                go_out()
            came.set()
            may_end.wait(LONG)

    thread = threading.Thread(target=stay)
    thread.start()
    assert came.wait(LONG)
    yield
    may_end.set()
    thread.join()


def is_free() -> bool:
    """Whether whoever comes now is let in at once."""
    free = one_by_one._door.acquire(blocking=False)
    if free:
        one_by_one._door.release()
    return free


def test_one_at_a_time_is_inside():
    within, most = [], []

    def act(n: int) -> None:
        with inside():
            within.append(n)
            most.append(len(within))
            within.remove(n)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(200)))
    assert set(most) == {1}


def test_whoever_goes_out_lets_the_next_one_in_and_may_leave_twice():
    with somebody_inside(goes_out=True):
        assert is_free()
        with inside():
            assert not is_free()
    assert is_free()


def test_who_is_inside_already_stays_inside_until_the_end():
    with inside():
        with inside():
            pass
        assert not is_free()
    assert is_free()


def test_an_error_lets_the_next_one_in():
    with pytest.raises(ZeroDivisionError), inside():
        raise ZeroDivisionError
    assert is_free()


def test_whoever_waited_long_enough_goes_on_and_takes_nothing_from_who_is_inside(monkeypatch):
    monkeypatch.setattr(one_by_one, "PATIENCE_SECONDS", 0.01)
    with somebody_inside():
        with inside():
            assert not is_free()
        assert not is_free()
    assert is_free()


def test_who_is_outside_may_go_out():
    go_out()
    assert is_free()
