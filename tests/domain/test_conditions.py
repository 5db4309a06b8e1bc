"""Conditions: fields, operations, values, and what a missing value satisfies."""

import pytest

from domain.case import read_case
from domain.conditions import DEEPEST, FIELDS, VALUES
from domain.errors import Malformed
from domain.item_facts import READERS

from .examples import case, line, order, quote, rule, when


def matches(condition, document=None):
    """Whether a condition holds of the item of a case."""
    document = document or case()
    return bool(quote(document | {"policy": {"rules": [rule("r", condition)]}})["trace"])


def about(**changes):
    """A case about a line with the changes, of a customer without any marks."""
    return case(order(line(**changes)))


def fault(condition):
    with pytest.raises(Malformed) as refused:
        read_case(case(policy={"rules": [rule("r", condition)]}))
    return refused.value.at


def test_every_field_has_a_kind_and_a_reader():
    assert FIELDS.keys() == READERS.keys()


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("is", "AB-1", True),
        ("is", "ab-1", False),
        ("is_not", "AB-1", False),
        ("is_not", "x", True),
        ("in", ["x", "AB-1"], True),
        ("in", ["x"], False),
        ("not_in", ["x"], True),
        ("not_in", ["AB-1"], False),
        ("contains", "B-", True),
        ("contains", "b-", False),
        ("contains_any", ["x", "AB"], True),
        ("contains_any", [], False),
        ("contains_any", ["x"], False),
        ("exists", True, True),
        ("exists", False, False),
        ("matches", "^AB-\\d$", True),
        ("matches", "^ab", False),
        ("matches", "-", True),
    ],
)
def test_texts_compare(op, value, holds):
    assert matches(when("line.sku", op, value), about(sku="AB-1")) is holds


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("is", ["new", "sale"], True),
        ("is", ["sale"], False),
        ("is_not", ["sale"], True),
        ("in", ["x", "new"], True),
        ("in", ["x"], False),
        ("not_in", ["new"], False),
        ("not_in", ["x"], True),
        ("contains", "sale", True),
        ("contains", "sal", False),
        ("contains_any", ["x", "new"], True),
        ("contains_any", ["x"], False),
        ("exists", True, True),
        ("matches", "^sa", True),
        ("matches", "^ale", False),
    ],
)
def test_lists_of_texts_compare(op, value, holds):
    assert matches(when("line.tags", op, value), about(tags=["sale", "new"])) is holds


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("is", "10", True),
        ("is", "10.00", True),
        ("is_not", "10.00", False),
        ("in", ["5", "10"], True),
        ("not_in", ["10"], False),
        ("gt", "10", False),
        ("gt", "9.99", True),
        ("gte", "10", True),
        ("lt", "10", False),
        ("lt", "10.01", True),
        ("lte", "10", True),
        ("between", ["10", "20"], True),
        ("between", ["5", "10"], True),
        ("between", ["10.01", "20"], False),
        ("between", ["20", "5"], False),
        ("exists", True, True),
    ],
)
def test_amounts_compare(op, value, holds):
    assert matches(when("line.price", op, value), about(unit_price="10.00")) is holds


@pytest.mark.parametrize(
    ("op", "value", "holds"),
    [
        ("is", "x", False),
        ("in", ["x"], False),
        ("contains", "x", False),
        ("contains_any", ["x"], False),
        ("matches", "", False),
        ("exists", True, False),
        ("is_not", "x", True),
        ("not_in", ["x"], True),
        ("exists", False, True),
    ],
)
@pytest.mark.parametrize("missing", [{}, {"sku": None}, {"sku": ""}])
def test_a_missing_value_satisfies_only_negations(op, value, holds, missing):
    assert matches(when("line.sku", op, value), about(**missing)) is holds


@pytest.mark.parametrize("op", ["is", "gt", "gte", "lt", "lte"])
def test_a_number_left_out_is_missing_and_not_0(op):
    assert not matches(when("customer.returns_90_days", op, 0))
    assert matches({"not": when("customer.returns_90_days", op, 0)})


def test_exists_needs_no_value():
    assert matches(when("line.sku", "exists"), about(sku="x"))
    assert not matches(when("line.sku", "exists"))


def test_conditions_combine():
    yes, no = when("line.price", "exists"), when("line.sku", "exists")
    assert matches({"all": [yes, {"not": no}]})
    assert not matches({"all": [yes, no]})
    assert matches({"any": [no, yes]})
    assert not matches({"any": [no, no]})
    assert matches({"all": []})
    assert not matches({"any": []})


def test_a_rule_without_a_condition_always_matches():
    assert matches(None)


@pytest.mark.parametrize(
    ("condition", "at"),
    [
        ({}, "field"),
        ([], ""),
        ({"all": {}}, "all"),
        ({"any": [{"field": "line.cost", "op": "exists"}]}, "any[0].field"),
        ({"not": {"not": {"field": "line.sku", "op": "like", "value": "x"}}}, "not.not.op"),
        ({"all": [], "any": []}, "all"),
        ({"field": "line.sku", "op": "is", "value": "x", "not": {}}, "not"),
        ({"field": "line.sku", "op": "is", "value": "x", "weight": 1}, "weight"),
        ({"field": "line.sku", "op": "is"}, "value"),
        ({"field": "line.sku"}, "op"),
        ({"op": "exists"}, "field"),
    ],
)
def test_what_is_no_condition_is_malformed(condition, at):
    assert fault(condition) == f"policy.rules[0].when.{at}".rstrip(".")


@pytest.mark.parametrize(
    ("field", "op", "value"),
    [
        ("line.sku", "is", 5),
        ("line.sku", "in", "x"),
        ("line.sku", "in", [5]),
        ("line.sku", "gt", "x"),
        ("line.sku", "between", ["a", "b"]),
        ("line.tags", "contains", ["x"]),
        ("line.tags", "contains_any", "x"),
        ("line.tags", "is", "x"),
        ("line.sku", "matches", ["x"]),
        ("line.sku", "exists", "yes"),
        ("line.price", "gt", 5),
        ("line.price", "gt", "5.001"),
        ("line.price", "gt", "-5"),
        ("line.price", "gt", "five"),
        ("line.price", "contains", "5"),
        ("line.price", "between", ["5"]),
        ("line.price", "between", "5"),
        ("line.price", "in", "5"),
        ("item.quantity", "gt", "2"),
        ("item.quantity", "gt", 1.5),
        ("item.quantity", "gt", True),
        ("item.quantity", "matches", "2"),
        ("line.discount_percent", "gt", "many"),
        ("line.discount_percent", "gt", [20]),
        ("customer.return_rate", "gt", True),
    ],
)
def test_a_value_of_the_wrong_type_is_malformed(field, op, value):
    assert fault(when(field, op, value)).startswith("policy.rules[0].when.")


def test_numbers_may_be_written_either_way():
    percent = about(discount="2.00")
    assert matches(when("line.discount_percent", "is", "20"), percent)
    assert matches(when("line.discount_percent", "between", [19.5, "20.0"]), percent)


@pytest.mark.parametrize(
    "around", [lambda part: {"not": part}, lambda part: {"all": [part]}, lambda part: {"any": [part]}]
)
def test_deep_conditions_are_read_to_a_limit(around):
    def nested(depth):
        condition = when("line.price", "exists")
        for _ in range(depth):
            condition = around(condition)
        return condition

    assert matches(nested(DEEPEST))
    assert "nests deeper" in _message(nested(DEEPEST + 1))
    assert "nests deeper" in _message(nested(5_000))


def _message(condition):
    with pytest.raises(Malformed) as refused:
        read_case(case(policy={"final_sale": condition}))
    return refused.value.message


def test_no_kind_has_an_operation_the_contract_does_not_name():
    named = {
        "is",
        "is_not",
        "in",
        "not_in",
        "contains",
        "contains_any",
        "gt",
        "gte",
        "lt",
        "lte",
        "between",
        "exists",
        "matches",
    }
    assert set().union(*VALUES.values()) == named
