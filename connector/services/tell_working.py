"""The steps of a proof as people read them: what they ask for, in their words, with the reckoning and the reason."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.services.offer_lines import title_of
from domain.money import format_amount
from domain.proof_of_quote import Input, Step
from domain.working.step import written
from domain.workings import Workings

NAMES: Mapping[str, str] = {
    r"items\[(?P<item>\d+)\]\.(?:value|amount|net|leaves)": "{item}",
    r"items\[(?P<item>\d+)\]\.taxe?s?(?:\[\d+\])?": "{item}: tax",
    r"items\[(?P<item>\d+)\]\.duties": "{item}: duties",
    r"items\[(?P<item>\d+)\]\.exchange(?:\.price)?": "taken instead of {item}",
    r"items\[(?P<item>\d+)\]\.exchange\.tax": "its tax",
    r"case\.items\[(?P<item>\d+)\]\.exchange_for\.price": "price",
    r"case\.items\[(?P<item>\d+)\]\.exchange_for\.tax": "tax",
    r"case\.items\[(?P<item>\d+)\]\.diminished": "evidenced loss of value",
    r"order\.lines\[(?P<line>\d+)\]\.paid": "paid for {line}",
    r"order\.lines\[(?P<line>\d+)\]\.listed": "list price",
    r"order\.lines\[(?P<line>\d+)\]\.left": "left of {line}",
    r"order\.lines\[(?P<line>\d+)\]\.charged": "charged for {line}",
    r"order\.lines\[(?P<line>\d+)\]\.given": "given back before",
    r"case\.order\.lines\[(?P<line>\d+)\]\.total": "charged by the shop",
    r"case\.order\.lines\[(?P<line>\d+)\]\.discount": "discounts",
    r"case\.order\.lines\[(?P<line>\d+)\]\.tax(?:es\[\d+\]\.amount)?": "tax of {line}",
    r"order\.lines\[(?P<line>\d+)\]\.other_tax": "tax of {line}",
    r"case\.order\.lines\[(?P<line>\d+)\]\.duties": "duties of {line}",
    r"order\.discounts\[(?P<discount>\d+)\]\.lines\[\d+\]": "share of {discount}",
    r"fees\[(?P<fee>\d+)\]\.amount": "{fee}",
    r"fees\.owed\[\d+\]": "the fee",
    r"fees\.room\[\d+\]": "what there is to take it from",
    r"delivery\.by_policy": "delivery, by the policy",
    r"delivery\.by_law": "standard delivery, by law",
    r"delivery\.before": "given back before",
    r"order\.charges\[\d+\]\.cost": "a charge",
    r"case\.earlier\[\d+\]\.\S+": "before",
    r"order\.payments\[\d+\]\.held": "still held",
    r"goods": "all goods",
    r"shipping": "delivery given back",
    r"duties": "duties given back",
    r"charges": "charges given back",
    r"exchange": "taken instead",
    r"order\.charged": "cost of the order",
    r"order\.given": "given back before",
    r"order\.left": "left of the order",
    r"payments\.left": "left of the payments",
    r"payments\.promised": "promised to open returns",
    r"net": "what that leaves",
    r"capped\.given": "what can be given",
    r"\w+\.money": "money",
    r"(?:\w+|items\[\d+\])\.credit": "store credit",
    r"of_\w+\.over": "above what is left",
    r"due": "still to pay",
    r"bonus": "bonus for store credit",
    r"total": "total",
}
"""What figures are called by people, by how a proof names them."""

FEES: Mapping[str, str] = {
    "restocking": "restocking fee",
    "return_fee": "return fee",
    "diminished": "loss of value",
    "promotion": "discount no longer earned",
}
PAYMENTS: Mapping[str, str] = {
    "card": "card",
    "gift_card": "gift card",
    "store_credit": "store credit",
    "cash": "cash payment",
    "wallet": "wallet",
    "exchange": "goods handed in",
}
LAST_WORD = re.compile(r"[a-z_]+")
ALWAYS = frozenset({"goods", "total"})
"""Figures that are told even where they are nothing."""

TOLD = re.compile(r"items\[\d+\]\.(amount|tax|duties|exchange)|shipping|duties|charges|bonus|due")
"""Figures that are told where they are something; those of lines, fees and caps are told where they matter."""

LINE = re.compile(r"order\.lines\[(\d+)\]\.(paid|left)")
CAPPED_BY: Mapping[str, str | None] = {
    "net": None,
    "order.left": "order",
    "payments.left": "payment",
    "capped.given": None,
}
"""Figures that are told where a cap binds: this one, or any."""


class Row(Struct, frozen=True):
    """One figure for people: what it is, how much (a decimal string), how it was reckoned, why."""

    figure: str
    amount: str
    words: str
    because: str


class Teller:
    """Says the steps of a quote's proof in words."""

    def __init__(self, workings: Workings) -> None:
        self._workings = workings
        self._order = workings.case.order
        self._titles = {line.id: title_of(line) for line in workings.case.order.lines}
        self._asked = {judged.item.line_id for judged in workings.accepted}

    def rows(self, steps: Sequence[Step]) -> Iterator[Row]:
        """The steps that people ask for, as rows."""
        known = {step.figure: step for step in steps}
        for step in steps:
            if step.figure.startswith("fees[") and step.value:
                yield self._fee(step, owed=known[step.inputs[0].name])
            elif step.figure == "to":
                yield from self._destinations(step)
            elif self._is_told(step, known):
                yield self._row(step, spelled=self._spelled_out(step, known))

    def _is_told(self, step: Step, known: Mapping[str, Step]) -> bool:
        """Whether people are told a figure."""
        if step.figure in ALWAYS or (step.value and TOLD.fullmatch(step.figure)):
            return True
        if step.figure in CAPPED_BY:
            bound = self._workings.capped.by
            return bound is not None and CAPPED_BY[step.figure] in (bound, None)
        return self._is_told_of_line(step.figure, known)

    def _is_told_of_line(self, figure: str, known: Mapping[str, Step]) -> bool:
        """What was paid for the lines that are asked for, and what is left of those that are capped."""
        found = LINE.fullmatch(figure)
        if found is None or self._order.lines[int(found[1])].id not in self._asked:
            return False
        over = known.get(f"order.lines[{found[1]}].over")
        return found[2] == "paid" or (over is not None and over.value > 0)

    def _spelled_out(self, step: Step, known: Mapping[str, Step]) -> Step:
        """A step made of what people know: what only passes a figure on is skipped."""
        capped = self._workings.capped.by is not None
        net = known["net"]
        if step.figure == "total" and net.value >= 0 and not capped:
            return replace(step, inputs=(*net.inputs, *(given for given in step.inputs if given.name == "bonus")))
        if step.figure == "due":
            return replace(step, inputs=tuple(replace(given, value=-given.value) for given in reversed(net.inputs)))
        if step.figure == "goods":
            parts = (known[given.name].inputs for given in step.inputs)
            return replace(step, inputs=tuple(part for of_item in parts for part in of_item))
        while step.figure != "total" and step.how == "sum" and len(step.inputs) == 1 and step.inputs[0].name in known:
            step = known[step.inputs[0].name]
        return step

    def _row(self, step: Step, *, spelled: Step) -> Row:
        """A step as a row, with the reckoning as it is spelled out for people."""
        words = WORDS[spelled.how](spelled, self._said)
        return Row(_capital(self._named(step.figure)), self._money(step.value), words=words, because=step.because)

    def _fee(self, step: Step, *, owed: Step) -> Row:
        """A fee by what it was reckoned from; where there was less room, cut to that."""
        fee = self._workings.worth.fees[int(step.figure[len("fees[") : step.figure.index("]")])]
        title = "" if fee.place is None else f", {self._title(self._workings.accepted[fee.place].item.line_id)}"
        words = WORDS[owed.how](owed, self._said)
        cut = f"; at most {self._said(step.inputs[1])}" if step.value != owed.value else ""
        return Row(f"{_capital(FEES[fee.code])}{title}", self._money(step.value), words + cut, because=owed.because)

    def _destinations(self, step: Step) -> Iterator[Row]:
        """What goes back to each payment."""
        for payment, part in zip(self._order.payments, step.parts, strict=True):
            if part.value:
                name = PAYMENTS.get(payment.kind or "", "payment")
                yield Row(f"Back to the {name}", self._money(int(part.value)), _split(step, self._said), step.because)

    def _said(self, given: Input) -> str:
        told = str(written(given.value, given.unit, digits=self._order.digits))
        if given.unit == "percent":
            return f"{told} %"
        return told if given.unit == "count" else f"{told} ({self._named(given.name)})"

    def _named(self, figure: str) -> str:
        """What a figure is called by people: an item by its title, a line by its own."""
        for pattern, name in NAMES.items():
            found = re.fullmatch(pattern, figure)
            if found is not None:
                return name.format(**{key: self._filled(key, int(place)) for key, place in found.groupdict().items()})
        return str(LAST_WORD.findall(figure)[-1]).replace("_", " ")

    def _filled(self, key: str, place: int) -> str:
        if key == "discount":
            return self._order.discounts[place].title or "the discount"
        if key == "fee":
            return FEES[self._workings.worth.fees[place].code]
        return self._title(self._workings.case.items[place].line_id if key == "item" else self._order.lines[place].id)

    def _title(self, line_id: str) -> str:
        return self._titles[line_id]

    def _money(self, amount: int) -> str:
        return format_amount(amount, self._order.digits)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


Say = Callable[[Input], str]


def _sum(step: Step, say: Say) -> str:
    """The inputs with their signs; a minus stands before what comes off."""
    told = " ".join(f"+ {say(given)}".replace("+ -", "− ") for given in step.inputs)
    return told.removeprefix("+ ") or "nothing"


def _units(step: Step, say: Say) -> str:
    whole, of, after, count = step.inputs
    if count.value == of.value:
        return f"all of {say(whole)}"
    before = f", {say(after)} came back before" if after.value else ""
    return f"{say(count)} of {say(of)} units of {say(whole)}{before}"


def _split(step: Step, say: Say) -> str:
    whole, *weights = step.inputs
    return say(whole) if len(weights) == 1 else f"{say(whole)}, shared by {', '.join(say(one) for one in weights)}"


def _listed(words: str) -> Callable[[Step, Say], str]:
    """The inputs in a row behind some words, which one alone does not need."""

    def told(step: Step, say: Say) -> str:
        row = ", ".join(say(given) for given in step.inputs)
        return f"{words} {row}" if len(step.inputs) > 1 else row

    return told


def _delivery(step: Step, say: Say) -> str:
    """The larger of what the policy and the law give, less what was given before; what is nothing is left out."""
    *owed, before = step.inputs
    told = " or ".join(say(given) for given in owed if given.value)
    larger = f"the larger of {told}" if all(given.value for given in owed) else told
    return f"{larger}, less {say(before)}" if before.value else larger


WORDS: Mapping[str, Callable[[Step, Say], str]] = {
    "given": _listed(""),
    "nothing": lambda _step, _say: "nothing",
    "sum": _sum,
    "not_below_zero": _sum,
    "times": lambda step, say: f"{say(step.inputs[1])} × {say(step.inputs[0])}",
    "units": _units,
    "share": lambda step, say: "{}, {} of {}".format(*(say(given) for given in step.inputs)),
    "percent": lambda step, say: f"{say(step.inputs[1])} of {say(step.inputs[0])}",
    "least": _listed("the smallest of"),
    "largest": _listed("the highest of"),
    "delivery": _delivery,
    "split": _split,
}
"""How each kind of arithmetic is said."""
