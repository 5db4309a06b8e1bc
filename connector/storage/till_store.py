"""The shop's own tills over our tables: every entry is written once, under its key."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from adapters.channel import Credit, OrderDocument, Receipt
from adapters.errors import ChannelRefused
from adapters.store.channel import Books
from connector.storage import credit_store, order_store, product_store
from connector.storage.credit_store import StoreCredit
from connector.storage.database import Database, Unit
from connector.storage.errors import Conflict, NotFound
from connector.storage.scope import added, row_where
from connector.storage.shop_store import Shop
from connector.storage.tables.order_tables import bookings

Document = Mapping[str, object]


class DatabaseTill(Struct, frozen=True):
    """The books of one shop."""

    database: Database
    shop: Shop
    clock: Callable[[], datetime]

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of this number."""
        with self.database.read(self.shop) as unit:
            return order_store.find_by_number(unit, number)

    def order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""
        with self.database.read(self.shop) as unit:
            return order_store.get(unit, order_id)

    def variants(self, product_id: str) -> tuple[Document, ...]:
        """The variants of a product with their stock as of now."""
        with self.database.read(self.shop) as unit:
            return product_store.variants_of(unit, product_id)

    def receipt(self, key: str) -> Receipt | None:
        """What was written down under a key."""
        with self.database.read(self.shop) as unit:
            return booked(unit, key)

    def book(self, key: str, entry: Callable[[Books], Receipt], *, order_id: str) -> Receipt:
        """Write an entry of an order under a key once; the same key again gives the first receipt."""

        def work(unit: Unit) -> Receipt:
            _hold(unit, order_id)
            kept = booked(unit, key)
            if kept is not None:
                return kept
            books = UnitBooks(unit, at=self.clock())
            receipt = entry(books)
            books.note(receipt, order_id=order_id)
            return receipt

        return self.database.write(self.shop, work)


class UnitBooks:
    """The books within one unit of work."""

    def __init__(self, unit: Unit, *, at: datetime) -> None:
        self._unit = unit
        self._at = at

    def order(self, order_id: str) -> OrderDocument | None:
        """The order of this id, held until the entry is written."""
        _hold(self._unit, order_id)
        return order_store.get(self._unit, order_id)

    def save_order(self, order: OrderDocument) -> None:
        """Write an order down."""
        order_store.save(self._unit, order)

    def variant(self, variant_id: str) -> Document | None:
        """A variant with its product's id and title."""
        found = product_store.variant(self._unit, variant_id)
        product = product_store.get(self._unit, str(found["product_id"])) if found else None
        return {**found, "product_title": product["title"]} if found and product else None

    def move_stock(self, variant_id: str, *, delta: int, why: str) -> None:
        """Move stock; raises ChannelRefused when fewer units are there than leave."""
        try:
            product_store.move_stock(self._unit, variant_id, delta=delta, why=why, at=self._at)
        except Conflict as error:
            raise ChannelRefused("The replacement is out of stock.") from error

    def booked(self, key: str) -> Receipt | None:
        """What was written down under a key."""
        return booked(self._unit, key)

    def note(self, receipt: Receipt, *, order_id: str) -> None:
        """Write a receipt down under its key."""
        values = {"kind": receipt.kind, "order_id": order_id, "document": _document(receipt)}
        added(self._unit, bookings, {"key": receipt.key, "at": receipt.at, **values})

    def give_credit(self, credit: Credit, *, code: str, email: str) -> None:
        """Write store credit down."""
        credit_store.add(
            self._unit,
            StoreCredit(
                key=credit.key,
                code=code,
                return_id=credit.return_id,
                email=email,
                amount=credit.amount,
                balance=credit.amount,
                currency=credit.currency,
                digits=credit.digits,
                at=self._at,
            ),
        )


def _hold(unit: Unit, order_id: str) -> None:
    """Let other entries of the order wait, so that each sees what the one before it wrote."""
    with suppress(NotFound):
        order_store.lock(unit, order_id)


def booked(unit: Unit, key: str) -> Receipt | None:
    """The receipt of an entry."""
    found = row_where(unit, bookings, key=key)
    if found is None:
        return None
    document = found["document"]
    return Receipt(**{**document, "at": datetime.fromisoformat(document["at"])})


def _document(receipt: Receipt) -> Document:
    return {**asdict(receipt), "at": receipt.at.isoformat()}
