"""A shop moves in: its row, its policy, its first person."""

import re
from dataclasses import dataclass

from adapters import CHANNELS
from connector.application import Application
from connector.services.errors import Conflict, InvalidInput
from connector.services.quote_return import Document
from connector.storage import policy_store, shop_store, staff_store
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.policy import read_policy

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class NewShop:
    """What a shop is made of: `slug` stands in its addresses, `policy` is in the contract's form."""

    slug: str
    name: str
    channel: str
    currency: str
    policy: Document


def add_shop(app: Application, new: NewShop) -> Shop:
    """Make a shop with its policy and its owner; raises InvalidInput, Conflict, domain.errors.Malformed."""
    _check(new)
    now = app.clock()
    shop = app.database.write_install(lambda connection: _added(connection, new, at=now))
    app.database.write(shop, lambda unit: policy_store.add_version(unit, new.policy, in_force_from=now))
    app.database.write(shop, lambda unit: staff_store.add_staff(unit, "Owner", role="owner", at=now))
    return shop
