"""From figures, times and documents to what stands on a page; what Jinja2's templates may call."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from markupsafe import Markup, escape
from msgspec import Struct

from connector.services.offer_lines import title_of
from connector.services.roles import WITH_A_PIN, Action, may
from connector.services.shift import Present
from connector.storage.staff_store import Staff
from connector.web.wording import word
from domain.events import Entry
from domain.money import format_amount
from domain.orders import read_order

Document = Mapping[str, Any]

LOCALE = "en_US"
DAY = "d MMMM y"
MOMENT = "d MMM y, HH:mm"
RETURN_NUMBER = re.compile(r"RMA-\w{4}-\w{4}")
OURS = ("/", "data:image/")
"""Beginnings of the addresses from which the security policy lets pictures come."""

EXTRAS = (("shipping", "Delivery"), ("duties", "Duties"), ("charges", "Charges of the order"))


class Row(Struct, frozen=True):
    """A line of figures: what it is and how much, ready to be shown."""

    label: str
    amount: str


class Sums(Struct, frozen=True):
    """How a quote adds up: `rows` beside the items, what comes out, and where it goes."""

    rows: tuple[Row, ...]
    outcome: Row
    where: tuple[Row, ...]


def money(amount: str | Decimal, currency: str) -> str:
    """A decimal amount with its currency, all its decimals shown: "$1,019.80"."""
    value = Decimal(amount)
    decimals = max(0, -int(value.as_tuple().exponent))
    pattern = "¤#,##0" + ("." + "0" * decimals if decimals else "")
    shown = format_currency(abs(value), currency, format=pattern, locale=LOCALE, currency_digits=False)
    return f"−{shown}" if value < 0 else str(shown)


def minor(amount: int, currency: str, digits: int) -> str:
    """An amount in minor units with its currency."""
    return money(format_amount(amount, digits), currency)


def day(at: datetime) -> str:
    """The day of a time (UTC): "20 November 2026"."""
    return str(format_datetime(at, DAY, locale=LOCALE))


def date_words(on: date) -> str:
    """A day of a calendar: "20 November 2026"."""
    return str(format_date(on, DAY, locale=LOCALE))


def moment(at: datetime) -> str:
    """A time to the minute (UTC): "20 Nov 2026, 12:00 UTC"."""
    return f"{format_datetime(at, MOMENT, locale=LOCALE)} UTC"


def day_of(text: str) -> str:
    """The day of an RFC 3339 time, in its own zone."""
    return day(datetime.fromisoformat(text))


def sums(quote: Document, order: Document | None = None) -> Sums:
    """How a quote in the contract's form adds up; an order lets payments be named."""
    currency = str(quote["currency"])
    rows = tuple(Row(label, money(amount, currency)) for label, amount in _extras(quote))
    label, amount = _outcome(quote)
    names = payment_names(order) if order else {}
    return Sums(
        rows=rows, outcome=Row(label, money(amount, currency)), where=tuple(_where(quote["to"], names, currency))
    )


def payment_names(order: Document) -> Mapping[str, str]:
    """What each payment of an order is called, by its id."""
    return {payment["id"]: word(payment.get("kind"), "payment") for payment in order.get("payments") or ()}


def titles(order: Document) -> Mapping[str, str]:
    """The title of each line of an order, by its id."""
    return {line.id: title_of(line) for line in read_order(order).lines}


def picture(url: str | None) -> str | None:
    """The address of a picture when browsers may show it on our pages."""
    return url if url and url.startswith(OURS) and not url.startswith("//") else None


def whole_numbers(text: str) -> Markup:
    """A text in which return numbers are kept on one line."""
    return Markup(RETURN_NUMBER.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704  escaped


def what(entry: Entry) -> str:
    """What a line of history is about: goods, grade, money."""
    return ", ".join(part for part in _abouts(entry.details) if part)


def who(entry: Entry) -> str:
    """Who acted, in words."""
    return word(entry.actor.kind, "actor") if entry.actor.kind in ("shopper", "system") else entry.actor.name


def decided(settings: Document) -> str:
    """What a rule set, in words: "days: 60"."""
    return ", ".join(f"{word(key, 'setting')}: {_spoken(value)}" for key, value in settings.items())


def _outcome(quote: Document) -> tuple[str, Decimal]:
    """What comes out of a quote: something is still to be paid, or given back, or it is an even swap."""
    due, total = Decimal(quote["due"]), Decimal(quote["total"])
    if due:
        return "Still to pay", due
    is_even = not total and Decimal(quote["exchange"])
    return ("Even swap", total) if is_even else ("Given back", total)


def _extras(quote: Document) -> Iterator[tuple[str, Decimal]]:
    tax = Decimal(quote["goods"]) - sum(Decimal(item["amount"]) for item in quote["items"])
    if tax:
        yield "Tax", tax
    for key, label in EXTRAS:
        if Decimal(quote[key]):
            yield label, Decimal(quote[key])
    if Decimal(quote["exchange"]):
        yield "Taken instead", -Decimal(quote["exchange"])
    for fee in quote["fees"]:
        yield word(fee["code"], "fee"), -Decimal(fee["amount"])
    if Decimal(quote["bonus"]):
        yield "Bonus for store credit", Decimal(quote["bonus"])


def _where(entries: Sequence[Document], names: Mapping[str, str], currency: str) -> Iterator[Row]:
    for entry in entries:
        known = names.get(entry.get("payment_id", ""), "The way it was paid")
        yield Row("Store credit" if entry.get("store_credit") else known, money(entry["amount"], currency))


def _abouts(details: Document) -> Iterator[str]:
    for group in (*details.get("groups", ()), details):
        if group.get("title"):
            yield f"{group.get('quantity', 1)} × {group['title']}"
    yield f"tracking number {details['tracking']}" if details.get("tracking") else ""
    yield "kept by the shop’s platform" if details.get("kept_by") else ""
    if details.get("wish"):
        wanted, before = (word(details[name], "resolution").lower() for name in ("wish", "instead_of"))
        yield f"{wanted} instead of {before}" if wanted != before else f"another {wanted}"
    yield f"grade {details['grade']}" if details.get("grade") else ""
    yield _place(details)
    yield photos_counted(len(details.get("photos", ())))
    yield word(details["method"], "method").lower() if details.get("method") else ""
    yield word(details["kind"], "leg").lower() if details.get("kind") else ""
    amount = details.get("amount") or details.get("total")
    if amount and details.get("currency") and Decimal(str(amount)):
        yield money(str(amount), str(details["currency"]))


def _place(details: Document) -> str:
    """Where goods go, and where they were to go before."""
    place, before = (details.get(name) for name in ("disposition", "instead_of_place"))
    words = word(place, "destination") if place else ""
    return f"{words} instead of {word(before, 'destination')}" if before else words


def photos_counted(count: int) -> str:
    """So many photos, empty for none."""
    return "" if not count else "a photo" if count == 1 else f"{count} photos"


def _spoken(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(one).replace("_", " ") for one in value)
    return str(value).replace("_", " ")


def browser(agent: str) -> str:
    """What a browser calls itself, short: its name and what it runs on."""
    name = next((name for sign, name in BROWSERS if sign in agent), "A browser")
    place = next((place for sign, place in PLACES if sign in agent), "")
    return f"{name}, {place}" if place else name


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
PLACES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""Signs of a user agent, the telling ones first: Chrome calls itself Safari, too."""


FILTERS: Mapping[str, Callable[..., Any]] = {
    "money": money,
    "minor": minor,
    "day": day,
    "date": date_words,
    "day_of": day_of,
    "moment": moment,
    "word": word,
    "picture": picture,
    "whole_numbers": whole_numbers,
    "what": what,
    "who": who,
    "decided": decided,
    "browser": browser,
}
"""What templates may apply to a value."""


def may_do(staff: Staff, action: str) -> bool:
    """Whether a person may do what an action names; pages leave out what they may not."""
    return may(staff, Action(action))


def opens(present: Present | None, staff: Staff, action: str) -> bool:
    """Whether a page of an action is open to a person where they are."""
    at_device = present is not None and present.device is not None
    return may_do(staff, action) and (not at_device or Action(action) in WITH_A_PIN)


GLOBALS: Mapping[str, Callable[..., Any]] = {
    "sums": sums,
    "titles": titles,
    "payment_names": payment_names,
    "may": may_do,
    "opens": opens,
}
"""What templates may call."""
