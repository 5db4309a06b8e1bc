"""Cut the whole schema down to what our documents touch: `python -m tests.simulators.shopify.cut`."""

import json
import sys
from pathlib import Path

from graphql import (
    DocumentNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_specified_scalar_type,
    parse,
    print_type,
    visit,
)
from graphql.language import FieldNode

from tests.simulators.shopify.schema import CUT, CUT_SCOPES, Admin, whole_admin

QUERIES = Path(__file__).parents[3] / "adapters" / "shopify" / "queries"
NOTICE = """\
# What Backhaul's documents touch of Shopify's Admin API 2026-10, in the words of the package @shopify/dev-mcp 1.16.0.
#
# Copyright 2025-present, Shopify Inc.
#
# Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
# granted, provided that the above copyright notice and this permission notice appear in all copies.
#
# THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
# IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
# INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN
# AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
# PERFORMANCE OF THIS SOFTWARE.

directive @idempotent(key: String!) on FIELD

schema {
  query: QueryRoot
  mutation: Mutation
}
"""


class _Used(Visitor):
    """Which fields of which types a document names."""

    def __init__(self, info: TypeInfo, used: dict[str, set[str]]) -> None:
        super().__init__()
        self._info = info
        self._used = used

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self._used.setdefault(parent.name, set()).add(node.name.value)


def documents() -> list[DocumentNode]:
    return [parse(path.read_text(encoding="utf-8")) for path in sorted(QUERIES.glob("*.graphql"))]


def used_fields(schema: GraphQLSchema) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for document in documents():
        info = TypeInfo(schema)
        visit(document, TypeInfoVisitor(info, _Used(info, used)))
    for name in list(used):
        kind = schema.type_map[name]
        if isinstance(kind, GraphQLInterfaceType):
            for other in schema.get_possible_types(kind):
                used.setdefault(other.name, set()).update(used[name])
    return used


def cut(admin: Admin) -> str:
    """The SDL of the cut: fields that are used, and every type that they and their arguments name."""
    schema, used = admin.schema, used_fields(admin.schema)
    kept: dict[str, GraphQLNamedType] = {}
    waiting = ["QueryRoot", "Mutation", *used]
    while waiting:
        name = waiting.pop()
        if name in kept:
            continue
        kind = kept[name] = schema.type_map[name]
        waiting += _named_by(kind, used)
    for kind in kept.values():
        _narrow(kind, used, kept)
    named = sorted((kind for kind in kept.values() if not is_specified_scalar_type(kind)), key=lambda kind: kind.name)
    return NOTICE + "\n" + "\n\n".join(print_type(kind) for kind in named) + "\n"


def _named_by(kind: GraphQLNamedType, used: dict[str, set[str]]) -> list[str]:
    if isinstance(kind, GraphQLInputObjectType):
        return [get_named_type(field.type).name for field in kind.fields.values()]
    if isinstance(kind, GraphQLUnionType):
        return [member.name for member in kind.types]
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        return []
    fields = _kept_fields(kind, used)
    arguments = [argument for field in fields.values() for argument in field.args.values()]
    return [get_named_type(one.type).name for one in (*fields.values(), *arguments)]


def _kept_fields(kind: GraphQLObjectType | GraphQLInterfaceType, used: dict[str, set[str]]) -> dict[str, GraphQLField]:
    wanted = {name: field for name, field in kind.fields.items() if name in used.get(kind.name, ())}
    return wanted or dict(list(kind.fields.items())[:1])


def _narrow(kind: GraphQLNamedType, used: dict[str, set[str]], kept: dict[str, GraphQLNamedType]) -> None:
    """Take from a type what is not kept; the schema is thrown away afterwards."""
    kind.description = None
    for value in getattr(kind, "values", {}).values() if hasattr(kind, "values") else ():
        value.description = None
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        fields = _kept_fields(kind, used)
        interfaces = tuple(one for one in kind.interfaces if one.name in kept and one.name in used)
        kind.__dict__["fields"] = fields
        kind.__dict__["interfaces"] = interfaces
    if hasattr(kind, "fields"):
        for field in kind.fields.values():
            field.description = None
            for argument in getattr(field, "args", {}).values():
                argument.description = None


def cut_scopes(admin: Admin) -> dict[str, list[str]]:
    used = used_fields(admin.schema)
    names = {*used, *(f"{owner}.{field}" for owner, fields in used.items() for field in fields)}
    return {name: list(scopes) for name, scopes in sorted(admin.scopes.items()) if name in names}


def main() -> int:
    admin = whole_admin()
    if admin is None:
        sys.stderr.write("The whole schema is not there: npm could not be asked.\n")
        return 1
    scopes = cut_scopes(admin)
    CUT.write_text(cut(admin), encoding="utf-8")
    CUT_SCOPES.write_text(json.dumps(scopes, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
