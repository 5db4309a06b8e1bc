"""Who asks with a program's token, and at which shop. It is asked of the whole install, so it takes a connection."""

from sqlalchemy import Connection, bindparam, select

from connector.storage.api_store import ApiToken
from connector.storage.prepared import Prepared
from connector.storage.shop_store import SHOP, Shop
from connector.storage.tables.api_tables import api_tokens
from connector.storage.tables.install_tables import shops

ITS = "its_"
OF_TOKEN = tuple(api_tokens.c[name].label(f"{ITS}{name}") for name in ApiToken.__struct_fields__)
OF_SHOP = (api_tokens.c.shop_id == shops.c.id) & (api_tokens.c.token_hash == bindparam("token_hash"))
ADMITTED = Prepared(
    select(*SHOP, *OF_TOKEN).outerjoin_from(shops, api_tokens, OF_SHOP).where(shops.c.slug == bindparam("slug"))
)
"""One question instead of two: every request of a program asks it."""


def shop_and_token(connection: Connection, slug: str, *, token_hash: str) -> tuple[Shop | None, ApiToken | None]:
    """The shop of a slug, and the token of it that has this hash unless it was revoked."""
    found = next(iter(ADMITTED.rows(connection, {"slug": slug, "token_hash": token_hash})), None)
    if found is None:
        return None, None
    shop = Shop(**{name: found[name] for name in Shop.__struct_fields__})
    token = {name: found[f"{ITS}{name}"] for name in ApiToken.__struct_fields__}
    if token["n"] is None or token["revoked_at"]:
        return shop, None
    return shop, ApiToken(**{**token, "scopes": tuple(token["scopes"])})
