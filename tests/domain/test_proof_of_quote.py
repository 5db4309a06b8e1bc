"""The proof of a quote: whoever redoes each step by hand, from the case alone, comes to the same quote."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from domain.case import read_case
from domain.proof_of_quote import prove
from domain.quote import quote_of, work_out
from tests.domain.examples import QUIET, Document, case, european, exchange, item, line, order, rule, withdrawal
from tests.domain.shopping import cases

DOCUMENT = Path(__file__).parents[2] / "docs" / "quote.md"
BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Step = Mapping[str, Any]


def proof(document: Document) -> tuple[Document, list[Step]]:
    """The quote of a case and its proof, as documents."""
    workings = work_out(read_case(document), QUIET)
    digits = workings.case.order.digits
    return quote_of(workings).document(), [step.document(digits) for step in prove(workings)]


def value_of(told: Mapping[str, Any]) -> Fraction:
    """The one value of a figure or an input, whatever its unit."""
    return Fraction(next(told[unit] for unit in ("amount", "count", "percent") if unit in told))


def inputs(step: Step) -> list[Fraction]:
    return [value_of(one) for one in step["inputs"]]


def places(step: Step) -> int:
    """The decimals of the step's figure; none where it counts units."""
    return len(step["amount"].partition(".")[2]) if "amount" in step else 0


def rounded(exact: Fraction, decimals: int) -> Fraction:
    """Half away from zero."""
    scaled = abs(exact) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    whole += (scaled - whole) * 2 >= 1
    return Fraction(whole if exact >= 0 else -whole, 10**decimals)


def units(step: Step) -> Fraction:
    whole, of, after, count = inputs(step)
    decimals = places(step)
    return rounded(whole * (after + count) / of, decimals) - rounded(whole * after / of, decimals)


def largest_remainder(amount: Fraction, weights: list[Fraction], decimals: int) -> list[Fraction]:
    """An amount by weights, in the smallest units there are; ties to the first, all to the first without weights."""
    if not sum(weights):
        return [amount, *[Fraction(0)] * (len(weights) - 1)]
    unit = Fraction(1, 10**decimals)
    exact = [amount * weight / sum(weights) for weight in weights]
    parts = [part // unit * unit for part in exact]
    behind = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in behind[: int((amount - sum(parts)) / unit)]:
        parts[place] += unit
    return parts


def split(step: Step) -> list[Fraction]:
    amount, *weights = inputs(step)
    return largest_remainder(amount, weights, places(step))


def split_within(step: Step) -> list[Fraction]:
    amount, *rest = inputs(step)
    weights, rooms = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    parts = largest_remainder(amount, weights, places(step))
    kept = [min(part, room) for part, room in zip(parts, rooms, strict=True)]
    for place, room in enumerate(rooms):
        kept[place] += min(room - kept[place], amount - sum(kept))
    return kept


def delivery(step: Step) -> Fraction:
    by_policy, by_law, before = inputs(step)
    return max(Fraction(0), max(by_policy, by_law) - before)


def times(step: Step) -> Fraction:
    price, count = inputs(step)
    return price * count


def share(step: Step) -> Fraction:
    amount, part, whole = inputs(step)
    return rounded(amount * part / whole, places(step))


def percent(step: Step) -> Fraction:
    amount, rate = inputs(step)
    return rounded(amount * rate / 100, places(step))


REDONE: Mapping[str, Callable[[Step], Fraction]] = {
    "given": lambda step: inputs(step)[0],
    "nothing": lambda _step: Fraction(0),
    "sum": lambda step: sum(inputs(step), Fraction(0)),
    "not_below_zero": lambda step: max(Fraction(0), sum(inputs(step), Fraction(0))),
    "times": times,
    "units": units,
    "share": share,
    "percent": percent,
    "least": lambda step: min(inputs(step)),
    "largest": lambda step: max(inputs(step)),
    "delivery": delivery,
    "split": lambda step: sum(split(step), Fraction(0)),
    "split_within": lambda step: sum(split_within(step), Fraction(0)),
}
"""The arithmetic of docs/quote.md, redone without the rules' own code."""


def looked_up(document: Any, place: str) -> Any:
    """What stands at a place of a document, as in `order.lines[0].quantity`."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place):
        document = document[int(index)] if index else document[name]
    return document


def figures_of(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every figure of a quote with its place; rules' words in the trace are none."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in ("trace", "reasons", "because"):
                yield from figures_of(one, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from figures_of(one, f"{at}[{n}]")
    elif isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        yield at, value


def told_by(steps: list[Step]) -> dict[str, Fraction]:
    """Every figure that the steps make."""
    made = {step["figure"]: value_of(step) for step in steps}
    return made | {part["name"]: value_of(part) for step in steps for part in step.get("parts", ())}


@BOUNDED
@given(cases())
def test_every_step_redone_by_hand_gives_its_figure(document):
    for step in proof(document)[1]:
        assert REDONE[step["how"]](step) == value_of(step), step
        parts = {"split": split, "split_within": split_within}.get(step["how"])
        assert [value_of(part) for part in step.get("parts", ())] == (parts(step) if parts else []), step


@BOUNDED
@given(cases())
def test_what_goes_into_a_step_stands_in_the_case_or_was_worked_out_before(document):
    made: dict[str, Fraction] = {}
    for step in proof(document)[1]:
        for one in step["inputs"]:
            place = one["name"].removeprefix("case.")
            known = made[place] if place == one["name"] else Fraction(looked_up(document, place))
            assert abs(value_of(one)) == abs(known), (step, one)
        assert step["figure"] not in made, step
        made |= told_by([step])


@BOUNDED
@given(cases())
def test_every_figure_of_the_quote_is_worked_out(document):
    quote, steps = proof(document)
    made = told_by(steps)
    for place, amount in figures_of(quote):
        assert made[place] == Fraction(amount), place


@BOUNDED
@given(cases())
def test_every_step_says_why(document):
    assert all(step["because"].endswith((".", "”")) for step in proof(document)[1])


@given(cases())
@settings(max_examples=30, deadline=None)
def test_a_proof_is_the_same_for_the_same_case_and_can_be_written(document):
    assert json.dumps(proof(document)) == json.dumps(proof(document))


def step(document: Document, figure: str) -> Step:
    return next(one for one in proof(document)[1] if one["figure"] == figure)


def test_three_for_ten_is_rounded_as_a_running_total():
    found = step(case(order(line(quantity=3, unit_price="4.00", total="10.00"))), "items[0].amount")
    assert (found["amount"], found["how"], inputs(found)) == ("3.33", "units", [10, 3, 0, 1])


def test_a_percentage_is_written_as_a_decimal():
    found = step(case(policy={"restocking_percent": "12.5"}), "fees.owed[0]")
    assert (found["amount"], found["how"]) == ("1.25", "percent")
    assert found["inputs"][1] == {"name": "case.policy.restocking_percent", "percent": "12.5"}


@pytest.mark.parametrize(
    ("policy", "figure", "place"),
    [
        ({"rules": [rule("fee", return_fee="3")]}, "fees.owed[0]", "case.policy.rules[0].then.return_fee"),
        (
            {"rules": [rule("all", days=60), rule("fee", restocking_percent="10")]},
            "fees.owed[0]",
            "case.policy.rules[1].then.restocking_percent",
        ),
        ({"rules": [rule("fee", bonus_percent="5")]}, "bonus", "case.policy.rules[0].then.bonus_percent"),
    ],
)
def test_what_follows_from_a_rule_names_it_and_its_place(policy: Document, figure: str, place: str):
    found = step(case(None, item(resolution="store_credit"), policy=policy), figure)
    assert "rule “fee”" in found["because"]
    assert place in [one["name"] for one in found["inputs"]]


def test_a_cap_says_what_gave_back_before():
    refund = {"id": "r1", "at": "2026-10-02T10:00:00Z", "amount": "7.00", "lines": []}
    found = step(case(order(refunds=[refund])), "capped.given")
    assert found["amount"] == "3.00"
    assert "refund r1 on 2026-10-02 gave back 7.00" in found["because"]


@pytest.mark.parametrize(
    ("country", "law", "loss"),
    [
        ("DE", "Directive 2011/83/EU, article 13(1)", "Directive 2011/83/EU, article 14(2)"),
        ("GB", "Consumer Contracts Regulations 2013 (UK), regulation 34(1)", "(UK), regulation 34(9)"),
    ],
)
def test_what_follows_from_a_law_names_the_one_of_the_country(country: str, law: str, loss: str):
    of = order(shipping=[{"id": "s", "price": "5.00"}], ship_to={"country": country})
    document = withdrawal(of, item(diminished="2.00"))
    assert law in step(document, "shipping")["because"]
    assert loss in step(document, "fees.owed[0]")["because"]


def test_a_loss_of_value_of_a_return_follows_from_no_law_of_withdrawal():
    found = step(case(european(), item(diminished="2.00")), "fees.owed[0]")
    assert "Directive" not in found["because"]


def test_what_is_not_given_back_says_why():
    found = step(case(order(line(gift_card=True))), "items[0].amount")
    assert (found["amount"], found["how"], found["because"]) == ("0.00", "nothing", "Gift cards cannot be given back.")


def test_a_dearer_replacement_shows_what_is_due():
    assert step(case(None, exchange(price="14.00")), "due")["amount"] == "4.00"


def test_a_discount_that_not_every_line_bears_moves_to_the_first_that_does():
    of = order(
        line("a", unit_price="0.03"),
        line("b", unit_price="0.03"),
        discounts=[{"amount": "0.01"}, {"amount": "0.05"}],
    )
    found = step(case(of), "order.discounts[1]")
    assert (found["how"], [part["amount"] for part in found["parts"]]) == ("split_within", ["0.02", "0.03"])


def test_a_proof_grows_no_faster_than_its_case():
    def size(payments: int) -> int:
        each = [{"id": f"p{n}", "amount": "1.00"} for n in range(payments)]
        return len(json.dumps(proof(case(order(line(unit_price="200.00"), payments=each)))))

    assert size(200) - size(100) < 1.2 * (size(100) - size(0))


def test_the_example_of_the_document_is_what_comes_out():
    said, told = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    made = {one["figure"]: one for one in proof(json.loads(said))[1]}
    steps = json.loads(told)
    assert steps == [made[one["figure"]] for one in steps]
