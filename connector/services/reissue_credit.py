"""What is left of store credit after its use is given anew, where the platform would let it be lost."""

import re
from collections.abc import Iterable, Mapping
from typing import cast

from adapters.channel import Reissuing
from adapters.errors import ChannelError, ChannelSlow
from connector.application import Application, Step
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

JOB = "reissue_credit"
OURS = re.compile(r"[2-9a-hj-np-tv-z]{16}", re.IGNORECASE)
"""The shape of our codes (connector/store_clients.py): other coupons are nobody's business here."""


def look_at_use(app: Application, unit: Unit, order_id: str, *, codes: Iterable[str], channel: str, turn: str) -> None:
    """Let it be looked what is left of store credit, if any of ours was used in an order; `turn` names the change."""
    if any(OURS.fullmatch(code) for code in codes):
        payload = {"order_id": order_id, "channel": channel}
        app.jobs.enqueue(unit, JOB, key=f"{order_id}:{turn}", payload=payload)


def reissue_credit(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: give anew what is left; what the platform refuses is said."""
    step("reissue", lambda: _reissued(app, shop, payload=payload))


def _reissued(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> str:
    try:
        channel = app.channels.for_shop(shop, str(payload["channel"]))
        if channel.capabilities.reissues:
            cast("Reissuing", channel).reissue(str(payload["order_id"]))
    except ChannelSlow:
        raise
    except ChannelError as refusal:
        return refusal.message
    return ""
