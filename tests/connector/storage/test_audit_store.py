"""What people did in a shop is kept line by line, and no line is ever changed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from connector.storage import audit_store
from tests.connector.storage.conftest import NOW

WHO = {"actor_kind": "staff", "actor_name": "Kim"}


def added(write, about: str) -> None:
    write(audit_store.add, "signed_in", **WHO, about=about, details={"by": "link"}, at=NOW)


def test_lines_are_read_newest_first_page_by_page(write, read):
    for about in ("a", "b", "c"):
        added(write, about)
    assert [line.about for line in read(audit_store.lines, limit=2)] == ["c", "b"]
    assert [line.about for line in read(audit_store.lines, before=2, limit=2)] == ["a"]


def test_acts_at_once_are_all_written_down(write, read):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: added(write, str(n)), range(24)))
    assert [line.n for line in read(audit_store.lines, limit=50)] == list(range(24, 0, -1))


@pytest.mark.parametrize("statement", ["UPDATE audit SET about = 'nothing'", "DELETE FROM audit"])
def test_no_line_is_changed_or_removed(write, read, statement: str):
    added(write, "a")
    with pytest.raises(DBAPIError, match="only added to"):
        write(lambda unit: unit.connection.execute(text(statement)))
    assert [line.about for line in read(audit_store.lines, limit=2)] == ["a"]
