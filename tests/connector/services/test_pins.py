"""PINs are short, so guessing them is hard work: hashes, counted tries, and none that is easy to guess."""

import pytest

from connector.services import audit, pins, shift, sign_in
from connector.services.errors import InvalidInput, NotAllowed, NotFound, TooManyAttempts
from connector.services.sign_in import Browser
from tests.counters import OWNERS_PIN, PIN, Counter, counter, known, person
from tests.shops import TestShop


@pytest.mark.parametrize("pin", ["", "123", "1234", "9876", "0000", "123456789", "12a4", "٤٢٧١", "3210"])
def test_a_pin_that_is_easy_to_guess_is_not_taken(demo: TestShop, pin: str):
    lee = person(demo, "Lee", pin=None)
    with pytest.raises(InvalidInput):
        pins.change(demo.app, demo.shop, staff=lee, old="", new=pin)


def test_only_a_hash_is_kept(demo: TestShop):
    lee = person(demo, "Lee")
    assert lee.pin_hash is not None
    assert lee.pin_hash.startswith("$argon2id$")
    assert PIN not in lee.pin_hash


def test_who_has_a_pin_types_it_before_it_is_changed(demo: TestShop):
    lee = person(demo, "Lee")
    with pytest.raises(InvalidInput):
        pins.change(demo.app, demo.shop, staff=lee, old="1111", new="4071")
    pins.change(demo.app, demo.shop, staff=lee, old=PIN, new="4071")
    assert pins.check(demo.app, demo.shop, staff_id=lee.id, pin="4071", place="x").id == lee.id


def guess(demo: TestShop, who: int, pin: str, place: str = "till") -> str:
    try:
        pins.check(demo.app, demo.shop, staff_id=who, pin=pin, place=place)
    except (NotFound, TooManyAttempts) as refusal:
        return type(refusal).__name__
    return "in"


def test_five_wrong_tries_shut_a_pin_for_a_while_even_for_the_right_one_on_every_device(demo: TestShop):
    lee = person(demo, "Lee")
    assert [guess(demo, lee.id, "0000") for _ in range(5)] == ["NotFound"] * 5
    assert guess(demo, lee.id, PIN) == "TooManyAttempts"
    assert guess(demo, lee.id, PIN, "another till") == "TooManyAttempts"
    demo.clock.move(minutes=15)
    assert guess(demo, lee.id, PIN) == "in"
    assert guess(demo, lee.id, "0000") == "NotFound"


def test_too_many_wrong_tries_in_a_day_shut_it_until_a_manager_resets_it(demo: TestShop):
    at = counter(demo)
    for _ in range(4):
        assert {guess(demo, at.lee.id, "0000") for _ in range(5)} == {"NotFound"}
        demo.clock.move(minutes=20)
    assert guess(demo, at.lee.id, PIN) == "TooManyAttempts"
    lent = pins.lend(demo.app, demo.shop, by=at.kim, staff_id=at.lee.id)
    demo.clock.move(minutes=20)
    assert guess(demo, at.lee.id, lent) == "in"


def test_guessing_everybodys_pin_shuts_the_device(demo: TestShop):
    several = [person(demo, f"Lee {n}") for n in range(8)]
    tries = [guess(demo, one.id, "0000") for one in several[:7] for _ in range(5)]
    assert tries[:30] == ["NotFound"] * 30
    assert set(tries[30:]) == {"TooManyAttempts"}
    assert guess(demo, several[7].id, PIN, "another till") == "in"


def test_a_wrong_try_stands_in_the_log_without_what_was_typed(demo: TestShop):
    lee = person(demo, "Lee")
    guess(demo, lee.id, "0000")
    line = audit.read(demo.app, demo.shop)[0]
    assert (line.act, line.about, dict(line.details)) == ("pin_wrong", "Lee", {})


def lent_to_lee(demo: TestShop) -> tuple[Counter, str]:
    at = counter(demo)
    return at, pins.lend(demo.app, demo.shop, by=at.kim, staff_id=at.lee.id)


def test_a_lent_pin_begins_a_shift_only_with_one_of_their_own(demo: TestShop):
    at, lent = lent_to_lee(demo)

    def begin(new: str) -> str:
        return shift.begin(
            demo.app, demo.shop, device=at.device, staff_id=at.lee.id, pin=lent, new=new, browser=Browser("x")
        )

    for refused in ("", lent, "1111"):
        with pytest.raises(InvalidInput):
            begin(refused)
    assert begin("4071")
    assert known(demo, at.lee.id).pin_until is None
    assert guess(demo, at.lee.id, lent) == "NotFound"
    assert guess(demo, at.lee.id, "4071") == "in"


def test_a_lent_pin_ends_after_a_day(demo: TestShop):
    at, lent = lent_to_lee(demo)
    demo.clock.move(hours=24)
    assert guess(demo, at.lee.id, lent) == "NotFound"


def test_a_manager_resets_those_of_staff_and_not_an_owners(demo: TestShop):
    at = counter(demo)
    owner = sign_in.owner_of(demo.app, demo.shop)
    with pytest.raises(NotAllowed):
        pins.lend(demo.app, demo.shop, by=at.kim, staff_id=owner.id)
    with pytest.raises(NotAllowed):
        pins.lend(demo.app, demo.shop, by=at.lee, staff_id=at.kim.id)
    assert guess(demo, at.kim.id, OWNERS_PIN) == "in"
