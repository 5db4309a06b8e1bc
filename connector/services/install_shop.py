"""A shop moves in: its row, its policy, its first person."""

import re
from datetime import datetime
from functools import partial

from msgspec import Struct
from sqlalchemy import Connection

from adapters import CHANNELS
from connector.application import Application
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import Conflict, InvalidInput
from connector.services.quote_return import Document
from connector.storage import policy_store, shop_store, staff_store
from connector.storage.database import Unit
from connector.storage.errors import Duplicate
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.policy import read_policy

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40
OWNER = "Owner"


class NewShop(Struct, frozen=True):
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
    shop = app.database.write_install(partial(_added, new=new, at=now))
    app.database.write(shop, lambda unit: _promised(app, unit, new.policy))
    app.database.write(shop, lambda unit: staff_store.add_staff(unit, OWNER, role="owner", at=now))
    return shop


def _promised(app: Application, unit: Unit, policy: Document) -> None:
    """The first policy, written down as every later one is."""
    policy_store.add_version(unit, policy, in_force_from=app.clock())
    record(app, unit, Audited.POLICY_CHANGED, actor=COMMAND_LINE, about="the first policy")


def _added(connection: Connection, *, new: NewShop, at: datetime) -> Shop:
    try:
        return shop_store.add(connection, new.slug, name=new.name, channel=new.channel, currency=new.currency, at=at)
    except Duplicate as error:
        raise Conflict(f"There is a shop '{new.slug}' already.") from error


def _check(new: NewShop) -> None:
    if not SLUG.fullmatch(new.slug) or len(new.slug) > LONGEST_SLUG:
        raise InvalidInput("A shop's short name has lower-case letters, digits and hyphens, 40 at most.", at="slug")
    if not new.name.strip():
        raise InvalidInput("A shop needs a name.", at="name")
    if new.channel not in CHANNELS:
        raise InvalidInput(f"There is no channel '{new.channel}'; there are: {', '.join(CHANNELS)}.", at="channel")
    if new.currency not in DIGITS:
        raise InvalidInput(f"'{new.currency}' is not a currency of ISO 4217.", at="currency")
    read_policy(new.policy, DIGITS[new.currency])
