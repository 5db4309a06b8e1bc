"""What is forgotten, however much it is."""

from sqlalchemy import event

from connector.storage import conversation_store, hand_over_store, retention_store
from connector.storage.database import Database
from tests.connector.storage.conftest import LATER, NOW

MANY, FEW_PARAMETERS = 40, 20


def talked(write, *names: str) -> None:
    for name in names:
        write(conversation_store.add, name, token_hash="h", document={}, at=NOW)


def asked_with(database: Database) -> list[int]:
    """How many parameters each statement of its writers has from now on."""
    several: list[int] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: several.append(len(given[3])))
    return several


def test_any_number_of_old_talks_is_forgotten_with_as_few_parameters_as_one(each_database, write):
    talked(write, *(f"c_{n}" for n in range(MANY)))
    several = asked_with(each_database)
    assert write(retention_store.forget_conversations, before=LATER) == MANY
    assert 0 < max(several) < FEW_PARAMETERS


def test_who_waits_for_a_person_stays_with_what_was_asked(read, write):
    talked(write, "old", "answered", "waits")
    for name in ("answered", "waits"):
        write(hand_over_store.ask, name, topic="other", at=NOW)
    write(hand_over_store.close, "answered", at=NOW)
    assert write(retention_store.forget_conversations, before=LATER) == 2
    assert read(hand_over_store.get, "answered") is None
    assert read(hand_over_store.get, "waits") is not None
    assert read(conversation_store.get, "waits") is not None
