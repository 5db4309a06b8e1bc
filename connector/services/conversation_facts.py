"""What the assistant may know at a turn, read from the shop; of an order only once it is proved."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from msgspec import Struct
from msgspec.structs import replace

from bot.conversation import Conversation, Item, Question, needs_evidence_facts, needs_offers, needs_own_orders
from bot.inputs import Chose, Event
from bot.knowledge import CreditFact, Facts, LineFact, OfferFact, OrderFact, PolicyFact, ReturnFact, VariantFact, why_of
from connector.application import Application
from connector.services.app_tokens import seen_days
from connector.services.collect_balance import PAID_WITHIN
from connector.services.follow_return import NEXT_STEPS, STATUS_WORDS, status_link
from connector.services.offer_instead import Grounds, Offer, Swap, Wanted, exchanges_for, grounds_of, suggested
from connector.services.offer_lines import LineChoice, Variants, line_choices_in, line_of, replacement_choices
from connector.services.policy_terms import terms_now, terms_of
from connector.services.quote_return import Document, Request, answer, case_of, order_document, order_of
from connector.services.recent_orders import recent_orders
from connector.services.shop_settings import details_in
from connector.services.ways_instead import ways_for
from connector.storage import credit_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.conditions import ALWAYS
from domain.fallback import WAYS
from domain.labels import label_to_use
from domain.lifecycle import possible
from domain.money import format_amount
from domain.orders import Order
from domain.policy import Policy
from domain.progress import progress_of
from domain.returns import Return
from domain.settlement import LegKind, LegState
from domain.transitions import Reception

CENTS = 2
"""Decimals of what is said of the policy before an order's currency is known."""
FAULTY = ("defective", "damaged", "wrong_item")


def facts(
    app: Application,
    shop: Shop,
    conversation: Conversation,
    *,
    variants: Variants,
    customer: str | None = None,
    event: Event | None = None,
) -> Facts:
    """The facts for a conversation as of now; `customer` is who is signed in to the shop.

    `variants` are those of products, which are asked of their channel once a turn. `event` is what the shopper just
    did, None where something that the assistant wanted was done.
    """
    look = app.database.read if conversation.order_id else app.database.ask
    with look(shop) as unit:
        order = order_of(unit, conversation.order_id) if conversation.order_id else None
        known = replace(_shop_facts(unit, conversation, order=order), knows_customer=customer is not None)
        local = None if order is None else _order_facts(app, unit, conversation, order=order, event=event, known=known)
    if customer is not None and needs_own_orders(conversation):
        return replace(known, own_orders=_own_orders(app, shop, customer))
    return known if local is None else _with_variants(app, shop, conversation, local=local, variants=variants)


def _shop_facts(unit: Unit, conversation: Conversation, *, order: Order | None) -> Facts:
    """What everybody may know of the shop, its policy being that of the order where one is proved."""
    said, language = details_in(unit), conversation.language
    return Facts(
        shop_name=unit.shop.name,
        policy=_policy(terms_of(unit, order), order.digits) if order else _policy(terms_now(unit, digits=CENTS), CENTS),
        money=_money(order.currency if order else unit.shop.currency, language),
        day=day_in(language),
        percent=_percent(language),
        contact=said.contact,
        return_address=said.return_address,
        seen_days=seen_days(unit),
    )


class _OfOrder(Struct, frozen=True):
    """What our own books say of a proved order: `wanted` are the items for which something may suit better."""

    order: Order
    known: Facts
    wanted: tuple[tuple[Wanted, Grounds], ...]


def item_documents(app: Application, shop: Shop, order_id: str, items: Sequence[Item]) -> list[Document]:
    """Items of the conversation as items of a case, with what each is exchanged for as of now."""
    swaps = [_swap(item) for item in items if item.resolution == "exchange"]
    instead = _exchanges(app, shop, order_id, swaps) if swaps else {}
    return [
        {
            "line_id": item.line_id,
            "quantity": item.quantity or 1,
            "reason": item.reason,
            "resolution": item.resolution or "refund",
            "exchange_for": instead.get(_swap(item)) if item.resolution == "exchange" else None,
        }
        for item in items
    ]


def _swap(item: Item) -> Swap:
    return (item.line_id, item.variant_id or "")


def _order_facts(
    app: Application, unit: Unit, conversation: Conversation, *, order: Order, event: Event | None, known: Facts
) -> _OfOrder:
    order_id = str(conversation.order_id)
    returns = sorted(return_store.of_order(unit, order_id), key=lambda one: one.opened_at, reverse=True)
    case = case_of(app, unit, order=order_document(unit, order_id), request=Request(items=()), earlier=returns)
    progress = progress_of(order)
    known = replace(
        known,
        order_number=order.number or order_id,
        stage=progress.stage,
        stage_day=progress.since.date().isoformat() if progress.since else None,
        lines=tuple(_line(line) for line in line_choices_in(app, unit, case=case)),
        evidence=_evidence(app, conversation, case=case, order=order) if known.policy.evidence else {},
        fallbacks=_fallbacks(app, conversation, case=case, order=order),
        returns=tuple(_return(app, unit.shop, found) for found in returns),
        credits=tuple(credit for found in returns for credit in _credits(unit, found)),
    )
    wanted = [_wanted(item) for item in _to_offer_for(conversation, event)]
    return _OfOrder(order, known, tuple((one, grounds_of(unit, case=case, wanted=one)) for one in wanted))


def _with_variants(
    app: Application, shop: Shop, conversation: Conversation, *, local: _OfOrder, variants: Variants
) -> Facts:
    """What is known of an order, with what its platform says of products just now."""
    return replace(
        local.known,
        variants={line_id: _variants(local.order, line_id, variants=variants) for line_id in conversation.line_ids},
        offers={
            one.line_id: tuple(map(_offer, suggested(app, shop, wanted=one, grounds=grounds, variants=variants)))
            for one, grounds in local.wanted
        },
    )


def _own_orders(app: Application, shop: Shop, customer: str) -> tuple[OrderFact, ...]:
    found = recent_orders(app, shop, customer=customer)
    return tuple(OrderFact(one.number, one.placed_at.date().isoformat(), one.titles) for one in found)


def _line(line: LineChoice) -> LineFact:
    return LineFact(
        line_id=line.line_id,
        title=line.title,
        returnable=line.returnable,
        price=line.price,
        image=line.image,
        why=tuple(why_of(reason) for reason in line.why),
    )


def _return(app: Application, shop: Shop, found: Return) -> ReturnFact:
    return ReturnFact(
        return_id=found.id,
        status=STATUS_WORDS[found.status],
        next_step=NEXT_STEPS[found.status],
        link=status_link(app, shop, return_id=found.id),
        cancellable="cancel" in possible(found),
        to_send=any(group.promised and group.reception is Reception.AWAITING for group in found.groups),
        label=label.address if (label := label_to_use(found)) else "",
    )


def _credits(unit: Unit, found: Return) -> Iterator[CreditFact]:
    """The store credit that a return gave, with what is left of it where our own tills keep it."""
    for leg in settlement_store.legs_of(unit, found.id):
        if leg.kind != LegKind.STORE_CREDIT or leg.state != LegState.SETTLED:
            continue
        kept = credit_store.get(unit, leg.key)
        left = format_amount(kept.balance, kept.digits) if kept else None
        yield CreditFact(found.id, amount=format_amount(leg.amount, leg.digits), left=left)


def _variants(order: Order, line_id: str, *, variants: Variants) -> tuple[VariantFact, ...]:
    bought = line_of(order, line_id).variant_id
    return tuple(
        VariantFact(
            variant_id=variant.id, title=variant.title, available=variant.available, is_same=variant.id == bought
        )
        for variant in replacement_choices(order, line_id, variants=variants)
    )


def _to_offer_for(conversation: Conversation, event: Event | None) -> Iterator[Item]:
    """The items of which it must be known what may suit better.

    Before the shopper is answered only those whose question may be asked again: what may suit the others is asked for.
    """
    stands = conversation.asked if event is not None and not _answers_resolution(conversation, event) else None
    for item in conversation.items:
        if needs_offers(item) and (event is None or stands == Question("resolution", item.line_id)):
            yield item


def _answers_resolution(conversation: Conversation, event: Event) -> bool:
    """Whether what was offered at the last question was pressed, so that this one is not asked again."""
    if not isinstance(event, Chose) or len(event.ids) != 1:
        return False
    is_offered = event.ids[0] in {offer.id for offer in conversation.offers}
    return is_offered and event.ids[0].partition(":")[0] in ("resolution", "variant")


def _wanted(item: Item) -> Wanted:
    return Wanted(item.line_id, quantity=item.quantity or 1, reason=item.reason or "")


def _offer(offer: Offer) -> OfferFact:
    return OfferFact(
        variant_id=offer.variant.id,
        title=offer.title,
        image=offer.image,
        back=str(-offer.difference) if offer.difference < 0 else None,
        more=str(offer.difference) if offer.difference > 0 else None,
    )


def _evidence(
    app: Application, conversation: Conversation, *, case: Document, order: Order
) -> dict[str, tuple[str, ...]]:
    """What a rule asks for of lines, by what a quote of them would say, whatever they are given back for."""
    kind = conversation.value("kind") or "return"
    wanted = [item for item in conversation.items if needs_evidence_facts(conversation, item)]
    found: dict[str, tuple[str, ...]] = {}
    for item in wanted:
        made = answer(app, {**case, "kind": kind, "items": [_as_refunded(item)]}, order=order)
        quoted: list[dict[str, Any]] = made["items"]  # type: ignore[assignment]
        found[item.line_id] = tuple(dict.fromkeys(asked for one in quoted for asked in one.get("evidence") or ()))
    return found


def _fallbacks(app: Application, conversation: Conversation, *, case: Document, order: Order) -> tuple[str, ...]:
    """What the rules of every item that is swapped give instead."""
    swapped = [item for item in conversation.items if item.resolution == "exchange"]
    asked = {**case, "kind": conversation.value("kind") or "return"}
    given = [ways_for(app, asked, item=_as_refunded(item), order=order) for item in swapped]
    return tuple(way for way in WAYS if given and all(way in ways for ways in given))


def _as_refunded(item: Item) -> Document:
    """An item of the conversation as one of a case, given back for money whatever is wanted."""
    return {
        "line_id": item.line_id,
        "quantity": item.quantity or 1,
        "reason": item.reason,
        "resolution": "refund",
    }


def _exchanges(app: Application, shop: Shop, order_id: str, swaps: Collection[Swap]) -> Mapping[Swap, Document | None]:
    with app.database.read(shop) as unit:
        order = order_of(unit, order_id)
    return exchanges_for(app, shop, order=order, swaps=swaps)


def _policy(policy: Policy, digits: int) -> PolicyFact:
    return PolicyFact(
        starts=policy.starts,
        restocking_percent=f"{float(policy.restocking_percent):g}",
        return_fee=format_amount(policy.return_fee, digits) if policy.return_fee else None,
        waives_faults=set(FAULTY) <= set(policy.fees_waived_for),
        has_final_sale=policy.final_sale is not None,
        label=_label(policy),
        pay_days=PAID_WITHIN.days,
        days=policy.days,
        resolutions=tuple(policy.resolutions),
        methods=tuple(policy.methods),
        settle_on=policy.settle_on,
        bonus_percent=f"{float(policy.store_credit_bonus_percent):g}",
        evidence=tuple(dict.fromkeys(asked for rule in policy.rules for asked in rule.then.settings.evidence or ())),
    )


def _label(policy: Policy) -> str:
    """Who pays for the parcel back: said by a rule for everything, by several for some, or not at all."""
    said = [(rule.when, rule.then.settings.label) for rule in policy.rules if rule.then.settings.label is not None]
    if not said:
        return ""
    when, label = said[0]
    return str(label) if when == ALWAYS and label != "none" else "varies"


def _money(currency: str, language: str) -> Callable[[str], str]:
    return lambda amount: str(format_currency(Decimal(amount), currency, locale=_locale(language)))


def _percent(language: str) -> Callable[[str], str]:
    """A plain decimal with its sign, to the last digit, as in `12.5%` and `12,5 %`."""
    return lambda percent: str(
        format_percent(Decimal(percent).scaleb(-2), locale=_locale(language), decimal_quantization=False)
    )


def day_in(language: str) -> Callable[[str], str]:
    """What writes a date in full, as a language does."""
    return lambda day: _written(date.fromisoformat(day), language)


def _written(day: date, language: str) -> str:
    """A date in full; the first of a month has a sign of its own in some languages."""
    written = str(format_date(day, "long", locale=_locale(language)))
    return FIRST[language] + written.removeprefix("1") if day.day == 1 and language in FIRST else written


def _locale(language: str) -> str:
    return LOCALES.get(language, language)


LOCALES = {"en": "en_US"}
"""Where figures are written otherwise than the language alone says."""
FIRST = {"fr": "1er", "pt": "1º"}
"""How the first of a month is written where Unicode's CLDR has a bare 1."""
