"""A turn as it is shown: a return's card with its stages as of now, and its number as a code to be scanned."""

import io
from collections.abc import Mapping
from typing import Any

from bot.voice import voice
from connector.application import Application
from connector.services import follow_return
from connector.services.errors import NotFound
from connector.storage.shop_store import Shop
from connector.web.journey import Stage, journey
from domain.labels import label_to_use

Document = Mapping[str, Any]

BORDER = 2
OF_A_RETURN = frozenset({"status", "label"})


def shown(app: Application, shop: Shop, turn: Document) -> dict[str, Any]:
    """The turn with everything on its card that is drawn."""
    card = turn.get("card")
    if not card or card.get("kind") not in OF_A_RETURN:
        return dict(turn)
    return {**turn, "card": _with_stages(app, shop, card, language=turn.get("language") or "en")}


def code_of(number: str) -> dict[str, Any]:
    """A return number as a QR code: how many modules wide, and the dark ones as the path of an SVG."""
    import segno  # loaded late as in `label_drawings`

    code = segno.make(number, error="m", micro=False)
    size = code.symbol_size(border=BORDER)[0]
    out = io.BytesIO()
    code.save(out, kind="svg", border=BORDER, xmldecl=False, svgns=False, omitsize=True, nl=False)
    path = out.getvalue().decode().partition(' d="')[2].partition('"')[0]
    return {"size": size, "path": path}


def _with_stages(app: Application, shop: Shop, card: Document, *, language: str) -> Document:
    try:
        course = follow_return.course(app, shop, return_id=str(card["return"]))
    except NotFound:
        return card
    found, label = course.found, label_to_use(course.found)
    stages = journey(found, settle_on=course.settle_on)
    return {
        **card,
        "timeline": [_stage(one, language) for one in stages],
        "label_at": label.address if label else None,
        "qr": None if found.method == "keep" else code_of(found.id),
    }


def _stage(stage: Stage, language: str) -> Document:
    at = stage.at.isoformat() if stage.at else None
    return {"title": voice(language)(stage.title), "state": stage.state, "at": at}
