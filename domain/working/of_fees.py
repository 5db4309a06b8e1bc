"""What is kept back: each fee as it is owed, then as far as there is room for it."""

from collections.abc import Iterator, Sequence

from domain.eligibility import Judged
from domain.fees import Fee, fees_owed, owes_fees
from domain.working.laws import of_lost_value
from domain.working.of_promotions import promotion_steps
from domain.working.step import Input, Step, above_zero, summed
from domain.workings import Workings

ROOM = "Fees take no more than what comes back for goods, delivery and duties, less the exchange."
CUT = "A fee is taken as far as there is room for it."
LESS_ROOM = "What the fees so far leave room for."
LOSS = "An evidenced loss of value, at most what the goods give back."


def fee_steps(workings: Workings) -> Iterator[Step]:
    """The steps of all fees, in the order in which they are taken."""
    room = _room(workings)
    yield room
    taken = {(fee.code, fee.place): fee.amount for fee in workings.worth.fees}
    places = [place for place, judged in enumerate(workings.judged) if judged.accepted]
    place = 0
    for n, fee in enumerate(fees_owed(workings.case, workings.books, accepted=workings.accepted)):
        steps = list(_owed(workings, fee, figure=f"fees.owed[{n}]", places=places))
        yield from steps
        amount = taken.get((fee.code, fee.place), 0)
        figure = f"fees[{place}].amount" if amount else f"fees.dropped[{n}]"
        kept = Step(figure, amount, "least", (steps[-1].plus, room.plus), CUT)
        yield kept
        place += bool(amount)
        if amount > 0:
            room = summed(f"fees.room[{n + 1}]", (room.plus, kept.minus), because=LESS_ROOM)
            yield room


def _room(workings: Workings) -> Step:
    worth = workings.worth
    parts = [Input(name, getattr(worth, name)) for name in ("goods", "shipping", "duties")]
    return above_zero("fees.room[0]", (*parts, Input("exchange", -worth.exchange)), because=ROOM)


def _owed(workings: Workings, fee: Fee, *, figure: str, places: Sequence[int]) -> Iterator[Step]:
    """A fee before it is cut; the last step is the fee itself. `places` are the accepted items' in the case."""
    if fee.code == "promotion":
        yield from promotion_steps(workings, fee.amount, figure=figure)
    elif fee.place is None:
        yield _flat(workings, fee, figure=figure)
    else:
        own = _restocking if fee.code == "restocking" else _diminished
        yield own(workings, places[fee.place], figure=figure, amount=fee.amount)


def _restocking(workings: Workings, place: int, *, figure: str, amount: int) -> Step:
    chosen = workings.judged[place].settings.restocking_percent
    at, who = source_of(workings, place, key="restocking_percent", default="restocking_percent")
    percent = workings.case.policy.restocking_percent if chosen is None else chosen
    goods = Input(f"items[{place}].amount", workings.judged[place].goods.amount)
    inputs = (goods, Input(at, percent, "percent"))
    return Step(figure, amount, "percent", inputs, f"A share of the goods is kept for restocking. Set by {who}.")


def _diminished(workings: Workings, place: int, *, figure: str, amount: int) -> Step:
    judged = workings.judged[place]
    because = of_lost_value(workings.case.order) if judged.withdrawn else LOSS
    inputs = (
        Input(f"case.items[{place}].diminished", judged.item.diminished),
        Input(f"items[{place}].value", judged.goods.value),
    )
    return Step(figure, amount, "least", inputs, because)


def _flat(workings: Workings, fee: Fee, *, figure: str) -> Step:
    """The highest of the flat fees that items owe."""
    owed: dict[str, tuple[Input, str]] = {}
    for place, judged in enumerate(workings.judged):
        if judged.accepted and owes_fees(workings.case, judged):
            at, who = source_of(workings, place, key="return_fee", default="return_fee")
            owed[at] = Input(at, _flat_of(workings, judged)), who
    who = ", ".join(who for _, who in owed.values())
    because = f"The highest return fee that any item owes, once. Set by {who}."
    return Step(figure, fee.amount, "largest", tuple(given for given, _ in owed.values()), because)


def _flat_of(workings: Workings, judged: Judged) -> int:
    chosen = judged.settings.return_fee
    return workings.case.policy.return_fee if chosen is None else chosen


def source_of(workings: Workings, place: int, *, key: str, default: str) -> tuple[str, str]:
    """The place in the case, and the name, of the rule that set a key for an item, else of the policy's own word."""
    rule = workings.rulings[place].decided_by.get(key)
    if rule is None:
        return f"case.policy.{default}", "the policy"
    return f"case.policy.rules[{rule}].then.{key}", f"rule “{workings.case.policy.rules[rule].id}”"
