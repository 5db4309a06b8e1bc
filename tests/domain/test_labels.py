"""Which label is a return's, and what an address of one may be."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.events import SYSTEM, Act, Entry
from domain.labels import Label, is_address, is_news, label_of, label_to_use
from domain.lifecycle import Doing, apply
from domain.returns import Return, note
from tests.domain.test_lifecycle import a_return

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
OURS, THEIRS = Label("https://labels.example/1.pdf", AT), Label("https://cdn.example/1.pdf", AT, "shopify")


def labelled(found: Return, label: Label) -> Return:
    entry = Entry(at=AT, actor=SYSTEM, act=Act.LABELLED, details=label.details)
    return note(found, entry, before=found)


@pytest.mark.parametrize("label", [OURS, THEIRS])
def test_a_label_is_read_as_it_was_told(label: Label):
    assert label_of(labelled(a_return(), label)) == label


def test_the_newest_counts():
    assert label_of(labelled(labelled(a_return(), THEIRS), OURS)) == OURS


def test_there_is_none_before_one_was_given():
    assert (label_of(a_return()), label_to_use(a_return())) == (None, None)


def test_it_is_of_use_while_something_is_to_be_sent():
    found = labelled(a_return(), OURS)
    assert label_to_use(found) == OURS
    assert label_to_use(apply(found, "ship", doing=Doing(at=AT, actor=SYSTEM))) is None


@pytest.mark.parametrize(
    ("known", "told", "expected"),
    [
        (None, THEIRS, True),
        (THEIRS, THEIRS, False),
        (THEIRS, replace(THEIRS, at=AT + timedelta(seconds=1)), True),
        (OURS, replace(THEIRS, at=AT + timedelta(days=1)), False),
        (None, replace(THEIRS, address="javascript:alert(1)"), False),
    ],
)
def test_a_platforms_label_is_shown_unless_one_was_given_here(known: Label | None, told: Label, *, expected: bool):
    found = a_return()
    assert is_news(told, found if known is None else labelled(found, known)) is expected


@pytest.mark.parametrize(
    "address",
    [
        "", "label.pdf", "http://labels.example/1.pdf", "javascript:alert(1)", "https://", "https:///1.pdf",
        "https://labels.example/a b.pdf", "https://labels.example/\n1", "https://a:b@labels.example/1.pdf",
        "https://[labels.example/1.pdf", f"https://labels.example/{'x' * 2000}",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_label(address: str):
    assert not is_address(address)


def test_an_address_of_a_label():
    assert is_address("https://labels.example/1.pdf?signature=a%20b")


def test_one_that_was_forgotten_is_none_and_stays_so():
    found = labelled(a_return(), Label("https://x.example/1", AT, "shopify"))
    *before, last = found.history
    forgotten = replace(found, history=(*before, replace(last, details={"kept_by": "shopify"})))
    assert label_of(forgotten) is None
    assert not is_news(Label("https://x.example/2", AT + timedelta(days=1), "shopify"), forgotten)
