"""A return is kept as it is, and a save that does not follow what was read is refused."""

import pytest
from msgspec.structs import replace

from connector.storage import return_store
from connector.storage.errors import Conflict, Duplicate
from connector.storage.scope import AT_ONCE
from domain.transitions import Acceptance, Reception, Settlement
from tests.connector.storage.conftest import LATER, NOW, a_return, entry, group, open_return
from tests.counting import statements


def test_a_return_comes_back_as_it_was_opened(write, read):
    swap = {"variant_id": "v2", "price": "20.00"}
    found = a_return(
        groups=(
            group("1", resolution="exchange", exchange_for=swap, destination="outlet", note="worn"),
            group("2", reason=None, grade="B", disposition="outlet", reception=Reception.RECEIVED),
        ),
        history=(entry("opened"), entry("received", at=LATER)),
    )
    write(open_return, found)
    assert read(return_store.get, "RMA-A") == found


def test_an_unknown_return_is_nothing(read):
    assert read(return_store.get, "RMA-Z") is None


def test_the_same_return_is_not_opened_twice(write):
    write(open_return)
    with pytest.raises(Duplicate):
        write(return_store.insert, a_return())


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_a_return_of_any_size_is_kept_whole(write, read, count: int):
    groups = tuple(group(f"{n:02}") for n in range(count))
    history = tuple(entry(f"act {n}") for n in range(count))
    write(open_return, a_return(groups=groups, history=history))
    found = read(return_store.get, "RMA-A")
    assert (found.groups, found.history) == (groups, history)


@pytest.mark.parametrize(
    "faulty",
    [
        a_return("RMA-B", groups=(group("1"), group("1"))),
        a_return("RMA-B", history=(entry("opened"),), quote_id="no quote"),
        a_return("RMA-B", order_id="no order"),
    ],
)
def test_of_a_return_that_cannot_be_kept_nothing_is(write, read, faulty):
    write(open_return)
    with pytest.raises(Duplicate):
        write(return_store.insert, faulty)
    assert read(return_store.get, "RMA-B") is None
    assert read(return_store.get, "RMA-A") == a_return()


def test_postgresql_takes_a_whole_return_in_one_statement(each_database, write, monkeypatch):
    write(open_return)
    with statements(monkeypatch) as asked:
        write(return_store.insert, a_return("RMA-B"))
    assert len([sql for sql in asked if "INSERT" in sql]) == (3 if each_database.embedded else 1)


def test_a_save_counts_the_version_and_keeps_groups_and_news(write, read):
    write(open_return)
    seen = read(return_store.get, "RMA-A")
    news = replace(
        seen, groups=(group("1", quantity=1), group("1.1", quantity=1)), history=(*seen.history, entry("received"))
    )
    saved = write(return_store.save, news, expected_version=0)
    assert saved == replace(news, version=1) == read(return_store.get, "RMA-A")


def test_a_save_after_somebody_elses_is_refused_and_changes_nothing(write, read):
    write(open_return)
    seen = read(return_store.get, "RMA-A")
    write(return_store.save, replace(seen, history=(*seen.history, entry("approved"))), expected_version=0)
    with pytest.raises(Conflict):
        write(return_store.save, replace(seen, groups=()), expected_version=0)
    assert [line.act for line in read(return_store.get, "RMA-A").history] == ["opened", "approved"]


def test_the_returns_of_an_order_come_newest_first(write, read):
    write(open_return)
    write(open_return, a_return("RMA-B", opened_at=LATER))
    write(open_return, a_return("RMA-C", order_id="o2"), order_id="o2")
    assert [one.id for one in read(return_store.of_order, "o1")] == ["RMA-B", "RMA-A"]


def test_the_latest_returns_come_in_pages(write, read):
    for n, return_id in enumerate(("RMA-A", "RMA-B", "RMA-C")):
        write(open_return, a_return(return_id, opened_at=NOW.replace(minute=n)))
    first = read(return_store.latest, limit=2)
    rest = read(return_store.latest, limit=2, before=first[-1].opened_at)
    assert [[one.id for one in page] for page in (first, rest)] == [["RMA-C", "RMA-B"], ["RMA-A"]]


@pytest.mark.parametrize("text", ["rma-a", " RMA-A ", "1001", "# 1001", ""])
def test_a_search_finds_by_rma_or_order_number(write, read, text: str):
    write(open_return)
    assert [one.id for one in read(return_store.search, text, limit=5)] == ["RMA-A"]


@pytest.mark.parametrize("text", ["RMA-B", "%", "_", "2001"])
def test_a_search_finds_nothing_else(write, read, text: str):
    write(open_return)
    assert read(return_store.search, text, limit=5) == ()


def test_what_waits_for_a_decision_is_found(write, read):
    for return_id, groups in {
        "RMA-A": (group("1", acceptance=Acceptance.ACCEPTED), group("2", acceptance=Acceptance.NEEDS_PERSON)),
        "RMA-B": (group(acceptance=Acceptance.ACCEPTED),),
        "RMA-C": (group(acceptance=Acceptance.NEEDS_PERSON, reception=Reception.CANCELLED),),
    }.items():
        write(open_return, a_return(return_id, groups=groups))
    assert [one.id for one in read(return_store.undecided)] == ["RMA-A"]


def test_what_is_unfinished_is_found(write, read):
    accepted = Acceptance.ACCEPTED
    for return_id, groups in {
        "RMA-A": (group(acceptance=accepted),),
        "RMA-B": (group(acceptance=accepted, settlement=Settlement.SETTLED),),
        "RMA-C": (group(acceptance=Acceptance.REJECTED),),
        "RMA-D": (group(acceptance=accepted, settlement=Settlement.UNKNOWN),),
        "RMA-E": (group(acceptance=accepted, reception=Reception.EXPIRED),),
    }.items():
        write(open_return, a_return(return_id, groups=groups))
    assert {one.id for one in read(return_store.unfinished)} == {"RMA-A", "RMA-D"}
