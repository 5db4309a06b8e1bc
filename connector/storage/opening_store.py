"""What an opening asks in one question: its order, which it locks, the quote that was shown and the policy in force."""

from sqlalchemy import and_, bindparam, func, select

from connector.storage.columns import DOCUMENT
from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.quote_store import KeptQuote
from connector.storage.scope import first, prepared
from connector.storage.tables.order_tables import orders, quotes
from connector.storage.tables.shop_tables import policies

ITS_QUOTE = and_(quotes.c.shop_id == orders.c.shop_id, quotes.c.id == bindparam("quote"))
OF_ITS_SHOP = select(policies.c.document).where(policies.c.shop_id == orders.c.shop_id).limit(1)
HAD_BEGUN = OF_ITS_SHOP.where(policies.c.in_force_from <= orders.c.placed_at)
ITS_POLICY = func.coalesce(
    HAD_BEGUN.order_by(policies.c.in_force_from.desc(), policies.c.version.desc()).scalar_subquery(),
    OF_ITS_SHOP.order_by(policies.c.in_force_from, policies.c.version).scalar_subquery(),
    type_=DOCUMENT,
)
"""As `policy_store.in_force` finds it: SQLite knows the order in a condition of a selection within it, and not behind
`ORDER BY`."""
ASKED = prepared(
    select(
        orders.c.document,
        orders.c.placed_at,
        ITS_POLICY.label("policy"),
        *(quotes.c[name].label(f"quote_{name}") for name in KeptQuote.__struct_fields__),
    )
    .select_from(orders.outerjoin(quotes, ITS_QUOTE))
    .where(orders.c.id == bindparam("which"))
    .with_for_update(of=orders),
    orders,
)


def lock(unit: Unit, order_id: str, *, quote_id: str) -> None:
    """Lock an order as `order_store.lock` does; the unit knows its quote and its policy then. Raises NotFound."""
    found = first(unit, ASKED, which=order_id, quote=quote_id)
    if found is None:
        raise NotFound(f"there is no order '{order_id}'")
    quote = {name: found[f"quote_{name}"] for name in KeptQuote.__struct_fields__}
    unit.known["order", order_id] = found["document"]
    unit.known["quote", quote_id] = None if quote["id"] is None else KeptQuote(**quote)
    if found["policy"] is not None:
        unit.known["policy", found["placed_at"]] = found["policy"]
