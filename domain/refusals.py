"""Why an item cannot come back, or waits for a person: every reason, each a small question of its own."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from domain.accounts import Account
from domain.books import Books
from domain.case import Case, Item
from domain.item_facts import ItemFacts
from domain.outside import Outside
from domain.policy import Settings
from domain.units import FreeUnits
from domain.windows import Window
from domain.withdrawal import holds_in

REFUSED: Mapping[str, str] = {
    "window_closed": "The time to give this back ended on {last}.",
    "not_fulfilled": "What is left of this has not been shipped yet.",
    "already_returned": "All of this is in a return already.",
    "already_refunded": "All of this was refunded already.",
    "final_sale": "This was a final sale.",
    "gift_card": "Gift cards cannot be given back.",
    "exempt": "The right to withdraw does not apply to these goods: {exempt}.",
    "quantity_exceeds": "Only {in_time} of these can still come back.",
    "cancelled": "This was cancelled.",
    "rule": "The rules do not allow this.",
    "resolution_not_offered": "The shop does not offer this here.",
    "out_of_stock": "There are not enough of what is wanted instead.",
    "unpaid": "Nothing was paid for this order.",
}
"""Why an item is refused, in the order in which reasons are named."""

HELD: Mapping[str, str] = {
    "rule": "The shop looks at this before it decides.",
    "disputed": "The payment of this order is disputed.",
}
"""Why an item waits for a person, in the order in which reasons are named."""


class Reason(Struct, frozen=True):
    """Why an item is refused or held: a stable code, an English sentence, and what was put into it."""

    code: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The reason in the contract's form, with the values for who says it in another language."""
        return {"code": self.code, "text": self.text, "values": dict(self.values)}


class Request(Struct, frozen=True):
    """An item as it is judged, after the items before it.

    `free` are the units of its line that they leave; `promised` units of its replacement go to them.
    """

    case: Case
    books: Books
    facts: ItemFacts
    settings: Settings
    outside: Outside
    window: Window
    free: FreeUnits
    promised: int

    @property
    def item(self) -> Item:
        """What the shopper asks."""
        return self.facts.item

    @property
    def account(self) -> Account:
        """The account of the line asked for."""
        return self.facts.account

    @property
    def taken(self) -> int:
        """Units of its line that go to items before it."""
        return self.account.left - self.free.left

    @property
    def in_time(self) -> int:
        """Units that can still come back: a withdrawal may also cover unshipped ones."""
        if self.facts.withdrawn:
            return 0 if self.window.closed else self.free.left
        return self.free.shipped(self.window.closed)


def refusals(request: Request) -> tuple[Reason, ...]:
    """Every reason to refuse the item, in the order of REFUSED."""
    codes = [code for code, refuses in REFUSES.items() if refuses(request)]
    unavailable = _unavailable(request)
    if unavailable is not None:
        codes.append(unavailable)
    return tuple(_reason(code, text, request) for code, text in REFUSED.items() if code in codes) if codes else ()


def holds(request: Request) -> tuple[Reason, ...]:
    """Every reason to have a person look at the item first, in the order of HELD."""
    return tuple([Reason(code, text) for code, text in HELD.items() if HOLDS[code](request)])


def _reason(code: str, text: str, request: Request) -> Reason:
    if code not in VALUES:
        return Reason(code, text)
    values = VALUES[code](request)
    return Reason(code, text.format(**values), values)


def _unavailable(request: Request) -> str | None:
    """Why not as many units as asked can come back, the first that holds; None where they can."""
    account, free, in_time = request.account, request.free, request.in_time
    if request.item.quantity <= in_time:
        return None
    if not free.left:
        if not account.units:
            return "cancelled"
        return "already_returned" if account.returned + request.taken else "already_refunded"
    if not free.shipped() and not request.facts.withdrawn:
        return "not_fulfilled"
    return "quantity_exceeds" if in_time else "window_closed"


def _is_final_sale(request: Request) -> bool:
    condition = request.case.policy.final_sale
    if condition is None or request.facts.withdrawn or request.settings.returnable:
        return False
    return condition.holds(request.facts, request.outside.search)


def _rules_it_out(request: Request) -> bool:
    """A withdrawal is for some countries only; for a return a rule says so."""
    if request.facts.withdrawn:
        return not holds_in(request.case.order.ship_to.country)
    return request.settings.returnable is False or request.settings.approval == "refuse"


def _is_not_offered(request: Request) -> bool:
    """A withdrawal is always offered its money; rules do not change what it is offered."""
    resolution, offered = request.item.resolution, request.case.policy.resolutions
    if request.facts.withdrawn:
        return resolution != "refund" and resolution not in offered
    return resolution not in (offered if request.settings.resolutions is None else request.settings.resolutions)


def _is_out_of_stock(request: Request) -> bool:
    item = request.item
    if item.resolution != "exchange" or item.exchange_for is None or item.exchange_for.available is None:
        return False
    return request.promised + item.quantity > item.exchange_for.available


def _waits_for_approval(request: Request) -> bool:
    return not request.facts.withdrawn and (request.settings.approval or request.case.policy.approval) == "review"


REFUSES: Mapping[str, Callable[[Request], bool]] = {
    "final_sale": _is_final_sale,
    "gift_card": lambda request: request.account.line.gift_card,
    "exempt": lambda request: request.facts.withdrawn and request.account.line.exempt is not None,
    "cancelled": lambda request: request.case.order.cancelled_at is not None,
    "rule": _rules_it_out,
    "resolution_not_offered": _is_not_offered,
    "out_of_stock": _is_out_of_stock,
    "unpaid": lambda request: request.books.charged > 0 and not request.books.paid,
}
"""What refuses an item whatever units of it are left."""

VALUES: Mapping[str, Callable[[Request], Mapping[str, str]]] = {
    "window_closed": lambda request: {"last": str(request.window.last)},
    "exempt": lambda request: {"exempt": str(request.account.line.exempt)},
    "quantity_exceeds": lambda request: {"in_time": str(request.in_time)},
}
"""What is put into the sentences that have places for it."""

HOLDS: Mapping[str, Callable[[Request], bool]] = {
    "rule": _waits_for_approval,
    "disputed": lambda request: request.case.order.disputed,
}
"""What holds an item for a person."""
