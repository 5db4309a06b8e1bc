"""The bucket fills by itself, is never overdrawn, and believes Shopify."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.shopify.bucket import Cost, Level, full, read_cost, taken, told

HALF = Level(available=50, maximum=100, rate=10, at=0)


def cost(*, actual: float | None, available: float) -> Cost:
    return Cost(requested=40, actual=actual, available=available, maximum=2000, rate=100)


def test_what_is_there_is_taken_at_once():
    level, wait = taken(HALF, 30, at=0)
    assert (level.available, wait) == (20, 0)


def test_what_is_not_there_yet_is_waited_for_and_not_taken():
    level, wait = taken(HALF, 80, at=0)
    assert (level.available, wait) == (50, 3.0)


def test_it_fills_with_time_and_never_over_its_edge():
    assert taken(HALF, 80, at=3)[1] == 0
    assert taken(HALF, 0, at=1000)[0].available == 100


def test_a_question_larger_than_the_bucket_waits_until_it_is_full():
    assert taken(HALF, 500, at=5)[1] == 0


def test_a_clock_that_goes_back_takes_nothing_away():
    assert taken(HALF, 0, at=-60)[0] == HALF


def test_what_shopify_says_is_there_is_there():
    spent, _ = taken(HALF, 40, at=0)
    assert told(spent, cost(actual=10, available=1990), taken_before=40, at=0).available == 1990
    assert told(spent, cost(actual=10, available=5), taken_before=40, at=0).available == 5


def test_what_others_have_taken_and_were_not_answered_for_is_not_there():
    ours, _ = taken(HALF, 30, at=0)
    both, _ = taken(ours, 20, at=0)
    after = told(both, cost(actual=None, available=45), taken_before=30, at=0)
    assert (after.available, after.reserved) == (25, 20)


def test_what_was_taken_for_a_request_that_was_lost_wears_off():
    lost, _ = taken(HALF, 50, at=0)
    assert told(lost, cost(actual=1, available=1000), taken_before=0, at=5).available == 1000


def test_size_and_speed_are_learned():
    level = told(full(0), cost(actual=1, available=1999), taken_before=1, at=0)
    assert (level.maximum, level.rate) == (2000, 100)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 300))))
def test_no_more_is_ever_taken_than_was_there_and_came_in(asked: list[tuple[float, float]]):
    level, spent, now = HALF, 0.0, 0.0
    for later, points in asked:
        now += later
        level, wait = taken(level, points, at=now)
        spent += min(points, 100) if not wait else 0
    assert spent <= 50 + now * 10 + 1e-6


def test_an_answer_says_what_it_cost():
    status = {"maximumAvailable": 2000, "currentlyAvailable": 1958, "restoreRate": 100}
    said = {"extensions": {"cost": {"requestedQueryCost": 53, "actualQueryCost": 21, "throttleStatus": status}}}
    assert read_cost(said) == Cost(requested=53, actual=21, available=1958, maximum=2000, rate=100)


def test_an_answer_that_says_nothing_of_cost_changes_nothing():
    assert read_cost({}) is None
    assert read_cost({"extensions": {"cost": {"requestedQueryCost": 53, "throttleStatus": {}}}}) is None
