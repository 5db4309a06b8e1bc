"""The merchant's policy. Field names are those of the quote contract, amounts minor units of the order's currency."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.conditions import ALWAYS, Condition, Search, read_condition
from domain.errors import Malformed
from domain.reading import Percent, PolicyMoney, record

Resolution = Literal["refund", "store_credit", "exchange"]

Place = Literal[
    "shelf", "repack", "refurbish", "outlet", "return_to_vendor", "recycle", "donate", "destroy", "quarantine"
]
Finding = Literal["missing_parts", "serial_differs"]
"""What an inspection may find besides a grade."""

FAULTS = ("defective", "damaged", "wrong_item", "not_as_described", "missing_parts", "recall")
"""Reasons that are not the shopper's doing."""

MACHINE_ZONES = frozenset({"localtime", "posixrules", "Factory"})
"""Names in the time zone database that mean another zone on every machine."""


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def read_zone(value: object, _digits: int) -> ZoneInfo:
    """A time zone by its IANA name."""
    if not isinstance(value, str):
        raise Malformed("must be a string")
    try:
        if value not in MACHINE_ZONES:
            return _zone(value)
    except (KeyError, ValueError, OSError):
        pass
    raise Malformed("is no time zone of the IANA database")


When = Annotated[Condition, read_condition]


class Extension(Struct, frozen=True):
    """A longer window for what was bought between two days, inclusive: until the end of the day `until`."""

    bought_from: date | None = None
    bought_to: date | None = None
    until: date | None = None

    def covers(self, bought: date) -> bool:
        """Whether a purchase on that day is meant."""
        return (self.bought_from or date.min) <= bought <= (self.bought_to or date.max)


class Settings(Struct, frozen=True):
    """What a rule may set; None where it sets nothing."""

    returnable: bool | None = None
    days: int | None = None
    approval: Literal["auto", "review", "refuse"] | None = None
    resolutions: tuple[Resolution, ...] | None = None
    restocking_percent: Percent | None = None
    return_fee: PolicyMoney | None = None
    bonus_percent: Percent | None = None
    keep_item: bool | None = None
    evidence: tuple[Literal["photo", "note"], ...] | None = None
    destination: str | None = None
    label: Literal["merchant", "shopper", "none"] | None = None
    say: str | None = None


class Consequence(Struct, frozen=True):
    """What a rule sets: read in `settings`, and in `said` as the policy's document says it."""

    settings: Settings
    said: Mapping[str, object]


_read_settings = record(Settings)


def read_consequence(value: object, digits: int) -> Consequence:
    """The `then` of a rule; raises Malformed."""
    settings = _read_settings(value, digits)
    said = value if isinstance(value, dict) else {}
    return Consequence(settings, {name: entry for name, entry in said.items() if entry is not None})


class Rule(Struct, frozen=True):
    """A rule of the policy: `then` is what it sets for items of which `when` holds."""

    id: str
    when: When = ALWAYS
    then: Annotated[Consequence, read_consequence] = Consequence(Settings(), {})


class WithoutReceipt(Struct, frozen=True):
    """That goods are taken without a receipt: for the lowest price of `price_days`, as store credit.

    A person gets at most `cap` within `cap_days`.
    """

    cap: PolicyMoney
    cap_days: int = 365
    price_days: int = 90


class Question(Struct, frozen=True):
    """What staff look at in goods of a kind; where the answer is no, they are at best of the grade `otherwise`."""

    id: str
    ask: str
    otherwise: Literal["A", "B", "C", "D", "E"] = "C"


class Guide(Struct, frozen=True):
    """How goods of some product types are looked at; without types, all that no guide before it names."""

    product_types: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    serial: bool = False
    photo: bool = False


class Placing(Struct, frozen=True):
    """Where goods go: `to` for those of which all that is listed holds; an empty list holds of all."""

    to: Place
    id: str | None = None
    grades: tuple[Literal["A", "B", "C", "D", "E"], ...] = ()
    product_types: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Policy(Struct, frozen=True):
    """What the merchant offers and asks; every default is the contract's."""

    days: int = 30
    starts: Literal["delivered", "fulfilled", "placed"] = "delivered"
    transit_days: int = 7
    timezone: Annotated[ZoneInfo, read_zone] = _zone("UTC")
    extended: tuple[Extension, ...] = ()
    resolutions: tuple[Resolution, ...] = ("refund", "store_credit", "exchange")
    methods: tuple[Literal["mail", "drop_off", "store"], ...] = ("mail",)
    settle_on: Literal["approved", "in_transit", "received", "inspected"] = "received"
    restocking_percent: Percent = Fraction(0)
    return_fee: PolicyMoney = 0
    return_fee_per: Literal["return", "order"] = "return"
    fees_waived_for: tuple[str, ...] = FAULTS
    fees_waived_when: tuple[Literal["exchange", "store_credit"], ...] = ()
    store_credit_bonus_percent: Percent = Fraction(0)
    shipping_refund: Literal["never", "whole_order", "faulty"] = "never"
    duties_refund: bool = False
    even_exchange: Literal["same_product", "same_price"] = "same_product"
    promotions: Literal["as_allocated", "clawback"] = "as_allocated"
    keep_item_below: PolicyMoney = 0
    final_sale: When | None = None
    approval: Literal["auto", "review"] = "auto"
    rules: tuple[Rule, ...] = ()
    without_receipt: WithoutReceipt | None = None
    inspections: tuple[Guide, ...] = ()
    placings: tuple[Placing, ...] = ()

    def patterns(self) -> Iterator[tuple[str, str]]:
        """The patterns of its conditions, each with its place in the policy."""
        if self.final_sale is not None:
            yield from ((f"final_sale.{place}", pattern) for place, pattern in self.final_sale.patterns())
        for index, rule in enumerate(self.rules):
            for place, pattern in rule.when.patterns():
                yield f"rules[{index}].when.{place}", pattern

    def work(self) -> int:
        """How much there is to do to hold its conditions against one item."""
        final_sale = 0 if self.final_sale is None else self.final_sale.work()
        return final_sale + sum(rule.when.work() for rule in self.rules)


_read_policy = record(Policy)


def read_policy(document: Mapping[str, object], digits: int) -> Policy:
    """The policy of a document, its amounts with at most `digits` decimals; raises Malformed."""
    return _read_policy(document, digits)


def check_patterns(policy: Policy, search: Search) -> None:
    """Raises Malformed where a condition searches for what is no pattern."""
    for place, pattern in policy.patterns():
        try:
            search(pattern, "")
        except Malformed as fault:
            raise fault.within(f"policy.{place}") from None
