"""What is left for the shopper as money and as credit, and what the caps of lines, order and payments take off."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from domain.deliveries import duties_of
from domain.eligibility import Judged
from domain.proceeds import Gathered, Pot
from domain.working.of_lines import places_of
from domain.working.step import Input, Step, above_zero, some, summed
from domain.workings import Workings

NET = "The goods less the item's own fees."
LEAVES = "What the item leaves, its duties with it."
ASKED = "What is asked of the line: its items that are not exchanged."
OVER = "What is above what the line has left."
CUT = "It comes off the line's refunds first, then off its credit."
CUT_ITEM = "What the item leaves within the cap of its line."
REFUNDS = "Items for which money is wanted."
CREDITS = "Items for which store credit is wanted."
DIFFERENCE = "What exchanged goods leave, less what is taken instead."
ALONG = "Delivery and charges come along, with what is given back of a promotion."
BURDEN = "Fees of the whole request, those above an item's own goods, and what an exchange lacks."
MONEY = "Refunds, what an exchange leaves over, and what comes along."
CREDIT = "Store credit, and what comes along where nothing is refunded."
FIRST = "What is to be borne comes off the money first."
REST = "What the money does not bear."
THEN = "What the money does not bear comes off the credit."
WANTED = "What comes back, less what is taken and kept."
WANTED_BACK = "What that leaves for the shopper, as money and as store credit."
DUE = "What the shopper takes instead is worth more than what comes back."
MOST_OF_ORDER = "What is above what is left of the order."
MOST_OF_PAYMENTS = "What is above what the payments hold and no open return was promised."
WITHIN = "Within what is left of the lines, the order and the payments."


class Stage(Struct, frozen=True):
    """Money and credit after a step of the way, and what the figures are called."""

    name: str
    pot: Pot

    @property
    def inputs(self) -> tuple[Input, Input]:
        """Money and credit as inputs of later steps."""
        return Input(f"{self.name}.money", self.pot.money), Input(f"{self.name}.credit", self.pot.credit)


class ItemLeft(Struct, frozen=True):
    """What an accepted item leaves, as an input of later steps."""

    judged: Judged
    left: Input


def limit_steps(workings: Workings) -> Iterator[Step]:
    """The steps from what the items leave to what is given, and to what is due."""
    yield from _net_of_all(workings)
    capped = workings.capped
    own = _own_fees(workings)
    nets = [_net(judged, place, own=own[n]) for n, (place, judged) in enumerate(_accepted(workings))]
    yield from nets
    leaves = [_leaves(workings, nets[n], place=place) for n, (place, _) in enumerate(_accepted(workings))]
    yield from leaves
    items = [ItemLeft(judged, step.plus) for judged, step in zip(workings.accepted, leaves, strict=True)]
    yield from _gathered(workings, capped.wanted, stage=Stage("wanted", capped.wanted.pot), items=items)
    stage = Stage("wanted", capped.wanted.pot)
    yield Step("capped.wanted", stage.pot.total, "sum", some(stage.inputs), WANTED_BACK)
    yield from _line_caps(workings, nets)
    if capped.cuts:
        cut = list(_cut(workings, items))
        yield from cut
        items = [ItemLeft(judged, step.plus) for judged, step in zip(workings.accepted, cut, strict=True)]
        stage = Stage("of_lines", capped.gathered.pot)
        yield from _gathered(workings, capped.gathered, stage=stage, items=items)
    yield from _overall_caps(workings, stage)


def last_stage(workings: Workings) -> Stage:
    """Money and credit after all caps."""
    capped = workings.capped
    name = "of_lines" if capped.cuts else "wanted"
    for after, pot, before in (
        ("of_order", capped.pot_of_order, capped.gathered.pot),
        ("of_payments", capped.pot, capped.pot_of_order),
    ):
        name = after if pot != before else name
    return Stage(name, capped.pot)


def _accepted(workings: Workings) -> Iterator[tuple[int, Judged]]:
    return ((place, judged) for place, judged in enumerate(workings.judged) if judged.accepted)


def _net_of_all(workings: Workings) -> Iterator[Step]:
    """What comes back less what is taken and kept; below nothing, the shopper owes it."""
    worth = workings.worth
    back = [Input(name, getattr(worth, name)) for name in ("goods", "shipping", "duties", "charges")]
    fees = [Input(f"fees[{n}].amount", -fee.amount) for n, fee in enumerate(worth.fees)]
    net = Step("net", worth.net, "sum", some((*back, Input("exchange", -worth.exchange), *fees)), WANTED)
    yield net
    yield Step("due", max(0, -worth.net), "not_below_zero", (net.minus,), DUE)


def _own_fees(workings: Workings) -> Mapping[int, list[Input]]:
    """The fees of each accepted item, by its place among them."""
    found = defaultdict[int, list[Input]](list)
    for n, fee in enumerate(workings.worth.fees):
        if fee.place is not None:
            found[fee.place].append(Input(f"fees[{n}].amount", -fee.amount))
    return found


def _net(judged: Judged, place: int, *, own: Sequence[Input]) -> Step:
    return summed(f"items[{place}].net", (Input(f"items[{place}].value", judged.goods.value), *own), because=NET)


def _leaves(workings: Workings, net: Step, *, place: int) -> Step:
    duties = Input(f"items[{place}].duties", duties_of(workings.case, workings.judged[place]))
    return summed(f"items[{place}].leaves", (net.plus, duties), because=LEAVES)


def _gathered(workings: Workings, found: Gathered, *, stage: Stage, items: Sequence[ItemLeft]) -> Iterator[Step]:
    """What the items come to by what is wanted for each, and who bears what is to be borne."""
    name = stage.name
    wanted = {resolution: _wanted(items, resolution) for resolution in ("refund", "store_credit")}
    refunds = Step(f"{name}.refunds", found.refunds, "sum", wanted["refund"], REFUNDS)
    credited = Step(f"{name}.credits", found.credits, "sum", wanted["store_credit"], CREDITS)
    swapped = some(one.left for one in items if one.judged.exchanged)
    exchange = Input("exchange", -workings.worth.exchange)
    difference = Step(f"{name}.difference", found.difference, "sum", some((*swapped, exchange)), DIFFERENCE)
    along = Step(f"{name}.along", found.money_along + found.credit_along, "sum", _along(workings), ALONG)
    burden = Step(f"{name}.burden", _burden(found), "sum", _borne(workings, items, difference=difference), BURDEN)
    yield from (refunds, credited, difference, along, burden)
    over = (difference.plus,) if found.difference > 0 else ()
    money = summed(f"{name}.before.money", (refunds.plus, *over, *_if(found.money_along, along)), because=MONEY)
    credit = summed(f"{name}.before.credit", (credited.plus, *_if(found.credit_along, along)), because=CREDIT)
    yield from (money, credit)
    yield from _less(Stage(f"{name}.before", Pot(money.value, credit.value)), stage, off=burden)


def _if(amount: int, step: Step) -> tuple[Input, ...]:
    return (step.plus,) if amount else ()


def _wanted(items: Sequence[ItemLeft], resolution: str) -> tuple[Input, ...]:
    """What items of a resolution leave; those that leave less than nothing are borne by the others."""
    return tuple(one.left for one in items if one.judged.item.resolution == resolution and one.left.value > 0)


def _along(workings: Workings) -> tuple[Input, ...]:
    worth = workings.worth
    back = [Input(f"fees[{n}].amount", -fee.amount) for n, fee in enumerate(worth.fees) if fee.amount < 0]
    return some((Input("shipping", worth.shipping), Input("charges", worth.charges), *back))


def _burden(found: Gathered) -> int:
    return found.burden + max(0, -found.difference)


def _borne(workings: Workings, items: Sequence[ItemLeft], *, difference: Step) -> tuple[Input, ...]:
    fees = workings.worth.fees
    flat = (Input(f"fees[{n}].amount", fee.amount) for n, fee in enumerate(fees) if fee.place is None)
    short = (Input(one.left.name, -one.left.value) for one in items if not one.judged.exchanged)
    lacks = (difference.minus,) if difference.value < 0 else ()
    return tuple(one for one in (*flat, *short, *lacks) if one.value > 0)


def _less(before: Stage, after: Stage, *, off: Step) -> Iterator[Step]:
    """An amount comes off money first, then off credit."""
    money, credit = before.inputs
    yield Step(f"{after.name}.money", after.pot.money, "not_below_zero", some((money, off.minus)), FIRST)
    rest = above_zero(f"{after.name}.rest", (off.plus, Input(money.name, -money.value)), because=REST)
    yield rest
    yield Step(f"{after.name}.credit", after.pot.credit, "not_below_zero", some((credit, rest.minus)), THEN)


def _line_caps(workings: Workings, nets: Sequence[Step]) -> Iterator[Step]:
    """For each line: what is asked of it, what is above the cap, and the items that it comes off."""
    by_line = defaultdict[str, list[int]](list)
    for n, judged in enumerate(workings.accepted):
        if not judged.exchanged:
            by_line[judged.item.line_id].append(n)
    places, lines = [place for place, _ in _accepted(workings)], places_of(workings.case.order)
    for line_id, asking in by_line.items():
        at = f"order.lines[{lines[line_id]}]"
        asked = summed(f"{at}.asked", [nets[n].plus for n in asking], because=ASKED)
        account = workings.books.accounts[line_id]
        left = Input(f"{at}.left", -max(0, account.charged - account.given))
        over = above_zero(f"{at}.over", (asked.plus, left), because=OVER)
        yield from (asked, over)
        for n in sorted(asking, key=lambda n: workings.accepted[n].item.resolution != "refund"):
            cut = workings.capped.cuts.get(n, 0)
            if cut:
                taken = Step(f"items[{places[n]}].cut", cut, "least", (over.plus, nets[n].plus), CUT)
                over = summed(f"{at}.over.after[{places[n]}]", (over.plus, taken.minus), because=OVER)
                yield from (taken, over)


def _cut(workings: Workings, items: Sequence[ItemLeft]) -> Iterator[Step]:
    """What each item leaves after the caps of the lines."""
    for n, (place, _) in enumerate(_accepted(workings)):
        cut = Input(f"items[{place}].cut", -workings.capped.cuts.get(n, 0))
        yield summed(f"items[{place}].left", (items[n].left, cut), because=CUT_ITEM)


def _overall_caps(workings: Workings, stage: Stage) -> Iterator[Step]:
    """The caps of the order and of the payments."""
    capped, books = workings.capped, workings.books
    for name, pot, left, because in (
        ("of_order", capped.pot_of_order, Input("order.left", -books.left_of_order), MOST_OF_ORDER),
        ("of_payments", capped.pot, Input("payments.left", -books.left_of_payments), MOST_OF_PAYMENTS),
    ):
        over = above_zero(f"{name}.over", (*stage.inputs, left), because=because)
        yield over
        if over.value:
            after = Stage(name, pot)
            yield from _less(stage, after, off=over)
            stage = after
    because = f"{WITHIN} Capped by the {capped.by}: {capped.because}." if capped.by else WITHIN
    yield Step("capped.given", capped.pot.total, "sum", some(stage.inputs), because)
