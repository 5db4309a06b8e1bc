"""Each thing is sent once, though Shopify keeps no key for most of them.

What is sent is written down first, by whoever comes first. Found without an answer, it is looked for; when it shows
nowhere, nothing is sent a second time: a person must look, and only what that person asks for again is sent again.
What bears a key that Shopify keeps itself is sent again with it, for the day that Shopify keeps it [D].
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import Receipt
from adapters.errors import ChannelRefused, ChannelSlow, NotConnected
from adapters.sendings import Sending, Sendings
from adapters.shopify.client import WRITE_SECONDS
from adapters.shopify.faults import Throttled, Uncertain

UNSEEN_SECONDS = WRITE_SECONDS + 15.0
"""As long as a request may be on its way, and some more: native returns show up a second late [D]."""
KEPT = timedelta(hours=23)
"""Shopify keeps a key for 24 hours [D]."""


class Act(Struct, frozen=True):
    """A thing to be done once under a key.

    `look` finds what bears our key in the shop; `guess` finds what can only be it, once it was sent. `prepare` reads
    and checks whatever must be right beforehand and gives what sends it; `keyed`: Shopify itself knows a repetition.
    """

    key: str
    kind: str
    order_id: str
    look: Callable[[], Receipt | None]
    prepare: Callable[[], Callable[[], Receipt]]
    guess: Callable[[Sending], Receipt | None] = lambda _: None
    keyed: bool = False


class Ledger(Struct, frozen=True):
    """What was sent to one shop; `clock` gives aware UTC."""

    sendings: Sendings
    clock: Callable[[], datetime]
    unseen_seconds: float = UNSEEN_SECONDS

    def do(self, act: Act) -> Receipt:
        """Do it unless it is done. Raises ChannelSlow while it may be on its way, Uncertain when nobody can tell."""
        before = self.sendings.get(act.key)
        if before is not None and before.receipt is not None:
            return before.receipt
        now = self.clock()
        fresh = Sending(act.key, act.kind, act.order_id, first_at=before.first_at if before else now, last_at=now)
        found = act.look()
        if found is None and before is not None:
            found = act.guess(before)
        if found is not None:
            return self._done(found) if before else found
        if before is not None:
            self._check_again(before, act, now=now)
        return self._sent(fresh, act, before=before)

    def _check_again(self, before: Sending, act: Act, *, now: datetime) -> None:
        """Whether what was sent before, and does not show, may be sent again."""
        if act.keyed and now - before.first_at < KEPT:
            return
        if now - before.last_at < timedelta(seconds=self.unseen_seconds):
            raise ChannelSlow("What was sent to Shopify before may still be on its way.")
        if not before.seen:
            self.sendings.under_way(before.key)
            raise Uncertain("Shopify was asked for this and did not answer, and nothing of it shows in the shop.")

    def _sent(self, fresh: Sending, act: Act, *, before: Sending | None) -> Receipt:
        send = act.prepare()
        self.sendings.begin(replace(fresh, last_at=self.clock()), after=before)
        try:
            return self._done(send())
        except (ChannelRefused, NotConnected, Throttled):
            self.sendings.forget(act.key)
            raise

    def _done(self, receipt: Receipt) -> Receipt:
        self.sendings.done(receipt)
        return receipt
