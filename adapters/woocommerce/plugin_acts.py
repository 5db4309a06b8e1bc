"""What our plugin in a store does under a key: refunds one at a time for an order, stock raised in one statement.

The plugin keeps each key with its outcome, so whatever is asked twice, or by two at once, is done once.
"""

from collections.abc import Callable, Iterable

from msgspec import Struct

from adapters.channel import Receipt, Restock
from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, NotConnected
from adapters.sendings import Sending
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.faults import NoSuchRoute, NoSuchThing
from adapters.woocommerce.fields import Body, part, required, text, whole
from adapters.woocommerce.looking import InFlight, made_at, refund_receipt
from adapters.woocommerce.plain_acts import PlainActs
from adapters.woocommerce.stock import was_raised

SPACE = "/wp-json/wc-backhaul/v1"
NAME = "backhaul-returns"


class GatewayUnheard(ChannelError):
    """The gateway was asked for the money, and nobody noted its answer; a person must look."""

    code = "gateway_unheard"


class Act(Struct, frozen=True):
    """What became of what was asked under a key: done, refused, under_way, abandoned or unknown."""

    key: str
    kind: str
    turn: int
    state: str
    outcome: Body

    @property
    def why(self) -> str:
        """Why it was refused."""
        return text(self.outcome, "message") or "The store refused it."


def version_of(client: StoreClient) -> str:
    """The version of the plugin in the store; empty where it is not."""
    try:
        found = client.one(f"{SPACE}/status")
    except NotConnected:
        return ""
    return (text(found, "version") or "") if text(found, "plugin") == NAME else ""


class PluginActs:
    """Refunds and restocks by the plugin; by the plain API where the plugin is gone all the same."""

    def __init__(self, client: StoreClient, *, plain: PlainActs) -> None:
        self._client = client
        self._plain = plain

    def refund_of(self, key: str, *, orders: Callable[[], Iterable[str]]) -> Receipt | None:
        """The refund under a key, whoever made it; raises InFlight, GatewayUnheard, DoneTwice."""
        act = self._act(key)
        found = receipt_of(act) if act is not None else None
        return found or self._plain.refund_of(key, orders=orders)

    def restock_of(self, key: str) -> Receipt | None:
        """The restock under a key."""
        act = self._act(key)
        return receipt_of(act) if act is not None else None

    def declined(self, sending: Sending) -> str:
        """Why what was sent was refused; empty when it was not."""
        act = self._act(sending.key)
        if act is None:
            return self._plain.declined(sending)
        return act.why if act.state == "refused" else ""

    def refund(self, key: str, body: Body, *, order_id: str) -> Receipt:
        """Refund once for the key; raises ChannelRefused, and what `receipt_of` raises."""
        turn = next_turn(self._act(key))
        asked = {**body, "order_id": int(order_id), "turn": turn}
        try:
            return _settled(_read(self._client.send("POST", f"{SPACE}/refunds/{key}", asked)))
        except NoSuchRoute:
            return self._plain.refund(key, body, order_id=order_id)

    def restock(self, restock: Restock) -> Receipt:
        """Raise stock once for the key, but for what was raised under it without the plugin."""
        lines = [
            {"product_id": int(line.variant_id), "quantity": line.quantity}
            for line in restock.lines
            if line.variant_id.isdigit() and not was_raised(self._client, line.variant_id, key=restock.key)
        ]
        try:
            return _settled(_read(self._client.send("POST", f"{SPACE}/restocks/{restock.key}", {"lines": lines})))
        except NoSuchRoute:
            return self._plain.restock(restock)

    def _act(self, key: str) -> Act | None:
        """What became of a key; None when nothing was ever asked under it, or the plugin is gone."""
        try:
            return _read(self._client.one(f"{SPACE}/acts/{key}"))
        except (NoSuchThing, NoSuchRoute):
            return None


def receipt_of(act: Act) -> Receipt | None:
    """The receipt of what is done, None for what may be asked again.

    Raises InFlight while somebody is at it, GatewayUnheard when nobody knows.
    """
    if act.state == "under_way":
        raise InFlight("The store is still at it.")
    if act.state == "unknown":
        raise GatewayUnheard("The store asked the payment's gateway for the money, and nobody noted what it answered.")
    if act.state != "done":
        return None
    if act.kind == "refund":
        return refund_receipt(act.outcome, key=act.key)
    return Receipt(key=act.key, kind="restock", reference=act.key, at=made_at(act.outcome))


def next_turn(act: Act | None) -> int:
    """The turn by which a refused act is tried anew; one that was given up goes on under its own."""
    if act is None:
        return 1
    return act.turn + 1 if act.state == "refused" else act.turn


def _settled(act: Act) -> Receipt:
    """The receipt of what was just asked for."""
    if act.state == "refused":
        raise ChannelRefused(act.why)
    found = receipt_of(act)
    if found is None:
        raise ChannelSlow("Another refund of the order is under way in the store.")
    return found


def _read(body: Body) -> Act:
    return Act(
        key=required(body, "key"),
        kind=required(body, "kind"),
        turn=whole(body, "turn"),
        state=required(body, "state"),
        outcome=part(body, "outcome"),
    )
