"""What the demo shop sells: forty things with their variants, prices and stock."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

SHOP_NAME = "Fell & Ferry"

CLOTHES = ("XS", "S", "M", "L", "XL")
SHOES = ("37", "38", "39", "40", "41", "42", "43", "44")
ONE = ("One size",)

Document = Mapping[str, object]


class Kind(Struct, frozen=True):
    """A kind of goods: how it is drawn, in which sizes it comes, what it is filed under."""

    shape: str
    sizes: tuple[str, ...]
    product_type: str


KINDS: Mapping[str, Kind] = {
    "tee": Kind("tee", CLOTHES, "Tops"),
    "shirt": Kind("shirt", CLOTHES, "Tops"),
    "hoodie": Kind("hoodie", CLOTHES, "Tops"),
    "knit": Kind("knit", CLOTHES, "Knitwear"),
    "jacket": Kind("jacket", CLOTHES, "Outerwear"),
    "trousers": Kind("trousers", CLOTHES, "Bottoms"),
    "skirt": Kind("skirt", CLOTHES, "Bottoms"),
    "dress": Kind("dress", CLOTHES, "Dresses"),
    "sneaker": Kind("sneaker", SHOES, "Shoes"),
    "boot": Kind("boot", SHOES, "Shoes"),
    "tote": Kind("tote", ONE, "Bags"),
    "backpack": Kind("backpack", ONE, "Bags"),
    "cap": Kind("cap", ONE, "Accessories"),
    "scarf": Kind("scarf", ONE, "Accessories"),
    "socks": Kind("socks", ("36–39", "40–43", "44–47"), "Accessories"),
    "mug": Kind("mug", ONE, "Home"),
    "lamp": Kind("lamp", ONE, "Home"),
    "blanket": Kind("blanket", ONE, "Home"),
    "candle": Kind("candle", ONE, "Home"),
    "card": Kind("card", ("$25", "$50", "$100"), "Gift cards"),
}

COLOURS: Mapping[str, str] = {
    "Moss": "#5f7350",
    "Slate": "#5b6b7b",
    "Oat": "#d8c7a6",
    "Brick": "#b0533c",
    "Ink": "#2f3b52",
    "Fog": "#aab4b5",
    "Rose": "#c98a8a",
    "Mustard": "#cf9a37",
    "Pine": "#2f5d4e",
    "Chalk": "#ece7db",
}

# Name, kind, colour, price, tags.
GOODS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("Harbour Tee", "tee", "Ink", "28.00", ()),
    ("Meadow Tee", "tee", "Moss", "28.00", ()),
    ("Everyday Tee", "tee", "Chalk", "24.00", ()),
    ("Striped Deck Tee", "tee", "Brick", "34.00", ("final-sale",)),
    ("Linen Shirt", "shirt", "Oat", "64.00", ()),
    ("Oxford Shirt", "shirt", "Fog", "58.00", ()),
    ("Work Shirt", "shirt", "Pine", "72.00", ()),
    ("Fell Hoodie", "hoodie", "Slate", "78.00", ()),
    ("Dock Hoodie", "hoodie", "Mustard", "78.00", ()),
    ("Weekend Hoodie", "hoodie", "Rose", "74.00", ()),
    ("Lambswool Crew", "knit", "Oat", "96.00", ()),
    ("Cable Cardigan", "knit", "Moss", "118.00", ()),
    ("Fine Roll Neck", "knit", "Ink", "84.00", ()),
    ("Ferry Rain Jacket", "jacket", "Mustard", "148.00", ()),
    ("Waxed Field Jacket", "jacket", "Pine", "189.00", ()),
    ("Quilted Vest", "jacket", "Brick", "112.00", ()),
    ("Straight Chinos", "trousers", "Oat", "76.00", ()),
    ("Relaxed Denim", "trousers", "Ink", "88.00", ()),
    ("Cord Trousers", "trousers", "Brick", "82.00", ()),
    ("Pleated Skirt", "skirt", "Moss", "69.00", ()),
    ("Denim Skirt", "skirt", "Slate", "62.00", ("final-sale",)),
    ("Summer Dress", "dress", "Rose", "94.00", ()),
    ("Shirt Dress", "dress", "Pine", "99.00", ()),
    ("Canvas Sneaker", "sneaker", "Chalk", "69.00", ()),
    ("Trail Sneaker", "sneaker", "Moss", "109.00", ()),
    ("Court Sneaker", "sneaker", "Brick", "89.00", ()),
    ("Chelsea Boot", "boot", "Ink", "159.00", ()),
    ("Hiking Boot", "boot", "Mustard", "179.00", ()),
    ("Market Tote", "tote", "Oat", "32.00", ()),
    ("Boat Tote", "tote", "Ink", "48.00", ()),
    ("Day Backpack", "backpack", "Pine", "92.00", ()),
    ("Roll-Top Backpack", "backpack", "Mustard", "118.00", ()),
    ("Wool Cap", "cap", "Slate", "29.00", ()),
    ("Checked Scarf", "scarf", "Brick", "45.00", ()),
    ("Ribbed Socks", "socks", "Moss", "14.00", ()),
    ("Stoneware Mug", "mug", "Fog", "18.00", ()),
    ("Reading Lamp", "lamp", "Mustard", "89.00", ()),
    ("Wool Blanket", "blanket", "Rose", "79.00", ()),
    ("Cedar Candle", "candle", "Pine", "22.00", ("final-sale",)),
    ("Gift Card", "card", "Brick", "25.00", ("gift-card",)),
)


def products() -> list[dict[str, object]]:
    """Every product in the form that `backhaul import` takes, without its `kind`."""
    return [_product(n, *goods) for n, goods in enumerate(GOODS, start=1)]


def looks(product_id: str) -> tuple[str, str, str] | None:
    """Shape, colour and title of a product, for its picture."""
    found = next((goods for goods in GOODS if slug(goods[0]) == product_id), None)
    return (KINDS[found[1]].shape, COLOURS[found[2]], found[0]) if found else None


def slug(title: str) -> str:
    """A product's id."""
    return title.lower().replace(" ", "-")


def _product(n: int, title: str, kind: str, colour: str, price: str, tags: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": slug(title),
        "title": title,
        "product_type": KINDS[kind].product_type,
        "tags": list(tags),
        "image_url": f"/shops/demo/pictures/{slug(title)}.svg",
        "variants": list(_variants(n, title, kind=KINDS[kind], colour=colour, price=price)),
    }


def _variants(n: int, title: str, *, kind: Kind, colour: str, price: str) -> Iterator[dict[str, object]]:
    for place, size in enumerate(kind.sizes):
        own_price = f"{size.lstrip('$')}.00" if size.startswith("$") else price
        short = "".join(word[0] for word in title.split()).upper()
        yield {
            "id": f"{slug(title)}-{size.lower().replace(' ', '-').replace('–', '-').lstrip('$')}",
            "sku": f"{short}{n:02d}-{size.replace(' ', '').replace('–', '-').upper()}",
            "barcode": ean(f"40{n:05d}{place:05d}"),
            "title": size if kind.sizes != ONE else colour,
            "options": {"Colour": colour} | ({} if kind.sizes == ONE else {"Size": size}),
            "price": own_price,
            "available": (n * 7 + place * 5) % 12,
        }


def ean(twelve: str) -> str:
    """Twelve digits with the check digit of EAN-13 (GS1 General Specifications, 7.9)."""
    odd, even = sum(map(int, twelve[::2])), sum(map(int, twelve[1::2]))
    return twelve + str(-(odd + 3 * even) % 10)
