"""Pictures of the catalogue: one drawing a shape, in the product's colour on a ground that goes with it."""

from html import escape
from importlib.resources import files

from connector.demo.goods import looks

PAPER = (246, 242, 234)
TINT = 0.2


def picture(product_id: str) -> str | None:
    """The drawing of a product as SVG; None for what the demo does not sell."""
    found = looks(product_id)
    if found is None:
        return None
    shape, colour, title = found
    drawing = (files("connector.demo") / "shapes" / f"{shape}.svg").read_text(encoding="utf-8")
    return drawing.replace("{title}", escape(title)).replace("{colour}", colour).replace("{ground}", ground(colour))


def ground(colour: str) -> str:
    """A pale ground: paper with a little of the colour."""
    own = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    mixed = (round(paper + (part - paper) * TINT) for paper, part in zip(PAPER, own, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)
