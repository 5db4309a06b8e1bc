"""Every document is valid against Shopify's real schema, is current, and bears the directives that it needs."""

import sys

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    get_named_type,
    parse,
    print_ast,
    type_from_ast,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.language import FieldNode, Node, Visitor, visit

from adapters.shopify.documents import documents
from tests.adapters.shopify.variables import VARIABLES
from tests.simulators.shopify.schema import CUT, Admin, cut_admin, whole_admin

NEED_A_KEY = frozenset(
    {
        "refundCreate",
        "inventoryAdjustQuantities",
        "inventorySetQuantities",
        "inventorySetOnHandQuantities",
        "inventoryActivate",
        "inventoryMoveQuantities",
        "locationActivate",
        "locationDeactivate",
    }
)
"""Since 2026-04 these answer BAD_REQUEST without `@idempotent` [C]; the schema cannot say so."""
REFUND_BY_OTHER_MEANS = frozenset(
    {"giftCardCreate", "discountCodeBasicCreate", "returnRefund", "storeCreditAccountDebit"}
)
"""App Store requirement 1.1.15: what is given back goes back by refundCreate or returnProcess."""


@pytest.fixture(scope="module")
def admin(request: pytest.FixtureRequest) -> Admin:
    found = whole_admin()
    if found is None:
        with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
            sys.stderr.write(f"\nnpm has no answer: Shopify's whole schema is not there, {CUT.name} stands for it.\n")
        return cut_admin()
    return found


def operation_of(text: str) -> OperationDefinitionNode:
    (found,) = parse(text).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


def roots_of(text: str) -> list[FieldNode]:
    return [node for node in operation_of(text).selection_set.selections if isinstance(node, FieldNode)]


@pytest.mark.parametrize("name", documents())
class TestEveryDocument:
    def test_is_valid_against_the_schema(self, admin: Admin, name: str):
        assert [error.message for error in validate(admin.schema, parse(documents()[name].text))] == []

    def test_is_valid_against_the_cut_that_is_kept_here(self, name: str):
        assert [error.message for error in validate(cut_admin().schema, parse(documents()[name].text))] == []

    def test_takes_the_variables_that_are_sent(self, admin: Admin, name: str):
        assert variable_errors(admin.schema, name, VARIABLES[name]) == []

    def test_names_no_field_that_is_on_its_way_out(self, admin: Admin, name: str):
        found = validate(admin.schema, parse(documents()[name].text), [NoDeprecatedCustomRule])
        assert [error.message for error in found] == []

    def test_sends_no_field_that_is_on_its_way_out(self, admin: Admin, name: str):
        assert deprecated_inputs(admin.schema, name, VARIABLES[name]) == []

    def test_bears_a_key_where_shopify_asks_for_one_at_run_time(self, name: str):
        for root in roots_of(documents()[name].text):
            directives = {directive.name.value for directive in root.directives or ()}
            assert ("idempotent" in directives) is (root.name.value in NEED_A_KEY)

    def test_gives_nothing_back_beside_the_payment(self, name: str):
        assert not {root.name.value for root in roots_of(documents()[name].text)} & REFUND_BY_OTHER_MEANS

    def test_is_one_operation_named_like_its_file(self, name: str):
        operation = operation_of(documents()[name].text)
        assert operation.name is not None
        assert operation.name.value.lower() == name.replace("_", "")


def variable_errors(schema: GraphQLSchema, name: str, variables: dict[str, object]) -> list[str]:
    found = get_variable_values(schema, operation_of(documents()[name].text).variable_definitions or (), variables)
    return [error.message for error in found] if isinstance(found, list) else []


def deprecated_inputs(schema: GraphQLSchema, name: str, variables: dict[str, object]) -> list[str]:
    """The fields of variables that Shopify will take away, which the rules for documents do not look at."""
    declared = operation_of(documents()[name].text).variable_definitions or ()
    types = {one.variable.name.value: type_from_ast(schema, one.type) for one in declared}
    return [said for variable, value in variables.items() for said in _deprecated(types[variable], value)]


def _deprecated(kind: object, value: object) -> list[str]:
    named = get_named_type(kind)  # type: ignore[call-overload]
    if isinstance(value, list):
        return [said for one in value for said in _deprecated(named, one)]
    if not isinstance(named, GraphQLInputObjectType) or not isinstance(value, dict):
        return []
    own = [f"{named.name}.{field}" for field in value if named.fields[field].deprecation_reason]
    return own + [said for field, part in value.items() for said in _deprecated(named.fields[field].type, part)]


class TestTheCheckItself:
    def test_sees_a_field_that_is_not_there(self, admin: Admin):
        assert validate(admin.schema, parse("query A { shop { colour } }")) != []

    def test_sees_variables_that_are_not_taken(self, admin: Admin):
        assert variable_errors(admin.schema, "return_close", {}) != []
        assert variable_errors(admin.schema, "return_process", {"input": {"returnId": "1", "amount": 5}}) != []

    def test_sees_what_is_sent_though_it_is_deprecated(self):
        admin = whole_admin()
        if admin is None:
            return
        said = {"returnInput": {**VARIABLES["return_create"]["returnInput"], "notifyCustomer": True}}
        assert deprecated_inputs(admin.schema, "return_create", said) == ["ReturnInput.notifyCustomer"]

    def test_sees_what_is_deprecated(self):
        admin = whole_admin()
        if admin is None:
            return
        text = "mutation A($i: ReturnRefundInput!) { returnRefund(returnRefundInput: $i) { refund { id } } }"
        assert "returnProcess" in validate(admin.schema, parse(text), [NoDeprecatedCustomRule])[0].message


@pytest.mark.parametrize(
    ("connection", "further"), [("returnLineItems", "return_lines"), ("lineItems", "expected_lines")]
)
def test_further_pages_of_a_return_ask_for_what_its_first_page_asks(connection: str, further: str):
    assert nodes_of("return", connection) == nodes_of(further, connection) != []


class _Nodes(Visitor):
    """What the nodes of the connections of one name are asked for."""

    def __init__(self, connection: str) -> None:
        super().__init__()
        self.connection = connection
        self.asked: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.name.value == self.connection and node.selection_set is not None:
            nodes = (one for one in node.selection_set.selections if isinstance(one, FieldNode))
            self.asked += [print_ast(one) for one in nodes if one.name.value == "nodes"]


def nodes_of(name: str, connection: str) -> list[str]:
    found = _Nodes(connection)
    document: Node = parse(documents()[name].text)
    visit(document, found)
    return found.asked
