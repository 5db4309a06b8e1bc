"""The shop's own tills as a channel: orders, stock, refunds and store credit are kept by us."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from adapters.channel import (
    Capabilities,
    Credit,
    OrderDocument,
    Payback,
    Receipt,
    Release,
    Replacement,
    Reservation,
    Restock,
    Variant,
)
from adapters.errors import ChannelRefused
from adapters.store.receipts import exchange_order, refunded

Document = Mapping[str, object]


class Books(Protocol):
    """The shop's books, open for one entry: all of it is written, or nothing."""

    def order(self, order_id: str) -> OrderDocument | None:
        """The order of this id, held until the entry is written."""

    def save_order(self, order: OrderDocument) -> None:
        """Write an order down."""

    def variant(self, variant_id: str) -> Document | None:
        """A variant with its product's id and title."""

    def move_stock(self, variant_id: str, *, delta: int, why: str) -> None:
        """Move stock; raises ChannelRefused when fewer units are there than leave."""

    def booked(self, key: str) -> Receipt | None:
        """What was written down under a key."""

    def note(self, receipt: Receipt, *, order_id: str) -> None:
        """Write down under the receipt's key that something was done besides."""

    def give_credit(self, credit: Credit, *, code: str, email: str) -> None:
        """Write store credit down."""


class Till(Protocol):
    """Where the books are kept."""

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of this number."""

    def order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""

    def variants(self, product_id: str) -> tuple[Document, ...]:
        """The variants of a product with their stock as of now."""

    def receipt(self, key: str) -> Receipt | None:
        """What was written down under a key."""

    def book(self, key: str, entry: Callable[[Books], Receipt], *, order_id: str) -> Receipt:
        """Write an entry of an order under a key once; the same key again gives the first receipt."""


class StoreChannel:
    """The channel of the shop's own tills."""

    name = "store"
    capabilities = Capabilities(
        collects=True,
        reserves=True,
        own_keys=True,
        once=True,
    )

    def __init__(self, till: Till, *, clock: Callable[[], datetime], code: Callable[[], str]) -> None:
        self._till = till
        self._clock = clock
        self._code = code

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of this number."""
        return self._till.find_order(number)

    def read_order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""
        return self._till.order(order_id)

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """All variants of a product with price and stock as of now."""
        return tuple(_variant(found) for found in self._till.variants(product_id))

    def receipt(self, key: str) -> Receipt | None:
        """What was done under this key."""
        return self._till.receipt(key)

    def refund(self, payback: Payback) -> Receipt:
        """Write a refund down; raises ChannelRefused when the payment holds less."""

        def entry(books: Books) -> Receipt:
            books.save_order(refunded(_order(books, payback.order_id), payback, at=self._clock()))
            return self._receipt(payback.key, kind="refund", reference=payback.key)

        return self._till.book(payback.key, entry, order_id=payback.order_id)

    def credit(self, credit: Credit) -> Receipt:
        """Give store credit to the order's own e-mail, or to who brought the goods; the reference is its code."""

        def entry(books: Books) -> Receipt:
            email = _buyer(books, credit.order_id) if credit.to is None else credit.to
            code = self._code()
            books.give_credit(credit, code=code, email=email)
            return self._receipt(credit.key, kind="store_credit", reference=code)

        return self._till.book(credit.key, entry, order_id=credit.order_id)

    def replace(self, replacement: Replacement) -> Receipt:
        """Make the exchange order and take its goods from the shelf."""

        def entry(books: Books) -> Receipt:
            order = _order(books, replacement.order_id)
            variants = {line.variant_id: _known(books, line.variant_id) for line in replacement.lines}
            for hold in replacement.holds:
                self._put_back(books, hold, order_id=replacement.order_id)
            for line in replacement.lines:
                books.move_stock(line.variant_id, delta=-line.quantity, why=replacement.key)
            made = exchange_order(order, replacement, variants=variants, at=self._clock())
            books.save_order(made)
            return self._receipt(replacement.key, kind="exchange", reference=str(made["number"]))

        return self._till.book(replacement.key, entry, order_id=replacement.order_id)

    def restock(self, restock: Restock) -> Receipt:
        """Put units back on the shelf; variants that are gone from the catalogue are left out."""

        def entry(books: Books) -> Receipt:
            for line in restock.lines:
                if books.variant(line.variant_id) is not None:
                    books.move_stock(line.variant_id, delta=line.quantity, why=restock.key)
            return self._receipt(restock.key, kind="restock", reference=restock.key)

        return self._till.book(restock.key, entry, order_id=restock.order_id)

    def reserve(self, reservation: Reservation) -> Receipt:
        """Take units from the shelf and keep them; raises ChannelRefused when they are not there."""

        def entry(books: Books) -> Receipt:
            for line in reservation.lines:
                books.move_stock(line.variant_id, delta=-line.quantity, why=reservation.key)
            kept = [{"variant_id": line.variant_id, "quantity": line.quantity} for line in reservation.lines]
            receipt = self._receipt(reservation.key, kind="reserve", reference=reservation.key)
            return replace(receipt, details={"lines": kept})

        return self._till.book(reservation.key, entry, order_id=reservation.order_id)

    def release(self, release: Release) -> Receipt:
        """Put back what is still kept."""

        def entry(books: Books) -> Receipt:
            self._put_back(books, release.hold, order_id=release.order_id)
            return self._receipt(release.key, kind="release", reference=release.hold)

        return self._till.book(release.key, entry, order_id=release.order_id)

    def _put_back(self, books: Books, hold: str, *, order_id: str) -> None:
        """Put the units of a reservation back on the shelf, once."""
        kept, ended = books.booked(hold), f"{hold}-ended"
        if kept is None or books.booked(ended) is not None:
            return
        lines = kept.details["lines"]
        for line in lines if isinstance(lines, list) else []:
            books.move_stock(str(line["variant_id"]), delta=int(line["quantity"]), why=ended)
        books.note(self._receipt(ended, kind="release", reference=hold), order_id=order_id)

    def _receipt(self, key: str, *, kind: str, reference: str) -> Receipt:
        return Receipt(key=key, kind=kind, reference=reference, at=self._clock())


def _order(books: Books, order_id: str) -> OrderDocument:
    order = books.order(order_id)
    if order is None:
        raise ChannelRefused(f"There is no order '{order_id}' in the books.")
    return order


def _buyer(books: Books, order_id: str) -> str:
    customer = _order(books, order_id).get("customer")
    email = customer.get("email") if isinstance(customer, Mapping) else None
    if not email:
        raise ChannelRefused("The order has no e-mail to which store credit could be given.")
    return str(email)


def _known(books: Books, variant_id: str) -> Document:
    variant = books.variant(variant_id)
    if variant is None:
        raise ChannelRefused(f"There is no variant '{variant_id}' in the catalogue.")
    return variant


def _variant(found: Document) -> Variant:
    options = found.get("options")
    available = found.get("available")
    return Variant(
        id=str(found["id"]),
        product_id=str(found["product_id"]),
        sku=str(found["sku"]) if found.get("sku") else None,
        title=str(found.get("title") or ""),
        options=dict(options) if isinstance(options, Mapping) else {},
        price=str(found["price"]),
        available=available if isinstance(available, int) else None,
    )
