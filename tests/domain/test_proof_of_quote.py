"""The proof of a quote: whoever redoes each step by hand comes to the same quote."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from domain.case import read_case
from domain.money import split
from domain.proof_of_quote import prove
from domain.quote import quote_of, work_out
from tests.domain.examples import QUIET, Document, case, exchange, item, line, order, withdrawal
from tests.domain.shopping import cases

DOCUMENT = Path(__file__).parents[2] / "docs" / "quote.md"
Step = Mapping[str, Any]


def proof(document: Document) -> tuple[Document, list[Step]]:
    """The quote of a case and its proof, as documents."""
    workings = work_out(read_case(document), QUIET)
    digits = workings.case.order.digits
    return quote_of(workings).document(), [step.document(digits) for step in prove(workings)]


def amounts(step: Step) -> list[Decimal]:
    return [Decimal(given["amount"]) for given in step["inputs"] if "amount" in given]


def counts(step: Step) -> dict[str, int]:
    return {given["name"]: given["count"] for given in step["inputs"] if "count" in given}


def rounded(exact: Fraction, places: int) -> Decimal:
    """Half away from zero, in as many decimals as the step shows."""
    scaled = abs(exact) * 10**places
    whole = scaled.numerator // scaled.denominator
    whole += (scaled - whole) * 2 >= 1
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


def units(step: Step, places: int) -> Decimal:
    whole, told = Fraction(amounts(step)[0]), counts(step)
    after, until = told["after"], told["after"] + told["count"]
    return rounded(whole * until / told["of"], places) - rounded(whole * after / told["of"], places)


def percent(step: Step, places: int) -> Decimal:
    rate = Fraction(next(given["percent"] for given in step["inputs"] if "percent" in given))
    return rounded(Fraction(amounts(step)[0]) * rate / 100, places)


def part(step: Step, places: int) -> Decimal:
    weights = next(given["weights"] for given in step["inputs"] if "weights" in given)
    minor = split(int(amounts(step)[0].scaleb(places)), [int(Decimal(weight).scaleb(places)) for weight in weights])
    return Decimal(minor[counts(step)["place"]]).scaleb(-places)


def capped(step: Step, _places: int) -> Decimal:
    wanted, above, of_order, of_payments = amounts(step)
    return min(wanted - above, of_order, of_payments)


REDONE: Mapping[str, Callable[[Step, int], Decimal]] = {
    "sum": lambda step, _: sum(amounts(step), Decimal(0)),
    "units": units,
    "percent": percent,
    "least": lambda step, _: min(amounts(step)),
    "not_below_zero": lambda step, _: max(Decimal(0), sum(amounts(step), Decimal(0))),
    "delivery": lambda step, _: max(Decimal(0), max(amounts(step)[:2]) - amounts(step)[2]),
    "capped": capped,
    "split": part,
    "given": lambda step, _: Decimal(step["amount"]),
}


@given(cases())
def test_every_step_redone_by_hand_gives_its_figure(document):
    for step in proof(document)[1]:
        places = -int(Decimal(step["amount"]).as_tuple().exponent)
        assert REDONE[step["how"]](step, places) == Decimal(step["amount"]), step


@given(cases())
def test_the_figures_of_the_proof_are_those_of_the_quote(document):
    quote, steps = proof(document)
    figures = {step["figure"]: step["amount"] for step in steps}
    for name in ("goods", "shipping", "duties", "charges", "exchange", "bonus", "total", "due"):
        assert figures[name] == quote[name], name
    for place, one in enumerate(quote["items"]):
        if one["verdict"] != "refused":
            assert figures[f"items[{place}].amount"] == one["amount"]
            assert figures[f"items[{place}].tax"] == one["tax"]
    for fee in quote["fees"]:
        name = fee["code"] if fee["line_id"] is None else f"{fee['code']} on {fee['line_id']}"
        assert fee["amount"] in [step["amount"] for step in steps if step["figure"] == name]
    for leg in quote["to"]:
        name = "to store credit" if leg.get("store_credit") else f"to {leg['payment_id']}"
        assert figures[name] == leg["amount"]


@given(cases())
def test_the_inputs_of_a_step_that_are_figures_were_worked_out_before_it(document):
    known: dict[str, set[Decimal]] = {}
    for step in proof(document)[1]:
        for one in step["inputs"]:
            if one["name"] in known and "amount" in one:
                assert abs(Decimal(one["amount"])) in known[one["name"]], (step, one)
        known.setdefault(step["figure"], set()).add(abs(Decimal(step["amount"])))


@given(cases())
def test_a_proof_is_the_same_for_the_same_case_and_can_be_written(document):
    assert json.dumps(proof(document)) == json.dumps(proof(document))


def step(document: Document, figure: str) -> Step:
    return next(one for one in proof(document)[1] if one["figure"] == figure)


def test_three_for_ten_is_rounded_as_a_running_total():
    found = step(case(order(line(quantity=3, unit_price="4.00", total="10.00"))), "items[0].amount")
    assert (found["amount"], found["how"], counts(found)) == ("3.33", "units", {"of": 3, "after": 0, "count": 1})


def test_a_restocking_fee_says_its_percent_and_whose_it_is():
    found = step(case(policy={"restocking_percent": "12.5"}), "restocking on a, owed")
    assert (found["amount"], found["how"], found["because"]) == ("1.25", "percent", "The policy's restocking fee.")


def test_a_cap_says_what_gave_back_before():
    refund = {"id": "r1", "at": "2026-10-02T10:00:00Z", "amount": "7.00", "lines": []}
    found = step(case(order(refunds=[refund])), "given")
    assert found["amount"] == "3.00"
    assert "refund r1 on 2026-10-02 gave back 7.00" in found["because"]


@pytest.mark.parametrize(
    ("document", "figure", "law"),
    [
        (withdrawal(None, item(diminished="2.00")), "diminished on a, owed", "article 14(2)"),
        (withdrawal(), "shipping", "article 13(1)"),
    ],
)
def test_what_follows_from_a_law_names_it(document: Document, figure: str, law: str):
    assert law in step(document, figure)["because"]


def test_a_dearer_replacement_shows_what_is_due():
    found = step(case(None, exchange(price="14.00")), "due")
    assert found["amount"] == "4.00"


def test_the_example_of_the_document_is_what_comes_out():
    written = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    of = order(line(quantity=3, unit_price="4.00", total="10.00"))
    assert [json.loads(one) for one in written] == [step(case(of), "items[0].amount")]
