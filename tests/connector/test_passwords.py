"""A password is kept as a hash that takes time to try."""

from concurrent.futures import ThreadPoolExecutor

from connector.passwords import Passwords
from tests.shops import CHEAP


def test_a_password_fits_its_hash_and_no_other():
    passwords = Passwords(CHEAP)
    kept = passwords.hash("four quiet red foxes")
    assert kept.startswith("$argon2id$")
    assert passwords.fits("four quiet red foxes", kept)
    assert not passwords.fits("four quiet red fox", kept)


def test_nobodys_password_and_a_broken_hash_fit_nothing():
    passwords = Passwords(CHEAP)
    assert not passwords.fits("the password of nobody", None)
    assert not passwords.fits("anything", "broken")


def test_many_at_once_are_all_answered():
    passwords = Passwords(CHEAP)
    kept = passwords.hash("four quiet red foxes")
    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(lambda _: passwords.fits("four quiet red foxes", kept), range(64)))


def test_what_is_used_outside_tests_is_as_strong_as_the_library_recommends():
    assert "m=65536,t=3,p=4" in Passwords().hash("four quiet red foxes")
