"""What the assistant may know at a turn, read from the shop; of an order only once it is proved."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from bot.conversation import Conversation, Item, needs_offers
from bot.knowledge import Facts, LineFact, OfferFact, PolicyFact, ReturnFact, VariantFact, why_of
from connector.application import Application
from connector.services.follow_return import NEXT_STEPS, STATUS_WORDS, status_link
from connector.services.offer_instead import Wanted, exchange_for, suggested
from connector.services.offer_lines import line_choices, line_of, replacement_choices
from connector.services.quote_return import Document, order_document
from connector.storage import policy_store, return_store
from connector.storage.shop_store import Shop
from domain.orders import read_order
from domain.policy import Policy, read_policy
from domain.progress import progress_of


def facts(app: Application, shop: Shop, conversation: Conversation) -> Facts:
    """The facts for a conversation as of now."""
    if conversation.order_id is None:
        with app.database.read(shop) as unit:
            policy = read_policy(policy_store.current(unit), 2)
        language = conversation.language
        return Facts(
            shop_name=shop.name, policy=_policy(policy), money=_money(shop.currency, language), day=_day(language)
        )
    return _order_facts(app, shop, conversation, order_id=conversation.order_id)


def item_document(app: Application, shop: Shop, order_id: str, item: Item) -> Document:
    """An item of the conversation as an item of a case, with what it is exchanged for."""
    return {
        "line_id": item.line_id,
        "quantity": item.quantity or 1,
        "reason": item.reason,
        "resolution": item.resolution or "refund",
        "exchange_for": _exchange_for(app, shop, order_id, item) if item.resolution == "exchange" else None,
    }


def _order_facts(app: Application, shop: Shop, conversation: Conversation, *, order_id: str) -> Facts:
    with app.database.read(shop) as unit:
        order = order_document(unit, order_id)
        read = read_order(order)
        policy = read_policy(policy_store.in_force(unit, at=read.placed_at), read.digits)
        returns = return_store.of_order(unit, order_id)
    lines, progress = line_choices(app, shop, order=order), progress_of(read)
    return Facts(
        shop_name=shop.name,
        policy=_policy(policy),
        money=_money(read.currency, conversation.language),
        day=_day(conversation.language),
        order_number=read.number or order_id,
        stage=progress.stage,
        stage_day=progress.since.date().isoformat() if progress.since else None,
        lines=tuple(
            LineFact(
                line_id=line.line_id,
                title=line.title,
                returnable=line.returnable,
                price=line.price,
                image=line.image,
                why=tuple(why_of(reason) for reason in line.why),
            )
            for line in lines
        ),
        variants={line_id: _variants(app, shop, order, line_id) for line_id in conversation.line_ids},
        offers={item.line_id: _offers(app, shop, order, item) for item in conversation.items if needs_offers(item)},
        returns=tuple(
            ReturnFact(
                return_id=found.id,
                status=STATUS_WORDS[found.status],
                next_step=NEXT_STEPS[found.status],
                link=status_link(app, shop, return_id=found.id),
            )
            for found in sorted(returns, key=lambda one: one.opened_at, reverse=True)
        ),
    )


def _variants(app: Application, shop: Shop, order: Document, line_id: str) -> tuple[VariantFact, ...]:
    bought = line_of(read_order(order), line_id).variant_id
    return tuple(
        VariantFact(
            variant_id=variant.id, title=variant.title, available=variant.available, is_same=variant.id == bought
        )
        for variant in replacement_choices(app, shop, order=order, line_id=line_id)
    )


def _offers(app: Application, shop: Shop, order: Document, item: Item) -> tuple[OfferFact, ...]:
    wanted = Wanted(item.line_id, quantity=item.quantity or 1, reason=item.reason or "")
    return tuple(
        OfferFact(
            variant_id=offer.variant.id,
            title=offer.title,
            image=offer.image,
            back=str(-offer.difference) if offer.difference else None,
        )
        for offer in suggested(app, shop, order=order, wanted=wanted)
    )


def _exchange_for(app: Application, shop: Shop, order_id: str, item: Item) -> Document | None:
    with app.database.read(shop) as unit:
        order = order_document(unit, order_id)
    return exchange_for(app, shop, order=order, line_id=item.line_id, variant_id=item.variant_id or "")


def _policy(policy: Policy) -> PolicyFact:
    return PolicyFact(
        days=policy.days,
        resolutions=tuple(policy.resolutions),
        methods=tuple(policy.methods),
        settle_on=policy.settle_on,
        bonus_percent=f"{float(policy.store_credit_bonus_percent):g}",
    )


def _money(currency: str, language: str) -> Callable[[str], str]:
    return lambda amount: str(format_currency(Decimal(amount), currency, locale=LOCALES.get(language, language)))


def _day(language: str) -> Callable[[str], str]:
    return lambda day: str(format_date(date.fromisoformat(day), "long", locale=LOCALES.get(language, language)))


LOCALES = {"en": "en_US"}
"""Where figures are written otherwise than the language alone says."""
