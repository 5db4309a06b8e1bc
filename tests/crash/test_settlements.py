"""Killed or frozen at any moment of a settlement, on any database, with any number of workers: given once.

Each worker goes on with what the one before it left, and dies itself; at the end nobody is killed. A slice runs in
every test run; BACKHAUL_TEST_SETTLEMENT_KILLS asks for more (`make crash`).
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.events import Act
from domain.settlement import LegKind
from tests.crash.settler import Post
from tests.crash.settling import World, a_world, given_once, given_once_or_told
from tests.databases import BOTH
from tests.simulators.payments import REPORTS, Trouble, simulated_payments

KILLS = int(os.environ.get("BACKHAUL_TEST_SETTLEMENT_KILLS", "40"))
SEED = int(os.environ.get("BACKHAUL_TEST_SEED", "1"))
WAYS = 8
"""Two databases, one or two workers, with and without keys of the platform's own."""
FREEZE_EVERY = 12 if KILLS <= 40 else 1
MOMENTS = 70
"""About as many as a settlement of four legs has; of two workers each sees a part."""
AWAKE_SECONDS = 1.0
"""How long who woke may do whatever it was about to do."""
TROUBLES = (
    Trouble(),
    Trouble("429", times=2),
    Trouble("503"),
    Trouble("slow"),
    Trouble("lost request"),
    Trouble("lost answer"),
    Trouble(fate="late"),
    Trouble("lost answer", fate="late"),
    Trouble(fate="declined late"),
    Trouble("lost answer", fate="declined late"),
)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=[True, False], ids=["keys", "no-keys"])
def world(request: pytest.FixtureRequest, tmp_path: Path, url: str) -> Iterator[World]:
    with simulated_payments(has_keys=request.param) as platform:
        post = Post(folder=str(tmp_path), url=url, platform=platform.address, has_keys=request.param)
        with a_world(post, platform) as world:
            yield world


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_again_and_again_a_settlement_gives_everything_once(world: World, workers: int):
    chance = random.Random(f"{SEED}{world.post.url.split(':')[0]}{workers}{world.post.has_keys}")
    killed: Counter[str] = Counter()
    while killed.total() < KILLS // WAYS:
        for _ in range(workers):
            world.new_return()
        world.platform.books.troubles[:] = [chance.choice(TROUBLES)]
        world.platform.reports = chance.choice(sorted(REPORTS))
        with world.settlers(*(chance.randrange(MOMENTS // workers) for _ in range(workers))) as settlers:
            world.until(*settlers)
            killed.update(one.ended_at for one in settlers if one.is_gone)
    with world.settlers(None) as (last,):
        world.until(last)
    for return_id in world.returns:
        given_once(world, return_id)
    sys.stdout.write(f"{len(world.returns)} returns settled over {killed.total()} kills: {dict(killed)}\n")


@pytest.mark.parametrize("at", range(0, MOMENTS // 2, FREEZE_EVERY))
def test_who_froze_and_wakes_after_another_took_over_gives_nothing_twice_in_silence(world: World, at: int):
    frozen_and_woken(world, at=at)
    nothing_twice_in_silence(world)


@pytest.mark.parametrize("at", range(FREEZE_EVERY // 2, MOMENTS // 2, 2 * FREEZE_EVERY))
def test_who_wakes_while_another_is_in_the_middle_of_it_gives_nothing_twice_in_silence(world: World, at: int):
    woken_in_the_middle(world, at=at, other_at=random.Random(f"{SEED}{at}").randrange(MOMENTS // 2))
    nothing_twice_in_silence(world)


@pytest.mark.parametrize("moment", ["before refund", "after refund"])
def test_who_wakes_before_sending_while_another_sends_gives_nothing_twice_in_silence(world: World, moment: str):
    woken_in_the_middle(world, at=0, only=("before refund",), other_at=0, other_only=(moment,))
    nothing_twice_in_silence(world)


def test_who_froze_while_sending_gives_twice_where_keys_do_not_count_and_a_person_is_told(world: World):
    frozen_and_woken(world, at=0, only=("before refund",))
    (return_id,) = world.returns
    if world.post.has_keys:
        given_once(world, return_id)
        return
    given_once_or_told(world, return_id)
    (refund,) = [leg for leg in world.legs(return_id) if leg.kind == LegKind.REFUND]
    assert (len(world.platform.books.under(refund.key)), refund.state) == (2, "unknown")
    assert "2 entries" in [entry.why for entry in world.found(return_id).history if entry.act == Act.UNCERTAIN][-1]


def nothing_twice_in_silence(world: World) -> None:
    for return_id in world.returns:
        if world.post.has_keys:
            given_once(world, return_id)
        else:
            given_once_or_told(world, return_id)


def frozen_and_woken(world: World, *, at: int, only: tuple[str, ...] = ()) -> None:
    """One worker freezes, is taken for dead, and another finishes what it had begun before it wakes."""
    world.platform.reports = "twice"
    world.new_return()
    with world.settlers(at, by=signal.SIGSTOP, only=only) as (sleeper,):
        world.until(sleeper)
        with world.settlers(None) as (other,):
            world.until(other)
            sleeper.wake()
            sleeper.stop()
            other.stop()


def woken_in_the_middle(
    world: World, *, at: int, other_at: int, only: tuple[str, ...] = (), other_only: tuple[str, ...] = ()
) -> None:
    """One worker freezes and is taken for dead; it wakes while another, which took over, stands still in the middle."""
    world.platform.reports = "twice"
    world.new_return()
    with world.settlers(at, by=signal.SIGSTOP, only=only) as (sleeper,):
        world.until(sleeper)
        with world.settlers(other_at, by=signal.SIGSTOP, only=other_only) as (other,):
            world.until_still(other)
            sleeper.wake()
            time.sleep(AWAKE_SECONDS)
            sleeper.stop()
            other.wake()
            world.until(other)
            other.stop()
