"""Conversations, staff, attempts, commands, store credit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from msgspec.structs import replace

from connector.storage import attempt_store, command_store, conversation_store, credit_store, staff_store
from connector.storage.credit_store import StoreCredit
from connector.storage.errors import Conflict, Duplicate
from connector.storage.scope import rows, selected
from connector.storage.staff_store import Link, Session
from connector.storage.tables.people_tables import attempts
from tests.connector.storage.conftest import LATER, NOW

CREDIT = StoreCredit(
    key="k1", code="GIVE-1", return_id="RMA-A", email="a@b.c", amount=900, balance=900, currency="USD", digits=2, at=NOW
)


@pytest.fixture
def conversation(write):
    return write(conversation_store.add, "c_1", token_hash="h", document={"slot": "order"}, at=NOW)


def test_a_conversation_comes_back_as_it_was_saved(write, read, conversation):
    assert read(conversation_store.get, "c_1") == conversation
    assert write(conversation_store.save, "c_1", document={"slot": "items"}, expected_version=0, at=LATER) == 1
    expected = replace(conversation, document={"slot": "items"}, version=1, changed_at=LATER)
    assert read(conversation_store.get, "c_1") == expected


@pytest.mark.usefixtures("conversation")
def test_a_conversation_that_went_on_elsewhere_is_not_overwritten(write):
    write(conversation_store.save, "c_1", document={}, expected_version=0, at=NOW)
    with pytest.raises(Conflict):
        write(conversation_store.save, "c_1", document={}, expected_version=0, at=NOW)


@pytest.mark.usefixtures("conversation")
def test_turns_are_numbered_from_one_and_read_from_any_of_them_on(write, read):
    for n, author in enumerate(("shopper", "assistant", "person")):
        found = read(conversation_store.get, "c_1")
        assert found.last == n
        assert write(conversation_store.append_turn, found, author=author, document={"n": n}, at=NOW) == n + 1
    assert [turn.author for turn in read(conversation_store.turns, "c_1")] == ["shopper", "assistant", "person"]
    assert [turn.n for turn in read(conversation_store.turns, "c_1", after=1)] == [2, 3]


def test_what_somebody_else_added_meanwhile_is_not_written_over(write, read, conversation):
    exchange = {"heard": {"n": 1}, "answer": {"n": 2}, "at": NOW, "message_id": None}
    write(conversation_store.append_exchange, conversation, **exchange)
    with pytest.raises(Duplicate):
        write(conversation_store.append_turn, conversation, author="person", document={}, at=NOW)
    with pytest.raises(Duplicate):
        write(conversation_store.append_exchange, conversation, **exchange)
    assert [turn.document for turn in read(conversation_store.turns, "c_1")] == [{"n": 1}, {"n": 2}]


def test_a_message_that_is_sent_again_finds_the_turn_that_answered_it(write, read, conversation):
    answer = {"messages": []}
    write(conversation_store.append_turn, conversation, author="assistant", document=answer, at=NOW, message_id="m1")
    assert read(conversation_store.turn_of_message, "c_1", message_id="m1").document == answer
    assert read(conversation_store.turn_of_message, "c_1", message_id="m2") is None
    found = read(conversation_store.get, "c_1")
    with pytest.raises(Duplicate):
        write(conversation_store.append_turn, found, author="assistant", document={}, at=NOW, message_id="m1")


@pytest.fixture
def owner(write):
    return write(staff_store.add_staff, "Kim", role="owner", at=NOW)


def test_staff_are_numbered_within_the_shop(write, read, owner):
    second = write(staff_store.add_staff, "Lee", role="staff", at=NOW)
    assert [owner.id, second.id] == [1, 2]
    assert read(staff_store.list_staff) == (owner, second)
    assert read(staff_store.get, 2) == second


def test_a_link_says_whose_it_is_and_what_for_until_it_expires(write, read, owner):
    write(staff_store.add_link, "h", staff_id=owner.id, purpose="entry", expires_at=LATER)
    assert read(staff_store.link, "h", at=NOW) == Link(owner.id, purpose="entry", used_at=None)
    write(staff_store.use_link, "h", at=NOW)
    assert read(staff_store.link, "h", at=NOW) == Link(owner.id, purpose="entry", used_at=NOW)
    assert read(staff_store.link, "h", at=LATER) is None
    assert read(staff_store.link, "unknown", at=NOW) is None


def test_a_person_is_found_by_what_they_sign_in_with(write, read, owner):
    write(staff_store.set_password, owner.id, login="kim", password_hash="h")
    found = read(staff_store.find_by_login, "kim")
    assert (found.id, found.password_hash) == (owner.id, "h")
    assert read(staff_store.find_by_login, "lee") is None


def test_a_session_lasts_until_it_expires_or_ends(write, read, owner):
    session = Session(id="s1", staff_id=owner.id, agent="Firefox", started_at=NOW, seen_at=NOW, expires_at=LATER)
    write(staff_store.add_session, "token", session=session)
    assert read(staff_store.session, "token", at=NOW) == session
    assert read(staff_store.sessions_of, at=NOW) == (session,)
    assert read(staff_store.session, "token", at=LATER) is None
    write(staff_store.see_session, "s1", at=LATER, expires_at=LATER + timedelta(hours=1))
    assert read(staff_store.session, "token", at=LATER).seen_at == LATER
    write(staff_store.end_session, "s1")
    assert read(staff_store.session, "token", at=NOW) is None


def test_all_sessions_of_a_person_end_at_once(write, read, owner):
    for name in ("a", "b"):
        one = Session(id=name, staff_id=owner.id, agent="", started_at=NOW, seen_at=NOW, expires_at=LATER)
        write(staff_store.add_session, name, session=one)
    write(staff_store.end_sessions_of, owner.id)
    assert read(staff_store.sessions_of, at=NOW) == ()


def test_attempts_are_counted_within_a_window_that_begins_with_the_first(write):
    def hit(after: float, key: str = "a") -> int:
        return write(attempt_store.hit, key, at=NOW + timedelta(seconds=after), window_seconds=60)

    assert [hit(0), hit(30), hit(59)] == [1, 2, 3]
    assert hit(59, "b") == 1
    assert [hit(60), hit(61)] == [1, 2]


def test_attempts_are_forgotten_when_one_was_right(write):
    assert [write(attempt_store.hit, "a", at=NOW, window_seconds=60) for _ in range(2)] == [1, 2]
    write(attempt_store.clear, "a")
    assert write(attempt_store.hit, "a", at=NOW, window_seconds=60) == 1


def test_an_attempt_that_is_given_back_to_its_window_counts_no_more(write):
    def hit(after: float) -> int:
        return write(attempt_store.hit, "a", at=NOW + timedelta(seconds=after), window_seconds=60)

    assert [hit(0), hit(1)] == [1, 2]
    write(attempt_store.give_back, "a", at=NOW)
    assert hit(2) == 2
    write(attempt_store.give_back, "a", at=NOW + timedelta(seconds=60))
    assert hit(3) == 3


def test_windows_that_ended_an_hour_ago_are_swept_away(write, read):
    def keys() -> list[str]:
        return sorted(row["key"] for row in read(lambda unit: rows(unit, selected(unit, attempts))))

    write(attempt_store.hit, "old", at=NOW, window_seconds=60)
    write(attempt_store.hit, "new", at=NOW + timedelta(seconds=1), window_seconds=60)
    write(attempt_store.sweep, at=NOW + timedelta(minutes=61))
    assert keys() == ["new", "old"]
    write(attempt_store.sweep, at=NOW + timedelta(minutes=61, seconds=1))
    assert keys() == ["new"]


def test_windows_that_ended_long_ago_begin_anew_at_once_and_nobody_stands_in_the_way(write):
    keys = [f"k{n}" for n in range(4)]
    for hours in range(2, 20, 2):
        later = NOW + timedelta(hours=hours)
        with ThreadPoolExecutor(5) as threads:
            swept = threads.submit(write, attempt_store.sweep, at=later)
            hits = list(
                threads.map(lambda key, at=later: write(attempt_store.hit, key, at=at, window_seconds=60), keys)
            )
            swept.result()
        assert hits == [1, 1, 1, 1]


def test_attempts_at_once_are_all_counted(write):
    with ThreadPoolExecutor(8) as threads:
        hits = list(threads.map(lambda _: write(attempt_store.hit, "a", at=NOW, window_seconds=60), range(20)))
    assert sorted(hits) == list(range(1, 21))


def test_a_command_is_kept_once(write, read):
    write(command_store.keep, "k", result={"return_id": "RMA-A"}, at=NOW)
    with pytest.raises(Duplicate):
        write(command_store.keep, "k", result={}, at=NOW)
    assert read(command_store.get, "k") == {"return_id": "RMA-A"}


def test_of_many_who_keep_one_command_at_once_one_does(write):
    def keep(n: int) -> bool:
        try:
            write(command_store.keep, "k", result={"n": n}, at=NOW)
        except Duplicate:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(keep, range(8))) == 1


def test_store_credit_is_found_by_key_and_by_code(write, read):
    write(credit_store.add, CREDIT)
    assert read(credit_store.get, "k1") == read(credit_store.find, "GIVE-1") == CREDIT


@pytest.mark.parametrize("again", [replace(CREDIT, code="GIVE-2"), replace(CREDIT, key="k2")], ids=["key", "code"])
def test_store_credit_is_given_once_for_a_key_and_a_code(write, again: StoreCredit):
    write(credit_store.add, CREDIT)
    with pytest.raises(Duplicate):
        write(credit_store.add, again)
