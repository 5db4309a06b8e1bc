"""How a kept quote was worked out, redone from the case that was kept with it, in words for people."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from connector.application import Application
from connector.services.errors import NotFound
from connector.services.offer_lines import title_of
from connector.storage import quote_store
from connector.storage.shop_store import Shop
from domain.case import read_case
from domain.errors import DomainError
from domain.money import format_amount
from domain.orders import Order
from domain.proof_of_quote import Input, Step, prove
from domain.quote import quote_of, work_out
from domain.returns import Return

PLACE = re.compile(r"items\[(\d+)\]")
LINE = re.compile(r"\b(?:paid for line|on) (.+)$")
PARTS: Mapping[str, str] = {
    "amount": "goods",
    "tax": "tax",
    "duties": "duties",
    "goods": "All goods",
    "shipping": "Delivery given back",
    "charges": "Charges of the order",
    "exchange": "Taken instead",
    "restocking": "Restocking fee",
    "return_fee": "Return fee",
    "diminished": "Loss of value",
    "promotion": "Discount no longer earned",
    "due": "Still to pay",
    "wanted": "What that leaves",
    "given": "What can be given",
    "bonus": "Bonus for store credit",
    "total": "Total",
}
ALWAYS = frozenset({"goods", "total"})
"""Figures that are told even where they are nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure for people: what it is, how much (a decimal string), how it was reckoned, why."""

    figure: str
    amount: str
    words: str
    because: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The figures of a quote in order; `agrees` whether they come to the very quote that was kept."""

    rows: tuple[Row, ...]
    agrees: bool

    def document(self) -> list[dict[str, str]]:
        """The rows as JSON."""
        return [asdict(row) for row in self.rows]


def explain(app: Application, shop: Shop, *, quote_id: str) -> Explained:
    """How a quote was worked out; raises NotFound."""
    with app.database.read(shop) as unit:
        kept = quote_store.get(unit, quote_id)
    if kept is None:
        raise NotFound("There is no such quote in this shop.")
    workings = work_out(read_case(kept.case), app.outside)
    teller = _Teller(workings.case.order, [item.line_id for item in workings.case.items])
    steps = [step for step in prove(workings) if step.amount or step.figure in ALWAYS]
    same = _figures(quote_of(workings).document()) == _figures(kept.document)
    return Explained(tuple(teller.row(step) for step in steps), agrees=same)


def of_return(app: Application, shop: Shop, found: Return) -> Explained | None:
    """How the quote of a return was worked out, None where none was kept."""
    try:
        return explain(app, shop, quote_id=found.quote_id)
    except (NotFound, DomainError):
        return None


def _figures(quote: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(quote.get(name) for name in ("total", "due", "goods", "exchange", "bonus", "fees", "to"))


class _Teller:
    """Says steps of an order in words."""

    def __init__(self, order: Order, line_ids: Sequence[str]) -> None:
        self._digits = order.digits
        self._titles = {line.id: title_of(line) for line in order.lines}
        self._line_ids = line_ids

    def row(self, step: Step) -> Row:
        """A step as a row."""
        words = WORDS[step.how](step, self._said)
        return Row(self._named(step.figure), amount=self._money(step.amount), words=words, because=step.because)

    def _said(self, given: Input) -> str:
        value = given.value
        if isinstance(value, str):
            return f"{value} %"
        if isinstance(value, tuple):
            return " : ".join(self._money(one) for one in value)
        return str(value) if given.is_count else f"{self._money(value)} ({self._named(given.name)})"

    def _named(self, figure: str) -> str:
        """What a figure is called by people: an item by its title, a line by its own."""
        figure, _, owed = figure.partition(", ")
        found = PLACE.search(figure)
        if found is not None:
            title = self._titles[self._line_ids[int(found[1])]]
            part = figure[found.end() :].strip(".").partition("[")[0]
            name = f"{title}: {PARTS.get(part, part or 'instead')}"
        else:
            name = self._plain(figure)
        return f"{name}, {owed}" if owed else name

    def _plain(self, figure: str) -> str:
        line = LINE.search(figure)
        if line is None:
            return PARTS.get(figure, figure.capitalize())
        title, what = self._titles.get(line[1], line[1]), figure[: line.start()].strip()
        return f"{PARTS.get(what, what.capitalize())}, {title}" if what else f"Paid for all of {title}"

    def _money(self, amount: int) -> str:
        return format_amount(amount, self._digits)


Say = Callable[[Input], str]


def _sum(step: Step, say: Say) -> str:
    """The inputs with their signs; a minus stands before what comes off."""
    told = " ".join(f"+ {say(given)}".replace("+ -", "− ") for given in step.inputs if given.value)
    return told.removeprefix("+ ") or "nothing"


def _units(step: Step, say: Say) -> str:
    whole, of, after, count = step.inputs
    before = f", {say(after)} came back before" if after.value else ""
    return f"{say(count)} of {say(of)} units of {say(whole)}{before}"


WORDS: Mapping[str, Callable[[Step, Say], str]] = {
    "given": lambda _step, _say: "as it stands",
    "sum": _sum,
    "units": _units,
    "percent": lambda step, say: f"{say(step.inputs[1])} of {say(step.inputs[0])}",
    "least": lambda step, say: "the smallest of " + ", ".join(say(given) for given in step.inputs),
    "not_below_zero": lambda step, say: f"{_sum(step, say)}, at least nothing",
    "delivery": lambda step, say: "the larger of {} and {}, less {}".format(*(say(given) for given in step.inputs)),
    "capped": lambda step, say: "{} less {}, at most {} and {}".format(*(say(given) for given in step.inputs)),
    "split": lambda step, say: f"{say(step.inputs[0])}, shared as {say(step.inputs[1])}",
}
"""How each kind of arithmetic is said."""
