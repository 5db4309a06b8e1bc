"""Native returns: opened for the units that are worth something now, found again, brought to where ours stand."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import Receipt
from adapters.errors import ChannelError, ChannelRefused
from adapters.shopify import compose, looking
from adapters.shopify.client import ShopClient
from adapters.shopify.compose import Units
from adapters.shopify.fields import Body, gid, part, tail
from adapters.shopify.natives import CLOSED, OPEN, REQUESTED, NativeLine, NativeReturn
from adapters.shopify.once import Act, Ledger
from adapters.shopify.paying import note_of

Held = tuple[NativeReturn, list[tuple[NativeLine, int]]]
"""Units in a native return that were not confirmed yet."""


class Opening(Struct, frozen=True):
    """A native return to be opened: `exchanged` are the lines that go out for it."""

    key: str
    order_id: str
    return_id: str
    units: tuple[Units, ...]
    exchanged: tuple[Body, ...] = ()
    shipping_fee: Body | None = None


class Goods(Struct, frozen=True):
    """The native returns of one shop."""

    client: ShopClient
    ledger: Ledger

    def holding(self, opening: Opening) -> list[Held]:
        """The units, confirmed nowhere yet, in open native returns of ours; what is in none gets one.

        Raises ChannelRefused when Shopify has fewer left to return.
        """
        ours = self.of_return(opening.order_id, opening.return_id)
        natives = [self.opened(one) for one in ours if one.status in (OPEN, REQUESTED) and not one.awaits_exchange]
        held, missing = _shared(natives, opening.units)
        if missing:
            held += self._from_exchanges(ours, opening.order_id, missing)
            missing = _without(opening.units, held)
        if missing:
            made = self.open(Opening(opening.key, opening.order_id, opening.return_id, missing))
            more, missing = _shared([made], missing)
            held += more
        if missing:
            raise ChannelRefused("Shopify opened a return for less than was asked for.")
        return held

    def of_return(self, order_id: str, return_id: str) -> list[NativeReturn]:
        """The native returns of one of ours."""
        return [one for one in looking.natives_of(self.client, order_id) if one.return_id == return_id]

    def opened(self, native: NativeReturn) -> NativeReturn:
        """A native return, approved if it waited: its goods are expected then [C]."""
        if native.status != REQUESTED:
            return native
        self.client.change("return_approve", {"input": {"id": gid("Return", native.id), "notifyCustomer": False}})
        return looking.native_of(self.client, native.id)

    def open(self, opening: Opening) -> NativeReturn:
        """A native return, open at once; once for its key."""
        return self._made(opening, "return_create")

    def request(self, opening: Opening) -> NativeReturn:
        """A native return that waits for a decision; once for its key."""
        return self._made(opening, "return_request")

    def close(self, native_id: str) -> None:
        """Finish a native return of which all is confirmed; nothing depends on it, so nothing fails with it."""
        with suppress(ChannelError):
            native = looking.native_of(self.client, native_id)
            if native.status == OPEN and native.is_done:
                self.client.change("return_close", {"id": gid("Return", native_id)})

    def reopened(self, native: NativeReturn) -> NativeReturn:
        """A native return that is open again."""
        if native.status != CLOSED:
            return native
        self.client.change("return_reopen", {"id": gid("Return", native.id)})
        return looking.native_of(self.client, native.id)

    def free(self, order_id: str, return_id: str, units: Sequence[Units]) -> None:
        """Take units off native returns that cannot hold what goes out for them: exchanges are named at the opening.

        [S] Nothing adds an exchange to a native return that is there.
        """
        natives = [one for one in self.of_return(order_id, return_id) if one.status in (OPEN, REQUESTED)]
        held, _ = _shared(natives, units)
        for native, lines in held:
            self.take_off(native, lines)

    def give_up(self, native: NativeReturn) -> None:
        """Cancel a native return of which nothing was done, or take off it what will not come."""
        self.take_off(native, [(line, line.left) for line in native.lines if line.left])

    def _from_exchanges(self, ours: Sequence[NativeReturn], order_id: str, missing: Sequence[Units]) -> list[Held]:
        """What is to be had only from exchanges that did not go out: something else was wished for meanwhile."""
        natives = [one for one in ours if one.status == OPEN and one.awaits_exchange]
        if not natives:
            return []
        held, _ = _shared(natives, compose.beyond(missing, looking.returnable_of(self.client, order_id)))
        for native, lines in held:
            if _is_all(native, lines):
                said = compose.removed(native, (), exchanges=native.exchanges)
                self.client.change("return_remove_lines", said)
        return held

    def take_off(self, native: NativeReturn, lines: list[tuple[NativeLine, int]]) -> None:
        """Units off a native return; what was to go out goes with the last of those that did not come."""
        is_all = _is_all(native, lines)
        exchanges = native.exchanges if is_all else ()
        if native.is_untouched and is_all:
            self.client.change("return_cancel", {"id": gid("Return", native.id)})
        elif lines:
            self.client.change("return_remove_lines", compose.removed(native, lines, exchanges=exchanges))
            self.close(native.id)

    def _made(self, opening: Opening, document: str) -> NativeReturn:
        """Made under a key of its own; a leg that is tried again finds what it made before."""
        key = f"{opening.key}/{document}"
        act = Act(
            key=key,
            kind="return",
            order_id=opening.order_id,
            look=lambda: self._found(opening, key=key),
            prepare=lambda: lambda: self._sent(opening, document, key=key),
        )
        receipt = self.ledger.do(act)
        return looking.native_of(self.client, receipt.reference)

    def _found(self, opening: Opening, *, key: str) -> Receipt | None:
        native = looking.native_for(looking.natives_of(self.client, opening.order_id), key)
        return (
            None if native is None else Receipt(key, "return", native.id, at=native.at, details={"name": native.name})
        )

    def _sent(self, opening: Opening, document: str, *, key: str) -> Receipt:
        available = looking.returnable_of(self.client, opening.order_id)
        is_asked = document == "return_request"
        lines = compose.return_lines(
            opening.units,
            available,
            note=note_of(opening.return_id, key),
            reasons=looking.reasons_of(self.client),
            note_field="customerNote" if is_asked else "returnReasonNote",
        )
        said = (
            compose.requested(opening.order_id, lines, shipping_fee=opening.shipping_fee)
            if is_asked
            else compose.created(
                opening.order_id, lines, exchanged=list(opening.exchanged), shipping_fee=opening.shipping_fee
            )
        )
        made = part(self.client.change(document, said), "return")
        native = looking.native_of(self.client, tail(made))
        return Receipt(key, "return", native.id, at=native.at, details={"name": native.name})


def matching(natives: Sequence[NativeReturn], units: Sequence[Units], *, variants: dict[str, int]) -> Held | None:
    """The open native return that holds these units and lets exactly these variants go for them."""
    for native in natives:
        goes = {one.variant_id: 0 for one in native.exchanges}
        for one in native.exchanges:
            goes[one.variant_id] += one.quantity - one.processed
        held, missing = _shared([native], units)
        if native.status == OPEN and goes == variants and held and not missing:
            return held[0]
    return None


def confirmed(held: Sequence[Held]) -> Held:
    """The native return that bears the money: the first; raises ChannelRefused when there is none."""
    if not held:
        raise ChannelRefused("Shopify has no return for this.")
    return held[0]


def _shared(natives: Sequence[NativeReturn], wanted: Sequence[Units]) -> tuple[list[Held], tuple[Units, ...]]:
    """The wanted units over native returns, and what of them is in none."""
    left = {units.line_id: units.quantity for units in wanted}
    held: list[Held] = []
    for native in natives:
        taken = []
        for line in native.lines:
            share = min(line.left, left.get(line.line_id, 0))
            if share:
                taken.append((line, share))
                left[line.line_id] -= share
        if taken:
            held.append((native, taken))
    return held, _without(wanted, held)


def _without(wanted: Sequence[Units], held: Sequence[Held]) -> tuple[Units, ...]:
    """What of the wanted units is not held."""
    taken = Counter[str]()
    for _, lines in held:
        for line, quantity in lines:
            taken[line.line_id] += quantity
    left = ((units, units.quantity - taken[units.line_id]) for units in wanted)
    return tuple(replace(units, quantity=quantity) for units, quantity in left if quantity)


def _is_all(native: NativeReturn, lines: Sequence[tuple[NativeLine, int]]) -> bool:
    """Whether these are all units of a native return that were not confirmed yet."""
    return sum(quantity for _, quantity in lines) == sum(line.left for line in native.lines)
