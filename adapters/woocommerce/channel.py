"""A WooCommerce store as a channel.

Whatever is sent is looked for first (fact 1) and written into a ledger of our own before it goes, so that a request
which got no answer is found again, and sent again only after it can no longer be on its way.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import (
    Bill,
    Capabilities,
    Credit,
    OrderDocument,
    Payback,
    Receipt,
    Replacement,
    Restock,
    Variant,
)
from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, NotConnected, Unreadable
from adapters.sendings import Sending, Sendings
from adapters.woocommerce import compose, looking
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.exchange import given_back, is_exchange, payments_of
from adapters.woocommerce.faults import KeyRefused, NoSuchThing, StoreRefused
from adapters.woocommerce.fields import Body, identity, moment, required, text
from adapters.woocommerce.normalise import normalise
from adapters.woocommerce.plain_acts import Acts, PlainActs
from adapters.woocommerce.plugin_acts import PluginActs
from adapters.woocommerce.refunds import merge, normalise_refund
from adapters.woocommerce.remainders import Remainder, remainder_body, remainders_in, shrink
from adapters.woocommerce.stock import shelf_of, variants_of
from domain.orders import digits_of
from domain.proof import number_key

UNSEEN_SECONDS = 10.0
"""A request that is nowhere to be seen so long after it was sent did not arrive: a store writes it down at once."""
SETTLES = frozenset({"refund", "store_credit", "exchange"})
"""What settles something of an order, so that it takes the status that the merchant wants."""
ENDED = ("refunded", "cancelled", "failed", "trash")
COUPON_TAKEN = "woocommerce_rest_coupon_code_already_exists"


class Ways(Struct, frozen=True):
    """How a shop's store is used: `shipped` are statuses of its own that say that the goods have left.

    `settled` is the status that an order takes once something of it was settled, empty for none. `plugin` says that our
    plugin is there, which does once what is asked twice.
    """

    shipped: frozenset[str] = frozenset()
    unseen_seconds: float = UNSEEN_SECONDS
    settled: str = ""
    plugin: bool = False


class WooCommerceChannel:
    """The channel of one store. `code` makes the code of store credit, always the same for the same key."""

    name = "woocommerce"
    capabilities = Capabilities(
        collects=True,
        bills=True,
        reissues=True,
        own_keys=True,
    )

    def __init__(
        self,
        client: StoreClient,
        sendings: Sendings,
        *,
        clock: Callable[[], datetime],
        code: Callable[[str], str],
        ways: Ways | None = None,
    ) -> None:
        self._client = client
        self._sendings = sendings
        self._clock = clock
        self._code = code
        self._ways = ways or Ways()
        plain = PlainActs(client, clock=clock)
        self._acts: Acts = PluginActs(client, plain=plain) if self._ways.plugin else plain

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of exactly this number."""
        body = looking.order_of_number(self._client, number_key(number))
        return None if body is None else self._document(body)

    def read_order(self, order_id: str) -> OrderDocument | None:
        """The order of this id; None for a draft too."""
        body = self._order(order_id)
        return None if body is None else self._document(body)

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """All variants of a product with price and stock as of now."""
        return variants_of(self._client, product_id) if product_id.isdigit() else ()

    def receipt(self, key: str) -> Receipt | None:
        """What was done under this key; raises ChannelSlow while that is open, ChannelRefused when it was declined."""
        sending = self._sendings.get(key)
        if sending is None:
            return None
        return sending.receipt or self._looked_up(sending)

    def shown(self, key: str) -> Receipt | None:
        """What the store itself shows under this key; raises DoneTwice when it shows two."""
        sending = self._sendings.get(key)
        return None if sending is None else self._found(sending)

    def refund(self, payback: Payback) -> Receipt:
        """Give money back through the payment's gateway; raises NotConnected where the gateway cannot."""
        return self._once(payback.key, "refund", order_id=payback.order_id, send=lambda: self._refund(payback))

    def credit(self, credit: Credit) -> Receipt:
        """Give store credit as a coupon; the receipt's reference is its code."""
        return self._once(credit.key, "store_credit", order_id=credit.order_id, send=lambda: self._credit(credit))

    def reissue(self, order_id: str) -> tuple[Receipt, ...]:
        """Give anew what is left of store credit that was used in an order; the same again gives nothing more."""
        order = self._order(order_id)
        rests = tuple(remainders_in(self._client, order)) if order is not None else ()
        given = [self._once(rest.key, "store_credit", order_id=rest.order_id, send=self._rest(rest)) for rest in rests]
        for rest in rests:
            shrink(self._client, rest)
        return tuple(given)

    def _rest(self, rest: Remainder) -> Callable[[], Callable[[], Receipt]]:
        body = remainder_body(rest, code=self._code(rest.key))
        return lambda: lambda: self._coupon(body, key=rest.key)

    def replace(self, replacement: Replacement) -> Receipt:
        """Make the exchange order; the store takes its goods from stock."""
        key, order_id = replacement.key, replacement.order_id
        return self._once(key, "exchange", order_id=order_id, send=lambda: self._replace(replacement))

    def bill(self, bill: Bill) -> Receipt:
        """Make the order by which a balance is paid on the storefront."""
        return self._once(bill.key, "bill", order_id=bill.order_id, send=lambda: self._bill(bill))

    def is_paid(self, key: str) -> bool:
        """Whether the order of a bill has been paid; it is completed then, since there is nothing to be packed."""
        order = self._billed(key)
        if order is None or moment(order, "date_paid_gmt") is None:
            return False
        if text(order, "status") not in ("completed", "refunded"):
            with suppress(ChannelRefused):
                self._client.send("PUT", f"/orders/{order['id']}", {"status": "completed"})
        return True

    def withdraw(self, key: str) -> bool:
        """Cancel the order of a bill, so that it cannot be paid any more; False when it has been."""
        order = self._billed(key)
        if order is None:
            return True
        if moment(order, "date_paid_gmt") is None and text(order, "status") != "cancelled":
            self._client.send("PUT", f"/orders/{order['id']}", {"status": "cancelled"})
        return not self.is_paid(key)

    def restock(self, restock: Restock) -> Receipt:
        """Put units back on sale, each variant once for the key; those that are gone are left out."""
        return self._once(
            restock.key, "restock", order_id=restock.order_id, send=lambda: lambda: self._acts.restock(restock)
        )

    def _once(self, key: str, kind: str, *, order_id: str, send: Callable[[], Callable[[], Receipt]]) -> Receipt:
        """Do what was not done yet under a key: look, check, write down, send, write down."""
        now = self._clock()
        fresh = Sending(key, kind, order_id, first_at=now, last_at=now)
        known = self.receipt(key) or self._found(fresh)
        if known is not None:
            return known
        before = self._sendings.get(key)
        if before is not None and now - before.last_at < timedelta(seconds=self._ways.unseen_seconds):
            raise ChannelSlow("What was sent to the store before may still be on its way.")
        sent = send()
        self._sendings.begin(replace(fresh, first_at=before.first_at if before else now), after=before)
        try:
            return self._done(fresh, sent())
        except (ChannelRefused, KeyRefused):
            self._sendings.forget(key)
            raise

    def _looked_up(self, sending: Sending) -> Receipt | None:
        """What the store shows of something that was sent and not answered."""
        try:
            found = self._found(sending)
        except looking.InFlight:
            self._sendings.under_way(sending.key)
            raise
        if found is not None:
            return self._done(sending, found)
        why = self._acts.declined(sending)
        if why:
            self._sendings.forget(sending.key)
            raise ChannelRefused(why)
        return None

    def _done(self, sending: Sending, receipt: Receipt) -> Receipt:
        """Only what was followed by what belongs to it, a code told and a status taken, is written down as done."""
        if sending.kind == "store_credit":
            self._tell_code(sending.order_id, receipt)
        if sending.kind in SETTLES and self._ways.settled:
            self._take_status(sending.order_id)
        self._sendings.done(receipt)
        return receipt

    def _tell_code(self, order_id: str, receipt: Receipt) -> None:
        """Let the store write to the order's customer what the code is, once; nobody else is told."""
        said = (
            f"Your store credit: {receipt.details['amount']}, code {receipt.reference}. It counts for your e-mail only."
        )
        with suppress(ChannelRefused):
            notes = self._client.listed(f"/orders/{order_id}/notes")
            if not any(receipt.reference in (text(note, "note") or "") for note in notes):
                self._client.send("POST", f"/orders/{order_id}/notes", {"note": said, "customer_note": True})

    def _take_status(self, order_id: str) -> None:
        """Let the order take the merchant's status; what the store has ended itself stays, what it refuses too."""
        with suppress(ChannelRefused):
            if text(self._known(order_id), "status") not in (*ENDED, self._ways.settled):
                self._client.send("PUT", f"/orders/{order_id}", {"status": self._ways.settled})

    def _found(self, sending: Sending) -> Receipt | None:
        finders: Mapping[str, Callable[[], Receipt | None]] = {
            "refund": lambda: self._acts.refund_of(sending.key, orders=lambda: self._payers_of(sending.order_id)),
            "store_credit": lambda: looking.coupon_of(self._client, self._code(sending.key), key=sending.key),
            "exchange": lambda: self._made(sending, looking.exchange_receipt),
            "bill": lambda: self._made(sending, looking.bill_receipt),
            "restock": lambda: self._acts.restock_of(sending.key),
        }
        return finders[sending.kind]()

    def _made(self, sending: Sending, told: Callable[..., Receipt]) -> Receipt | None:
        """The order of ours that was made under a key."""
        found = looking.order_of_key(self._client, sending.key, since=sending.first_at)
        return None if found is None else told(found, key=sending.key)

    def _refund(self, payback: Payback) -> Callable[[], Receipt]:
        order = self._known(payback.order_id)
        source = _source_of(payback, order)
        payer = order if source == identity(order, "id") else self._known(source)
        left = compose.left_of(payer, digits=payback.digits)
        if payback.amount > left:
            raise ChannelRefused("The order holds less than that in the store.")
        self._check_gateway(payer)
        body = self._refund_body(payback, order)
        return lambda: self._acts.refund(payback.key, body, order_id=str(payer["id"]))

    def _refund_body(self, payback: Payback, order: Body) -> Body:
        if is_exchange(order):
            return compose.origin_refund_body(payback, by_gateway=True)
        refunds = list(self._client.listed(f"/orders/{payback.order_id}/refunds"))
        return compose.refund_body(payback, order, refunds=refunds, by_gateway=True)

    def _check_gateway(self, order: Body) -> None:
        """Fact 5: whether a gateway can refund is what the store says of it; else a person pays by hand."""
        gateway = text(order, "payment_method")
        for known in self._client.listed("/payment_gateways"):
            supports = known.get("method_supports")
            if identity(known, "id") == gateway and isinstance(supports, list) and "refunds" in supports:
                return
        raise NotConnected("The payment's gateway cannot give money back by itself.")

    def _credit(self, credit: Credit) -> Callable[[], Receipt]:
        order = self._known(credit.order_id)
        if looking.currency_of(self._client) != credit.currency:
            raise NotConnected("Coupons are in the store's own currency, the order is in another.")
        body = compose.coupon_body(credit, order, code=self._code(credit.key))
        return lambda: self._coupon(body, key=credit.key)

    def _coupon(self, body: Body, *, key: str) -> Receipt:
        try:
            return looking.coupon_receipt(self._client.send("POST", "/coupons", body), key=key)
        except StoreRefused as error:
            found = looking.coupon_of(self._client, self._code(key), key=key)
            if error.reason != COUPON_TAKEN or found is None:
                raise
            return found

    def _replace(self, replacement: Replacement) -> Callable[[], Receipt]:
        order = self._known(replacement.order_id)
        products = self._taken(replacement)
        body = compose.exchange_body(replacement, order, products=products)

        def sent() -> Receipt:
            made = self._client.send("POST", "/orders", body)
            number = identity(made, "number")
            self._note(replacement.order_id, f"Return {replacement.return_id}: exchanged by order {number}.")
            return looking.exchange_receipt(made, key=replacement.key)

        return sent

    def _bill(self, bill: Bill) -> Callable[[], Receipt]:
        body = compose.bill_body(bill, self._known(bill.order_id))
        return lambda: looking.bill_receipt(self._client.send("POST", "/orders", body), key=bill.key)

    def _billed(self, key: str) -> Body | None:
        """The order of a bill as the store shows it now."""
        receipt = self.receipt(key)
        return self._order(str(receipt.details["order"])) if receipt is not None else None

    def _taken(self, replacement: Replacement) -> Mapping[str, str]:
        """The product of each variant that is taken; raises ChannelRefused unless all are there.

        The store itself sells what it does not have to whoever comes by the API.
        """
        wanted: dict[str, int] = {}
        for line in replacement.lines:
            wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
        products: dict[str, str] = {}
        for variant_id, quantity in wanted.items():
            shelf = shelf_of(self._client, variant_id)
            if shelf is None:
                raise ChannelRefused("The replacement is gone from the store's catalogue.")
            if shelf.available is not None and shelf.available < quantity:
                raise ChannelRefused("The replacement is out of stock.")
            products[variant_id] = shelf.product_id
        return products

    def _note(self, order_id: str, said: str) -> None:
        """Tell the store's own staff; nothing depends on it, so nothing fails with it."""
        with suppress(ChannelError):
            self._client.send("POST", f"/orders/{order_id}/notes", {"note": said, "customer_note": False})

    def _order(self, order_id: str) -> Body | None:
        if not order_id.isdigit():
            return None
        try:
            return self._client.one(f"/orders/{order_id}")
        except NoSuchThing:
            return None

    def _known(self, order_id: str) -> Body:
        order = self._order(order_id)
        if order is None:
            raise ChannelRefused(f"There is no order {order_id} in the store.")
        return order

    def _payers_of(self, order_id: str) -> tuple[str, ...]:
        """The orders whose payments refunds of this one go back to."""
        order = self._known(order_id)
        return tuple(payments_of(order).values()) if is_exchange(order) else (order_id,)

    def _document(self, body: Body) -> OrderDocument | None:
        """The normal form with all that is known of refunds."""
        try:
            document = normalise(body, shipped=self._ways.shipped)
        except Unreadable:
            if text(body, "status") in looking.DRAFTS:
                return None
            raise
        if is_exchange(body):
            return self._exchanged(body, document)
        told = [normalise_refund(refund, order=document) for refund in self._listed_refunds(str(body["id"]))]
        return merge(document, told, complete_at=datetime.fromisoformat(str(document["changed_at"])))

    def _exchanged(self, body: Body, document: OrderDocument) -> OrderDocument:
        """An exchange order with its refunds, which are with the orders that paid for it."""
        given: dict[str, Decimal] = {}
        refunds: list[OrderDocument] = []
        for payment_id, payer in payments_of(body).items():
            mine = [one for one in self._listed_refunds(payer) if looking.is_for(one, str(body["id"]))]
            told = [normalise_refund(refund, order=document) for refund in mine]
            given[payment_id] = sum((Decimal(str(one["amount"])) for one in told), Decimal(0))
            refunds += told
        return given_back(merge(document, refunds, complete_at=None), given, digits=digits_of(document))

    def _listed_refunds(self, order_id: str) -> list[Body]:
        """All refunds of an order; none of one that is gone."""
        try:
            return list(self._client.listed(f"/orders/{order_id}/refunds"))
        except NoSuchThing:
            return []


def _source_of(payback: Payback, order: Body) -> str:
    """The order by which a payment came in; raises ChannelRefused for a payment that the order does not have."""
    known = payments_of(order) if is_exchange(order) else {compose.payment_id_of(order): required(order, "id")}
    if payback.payment_id not in known:
        raise ChannelRefused(f"The order has no payment '{payback.payment_id}'.")
    return known[payback.payment_id]
