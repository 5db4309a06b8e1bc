"""What Shopify asks of a request beside its schema: points, scopes, keys."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_leaf_type,
    visit,
)
from graphql.language import FieldNode, InlineFragmentNode, IntValueNode, OperationDefinitionNode, SelectionSetNode

from tests.simulators.shopify.books import Document, TopLevel
from tests.simulators.shopify.schema import Admin

MOST = 1000
MUTATION = 10
NEED_A_KEY = frozenset({"refundCreate", "inventoryAdjustQuantities", "inventorySetQuantities"})
NO_KEY = "The @idempotent directive is required for this mutation but was not provided."


def operation_of(document: DocumentNode) -> OperationDefinitionNode:
    (found,) = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return found


def cost_of(schema: GraphQLSchema, document: DocumentNode) -> int:
    """An object 1, a list as many as are asked for, a scalar nothing, a mutation 10 [D]."""
    operation = operation_of(document)
    is_mutation = operation.operation.value == "mutation"
    root = schema.mutation_type if is_mutation else schema.query_type
    assert root is not None
    return (MUTATION if is_mutation else 0) + _cost(operation.selection_set, root, 1, schema)


def _cost(selection: SelectionSetNode, parent: Any, times: int, schema: GraphQLSchema) -> int:
    spent = 0
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            inner = schema.type_map[node.type_condition.name.value] if node.type_condition else parent
            spent += _cost(node.selection_set, inner, times, schema)
        elif isinstance(node, FieldNode) and node.name.value in getattr(parent, "fields", {}):
            spent += _field_cost(node, parent.fields[node.name.value].type, times, schema)
    return spent


def _field_cost(node: FieldNode, kind: GraphQLOutputType, times: int, schema: GraphQLSchema) -> int:
    named = get_named_type(kind)
    if is_leaf_type(named) or node.selection_set is None:
        return 0
    if named.name.endswith("Connection"):
        return 1 + _cost(node.selection_set, named, _first(node), schema)
    is_list = isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)
    many = _first(node) if is_list and node.arguments else times if node.name.value in ("nodes", "edges") else 1
    return many * (1 + _cost(node.selection_set, named, 1, schema))


def _first(node: FieldNode) -> int:
    for argument in node.arguments or ():
        if argument.name.value in ("first", "last") and isinstance(argument.value, IntValueNode):
            return int(argument.value.value)
    return 1


def spend(state: Document, cost: int) -> None:
    """The bucket after a request; raises TopLevel THROTTLED, which does nothing."""
    bucket = state["bucket"]
    at = time.time()
    grown = bucket["available"] + max(0.0, at - bucket["at"]) * bucket["rate"]
    bucket.update(available=min(bucket["maximum"], grown), at=at)
    if cost > MOST:
        raise TopLevel(
            f"Query cost is {cost}, which exceeds the single query max cost limit {MOST}.", code="MAX_COST_EXCEEDED"
        )
    if bucket["available"] < cost:
        raise TopLevel("Throttled", code="THROTTLED")
    bucket["available"] -= cost


def settle(state: Document, cost: int, shown: Any) -> dict[str, Any]:
    """What was asked for is taken first, and what was not shown is given back [D]."""
    actual = min(cost, _objects(shown))
    bucket = state["bucket"]
    bucket["available"] = min(bucket["maximum"], bucket["available"] + cost - actual)
    return told(state, cost, actual=actual)


def _objects(shown: Any) -> int:
    if isinstance(shown, list):
        return sum(_objects(one) for one in shown)
    return 1 + sum(_objects(one) for one in shown.values()) if isinstance(shown, dict) else 0


def told(state: Document, cost: int, *, actual: int | None) -> dict[str, Any]:
    bucket = state["bucket"]
    status = {
        "maximumAvailable": bucket["maximum"],
        "currentlyAvailable": int(bucket["available"]),
        "restoreRate": bucket["rate"],
    }
    return {"cost": {"requestedQueryCost": cost, "actualQueryCost": actual, "throttleStatus": status}}


def check_key(document: DocumentNode, variables: Mapping[str, Any]) -> str | None:
    """The idempotency key of a request; raises TopLevel where one is missing that must be there [C]."""
    for node in operation_of(document).selection_set.selections:
        assert isinstance(node, FieldNode)
        for directive in node.directives or ():
            if directive.name.value == "idempotent":
                value = directive.arguments[0].value
                return str(variables[value.name.value] if hasattr(value, "name") else value.value)  # type: ignore[attr-defined]
        if node.name.value in NEED_A_KEY:
            raise TopLevel(NO_KEY, code="BAD_REQUEST")
    return None


class _Asked(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.fields: list[tuple[str, str, str]] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, kind = self._info.get_parent_type(), self._info.get_type()
        if parent is not None and kind is not None:
            named = get_named_type(kind)
            self.fields.append(
                (parent.name, node.name.value, named.name if isinstance(named, GraphQLObjectType) else "")
            )


def needed(admin: Admin, document: DocumentNode) -> list[tuple[str, Sequence[str]]]:
    """What of a document needs a scope, and which scopes would do."""
    info = TypeInfo(admin.schema)
    asked = _Asked(info)
    visit(document, TypeInfoVisitor(info, asked))
    names = [name for owner, field, kind in asked.fields for name in (f"{owner}.{field}", kind)]
    return [(name, admin.scopes[name]) for name in dict.fromkeys(names) if name in admin.scopes]


def check_scopes(admin: Admin, document: DocumentNode, granted: Sequence[str]) -> None:
    """Raises TopLevel ACCESS_DENIED; who may write may read."""
    held = {*granted, *(f"read_{scope[6:]}" for scope in granted if scope.startswith("write_"))}
    for name, scopes in needed(admin, document):
        if not held & set(scopes):
            message = f"Access denied for {name} field. Required access: `{scopes[0]}` access scope."
            raise TopLevel(message, code="ACCESS_DENIED")
