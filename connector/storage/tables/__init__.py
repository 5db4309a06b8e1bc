"""All tables, one module an aggregate; `metadata` knows them once this package is imported."""

from connector.storage.tables import (
    api_tables,
    audit_tables,
    checkup_tables,
    connection_tables,
    counter_tables,
    delivery_tables,
    install_tables,
    money_tables,
    order_tables,
    people_tables,
    privacy_tables,
    return_tables,
    shop_tables,
    talk_tables,
    webhook_tables,
)
from connector.storage.tables.shape import metadata

__all__ = [
    "api_tables",
    "audit_tables",
    "checkup_tables",
    "connection_tables",
    "counter_tables",
    "delivery_tables",
    "install_tables",
    "metadata",
    "money_tables",
    "order_tables",
    "people_tables",
    "privacy_tables",
    "return_tables",
    "shop_tables",
    "talk_tables",
    "webhook_tables",
]
