"""Short work goes through the interpreter one by one.

Threads take the interpreter from each other whenever SQLite lets go of it: a hundred times a turn of the assistant
where sixteen shoppers write at once, which took a third of the processor. So what is short goes in by one door, and out
again before it waits for anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

PATIENCE_SECONDS = 0.1
"""Nobody stands at the door for longer: it saves time, and nothing relies on it."""

_door = Lock()
_mine = local()


@contextmanager
def inside() -> Iterator[None]:
    """One thread at a time, unless it stays for long; it may go out earlier. Who is inside already stays inside."""
    if getattr(_mine, "has_door", False):
        yield
        return
    _mine.has_door = _door.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield
    finally:
        go_out()


def go_out() -> None:
    """Let the next one in, and stay outside: what now comes waits for others, or is nearly done."""
    if getattr(_mine, "has_door", False):
        _mine.has_door = False
        _door.release()
