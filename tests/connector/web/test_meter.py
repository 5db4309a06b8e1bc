from connector.web.meter import Meter

PROGRAM, OTHER = (1, 1), (1, 2)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_holds_so_many_questions_and_then_begins_anew():
    clock = Clock()
    meter = Meter(clock, most=2)
    assert [meter.count(PROGRAM).is_over for _ in range(3)] == [False, False, True]
    assert not meter.count(OTHER).is_over
    clock.now = 60.0
    assert not meter.count(PROGRAM).is_over


def test_what_is_left_and_when_it_is_reset_is_said():
    clock = Clock()
    meter = Meter(clock, most=3)
    meter.count(PROGRAM)
    clock.now = 20.5
    assert meter.count(PROGRAM).headers == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "1",
        "RateLimit-Reset": "40",
    }
