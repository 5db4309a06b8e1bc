"""A Shopify shop as a channel: native returns, refunds through them, exchanges in the order itself.

What is given back goes back by returnProcess or refundCreate only (App Store requirement 1.1.15); store credit in a
refund is a method of that refund, and storeCreditAccountCredit is for incentives alone.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from adapters.channel import (
    CallOff,
    Capabilities,
    Credit,
    OrderDocument,
    OthersReturn,
    ParcelLabel,
    Payback,
    Receipt,
    RecentOrder,
    Replacement,
    Restock,
    Standing,
    Variant,
)
from adapters.errors import ChannelError, ChannelRefused, DoneTwice, NotConnected
from adapters.sendings import Sendings
from adapters.shopify import calling_off, compose, goods, looking, mirroring, stock
from adapters.shopify.client import ShopClient
from adapters.shopify.compose import Money
from adapters.shopify.faults import NoSuchThing
from adapters.shopify.fields import Body, amount, gid, is_id, minor, part, parts, tail, text
from adapters.shopify.goods import Goods, Held, Opening
from adapters.shopify.natives import NativeLine, NativeReturn
from adapters.shopify.normalise import normalise
from adapters.shopify.once import UNSEEN_SECONDS, Act, Ledger
from adapters.shopify.outcome import compared, outcome_of
from adapters.shopify.paying import note_of, refunded_of
from adapters.shopify.shelving import Shelf
from domain.money import format_amount
from domain.proof import number_key

LOOK_FOR_INVOICE = "Whether Shopify sent its invoice is not certain. Please look at the order there."


class Ways(Struct, frozen=True):
    """How a shop wants its Shopify used: `location` is where goods go back on the shelf, its own choice or none."""

    location: str | None = None
    unseen_seconds: float = UNSEEN_SECONDS


class ShopifyChannel:
    """The channel of one shop."""

    name = "shopify"
    capabilities = Capabilities(
        collects=True,
        own_keys=True,
        unseen_seconds=UNSEEN_SECONDS,
        invoices=True,
        mirrors=True,
        lists=True,
        refunds_credit=True,
    )

    def __init__(
        self, client: ShopClient, sendings: Sendings, *, clock: Callable[[], datetime], ways: Ways | None = None
    ) -> None:
        self._client = client
        self._sendings = sendings
        self._ways = ways or Ways()
        self._ledger = Ledger(sendings, clock, unseen_seconds=self._ways.unseen_seconds)
        self._goods = Goods(client, self._ledger)
        self._clock = clock

    def find_order(self, number: str) -> OrderDocument | None:
        """The order of exactly this number, if the app may see it: of the last 60 days without read_all_orders [D]."""
        order_id = looking.order_id_of(self._client, number_key(number))
        return None if order_id is None else self.read_order(order_id)

    def read_order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""
        order = looking.order_of(self._client, order_id)
        return None if order is None else normalise(looking.parts_of(self._client, order))

    def orders_of(self, customer_id: str, *, limit: int) -> tuple[RecentOrder, ...]:
        """The newest orders of a customer."""
        return looking.orders_of(self._client, customer_id)[:limit]

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """All variants of a product with price and stock as of now."""
        return stock.variants_of(self._client, product_id) if is_id(product_id) else ()

    def receipt(self, key: str) -> Receipt | None:
        """What was done under this key, as far as the shop shows it."""
        sending = self._sendings.get(key)
        if sending is None or sending.receipt is not None:
            return sending.receipt if sending else None
        found = self.shown(key)
        if found is not None:
            self._sendings.done(found)
        return found

    def shown(self, key: str) -> Receipt | None:
        """What the shop itself shows under this key; raises DoneTwice when it shows two."""
        sending = self._sendings.get(key)
        if sending is None:
            return None
        finders: Mapping[str, Callable[[], Receipt | None]] = {
            "refund": lambda: looking.refund_for(self._client, sending.order_id, key=key, kind="refund"),
            "store_credit": lambda: looking.refund_for(self._client, sending.order_id, key=key, kind="store_credit"),
            "exchange": lambda: self._exchanged(key, sending.order_id),
            "bonus": lambda: looking.bonus_again(self._client, sending),
        }
        finder = finders.get(sending.kind)
        return finder() if finder else None

    def refund(self, payback: Payback) -> Receipt:
        """Give money back to a payment, with the units that it is for; units that are named nowhere are money only."""
        units = compose.units_of(payback.lines)
        act = Act(
            key=payback.key,
            kind="refund",
            order_id=payback.order_id,
            look=lambda: looking.refund_for(self._client, payback.order_id, key=payback.key, kind="refund"),
            guess=lambda one: looking.refund_like(self._client, one, minor=payback.amount, digits=payback.digits),
            prepare=lambda: self._by_units(payback, units) if units else self._by_amount(payback),
            keyed=not units,
        )
        return self._ledger.do(act)

    def credit(self, credit: Credit) -> Receipt:
        """Give store credit: as a refund of goods, or as an incentive on top of one."""
        if credit.incentive:
            return self._bonus(credit)
        units = compose.units_of(credit.lines)
        act = Act(
            key=credit.key,
            kind="store_credit",
            order_id=credit.order_id,
            look=lambda: looking.refund_for(self._client, credit.order_id, key=credit.key, kind="store_credit"),
            guess=lambda one: looking.refund_like(self._client, one, minor=credit.amount, digits=credit.digits),
            prepare=lambda: self._as_credit(credit, units) if units else self._credit_only(credit),
            keyed=not units,
        )
        return self._ledger.do(act)

    def replace(self, replacement: Replacement) -> Receipt:
        """Let goods go for those that come back, in the order itself; what is to be paid besides Shopify asks for."""
        act = Act(
            key=replacement.key,
            kind="exchange",
            order_id=replacement.order_id,
            look=lambda: self._exchanged(replacement.key, replacement.order_id),
            prepare=lambda: self._swap(replacement),
        )
        return self._ledger.do(act)

    def call_off(self, asked: CallOff) -> bool:
        """Take what waits for an invoice off the order again, unless it is paid."""
        return calling_off.call_off(self._client, asked)

    def restock(self, restock: Restock) -> Receipt:
        """Put units back on the shelf by disposition, never by a number; those of no product are left out."""
        before = self._sendings.get(restock.key)
        if before is None or before.receipt is None:
            self._shelf_of(restock).fill()
        done = Receipt(restock.key, "restock", restock.key, at=self._clock())
        act = Act(
            key=restock.key,
            kind="restock",
            order_id=restock.order_id,
            look=lambda: None,
            guess=lambda _: done,
            prepare=lambda: lambda: done,
        )
        return self._ledger.do(act)

    def mirror(self, standing: Standing) -> None:
        """Bring the native return to where ours stands."""
        mirroring.mirror(self._goods, standing)

    def labels(self, order_id: str) -> tuple[ParcelLabel, ...]:
        """The labels that the shop keeps for parcels of ours."""
        return mirroring.labels_of(looking.natives_of(self._client, order_id))

    def others(self, order_id: str) -> tuple[OthersReturn, ...]:
        """The unfinished returns that the shop's people, its customers or other apps opened."""
        return mirroring.others_of(looking.natives_of(self._client, order_id))

    def _by_units(self, payback: Payback, units: tuple[compose.Units, ...]) -> Callable[[], Receipt]:
        self._check_payment(payback)
        held = self._goods.holding(Opening(payback.key, payback.order_id, payback.return_id, units))
        more = compose.to_payment(payback)
        native, lines = goods.confirmed(held)
        asked = {"refundShipping": more["refundShipping"]} if "refundShipping" in more else {}
        said = self._compare(native, lines, gives=payback.amount, digits=payback.digits, more=asked)
        return lambda: self._processed(held, payback, more=more, details=said, kind="refund")

    def _by_amount(self, payback: Payback) -> Callable[[], Receipt]:
        paid = self._check_payment(payback)
        said = compose.money_only(payback, gateway=text(paid, "gateway") or "")
        return lambda: looking.refund_receipt(
            part(self._client.change("refund_create", said), "refund"), key=payback.key, kind="refund"
        )

    def _as_credit(self, credit: Credit, units: tuple[compose.Units, ...]) -> Callable[[], Receipt]:
        self._check_customer(credit)
        held = self._goods.holding(Opening(credit.key, credit.order_id, credit.return_id, units))
        native, lines = goods.confirmed(held)
        allocation = {"refundMethodAllocation": "STORE_CREDIT"}
        said = self._compare(native, lines, gives=credit.amount, digits=credit.digits, more=allocation)
        more = compose.to_store_credit(credit)
        return lambda: self._processed(held, credit, more=more, details=said, kind="store_credit")

    def _credit_only(self, credit: Credit) -> Callable[[], Receipt]:
        """For goods that came back before: their exchange was called off."""
        self._check_customer(credit)
        said = compose.credit_only(credit)
        return lambda: looking.refund_receipt(
            part(self._client.change("refund_create", said), "refund"), key=credit.key, kind="store_credit"
        )

    def _bonus(self, credit: Credit) -> Receipt:
        customer_id = self._check_customer(credit)
        money = Money(credit.currency, credit.digits)
        worth = format_amount(credit.amount, credit.digits)
        said = {"id": gid("Customer", customer_id), "creditInput": {"creditAmount": money.of(credit.amount)}}

        def sent() -> Receipt:
            made = self._client.change("store_credit_bonus", said)
            entry = part(made, "storeCreditAccountTransaction")
            return looking.bonus_receipt(entry, key=credit.key, customer_id=customer_id, worth=worth)

        act = Act(
            key=credit.key,
            kind="bonus",
            order_id=credit.order_id,
            look=lambda: None,
            guess=lambda one: looking.bonus_for(self._client, one, customer_id=customer_id, worth=worth),
            prepare=lambda: sent,
        )
        return self._ledger.do(act)

    def _swap(self, replacement: Replacement) -> Callable[[], Receipt]:
        order = self._known(replacement.order_id)
        prices = stock.prices_of(self._client, replacement.lines)
        native, lines = self._held_for(replacement, prices, is_inclusive=order.get("taxesIncluded") is True)
        exchanges = compose.processed_exchanges(native.exchanges)
        said = compared(
            outcome_of(self._client, native, lines=compose.processed_lines(lines), exchanges=exchanges, more={}),
            gives=-replacement.collected,
            digits=replacement.digits,
        )
        return lambda: self._swapped(replacement, native, lines, exchanges=exchanges, order=order, details=said)

    def _held_for(self, replacement: Replacement, prices: Mapping[str, Decimal], *, is_inclusive: bool) -> Held:
        """The native return of an exchange: the one that was opened for it, else one that is opened now."""
        merged = compose.units_of(replacement.lines)
        order_id, return_id = replacement.order_id, replacement.return_id
        wanted = stock.wanted_of(replacement.lines)
        known = goods.matching(self._goods.of_return(order_id, return_id), merged, variants=wanted)
        if known is not None:
            return known
        self._goods.free(order_id, return_id, merged)
        money = Money(replacement.currency, replacement.digits)
        exchanged = tuple(
            compose.exchange_line(
                line,
                price=prices[line.variant_id],
                worth=line.amount if is_inclusive else line.amount + line.tax,
                money=money,
            )
            for line in replacement.lines
        )
        made = self._goods.open(Opening(replacement.key, order_id, return_id, merged, exchanged))
        return made, [(line, line.left) for line in made.lines]

    def _swapped(
        self, replacement: Replacement, native: NativeReturn, lines: list[tuple[NativeLine, int]], *,
        exchanges: list[Body], order: Body, details: Mapping[str, object],
    ) -> Receipt:  # fmt: skip
        note = note_of(replacement.return_id, replacement.key)
        more = {"exchangeLineItems": exchanges}
        said = compose.process(native, compose.processed_lines(lines), note=note, more=more)
        self._client.change("return_process", said)
        asked = self._asked_for(replacement) if replacement.collected else {}
        self._goods.close(native.id)
        told = {"return": native.name, **details, **asked}
        return Receipt(replacement.key, "exchange", text(order, "name") or "", at=self._clock(), details=told)

    def _asked_for(self, replacement: Replacement) -> Mapping[str, object]:
        """Have Shopify ask for what is to be paid besides; the goods are let go, so a refusal is only told."""
        try:
            self._client.change("invoice_send", {"id": gid("Order", replacement.order_id)})
        except ChannelError as refusal:
            return {"invoice": f"Shopify sent no invoice ({refusal.message}). Please send it from the order there."}
        return {}

    def _exchanged(self, key: str, order_id: str) -> Receipt | None:
        """The exchange that a leg made: its native return has let goods go."""
        natives = looking.natives_of(self._client, order_id)
        native = looking.native_for(natives, f"{key}/return_create")
        if native is None or not any(one.processed for one in native.exchanges):
            return None
        order = self._known(order_id)
        told = {
            "return": native.name,
            **({"invoice": LOOK_FOR_INVOICE} if amount(order, "totalOutstandingSet") else {}),
        }
        return Receipt(key, "exchange", text(order, "name") or "", at=native.at, details=told)

    def _shelf_of(self, restock: Restock) -> Shelf:
        location = looking.location_of(self._client, restock.location or self._ways.location)
        if location is None:
            raise NotConnected("The shop has no location to which goods could go back.")
        return Shelf(self._goods, restock, location)

    def _processed(
        self, held: list[Held], asked: Payback | Credit, *, more: Body, details: Mapping[str, object], kind: str
    ) -> Receipt:
        """Confirm units and give their money: the first native return bears it, nothing depends on the others."""
        note = note_of(asked.return_id, asked.key)
        native, lines = held[0]
        before = {tail(refund) for refund in native.refunds}
        said = compose.process(native, compose.processed_lines(lines), note=note, more=dict(more))
        made = part(self._client.change("return_process", said), "return")
        for other, others in held[1:]:
            with suppress(ChannelError):
                said = compose.process(other, compose.processed_lines(others), note=note, more={})
                self._client.change("return_process", said)
        for one, _ in held:
            self._goods.close(one.id)
        new = [refund for refund in parts(made, "refunds") if tail(refund) not in before]
        if len(new) != 1:
            raise DoneTwice(f"The shop shows {len(new)} new refunds for {asked.key}.")
        receipt = looking.refund_receipt(new[0], key=asked.key, kind=kind)
        told = {**receipt.details, "return": native.name, **details}
        return Receipt(receipt.key, kind, receipt.reference, at=receipt.at, details=told)

    def _compare(
        self, native: NativeReturn, lines: list[tuple[NativeLine, int]], *, gives: int, digits: int, more: Body
    ) -> Mapping[str, object]:
        confirmed = compose.processed_lines(lines)
        outcome = outcome_of(self._client, native, lines=confirmed, exchanges=[], more=more)
        return compared(outcome, gives=gives, digits=digits)

    def _check_payment(self, payback: Payback) -> Body:
        """The payment that money goes back to; raises ChannelRefused when it holds less, NotConnected by hand."""
        order = self._known(payback.order_id)
        moved = parts(order, "transactions")
        paid = next((one for one in moved if tail(one) == payback.payment_id), None)
        if paid is None:
            raise ChannelRefused(f"The order has no payment '{payback.payment_id}'.")
        left = amount(paid, "amountSet") - refunded_of(moved, payback.payment_id)
        if payback.amount > minor(left, payback.digits):
            raise ChannelRefused("The payment holds less than that in Shopify.")
        if paid.get("manualPaymentGateway") is True:
            raise NotConnected("It was paid by hand, so it is given back by hand.")
        return paid

    def _check_customer(self, credit: Credit) -> str:
        """Whose account the credit is for: the order's own customer's, nobody else's."""
        customer = part(self._known(credit.order_id), "customer")
        if not customer:
            raise ChannelRefused("The order belongs to no customer account that store credit could be given to.")
        settings = part(self._client.ask("installation"), "storeCreditConfiguration")
        if settings.get("storeCreditEnabled") is not True:
            raise NotConnected("Store credit is not switched on in the shop's settings.")
        return tail(customer)

    def _known(self, order_id: str) -> Body:
        try:
            order = looking.order_of(self._client, order_id)
        except NoSuchThing:
            order = None
        if order is None:
            raise ChannelRefused(f"There is no order {order_id} in the shop.")
        return order
