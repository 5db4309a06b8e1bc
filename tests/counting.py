"""What is asked of the platform and of the database meanwhile, to be counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from connector.storage import prepared
from connector.storage.database import Database


class WatchedChannels:
    """The channels of shops: what they are asked is kept in `asked`, the method with its first argument."""

    def __init__(self, channels: Any) -> None:
        self.channels = channels
        self.asked: list[tuple[str, Any]] = []

    def for_shop(self, shop: Any, name: str) -> Any:
        channel, asked = self.channels.for_shop(shop, name), self.asked

        class Channel:
            def __getattr__(self, method: str) -> Any:
                found = getattr(channel, method)
                if not callable(found):
                    return found

                def call(*rest: Any, **named: Any) -> Any:
                    asked.append((method, next(iter((*rest, *named.values())), None)))
                    return found(*rest, **named)

                return call

        return Channel()


@contextmanager
def statements(monkeypatch: Any) -> Iterator[list[str]]:
    """The statements that are carried out meanwhile, SQLAlchemy's and those that go past it."""
    carried_out, found = prepared.carried_out, list[str]()

    def noted(connection: Any, sql: str, parameters: object) -> Any:
        found.append(sql)
        return carried_out(connection, sql, parameters)

    def executed(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        found.append(sql)

    with monkeypatch.context() as patched:
        patched.setattr(prepared, "carried_out", noted)
        event.listen(Engine, "before_cursor_execute", executed)
        try:
            yield found
        finally:
            event.remove(Engine, "before_cursor_execute", executed)


@contextmanager
def reads_noted(monkeypatch: Any, noted: list[Any]) -> Iterator[None]:
    """Each transaction that reads meanwhile is noted as it is opened and as it is left."""
    read = Database.read_install

    @contextmanager
    def watched(database: Database) -> Iterator[Any]:
        noted.append("opened")
        with read(database) as connection:
            yield connection
        noted.append("left")

    with monkeypatch.context() as patched:
        patched.setattr(Database, "read_install", watched)
        yield
