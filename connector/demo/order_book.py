"""Two hundred orders of the last sixty days, the same for the same day, in the normal form of the quote contract."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from connector.demo.goods import products
from domain.money import format_amount, parse_amount, share, split

HOW_MANY = 200
FIRST_NUMBER = 1001
SPAN_DAYS = 60
TAX_PER_100_000 = 8875
"""New York City's sales tax, 8.875 %."""

FIRST_NAMES = ("Ada", "Bruno", "Carla", "Dev", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Liam",
               "Maya", "Noor", "Otis", "Priya", "Quinn", "Rosa", "Sami", "Tess")  # fmt: skip
LAST_NAMES = ("Abbott", "Brandt", "Castillo", "Dunn", "Eriksen", "Flores", "Grant", "Haas", "Ito", "Keller", "Larsen",
              "Moreau", "Novak", "Osei", "Park", "Quist", "Reyes", "Silva", "Tanaka", "Weber")  # fmt: skip
PLACES = (("NY", "New York", "10013"), ("NY", "Brooklyn", "11215"), ("NJ", "Hoboken", "07030"),
          ("CA", "Oakland", "94607"), ("IL", "Chicago", "60614"), ("WA", "Seattle", "98103"))  # fmt: skip

Document = dict[str, object]
GOODS = products()
SELDOM_A_GIFT_CARD = [12 if one["product_type"] != "Gift cards" else 1 for one in GOODS]


class Story(Struct, frozen=True):
    """What became of an order: how many days ago it was placed, and whether and when it was shipped and delivered."""

    days_ago: int
    shipped_after: int | None = 1
    delivered_after: int | None = 4
    is_cancelled: bool = False
    refunded_line: bool = False
    pays_with_gift_card: bool = False


SHOWCASE: Mapping[int, tuple[Story, Sequence[tuple[str, int, int]], str]] = {
    0: (Story(6), (("harbour-tee", 2, 2), ("canvas-sneaker", 3, 1)), "delivered two days ago: try another size"),
    1: (
        Story(9),
        (("lambswool-crew", 2, 1), ("stoneware-mug", 0, 2)),
        "delivered last week: a refund, or 10 % more as credit",
    ),
    2: (Story(8, pays_with_gift_card=True), (("ferry-rain-jacket", 3, 1),), "paid with a card and a gift card"),
    3: (
        Story(10, refunded_line=True),
        (("linen-shirt", 1, 1), ("ribbed-socks", 0, 3)),
        "one line was refunded already",
    ),
    4: (Story(7), (("waxed-field-jacket", 2, 2),), "worth so much that a person decides"),
    5: (Story(2, shipped_after=None, delivered_after=None), (("day-backpack", 0, 1),), "not shipped yet"),
    6: (Story(55), (("chelsea-boot", 4, 1),), "too old to come back"),
}
"""Orders worth trying, by place: what became of them, product, variant and quantity of each line, and why."""


def orders(now: datetime) -> list[Document]:
    """All orders, relative to the day of `now`."""
    return _first(HOW_MANY, now)


def showcase_orders(now: datetime) -> list[dict[str, str]]:
    """The orders worth trying: `number`, `email`, `postcode`, and `why`."""
    found = []
    for order, (_, _, why) in zip(_first(len(SHOWCASE), now), SHOWCASE.values(), strict=True):
        customer, ship_to = _part(order, "customer"), _part(order, "ship_to")
        found.append(
            {
                "number": str(order["number"]),
                "email": str(customer["email"]),
                "postcode": str(ship_to["postal_code"]),
                "why": why,
            }
        )
    return found


def _first(how_many: int, now: datetime) -> list[Document]:
    dice = random.Random(20)  # noqa: S311  a demo, not a secret
    return [_order(n, dice, now=now) for n in range(how_many)]


def _order(n: int, dice: random.Random, *, now: datetime) -> Document:
    story, wanted, why = SHOWCASE.get(n, (_story(dice), _basket(dice), ""))
    placed = _moment(now, days_ago=story.days_ago, dice=dice)
    percent = dice.choice((0, 0, 0, 10, 20)) if n not in SHOWCASE else 0
    region, city, postcode = dice.choice(PLACES)
    lines = [
        _line(place, *one, percent=percent, taxed=region == "NY", story=story, placed=placed)
        for place, one in enumerate(wanted, 1)
    ]
    shipping = 0 if sum(_charged(line) for line in lines) >= 10_000 else 590
    order: Document = {
        "id": f"order-{FIRST_NUMBER + n}",
        "number": f"#{FIRST_NUMBER + n}",
        "channel": "store",
        "currency": "USD",
        "prices_include_tax": False,
        "placed_at": placed.isoformat(),
        "tags": [f"try:{why}"] if why else [],
        "cancelled_at": (placed + timedelta(hours=3)).isoformat() if story.is_cancelled else None,
        "customer": _customer(dice),
        "ship_to": {"country": "US", "region": region, "city": city, "postal_code": postcode},
        "lines": lines,
        "discounts": [{"amount": _discount(lines), "title": f"{percent} % off"}] if percent else [],
        "shipping": [{"id": "standard", "title": "Standard delivery", "price": format_amount(shipping, 2)}],
    }
    order["payments"] = _payments(sum(_charged(line) for line in lines) + shipping, story)
    if story.refunded_line or story.is_cancelled:
        _refund(order, whole=story.is_cancelled, at=placed + timedelta(days=1))
    return order


def _story(dice: random.Random) -> Story:
    days_ago = dice.randint(0, SPAN_DAYS - 1)
    if days_ago < 3:
        return Story(days_ago, shipped_after=None, delivered_after=None)
    if days_ago < 7:
        return Story(days_ago, delivered_after=None)
    chance = dice.random()
    if chance < 0.02:
        return Story(days_ago, shipped_after=None, delivered_after=None, is_cancelled=True)
    return Story(
        days_ago, delivered_after=dice.randint(3, 6), refunded_line=chance < 0.08, pays_with_gift_card=chance > 0.9
    )


def _basket(dice: random.Random) -> list[tuple[str, int, int]]:
    picked = {id(one): one for one in dice.choices(GOODS, SELDOM_A_GIFT_CARD, k=dice.choice((1, 1, 2, 2, 3, 4)))}
    return [
        (str(one["id"]), dice.randrange(len(_listed(one, "variants"))), dice.choice((1, 1, 1, 1, 2, 3)))
        for one in picked.values()
    ]


def _line(
    place: int,
    product_id: str,
    variant_n: int,
    quantity: int,
    *,
    percent: int,
    taxed: bool,
    story: Story,
    placed: datetime,
) -> Document:
    product = next(one for one in GOODS if one["id"] == product_id)
    variant = _listed(product, "variants")[variant_n]
    is_card = product["product_type"] == "Gift cards"
    listed = parse_amount(variant["price"], 2) * quantity
    discount = 0 if is_card else share(listed, percent, 100)
    tax = 0 if is_card or not taxed else share(listed - discount, TAX_PER_100_000, 100_000)
    return {
        "id": f"l{place}",
        "product_id": product_id,
        "variant_id": variant["id"],
        "sku": variant["sku"],
        "barcode": variant["barcode"],
        "title": product["title"],
        "variant_title": variant["title"],
        "options": variant["options"],
        "quantity": quantity,
        "unit_price": variant["price"],
        "discount": format_amount(discount, 2),
        "tax": format_amount(tax, 2),
        "gift_card": is_card,
        "product_type": product["product_type"],
        "tags": product["tags"],
        "fulfilled": _fulfilled(story, quantity, placed=placed),
    }


def _fulfilled(story: Story, quantity: int, *, placed: datetime) -> list[Document]:
    if story.shipped_after is None:
        return []
    shipped = placed + timedelta(days=story.shipped_after)
    delivered = None if story.delivered_after is None else (placed + timedelta(days=story.delivered_after)).isoformat()
    return [{"quantity": quantity, "at": shipped.isoformat(), "delivered_at": delivered}]


def _customer(dice: random.Random) -> Document:
    first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
    email = f"{first}.{last}@example.com".lower()
    tags = ["regular"] if sum(email.encode()) % 5 == 0 else []
    return {"id": email, "name": f"{first} {last}", "email": email, "tags": tags}


def _payments(total: int, story: Story) -> list[Document]:
    parts = {"card": total}
    if story.pays_with_gift_card:
        by_card, by_gift_card = split(total, (2, 1))
        parts = {"card": by_card, "gift_card": by_gift_card}
    return [
        {"id": kind.replace("_", "-"), "gateway": kind, "kind": kind, "amount": format_amount(amount, 2),
         "refunded": "0.00", "refundable": True}
        for kind, amount in parts.items()
    ]  # fmt: skip


def _refund(order: Document, *, whole: bool, at: datetime) -> None:
    lines, payments = _listed(order, "lines"), _listed(order, "payments")
    back = lines if whole else lines[-1:]
    amount = sum(_charged(line) for line in back) + (
        parse_amount(_listed(order, "shipping")[0]["price"], 2) if whole else 0
    )
    payments[0]["refunded"] = format_amount(amount, 2)
    order["refunds"] = [
        {
            "id": "r1",
            "at": at.isoformat(),
            "amount": format_amount(amount, 2),
            "shipping": _listed(order, "shipping")[0]["price"] if whole else "0.00",
            "lines": [
                {"line_id": line["id"], "quantity": line["quantity"], "amount": _net(line), "tax": line["tax"]}
                for line in back
            ],
        }
    ]


def _charged(line: Mapping[str, object]) -> int:
    return parse_amount(_net(line), 2) + parse_amount(line["tax"], 2)


def _net(line: Mapping[str, object]) -> str:
    listed = parse_amount(line["unit_price"], 2) * int(str(line["quantity"]))
    return format_amount(listed - parse_amount(line["discount"], 2), 2)


def _discount(lines: Sequence[Mapping[str, object]]) -> str:
    return format_amount(sum(parse_amount(line["discount"], 2) for line in lines), 2)


def _moment(now: datetime, *, days_ago: int, dice: random.Random) -> datetime:
    """A time of the day so long ago; never later than `now`."""
    day = now.astimezone(UTC).date() - timedelta(days=days_ago)
    moment = datetime.combine(day, time(dice.randint(0, 23), dice.randint(0, 59)), UTC)
    return moment if moment < now else moment - timedelta(days=1)


def _part(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = document[name]
    return part if isinstance(part, Mapping) else {}


def _listed(document: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = document[name]
    return found if isinstance(found, list) else []
