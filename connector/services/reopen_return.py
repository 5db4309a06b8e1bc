"""Staff take up again what had ended: declined, rejected, expired or cancelled."""

from collections.abc import Mapping
from typing import Any

from connector.application import Application
from connector.services.change_return import Turn, changed_once, taken
from connector.services.errors import InvalidInput, Refused
from connector.services.quote_return import quote
from connector.services.settle_return import request_of
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.lifecycle import Doing
from domain.returns import Return
from domain.transitions import Settlement


def reopen(app: Application, shop: Shop, *, return_id: str, actor: Actor, why: str, key: str) -> Return:
    """Reopen a return, once per key; what was declined or rejected waits for a decision again.

    Raises InvalidInput without a reason, NotFound, IllegalStep when nothing had ended, Refused when its units were
    returned otherwise meanwhile.
    """
    if not why:
        raise InvalidInput("Say why the return is taken up again. The reason stands in its history.", at="why")
    turn = Turn("reopen", Doing(at=app.clock(), actor=actor, why=why))

    def change(unit: Unit, found: Return) -> Return:
        reopened = taken(app, unit, found, turn=turn)
        _check_units(app, unit, reopened)
        return reopened

    return app.database.write(
        shop,
        lambda unit: changed_once(app, unit, return_id, key=key, change=lambda found: change(unit, found)),
    )


def _check_units(app: Application, unit: Unit, reopened: Return) -> None:
    """Nothing is taken up again that may not come back any more, judged as of the return's opening."""
    groups = tuple(group for group in reopened.groups if group.counts and group.settlement is Settlement.NONE)
    made: Mapping[str, Any] = quote(
        app, unit, order_id=reopened.order_id, request=request_of(reopened, groups)
    ).document
    reasons = tuple(reason for item in made["items"] if item["verdict"] == "refused" for reason in item["reasons"])
    if reasons:
        said = " ".join(str(reason["text"]) for reason in reasons)
        raise Refused(f"This cannot be taken up again. {said}", reasons=reasons)
