"""The queues that jobs wait in: who is told something and does not answer takes no place of what moves money."""

from collections.abc import Mapping

from msgspec import Struct

from connector.services import tell_programs


class Room(Struct, frozen=True):
    """How many jobs of a queue a process carries out at a time, and how many of one shop run anywhere.

    Fewer of one shop than in all, so that a slow shop never holds them all.
    """

    at_a_time: int
    of_one_shop: int


class Queue(Struct, frozen=True):
    """A queue, its room by the kind of database, and how often who takes jobs out of it looks."""

    name: str
    rooms: Mapping[str, Room]
    poll_seconds: float

    @property
    def taker(self) -> str:
        """How the library names the thread that takes jobs out of it (dbos 3.4, `_queue.queue_thread`)."""
        return f"queue-worker-{self.name}"


JOBS = Queue("jobs", {"sqlite": Room(2, 1), "postgresql": Room(8, 4)}, poll_seconds=0.05)
"""More on SQLite would make the shoppers' own writes wait."""
MESSAGES = Queue("messages", {"sqlite": Room(2, 1), "postgresql": Room(4, 2)}, poll_seconds=0.2)
"""Its jobs wait for programs of others most of the time, and nobody waits for them."""
QUEUES: Mapping[str, Queue] = {queue.name: queue for queue in (JOBS, MESSAGES)}
OF_JOB: Mapping[str, Queue] = {tell_programs.JOB: MESSAGES}


def queue_of(job: str) -> Queue:
    """The queue that jobs of this name wait in."""
    return OF_JOB.get(job, JOBS)
