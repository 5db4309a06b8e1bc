"""A shop's own colour, made readable: whatever is chosen, what stands on it and beside it keeps its contrast."""

import re

from msgspec import Struct
from msgspec.structs import asdict

from connector.services.errors import InvalidInput

COLOUR = re.compile(r"#[0-9a-f]{6}")
LIGHT_PAPER, DARK_PAPER = (255, 255, 255), (26, 30, 27)
WHITE, BLACK = (255, 255, 255), (12, 16, 14)
ENOUGH = 4.6
"""A little above the 4.5 of WCAG 2.2 AA."""
STEPS = 100
TINT = {LIGHT_PAPER: 0.09, DARK_PAPER: 0.2}

Rgb = tuple[int, int, int]


class Shade(Struct, frozen=True):
    """A colour on one kind of paper: itself, what is written on it, and its tint behind what is chosen."""

    accent: str
    ink: str
    soft: str


def read_colour(text: str) -> str:
    """A colour like #1d5c4a, "" for none; raises InvalidInput."""
    plain = text.strip().casefold()
    if plain and not COLOUR.fullmatch(plain):
        raise InvalidInput("A colour looks like #1d5c4a.", at="colour")
    return plain


def shades(colour: str) -> dict[str, dict[str, str]]:
    """The colour as it is used by day and by night, changed no more than reading needs."""
    return {"light": asdict(_shade(colour, LIGHT_PAPER)), "dark": asdict(_shade(colour, DARK_PAPER))}


def contrast(one: Rgb, other: Rgb) -> float:
    """How well one colour is read on another, from 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(colour: str) -> Rgb:
    """The parts of a colour like #1d5c4a."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _shade(colour: str, paper: Rgb) -> Shade:
    away = BLACK if paper == LIGHT_PAPER else WHITE
    mixed = (_mixed(rgb(colour), away, part / STEPS) for part in range(STEPS + 1))
    accent = next(one for one in mixed if contrast(one, _tint(one, paper)) >= ENOUGH)
    ink = max((WHITE, BLACK), key=lambda one: contrast(one, accent))
    return Shade(accent=_hex(accent), ink=_hex(ink), soft=_hex(_tint(accent, paper)))


def _tint(accent: Rgb, paper: Rgb) -> Rgb:
    """What stands behind a chosen thing: the paper with a little of the colour, which is the harder to read on."""
    return _mixed(paper, accent, TINT[paper])


def _mixed(one: Rgb, other: Rgb, part: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
