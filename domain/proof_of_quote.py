"""How a quote was worked out: each figure with its inputs, the arithmetic that made it, and the rule it follows from.

A person can redo every step by hand; `tests/domain/test_proof_of_quote.py` does so for random orders.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.accounts import Account, portion
from domain.books import cost_of_charge, paid_for_shipping
from domain.deliveries import duties_of, policy_gives_delivery, whole_order_withdrawn
from domain.eligibility import Judged
from domain.exchanges import is_even
from domain.fees import Fee, fees_owed
from domain.money import format_amount
from domain.tenders import legs, rate_of
from domain.withdrawal import standard_delivery
from domain.workings import Workings

How = Literal["given", "sum", "units", "percent", "least", "not_below_zero", "delivery", "capped", "split"]
"""The arithmetic of a step.

`given` is taken as it stands. `sum` adds the inputs. `units` is what falls on `count` of `of` units after `after` of
them came back: round(whole x (after + count) / of) - round(whole x after / of). `percent` is round(of x percent / 100).
`least` is the smallest input. `not_below_zero` adds the inputs and is at least 0. `delivery` is the larger of the first
two inputs less the third, at least 0. `capped` is the first input less the second, at most each of the others. `split`
is one place of the whole by the weights, by largest remainder, ties to the first. Halves are rounded away from zero.
"""

PARTS = "Any split of a return gives back exactly what was paid: the running total is rounded, not each unit."
PAID = "What was paid counts: the list price less the discounts of the line and its share of the order's."
LAW = "Directive 2011/83/EU, article 13(1): a withdrawal gives back what was paid, standard delivery with it."
LOSS = "Directive 2011/83/EU, article 14(2): the shopper bears a loss of value, at most that of the goods."
CUT = "Fees are cut to what comes back for goods, delivery and duties, less the exchange."
SWAP = "What is taken instead counts at its price; within a product an exchange is even where the policy says so."
FLAT = "The highest return fee of the policy and its rules, once."
CLAWBACK = "A discount whose threshold the kept goods miss is taken back in part, less what was taken before."
CAPS = "Never more than is left of the lines, of the order, and of what the payments hold."
TENDERS = "Back to the payments in proportion to what each still holds."


@dataclass(frozen=True, slots=True)
class Input:
    """What goes into a step: an amount or weights in minor units, a count, or a percentage as text."""

    name: str
    value: int | str | tuple[int, ...]
    is_count: bool = False

    def document(self, digits: int) -> dict[str, object]:
        """The input as the proof writes it."""
        if isinstance(self.value, str):
            return {"name": self.name, "percent": self.value}
        if isinstance(self.value, tuple):
            return {"name": self.name, "weights": [format_amount(weight, digits) for weight in self.value]}
        if self.is_count:
            return {"name": self.name, "count": self.value}
        return {"name": self.name, "amount": format_amount(self.value, digits)}


@dataclass(frozen=True, slots=True)
class Step:
    """One figure: where it stands in the quote or what it is called, how it was made of what, and why."""

    figure: str
    amount: int
    how: How
    inputs: tuple[Input, ...]
    because: str

    def document(self, digits: int) -> dict[str, object]:
        """The step as the proof writes it."""
        return {
            "figure": self.figure,
            "amount": format_amount(self.amount, digits),
            "how": self.how,
            "inputs": [given.document(digits) for given in self.inputs],
            "because": self.because,
        }


def prove(workings: Workings) -> tuple[Step, ...]:
    """Every step of a quote, in the order in which a person would take them."""
    sections = (_goods, _along, _exchange, _fees, _given, _destinations)
    return tuple(step for section in sections for step in section(workings))


def _goods(workings: Workings) -> Iterator[Step]:
    """What each item gives back, and all of them."""
    values: list[Input] = []
    taken = Counter[str]()
    for place, judged in enumerate(workings.judged):
        if not judged.accepted:
            continue
        line_id = judged.item.line_id
        if not taken[line_id]:
            yield _paid(judged.account)
        first = judged.account.back + taken[line_id]
        taken[line_id] += judged.item.quantity
        yield from _item(place, judged, first=first)
        values.append(Input(f"items[{place}].amount", judged.goods.amount))
        if not workings.case.order.prices_include_tax:
            values.append(Input(f"items[{place}].tax", judged.goods.tax))
    yield Step("goods", workings.worth.goods, "sum", tuple(values), "The goods that come back, tax included.")


def _paid(account: Account) -> Step:
    line = account.line
    if line.total is not None:
        return Step(_line(account), account.worth, "given", (), "The shop charged this for all units of the line.")
    listed = line.unit_price * line.quantity
    inputs = (Input("list price of all units", listed), Input("discounts", account.worth - listed))
    return Step(_line(account), account.worth, "sum", inputs, PAID)


def _item(place: int, judged: Judged, *, first: int) -> Iterator[Step]:
    """The item's goods, each tax on them, and the sum of the taxes."""
    account, figure = judged.account, f"items[{place}]"
    counts = (
        Input("of", account.line.quantity, is_count=True),
        Input("after", first, is_count=True),
        Input("count", judged.item.quantity, is_count=True),
    )
    yield Step(f"{figure}.amount", judged.goods.amount, "units", (Input(_line(account), account.worth), *counts), PARTS)
    parts = []
    for n, levied in enumerate(account.taxes):
        tax = portion(levied, first, count=judged.item.quantity, whole=account.line.quantity)
        parts.append(Input(f"{figure}.taxes[{n}]", tax))
        yield Step(parts[-1].name, tax, "units", (Input("tax of the line", levied), *counts), "Each tax on its own.")
    yield Step(f"{figure}.tax", judged.goods.tax, "sum", tuple(parts), "All taxes on the item.")


def _along(workings: Workings) -> Iterator[Step]:
    """Delivery, duties and charges that come back with the goods."""
    case, books, worth, accepted = workings.case, workings.books, workings.worth, workings.accepted
    by_policy = sum(paid_for_shipping(case.order, line) for line in case.order.shipping)
    is_withdrawn = whole_order_withdrawn(books, accepted)
    inputs = (
        Input("delivery by policy", by_policy if policy_gives_delivery(case, books, accepted=accepted) else 0),
        Input("standard delivery by law", standard_delivery(case.order) if is_withdrawn else 0),
        Input("delivery given back before", books.shipping_given),
    )
    yield Step(
        "shipping", worth.shipping, "delivery", inputs, LAW if is_withdrawn else "The policy's word on delivery."
    )
    duties = tuple(
        Input(f"items[{place}].duties", duties_of(case, judged))
        for place, judged in enumerate(workings.judged)
        if judged.accepted
    )
    yield Step(
        "duties", worth.duties, "sum", duties, "Duties come back with withdrawn goods, else where the policy says."
    )
    charged = sum(cost_of_charge(case.order, charge) for charge in case.order.charges if charge.amount > 0)
    before = sum(earlier.charges for earlier in books.earlier)
    charges = (Input("charges of the order", charged if is_withdrawn else 0), Input("given back before", -before))
    yield Step(
        "charges", worth.charges, "not_below_zero" if is_withdrawn else "given", charges if is_withdrawn else (), LAW
    )


def _exchange(workings: Workings) -> Iterator[Step]:
    """What the shopper takes instead."""
    inputs = tuple(one for place, judged in enumerate(workings.judged) for one in _instead(workings, place, judged))
    yield Step("exchange", workings.worth.exchange, "sum", inputs, SWAP)


def _instead(workings: Workings, place: int, judged: Judged) -> Iterator[Input]:
    wanted = judged.item.exchange_for
    if not judged.accepted or not judged.exchanged or wanted is None:
        return
    if is_even(workings.case.policy, judged.account.line, wanted):
        yield Input(f"items[{place}], even", judged.goods.value)
        return
    yield Input(f"price for items[{place}]", judged.item.quantity * wanted.price)
    if not workings.case.order.prices_include_tax:
        yield Input(f"tax for items[{place}]", judged.item.quantity * wanted.tax)


def _fees(workings: Workings) -> Iterator[Step]:
    """Each fee as it is owed, then as far as there is room for it."""
    worth = workings.worth
    kept = {(fee.code, fee.place): fee.amount for fee in worth.fees}
    room = max(0, worth.goods + worth.shipping + worth.duties - worth.exchange)
    for fee in fees_owed(workings.case, workings.books, accepted=workings.accepted):
        name, amount = _named(fee), kept.get((fee.code, fee.place), 0)
        yield _owed(workings, fee, name=f"{name}, owed")
        yield Step(name, amount, "least", (Input(f"{name}, owed", fee.amount), Input("room for fees", room)), CUT)
        room -= max(0, amount)


def _owed(workings: Workings, fee: Fee, *, name: str) -> Step:
    judged = None if fee.place is None else workings.accepted[fee.place]
    if judged is None and fee.code == "return_fee":
        return Step(name, fee.amount, "given", (), FLAT)
    if judged is None:
        before = workings.books.fees_charged("promotion")
        parts = (Input("unearned on the goods kept", fee.amount + before), Input("taken back before", -before))
        return Step(name, fee.amount, "sum", parts, CLAWBACK)
    if fee.code == "diminished":
        inputs = (Input("evidenced loss", judged.item.diminished), Input("value of the goods", judged.goods.value))
        return Step(name, fee.amount, "least", inputs, LOSS)
    chosen = judged.settings.restocking_percent
    percent = workings.case.policy.restocking_percent if chosen is None else chosen
    why = "The policy's restocking fee." if chosen is None else "A rule's restocking fee."
    inputs = (Input("goods before tax", judged.goods.amount), Input("percent", str(percent)))
    return Step(name, fee.amount, "percent", inputs, why)


def _given(workings: Workings) -> Iterator[Step]:
    """What is left for the shopper, as far as the caps allow, with the bonus; or what the shopper owes."""
    worth, capped, books = workings.worth, workings.capped, workings.books
    parts = (
        Input("goods", worth.goods),
        Input("shipping", worth.shipping),
        Input("duties", worth.duties),
        Input("charges", worth.charges),
        Input("exchange", -worth.exchange),
        *(Input(_named(fee), -fee.amount) for fee in worth.fees),
    )
    owes = tuple(Input(part.name, -part.value) for part in parts if isinstance(part.value, int))
    yield Step("due", max(0, -worth.net), "not_below_zero", owes, "What the shopper takes is worth more.")
    yield Step("wanted", capped.wanted, "not_below_zero", parts, "What comes back, less what is taken and kept.")
    limits = (
        Input("wanted", capped.wanted),
        Input("above what is left of the lines", capped.wanted - capped.by_line),
        Input("left of the order", books.left_of_order),
        Input("left of the payments", books.left_of_payments),
    )
    yield Step("given", capped.pot.total, "capped", limits, f"{CAPS} {capped.because}".strip())
    yield _bonus(workings)
    total = (Input("given", capped.pot.total), Input("bonus", workings.bonus))
    yield Step("total", capped.pot.total + workings.bonus, "sum", total, "What the shopper gets.")


def _bonus(workings: Workings) -> Step:
    why = "Store credit earns this on top; it is never paid as money."
    rates = {rate_of(workings.case, one) for one in workings.accepted if one.item.resolution == "store_credit"}
    if len(rates) != 1:
        return Step("bonus", workings.bonus, "given", (), f"{why} Items have rates of their own.")
    inputs = (Input("credit", workings.capped.pot.credit), Input("percent", str(rates.pop())))
    return Step("bonus", workings.bonus, "percent", inputs, why)


def _destinations(workings: Workings) -> Iterator[Step]:
    """Where the money goes."""
    pot, order = workings.capped.pot, workings.case.order
    held = Input("held", tuple(payment.held for payment in order.payments))
    places = {payment.id: place for place, payment in enumerate(order.payments)}
    for leg in legs(order, money=pot.money, credit=0):
        place = places[leg.payment_id or ""]
        inputs = (Input("money", pot.money), held, Input("place", place, is_count=True))
        yield Step(f"to {leg.payment_id}", leg.amount, "split", inputs, TENDERS)
    if pot.credit + workings.bonus:
        credit = (Input("credit", pot.credit), Input("bonus", workings.bonus))
        amount = pot.credit + workings.bonus
        yield Step("to store credit", amount, "sum", credit, "What is wanted as store credit, with its bonus.")


def _line(account: Account) -> str:
    return f"paid for line {account.line.id}"


def _named(fee: Fee) -> str:
    return fee.code if fee.line_id is None else f"{fee.code} on {fee.line_id}"
