"""The books of an order: what it cost, what was given back or promised, and what is left of each line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import sub

from msgspec import Struct

from domain.accounts import Account, taxes_of
from domain.case import Case, EarlierReturn
from domain.money import split
from domain.orders import Charge, Line, Order, Refund, ShippingLine, discounted


class Books(Struct, frozen=True):
    """What the money of a case is counted against; all in minor units, taxes included.

    `charged` is what the order cost, `given` what refunds and earlier returns gave back or promise, `promised` the
    part of it that open returns promise and no refund has paid. `paid` came in, `held` is what payments still hold.
    `earlier` are the returns that count, the own one left out; `unpaid` those of them that no refund has paid.
    """

    accounts: Mapping[str, Account]
    charged: int
    given: int
    promised: int
    paid: int
    held: int
    shipping_given: int
    goods_given: int
    earlier: tuple[EarlierReturn, ...]
    unpaid: tuple[EarlierReturn, ...]

    @property
    def left_of_order(self) -> int:
        """What the order can still give back."""
        return max(0, self.charged - self.given)

    @property
    def left_of_payments(self) -> int:
        """What the payments hold and no open return was promised."""
        return max(0, self.held - self.promised)

    def fees_charged(self, code: str) -> int:
        """What earlier returns were charged of a fee."""
        return sum(fee.amount for earlier in self.earlier for fee in earlier.fees if fee.code == code)


def open_books(case: Case) -> Books:
    """The books of a case's order, before its request."""
    order = case.order
    earlier = tuple(entry for entry in case.earlier if entry.id != case.return_id)
    ours = {entry.id for entry in earlier}
    paid = {refund.key for refund in order.refunds if refund.key in ours}
    unpaid = tuple(entry for entry in earlier if entry.id not in paid)
    accounts = _accounts(order, earlier, ours=ours)
    return Books(
        accounts=accounts,
        charged=sum(account.charged for account in accounts.values()) + _extras(order, accounts),
        given=sum(refund.amount for refund in order.refunds) + sum(figure(order, entry) for entry in unpaid),
        promised=sum(figure(order, entry) for entry in unpaid if entry.status == "open"),
        paid=sum(payment.amount for payment in order.payments),
        held=sum(payment.held for payment in order.payments),
        shipping_given=sum(refund.shipping for refund in order.refunds) + sum(entry.shipping for entry in unpaid),
        goods_given=_goods_given(order, earlier, ours=ours),
        earlier=earlier,
        unpaid=unpaid,
    )


def figure(order: Order, earlier: EarlierReturn) -> int:
    """What an earlier return gives by its own figures, never less than nothing."""
    goods = sum(taxed(order, item.amount, tax=item.tax) for item in earlier.items)
    fees = sum(fee.amount for fee in earlier.fees)
    return max(0, goods + earlier.shipping + earlier.duties + earlier.charges - fees)


def taxed(order: Order, amount: int, *, tax: int) -> int:
    """An amount in the order's price terms with the tax that those leave out."""
    return amount if order.prices_include_tax else amount + tax


def paid_for_shipping(order: Order, line: ShippingLine) -> int:
    """What a delivery cost, tax included."""
    return taxed(order, line.price - line.discount, tax=line.tax)


def cost_of_charge(order: Order, charge: Charge) -> int:
    """What a charge of the order cost, tax included."""
    return taxed(order, charge.amount, tax=charge.tax)


def discount_shares(order: Order) -> list[dict[str, int]]:
    """Each discount of the order as shares by line id: by unit price times quantity, never more than a line bears."""
    lines = discounted(order)
    ids = [line.id for line in lines]
    weights = [line.unit_price * line.quantity for line in lines]
    room = list(weights)
    shares = []
    for discount in order.discounts:
        parts = _within(split(discount.amount, weights), room)
        room = list(map(sub, room, parts))
        shares.append(dict(zip(ids, parts, strict=True)))
    return shares


def _within(parts: list[int], room: list[int]) -> list[int]:
    """The parts, with what is above a part's room moved on to the first ones that have some."""
    kept = list(map(min, parts, room))
    over = sum(parts) - sum(kept)
    for index, space in enumerate(room):
        if not over:
            break
        moved = min(over, space - kept[index])
        kept[index] += moved
        over -= moved
    return kept if not over else parts


def _accounts(order: Order, earlier: Iterable[EarlierReturn], *, ours: set[str]) -> dict[str, Account]:
    shared = _shared(order)
    returned, exchanged, refunded = _units_back(order, earlier, ours=ours)
    given = _given_by_line(order, earlier)
    return {
        line.id: Account(
            line=line,
            worth=_worth(line, shared[line.id]),
            taxes=taxes_of(line),
            prices_include_tax=order.prices_include_tax,
            posted=sum(parcel.quantity for parcel in line.fulfilled),
            returned=returned[line.id],
            exchanged=exchanged[line.id],
            refunded=refunded[line.id],
            given=given[line.id],
        )
        for line in order.lines
    }


def _shared(order: Order) -> Mapping[str, int]:
    """What the order's discounts take off each line, by its id, where any line takes its share of them."""
    shared: dict[str, int] = defaultdict(int)
    if order.discounts and any(line.discount is None and line.total is None for line in order.lines):
        for shares in discount_shares(order):
            for line_id, part in shares.items():
                shared[line_id] += part
    return shared


def _worth(line: Line, shared: int) -> int:
    """What all units of a line cost in the order's price terms."""
    if line.total is not None:
        return line.total
    return line.unit_price * line.quantity - (shared if line.discount is None else line.discount)


def _units_back(
    order: Order, earlier: Iterable[EarlierReturn], *, ours: set[str]
) -> tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]:
    """Units by line id: in earlier returns, those of them exchanged, refunded without a return of ours."""
    returned: dict[str, int] = defaultdict(int)
    exchanged: dict[str, int] = defaultdict(int)
    refunded: dict[str, int] = defaultdict(int)
    for entry in earlier:
        for item in entry.items:
            returned[item.line_id] += item.quantity
            if item.resolution == "exchange":
                exchanged[item.line_id] += item.quantity
    for refund in order.refunds:
        if refund.key not in ours:
            for line in refund.lines:
                refunded[line.line_id] += line.quantity
    return returned, exchanged, refunded


def _given_by_line(order: Order, earlier: Iterable[EarlierReturn]) -> Mapping[str, int]:
    """Money given back by line id: by refunds, and by the own figures of returns of whose lines no refund tells."""
    given: dict[str, int] = defaultdict(int)
    for refund in order.refunds:
        for line in refund.lines:
            given[line.line_id] += taxed(order, line.amount, tax=line.tax)
    told = {refund.key for refund in order.refunds if refund.lines}
    for entry in earlier:
        if entry.id in told:
            continue
        for item in entry.items:
            given[item.line_id] += taxed(order, item.amount, tax=item.tax)
        for fee in entry.fees:
            if fee.line_id is not None:
                given[fee.line_id] -= fee.amount
    return given


def _extras(order: Order, accounts: Mapping[str, Account]) -> int:
    """What the order cost beyond its goods: duties, shipping, charges."""
    duties = sum(account.goods(0, account.units).duties for account in accounts.values() if account.line.duties)
    shipping = sum(paid_for_shipping(order, line) for line in order.shipping)
    return duties + shipping + sum(cost_of_charge(order, charge) for charge in order.charges)


def _goods_given(order: Order, earlier: Iterable[EarlierReturn], *, ours: set[str]) -> int:
    """What the goods that came back so far were worth, price cuts included, tax included."""
    returned = sum(taxed(order, item.amount, tax=item.tax) for entry in earlier for item in entry.items)
    return returned + sum(_lines_of(order, refund) for refund in order.refunds if refund.key not in ours)


def _lines_of(order: Order, refund: Refund) -> int:
    return sum(taxed(order, line.amount, tax=line.tax) for line in refund.lines)
