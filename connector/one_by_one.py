"""Short work goes through the interpreter one by one.

Threads take the interpreter from each other whenever SQLite lets go of it: a hundred times a turn of the assistant
where sixteen shoppers write at once, which took a third of the processor. So short acts stand in a line that one thread
carries out, and what writes goes in between by the same door. Whoever must wait for something goes out first.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from threading import Lock, local
from time import monotonic
from typing import Any, Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")

PATIENCE_SECONDS = 0.1
"""Nobody stands at the door for longer, and nobody leads a line who carries one act out for longer: all of this saves
time, and nothing relies on it."""
NEVER = math.inf
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
    """Of one thread: whether it came in by the door, and how it hands on the line that it leads."""

    is_inside = False
    hand_on: Callable[[], None] | None = None


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
    if _mine.hand_on is not None:
        _mine.hand_on()


class Line:
    """Short acts, carried out one after the other by one of these threads; when it goes out or stays, by another."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._lock = Lock()
        self._waiting: dict[Future[Any], Callable[[], Pending[Any]]] = {}
        self._leader: object = None
        self._act_began_at = NEVER

    def put(self, act: Callable[[], Pending[T]]) -> "Future[T]":
        """What the act answers once it is saved; it is carried out when its turn comes."""
        answer: Future[T] = Future()
        with self._lock:
            self._waiting[answer] = act
            is_led = self._leader is not None
        if not is_led:
            self._hand_on(None)
        return answer

    def move_on(self, answer: "Future[Any]") -> bool:
        """Whether an act still waits; who carries another one out for too long leads no more."""
        with self._lock:
            waits, leader = answer in self._waiting, self._leader
            stays = monotonic() - self._act_began_at > PATIENCE_SECONDS
        if waits and stays:
            self._hand_on(leader)
        return waits

    def _hand_on(self, leader: object) -> None:
        """Let another thread carry out what waits, unless somebody else has done so: this one leads no more."""
        following = object()
        with self._lock:
            if self._leader is not leader:
                return
            self._leader = following if self._waiting else None
            self._act_began_at = NEVER
        if self._leader is following:
            self._begin(following, instead_of=leader)

    def _begin(self, following: object, *, instead_of: object) -> None:
        """Whoever has led so far goes on where no thread can begin: the process ends."""
        try:
            self._threads.submit(self._lead, following)
        except RuntimeError:
            with self._lock:
                self._leader = instead_of
            if instead_of is None:
                raise

    def _lead(self, leader: object) -> None:
        _mine.hand_on = partial(self._hand_on, leader)
        try:
            while self._leader is leader:
                with inside():
                    self._carry_out_some(leader)
        finally:
            _mine.hand_on = None

    def _carry_out_some(self, leader: object) -> None:
        """The next few acts, until this thread leads no more; how long it stands at the door does not count."""
        for _ in range(AT_ONCE):
            following = self._next(leader)
            if following is None:
                return
            _carry_out(*following)
        with self._lock:
            if self._leader is leader:
                self._act_began_at = NEVER

    def _next(self, leader: object) -> tuple[Callable[[], Pending[Any]], "Future[Any]"] | None:
        with self._lock:
            if self._leader is not leader:
                return None
            answer = next(iter(self._waiting), None)
            if answer is None:
                self._leader = None
                return None
            self._act_began_at = monotonic()
            return self._waiting.pop(answer), answer


def _carry_out(act: Callable[[], Pending[Any]], answer: "Future[Any]") -> None:
    """Whatever the act raises is told; nobody waits any more for an answer that was cancelled."""
    if not answer.set_running_or_notify_cancel():
        return
    try:
        pending = act()
        given, saved = pending.answer, pending.saved
    except BaseException as error:  # noqa: BLE001  it is raised where the answer is waited for
        answer.set_exception(error)
        return
    if saved is None:
        answer.set_result(given)
    else:
        saved.add_done_callback(partial(_tell, answer, given))


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
