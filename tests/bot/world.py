"""A shop as the assistant sees it: one order, its facts, and results that a test may set in advance."""

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from bot.conversation import Conversation, needs_evidence_facts, needs_offers, needs_own_orders, read_conversation
from bot.effects import (
    Cancelled,
    CancelReturn,
    HandOver,
    ListOrders,
    LookUpOrder,
    NotCancelled,
    NotQuoted,
    Opened,
    OpenReturn,
    OrderNotProved,
    OrderProved,
    OrdersListed,
    Quoted,
    QuoteMoved,
    QuoteReturn,
    ReadVariants,
    Refused,
    Result,
    ShopIsSlow,
    TooManyTries,
    VariantsRead,
)
from bot.inputs import Event
from bot.knowledge import CreditFact, Facts, LineFact, OfferFact, OrderFact, PolicyFact, ReturnFact, VariantFact, Why
from bot.replies import Message, Translate, say
from bot.turn import Turn, followed, resume, step
from domain.progress import Stage

ORDER_NUMBER, PROOFS = "1001", ("ann@example.com", "10115")
SECRETS = ("Very private tee", "Wool scarf", "Old boots", "RMA-OLD")
LINES = (
    LineFact(line_id="tee", title="Very private tee, M, red", returnable=2, price="20.00"),
    LineFact(line_id="scarf", title="Wool scarf", returnable=1, price="15.00"),
    LineFact(line_id="boots", title="Old boots", returnable=0, price="0.00", why=(Why("The window closed."),)),
)
VARIANTS = {
    "tee": (VariantFact("tee-l", "L, red", 3), VariantFact("tee-b", "M, blue", 2), VariantFact("tee-s", "S, red", 0)),
    "scarf": (),
    "boots": (),
}
POLICY = PolicyFact(
    days=30,
    resolutions=("refund", "store_credit", "exchange"),
    methods=("mail", "store"),
    settle_on="received",
    bonus_percent="10",
)
LINK = "https://shop.example/returns/RMA-NEW"
RESULTS: dict[str, Result] = {
    "too_many_tries": TooManyTries(),
    "shop_is_slow": ShopIsSlow(),
    "not_quoted": NotQuoted(),
    "moved": QuoteMoved(),
    "not_cancelled": NotCancelled(),
    "refused": Refused((Why("The window closed."),)),
    "requested": Opened("RMA-NEW", "mail", "requested", LINK),
    "kept": Opened("RMA-NEW", "keep", "settling", LINK),
}


def quote_of(effect: QuoteReturn, **changes: object) -> dict[str, Any]:
    """A quote in the contract's form: ten for each unit, a swap even."""
    items = [
        {
            "line_id": item.line_id,
            "verdict": "accepted",
            "reasons": [],
            "resolution": item.resolution,
            "keep_item": False,
            "amount": "0.00" if item.resolution == "exchange" else f"{10 * (item.quantity or 1)}.00",
        }
        for item in effect.items
    ]
    credit = [item["amount"] for item in items if item["resolution"] == "store_credit"]
    money = [item["amount"] for item in items if item["resolution"] == "refund"]
    to = [{"payment_id": "p1", "amount": amount} for amount in money]
    to += [{"store_credit": True, "amount": amount} for amount in credit]
    total = sum(int(str(amount)[:-3]) for amount in (*credit, *money))
    return {"approval": "auto", "due": "0.00", "total": f"{total}.00", "items": items, "to": to, **changes}


@dataclass
class World:
    """A conversation with everything done that the assistant wants done; `next_results` come before the usual ones."""

    policy: PolicyFact = POLICY
    lines: tuple[LineFact, ...] = LINES
    returns: tuple[ReturnFact, ...] = ()
    offers: tuple[OfferFact, ...] = ()
    credits: tuple[CreditFact, ...] = ()
    stage: Stage = "delivered"
    contact: str = ""
    return_address: str = ""
    own_orders: tuple[OrderFact, ...] | None = None
    quotes: list[dict[str, object]] = field(default_factory=list)
    next_results: list[str] = field(default_factory=list)
    conversation: Conversation = field(default_factory=Conversation)
    translate: Translate = str
    turn: Turn | None = None
    messages: tuple[Message, ...] = ()
    effects: list[object] = field(default_factory=list)

    def facts(self) -> Facts:
        """What may be known: of the order only once it is proved."""
        known = Facts(
            shop_name="Shop",
            policy=self.policy,
            money=lambda amount: f"${amount}",
            contact=self.contact,
            return_address=self.return_address,
            knows_customer=self.own_orders is not None,
            own_orders=self.own_orders if needs_own_orders(self.conversation) else None,
        )
        if self.conversation.order_id is None:
            return known
        return replace(
            known,
            order_number=f"#{ORDER_NUMBER}",
            stage=self.stage,
            stage_day="2026-11-08",
            lines=self.lines,
            variants={line_id: VARIANTS[line_id] for line_id in self.conversation.line_ids},
            offers={item.line_id: self.offers for item in self.conversation.items if needs_offers(item)},
            evidence=self._evidence() if self.policy.evidence else {},
            fallbacks=tuple(one for one in self.policy.resolutions if one != "exchange"),
            returns=self.returns,
            credits=self.credits,
        )

    def _evidence(self) -> dict[str, tuple[str, ...]]:
        """A shop that asks the same of whatever comes back."""
        asked = [item for item in self.conversation.items if needs_evidence_facts(self.conversation, item)]
        return dict.fromkeys((item.line_id for item in asked), self.policy.evidence)

    def hears(self, event: Event) -> Turn:
        """A whole turn; the state goes through JSON between turns, as it does when it is stored."""
        self.conversation = followed(self.conversation, event)
        turn = step(self.conversation, event, self.facts(), translate=self.translate)
        self.messages, card = turn.messages, turn.card
        while turn.ask is None:
            assert turn.effect is not None
            self.effects.append(turn.effect)
            turn = self._resumed(turn)
            self.messages, card = (*self.messages, *turn.messages), turn.card or card
        self.effects += [turn.effect] if turn.effect else []
        self.conversation = read_conversation(turn.conversation.document())
        assert self.conversation == turn.conversation
        self.turn = replace(turn, messages=self.messages, card=card)
        return self.turn

    @property
    def texts(self) -> list[str]:
        """What was said in the last turn."""
        return [say(message, str) for message in self.messages]

    def _resumed(self, turn: Turn) -> Turn:
        result = self._result(turn.effect)
        self.conversation = turn.conversation
        if isinstance(result, OrderProved):
            self.conversation = replace(self.conversation, order_id=result.order_id)
        return resume(self.conversation, result, self.facts(), translate=self.translate)

    def _result(self, effect: object) -> Result:
        if isinstance(effect, ReadVariants):
            return VariantsRead()
        if isinstance(effect, ListOrders):
            return OrdersListed()
        if self.next_results:
            name = self.next_results.pop(0)
            if name != "usual":
                return RESULTS[name]
        return self._usual(effect)

    def _usual(self, effect: object) -> Result:
        assert not isinstance(effect, HandOver)
        if isinstance(effect, LookUpOrder):
            is_own = effect.number.lstrip("#") in {one.number.lstrip("#") for one in self.own_orders or ()}
            is_proved = effect.number == ORDER_NUMBER and effect.proof in PROOFS
            return OrderProved("o1") if is_proved or is_own else OrderNotProved()
        if isinstance(effect, QuoteReturn):
            changes = self.quotes.pop(0) if self.quotes else {}
            return Quoted(f"q{len(self.effects)}", quote_of(effect, **changes))
        if isinstance(effect, CancelReturn):
            return Cancelled(effect.return_id)
        assert isinstance(effect, OpenReturn)
        return Opened("RMA-NEW", effect.method, "awaiting", LINK)
