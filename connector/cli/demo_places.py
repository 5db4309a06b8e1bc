"""The demo's two stores with who works there, so that shifts, approvals and transfers can be tried at once."""

import click

from connector.application import Application
from connector.services import locations, people, pins, sign_in
from connector.services.audit import COMMAND_LINE
from connector.storage.shop_store import Shop

PLACES = (
    {"name": "Main street", "address": "12 Main Street, Portland", "staff_limit": "150.00"},
    {"name": "Warehouse", "address": "3 Ferry Road, Portland", "staff_limit": "150.00", "cash": ""},
)
TERMS = {"time_zone": "America/New_York", "idle_minutes": "5", "cash": "yes", "manager_limit": "1000.00"}
TEAM = (("Robin", "manager", "9137"), ("Lee", "staff", "2580"))
"""Who works there, as what, and their PIN: for trying, and for no shop of anybody's."""


def open_stores(application: Application, shop: Shop) -> None:
    """Open the two stores where there is none yet."""
    if locations.everywhere(application, shop):
        return
    for place in PLACES:
        locations.add(application, shop, said={**TERMS, **place}, actor=COMMAND_LINE)
    boss = sign_in.owner_of(application, shop)
    for name, role, pin in TEAM:
        people.add_person(application, shop, by=boss, name=name, role=role)
        added = people.everybody(application, shop)[-1]
        pins.change(application, shop, staff=added, old="", new=pin)


def say(home: str) -> None:
    """Tell how shifts are tried."""
    click.echo(f"  Shifts      {home}/counter/device makes a browser a till; PINs: {_team()}")


def _team() -> str:
    return ", ".join(f"{name} ({role}) {pin}" for name, role, pin in TEAM)
