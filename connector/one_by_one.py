"""Short work goes through the interpreter one by one.

Threads take the interpreter from each other whenever SQLite lets go of it: a hundred times a turn of the assistant
where sixteen shoppers write at once, which took a third of the processor. So short acts stand in a line that one thread
carries out, and what writes goes in between by the same door. Whoever must wait for something goes out first.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from threading import Lock, local
from typing import Any, Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")

PATIENCE_SECONDS = 0.1
"""Nobody stands at the door or in the line for longer: it saves time, and nothing relies on it."""
AT_ONCE = 16
"""So many acts of a line go in together, where so many wait."""


class Pending(Struct, Generic[T], frozen=True):
    """An answer that counts once what it tells of is `saved`, None where nothing needs to be; a refusal is raised."""

    answer: T
    saved: "Future[None] | None" = None


def answered(pending: Pending[T]) -> T:
    """The answer, for who waits in this thread until it is saved; raises what saving refused."""
    if pending.saved is not None:
        go_out()
        pending.saved.result()
    return pending.answer


class _Door:
    """Lets in one at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def enter(self, *, patience: float) -> bool:
        """Whether one came in before losing patience."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        return turn.acquire(timeout=patience) or not self._gives_up(turn)

    def leave(self) -> None:
        """Let the next one in."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _gives_up(self, turn: Lock) -> bool:
        """Whether it was still waiting: it may have been let in at the last moment."""
        with self._lock:
            is_waiting = turn in self._waiting
            if is_waiting:
                self._waiting.remove(turn)
            return is_waiting


class _Whereabouts(local):
    """Of one thread: whether it came in by the door, and which line it carries out."""

    is_inside = False
    leads: "Line | None" = None


_door = _Door()
_mine = _Whereabouts()


@contextmanager
def inside() -> Iterator[None]:
    """One thread at a time, unless it stays for long; it may go out earlier. Who is inside already stays inside."""
    if _mine.is_inside:
        yield
        return
    _mine.is_inside = _door.enter(patience=PATIENCE_SECONDS)
    try:
        yield
    finally:
        _leave()


def go_out() -> None:
    """Let the next one in, and stay outside: what now comes waits for others, or is nearly done."""
    _leave()
    line, _mine.leads = _mine.leads, None
    if line is not None:
        line.lead_on()


class Line:
    """Short acts, carried out one after the other by one thread of these; when it goes out, by another."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._lock = Lock()
        self._waiting: dict[Future[Any], Callable[[], Pending[Any]]] = {}
        self._is_led = False

    def put(self, act: Callable[[], Pending[T]]) -> "Future[T]":
        """What the act answers once it is saved; it is carried out when its turn comes."""
        answer: Future[T] = Future()
        with self._lock:
            self._waiting[answer] = act
            is_led, self._is_led = self._is_led, True
        if not is_led:
            self._threads.submit(self._lead)
        return answer

    def hurry(self, answer: "Future[Any]") -> None:
        """Have the act carried out beside the line, if it still waits there."""
        with self._lock:
            act = self._waiting.pop(answer, None)
        if act is not None:
            self._threads.submit(_carry_out, act, answer)

    def lead_on(self) -> None:
        """Let another thread carry out what waits: this one goes on with its act alone."""
        with self._lock:
            is_led = self._is_led = bool(self._waiting)
        if is_led:
            self._threads.submit(self._lead)

    def _lead(self) -> None:
        _mine.leads = self
        while _mine.leads is self:
            with inside():
                self._carry_out_some()

    def _carry_out_some(self) -> None:
        """The next few acts, until one goes out or none waits any more."""
        for _ in range(AT_ONCE):
            following = self._next()
            if following is None:
                return
            _carry_out(*following)
            if _mine.leads is not self:
                return

    def _next(self) -> tuple[Callable[[], Pending[Any]], "Future[Any]"] | None:
        with self._lock:
            answer = next(iter(self._waiting), None)
            if answer is not None:
                return self._waiting.pop(answer), answer
            self._is_led, _mine.leads = False, None
            return None


def _carry_out(act: Callable[[], Pending[Any]], answer: "Future[Any]") -> None:
    """Whatever the act raises is told; nobody waits any more for an answer that was cancelled."""
    if not answer.set_running_or_notify_cancel():
        return
    try:
        pending = act()
    except BaseException as error:  # noqa: BLE001  it is raised where the answer is waited for
        answer.set_exception(error)
        return
    if pending.saved is None:
        answer.set_result(pending.answer)
    else:
        pending.saved.add_done_callback(partial(_tell, answer, pending.answer))


def _tell(answer: "Future[T]", given: T, saved: "Future[None]") -> None:
    error = saved.exception()
    if error is None:
        answer.set_result(given)
    else:
        answer.set_exception(error)


def _leave() -> None:
    if _mine.is_inside:
        _mine.is_inside = False
        _door.leave()
