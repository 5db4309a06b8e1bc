"""The platform as a channel: whatever was asked for is looked for under its key, and nothing is believed unread."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from msgspec.structs import asdict

from adapters.channel import Capabilities, Credit, OrderDocument, Payback, Receipt, Replacement, Restock, Variant
from adapters.errors import ChannelRefused, ChannelSlow, DoneTwice
from tests.simulators.payments.books import DECLINED, PENDING

TIMEOUT_SECONDS = 1.5
BUSY = (429, 500, 502, 503, 504)
UNSEEN_SECONDS = 2.0
"""The platform writes down what it is asked for before it does anything else, so that this is long."""


class PaymentsChannel:
    """The channel; `has_keys` says that the platform does a key once."""

    def __init__(self, client: httpx.Client, *, has_keys: bool) -> None:
        self._client = client
        self.capabilities = Capabilities(
            own_keys=True,
            once=has_keys,
            unseen_seconds=UNSEEN_SECONDS,
        )

    def find_order(self, number: str) -> OrderDocument | None:
        """Orders are known by their ids only."""
        return None

    def read_order(self, order_id: str) -> OrderDocument | None:
        """The order of this id."""
        return self._ask("GET", f"/orders/{order_id}")

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """The platform has no catalogue."""
        return ()

    def receipt(self, key: str) -> Receipt | None:
        """What was done under this key; raises ChannelSlow while it may still be declined."""
        return self.shown(key)

    def shown(self, key: str) -> Receipt | None:
        """What stands under this key; raises DoneTwice."""
        found = (self._ask("GET", "/given", params={"key": key}) or {})["given"]
        mine = [one for one in found if one["state"] != DECLINED]
        if len(mine) > 1:
            raise DoneTwice(f"The platform shows {len(mine)} entries for {key}.")
        if found and not mine:
            raise ChannelRefused("The platform declined it.")
        return _receipt(key, mine[0]) if mine else None

    def refund(self, payback: Payback) -> Receipt:
        """Give money back."""
        lines = [asdict(line) for line in payback.lines]
        more = {"lines": lines, "return_id": payback.return_id, "shipping": payback.shipping}
        more |= {"payment_id": payback.payment_id}
        return self._give(payback, "refund", payback.amount, **more)

    def credit(self, credit: Credit) -> Receipt:
        """Give store credit."""
        return self._give(credit, "store_credit", credit.amount)

    def replace(self, replacement: Replacement) -> Receipt:
        """Make an exchange order."""
        return self._give(replacement, "exchange", 0)

    def restock(self, restock: Restock) -> Receipt:
        """Put units back on sale."""
        return self._give(restock, "restock", 0)

    def _give(self, asked: Payback | Credit | Replacement | Restock, kind: str, amount: int, **more: object) -> Receipt:
        body = {"key": asked.key, "kind": kind, "order_id": asked.order_id, "amount": amount, **more}
        told = self._ask("POST", "/given", json=body)
        if told is None:
            raise ChannelRefused("There is no such order.")
        return _receipt(asked.key, told)

    def _ask(self, method: str, path: str, **more: Any) -> Mapping[str, Any] | None:
        try:
            answer = self._client.request(method, path, **more)
        except httpx.TransportError as error:
            raise ChannelSlow("The platform does not answer.") from error
        if answer.status_code in BUSY:
            raise ChannelSlow("The platform asks for patience.")
        if answer.status_code == 404:
            return None
        if answer.status_code == 422:
            raise ChannelRefused(answer.json()["message"])
        found: Mapping[str, Any] = answer.json()
        return found


def _receipt(key: str, told: Mapping[str, Any]) -> Receipt:
    if told["state"] == PENDING:
        raise ChannelSlow("The platform is still at it.")
    at = datetime.fromisoformat(told["at"])
    return Receipt(key=key, kind=told["kind"], reference=str(told["number"]), at=at)


@dataclass(frozen=True)
class PaymentsChannels:
    """Every order of every shop lives on the platform, by whatever name its channel goes."""

    client: httpx.Client
    has_keys: bool = True

    @classmethod
    def at(cls, address: str, *, has_keys: bool) -> "PaymentsChannels":
        """The channels of the platform at an address."""
        return cls(httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS), has_keys=has_keys)

    def for_shop(self, shop: object, name: str) -> PaymentsChannel:
        """The channel."""
        return PaymentsChannel(self.client, has_keys=self.has_keys)
