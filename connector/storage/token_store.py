"""Who asks with a program's token, and at which shop. It is asked of the whole install, so it takes a connection."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Table, and_, bindparam, select

from connector.storage.api_store import ApiToken, KeptAnswer
from connector.storage.prepared import Prepared
from connector.storage.shop_store import SHOP, Shop
from connector.storage.tables.api_tables import api_answers, api_tokens
from connector.storage.tables.install_tables import shops


class Admission(Struct, frozen=True):
    """The shop that is asked for, its token that is asked with, and what was answered under the same key before."""

    shop: Shop | None = None
    token: ApiToken | None = None
    answer: KeptAnswer | None = None


def _named(table: Table, record: type[Struct]) -> tuple[Any, ...]:
    """The columns of a record, by names of their own."""
    return tuple(table.c[name].label(f"{table.name}_{name}") for name in record.__struct_fields__)


ITS_TOKEN = and_(api_tokens.c.shop_id == shops.c.id, api_tokens.c.token_hash == bindparam("token_hash"))
ITS_ANSWER = and_(
    api_answers.c.shop_id == shops.c.id,
    api_answers.c.token_n == api_tokens.c.n,
    api_answers.c.key == bindparam("answered_key"),
)
ADMITTED = Prepared(
    select(*SHOP, *_named(api_tokens, ApiToken), *_named(api_answers, KeptAnswer))
    .select_from(shops.outerjoin(api_tokens, ITS_TOKEN).outerjoin(api_answers, ITS_ANSWER))
    .where(shops.c.slug == bindparam("slug"))
)
"""One question instead of three: every request of a program asks them."""


def admission(connection: Connection, slug: str, *, token_hash: str, key: str = "") -> Admission:
    """Who asks; a token that was revoked is none, and `key` is empty where nothing is to be done once."""
    values = {"slug": slug, "token_hash": token_hash, "answered_key": key}
    found = next(iter(ADMITTED.rows(connection, values)), None)
    if found is None:
        return Admission()
    shop = Shop(**{name: found[name] for name in Shop.__struct_fields__})
    token, answer = _part(found, api_tokens, ApiToken), _part(found, api_answers, KeptAnswer)
    if token["n"] is None or token["revoked_at"]:
        return Admission(shop)
    held = ApiToken(**{**token, "scopes": tuple(token["scopes"])})
    return Admission(shop, held, None if answer["status"] is None else KeptAnswer(**answer))


def _part(found: Mapping[str, Any], table: Table, record: type[Struct]) -> dict[str, Any]:
    return {name: found[f"{table.name}_{name}"] for name in record.__struct_fields__}
